// Entropy, from a random stream of the simulation.
#include "internal.h"
#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>

static inline uint64_t rotated(uint64_t value, int count) {
  return (value << count) | (value >> (64 - count));
}

static uint64_t next(uint64_t *s) {  // xoshiro256**
  uint64_t result = rotated(s[1] * 5, 7) * 9, shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotated(s[3], 45);
  return result;
}

void simguard_fill(simguard_context *context, void *bytes, size_t count) {
  unsigned char *place = bytes;
  while (count) {
    uint64_t value = next(context->entropy);
    size_t part = count < 8 ? count : 8;
    memcpy(place, &value, part);
    place += part;
    count -= part;
  }
}

static void simguard_give(const char *call, void *bytes, size_t count) {
  simguard_answer(call);
  simguard_fill(simguard_bound, bytes, count);
}

SIMGUARD_EXPORT ssize_t getrandom(void *bytes, size_t count, unsigned flags) {
  if (simguard_bound) {
    simguard_give("getrandom", bytes, count);
    return (ssize_t)count;
  }
  SIMGUARD_REAL(ssize_t, getrandom, void *, size_t, unsigned);
  return real_getrandom(bytes, count, flags);
}

SIMGUARD_EXPORT int getentropy(void *bytes, size_t count) {
  if (simguard_bound) {
    simguard_give("getentropy", bytes, count);
    return 0;
  }
  SIMGUARD_REAL(int, getentropy, void *, size_t);
  return real_getentropy(bytes, count);
}

SIMGUARD_EXPORT void arc4random_buf(void *bytes, size_t count) {
  if (simguard_bound) {
    simguard_give("arc4random_buf", bytes, count);
    return;
  }
  SIMGUARD_REAL(void, arc4random_buf, void *, size_t);
  real_arc4random_buf(bytes, count);
}

SIMGUARD_EXPORT uint32_t arc4random(void) {
  if (simguard_bound) {
    uint32_t value;
    simguard_give("arc4random", &value, sizeof value);
    return value;
  }
  SIMGUARD_REAL(uint32_t, arc4random, void);
  return real_arc4random();
}

// Swift's SystemRandomNumberGenerator calls this with SYS_getrandom.
SIMGUARD_EXPORT long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
  long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
  va_end(list);
  if (number == SYS_getrandom && simguard_bound) {
    simguard_give("getrandom", (void *)a, (size_t)b);
    return b;
  }
  SIMGUARD_REAL(long, syscall, long, ...);
  return real_syscall(number, a, b, c, d, e, f);
}

#ifndef SIMULATION_GUARD_STATIC
// Foundation's UUID reads a device in this function.
SIMGUARD_EXPORT void _foundation_uuid_generate_random(unsigned char *bytes) {
  if (simguard_bound) {
    simguard_give("uuid_generate_random", bytes, 16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return;
  }
  SIMGUARD_REAL(void, _foundation_uuid_generate_random, unsigned char *);
  real__foundation_uuid_generate_random(bytes);
}
#endif
