#include "internal.h"
#include <pthread.h>
#include <signal.h>

__thread simguard_context *simguard_bound;
__thread void *simguard_stack_top;

simguard_context *simguard_current(void) { return simguard_bound; }

void simguard_refuse(const char *call) {
  simguard_context *context = simguard_bound;
  if (context->leak) return;
  context->leak = call;
  // The backtrace may load a library, which may make such calls itself.
  simguard_bound = NULL;
  context->leak_depth = simguard_backtrace(context->leak_frames, SIMGUARD_FRAMES_MAX);
  simguard_bound = context;
}

struct start {
  void (*body)(void *);
  void *argument;
};

static void *begin(void *pointer) {
  struct start *start = pointer;
  simguard_stack_top = __builtin_frame_address(0);
  // The watchdog's signal: the thread that started us may block all signals.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIMGUARD_SIGNAL);
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
  start->body(start->argument);
  return NULL;
}

int simguard_run_thread(void (*body)(void *), void *argument) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 8 << 20);
  struct start start = {body, argument};
  pthread_t thread;
  int status = pthread_create(&thread, &attributes, begin, &start);
  pthread_attr_destroy(&attributes);
  return status ? status : pthread_join(thread, NULL);
}

// The effect of SWIFT_DETERMINISTIC_HASHING=1.
struct hashing {
  uint64_t seed0, seed1;
  bool deterministic;
};
extern struct hashing _swift_stdlib_Hashing_parameters;
extern void simulation_install_executors(void) __attribute__((weak));

// Before main, while there is one thread: both writes are plain stores to globals.
__attribute__((constructor)) static void before_main(void) {
  _swift_stdlib_Hashing_parameters = (struct hashing){0, 0, true};
  if (simulation_install_executors) simulation_install_executors();
}

bool simguard_hashing_is_deterministic(void) {
  return _swift_stdlib_Hashing_parameters.deterministic;
}
