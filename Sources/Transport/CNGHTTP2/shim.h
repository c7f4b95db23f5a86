#ifndef FLORIN_CNGHTTP2_SHIM_H
#define FLORIN_CNGHTTP2_SHIM_H

#include <nghttp2/nghttp2.h>

// Debian 12 ships 1.52. The `*2` functions that replace `mem_recv` and `mem_send` came in 1.60: not used.
#if NGHTTP2_VERSION_NUM < 0x013400
#error "nghttp2 1.52 or newer is required (Debian: apt-get install libnghttp2-dev)"
#endif

#endif
