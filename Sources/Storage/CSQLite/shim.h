// SQLite as the distribution built it; declared here so that Swift sees one header.
#pragma once

#include <sqlite3.h>
