#pragma once

#define _GNU_SOURCE
#include "CSimulationGuard.h"
#include <dlfcn.h>

// What the watchdog sends to a thread that is stuck.
#define SIMGUARD_SIGNAL SIGUSR2

// The context of this thread. Hidden, so that reading it costs one instruction.
extern __thread simguard_context *simguard_bound __attribute__((visibility("hidden")));

// Where the stack of a simulation's thread begins.
extern __thread void *simguard_stack_top __attribute__((visibility("hidden")));

// The return addresses of the callers, innermost first; returns how many.
int simguard_backtrace(void **frames, int capacity) __attribute__((visibility("hidden")));

// Notes a call that no simulated code may make.
void simguard_refuse(const char *call) __attribute__((visibility("hidden"), noinline));
// The same for one that the simulation may be asked to answer.
static inline void simguard_answer(const char *call) {
  if (!simguard_bound->answers) simguard_refuse(call);
}
// Random bytes of the simulation's own.
void simguard_fill(simguard_context *context, void *bytes, size_t count)
    __attribute__((visibility("hidden")));

#define SIMGUARD_EXPORT __attribute__((visibility("default")))

// Finds the definition that ours took the place of, and keeps it for all threads.
#define SIMGUARD_FIND(cache, lookup)                                  \
  ({                                                                  \
    __typeof__(cache) found = __atomic_load_n(&cache, __ATOMIC_RELAXED); \
    if (__builtin_expect(!found, 0)) {                                \
      found = (__typeof__(cache))(lookup);                            \
      __atomic_store_n(&cache, found, __ATOMIC_RELAXED);              \
    }                                                                 \
    found;                                                            \
  })

#define SIMGUARD_REAL(result, name, ...)     \
  static result (*cached_##name)(__VA_ARGS__); \
  result (*real_##name)(__VA_ARGS__) =       \
      SIMGUARD_FIND(cached_##name, dlsym(RTLD_NEXT, #name))
