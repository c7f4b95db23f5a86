// Calls that leave the simulation's thread or block it. Each ends the run under every policy. They
// are still carried out, because callers may crash otherwise; only sleeps are skipped.
#include "internal.h"
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#define REFUSE(call) \
  if (simguard_bound) simguard_refuse(call)

SIMGUARD_EXPORT int nanosleep(const struct timespec *time, struct timespec *rest) {
  if (simguard_bound) {
    simguard_refuse("nanosleep");
    return 0;
  }
  SIMGUARD_REAL(int, nanosleep, const struct timespec *, struct timespec *);
  return real_nanosleep(time, rest);
}

SIMGUARD_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                                    struct timespec *rest) {
  if (simguard_bound) {
    simguard_refuse("clock_nanosleep");
    return 0;
  }
  SIMGUARD_REAL(int, clock_nanosleep, clockid_t, int, const struct timespec *, struct timespec *);
  return real_clock_nanosleep(clock, flags, time, rest);
}

SIMGUARD_EXPORT int usleep(useconds_t time) {
  if (simguard_bound) {
    simguard_refuse("usleep");
    return 0;
  }
  SIMGUARD_REAL(int, usleep, useconds_t);
  return real_usleep(time);
}

SIMGUARD_EXPORT unsigned sleep(unsigned seconds) {
  if (simguard_bound) {
    simguard_refuse("sleep");
    return 0;
  }
  SIMGUARD_REAL(unsigned, sleep, unsigned);
  return real_sleep(seconds);
}

SIMGUARD_EXPORT int socket(int domain, int type, int protocol) {
  REFUSE("socket");
  SIMGUARD_REAL(int, socket, int, int, int);
  return real_socket(domain, type, protocol);
}

// A sanitizer's runtime replaces these itself, and must see the order that they establish.
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
bool simguard_notices_threads(void) { return false; }
#else
bool simguard_notices_threads(void) { return true; }

SIMGUARD_EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                                   void *(*body)(void *), void *argument) {
  REFUSE("pthread_create");
  SIMGUARD_REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *),
                void *);
  return real_pthread_create(thread, attributes, body, argument);
}

// On x86-64 the unversioned name belongs to an older layout.
static void *find_cond_wait(void) {
  void *found = dlvsym(RTLD_NEXT, "pthread_cond_wait", "GLIBC_2.3.2");
  return found ? found : dlsym(RTLD_NEXT, "pthread_cond_wait");
}

SIMGUARD_EXPORT int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex) {
  REFUSE("pthread_cond_wait");
  static int (*cache)(pthread_cond_t *, pthread_mutex_t *);
  return SIMGUARD_FIND(cache, find_cond_wait())(condition, mutex);
}

#ifndef SIMULATION_GUARD_STATIC
SIMGUARD_EXPORT void dispatch_async(void *queue, void *block) {
  REFUSE("dispatch_async");
  SIMGUARD_REAL(void, dispatch_async, void *, void *);
  real_dispatch_async(queue, block);
}

SIMGUARD_EXPORT void dispatch_async_f(void *queue, void *context, void (*work)(void *)) {
  REFUSE("dispatch_async_f");
  SIMGUARD_REAL(void, dispatch_async_f, void *, void *, void (*)(void *));
  real_dispatch_async_f(queue, context, work);
}

SIMGUARD_EXPORT void dispatch_after(uint64_t when, void *queue, void *block) {
  REFUSE("dispatch_after");
  SIMGUARD_REAL(void, dispatch_after, uint64_t, void *, void *);
  real_dispatch_after(when, queue, block);
}

SIMGUARD_EXPORT intptr_t dispatch_semaphore_wait(void *semaphore, uint64_t timeout) {
  REFUSE("dispatch_semaphore_wait");
  SIMGUARD_REAL(intptr_t, dispatch_semaphore_wait, void *, uint64_t);
  return real_dispatch_semaphore_wait(semaphore, timeout);
}
#endif
#endif
