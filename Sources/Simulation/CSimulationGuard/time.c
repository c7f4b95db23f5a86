// Clocks, from virtual time.
#include "internal.h"
#include <sys/time.h>
#include <time.h>

#define WALL_EPOCH 1893456000ull  // 2030-01-01T00:00:00Z
#define MONOTONIC_EPOCH 1000000ull

static void read_virtual(clockid_t clock, struct timespec *time) {
  bool is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  uint64_t now = simguard_bound->now;
  time->tv_sec = (time_t)((is_wall ? WALL_EPOCH : MONOTONIC_EPOCH) + now / 1000000000ull);
  time->tv_nsec = (long)(now % 1000000000ull);
}

static int simguard_read_clock(clockid_t clock, struct timespec *time, const char *call) {
  if (simguard_bound) {
    simguard_answer(call);
    read_virtual(clock, time);
    return 0;
  }
  SIMGUARD_REAL(int, clock_gettime, clockid_t, struct timespec *);
  return real_clock_gettime(clock, time);
}

SIMGUARD_EXPORT int clock_gettime(clockid_t clock, struct timespec *time) {
  return simguard_read_clock(clock, time, "clock_gettime");
}

SIMGUARD_EXPORT int gettimeofday(struct timeval *value, void *zone) {
  (void)zone;
  struct timespec now;
  int status = simguard_read_clock(CLOCK_REALTIME, &now, "gettimeofday");
  value->tv_sec = now.tv_sec;
  value->tv_usec = now.tv_nsec / 1000;
  return status;
}

SIMGUARD_EXPORT time_t time(time_t *value) {
  struct timespec now;
  simguard_read_clock(CLOCK_REALTIME, &now, "time");
  if (value) *value = now.tv_sec;
  return now.tv_sec;
}
