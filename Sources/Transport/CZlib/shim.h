#ifndef FLORIN_CZLIB_SHIM_H
#define FLORIN_CZLIB_SHIM_H

#include <zlib.h>

#endif
