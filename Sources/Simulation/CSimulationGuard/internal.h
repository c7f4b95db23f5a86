#pragma once

#define _GNU_SOURCE
#include "CSimulationGuard.h"
#include <dlfcn.h>

// The signal that the watchdog sends to a stuck thread.
#define SIMGUARD_SIGNAL SIGUSR2

// The context of this thread. Hidden, so that reading it costs one instruction.
extern __thread simguard_context *simguard_bound __attribute__((visibility("hidden")));

// The start of the stack of a simulation's thread.
extern __thread void *simguard_stack_top __attribute__((visibility("hidden")));

// Collects the return addresses of the callers, innermost first; returns their number.
int simguard_backtrace(void **frames, int capacity) __attribute__((visibility("hidden")));

// Records a call that simulated code may not make.
void simguard_refuse(const char *call) __attribute__((visibility("hidden"), noinline));
// Records a call that simulated code may make only if the simulation answers it.
static inline void simguard_answer(const char *call) {
  if (!simguard_bound->answers) simguard_refuse(call);
}
// Random bytes from the simulation's stream.
void simguard_fill(simguard_context *context, void *bytes, size_t count)
    __attribute__((visibility("hidden")));

#define SIMGUARD_EXPORT __attribute__((visibility("default")))

// Finds the definition that ours replaces, and keeps it for all threads.
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
