// libpq as the distribution built it; declared here so that Swift sees one header.
#pragma once

#include <libpq-fe.h>
