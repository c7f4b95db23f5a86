#pragma once

// The parts of a simulation below Swift: its thread, the calls that would tie it to the real
// world, the record of its tasks, and a watchdog. Linked into tests and drills only: its
// definitions replace those of the C library and of the Swift runtime.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIMGUARD_FRAMES_MAX 64

// A task created on a simulation's thread.
typedef struct simguard_task {
  void *task;         // retained; NULL for an `async let`, whose memory belongs to its parent
  uint64_t id;        // the runtime's id, unique in the process
  uint64_t number;    // the order of creation in the simulation, from 1
  uint64_t executor;  // the identity of the executor object of its process
  char *name;         // NULL if unnamed; owned
  bool is_child;
} simguard_task;

// The state of a running simulation; bound to one thread while it runs.
typedef struct simguard_context {
  uint64_t now;                // virtual nanoseconds since the start
  uint64_t entropy[4];         // the state of xoshiro256** behind getrandom and similar calls
  void *owner;                 // the simulation, unretained
  uint64_t executor_identity;  // the task executor of new tasks; 0 for none
  uint64_t executor_witness;
  uint64_t seed;
  bool answers;  // true to answer reads of clocks and entropy instead of reporting them as leaks

  const char *leak;  // the first leaked call, or NULL
  void *leak_frames[SIMGUARD_FRAMES_MAX];
  int leak_depth;

  uint64_t tasks_created;
  simguard_task *tasks;  // in order of creation; finished ones are removed by sweeps
  size_t task_count, task_capacity, sweep_at;

  // Read by the watchdog on its own thread.
  uint64_t beats;               // grows with every step, atomically
  uint64_t running_task;        // the runtime's id, 0 for none
  const char *running_process;  // NULL between steps
  uint64_t wall_nanoseconds_max;
  uint64_t thread, seen_beats, seen_at;
  struct simguard_context *next_watched;
} simguard_context;

// The context of the calling thread, or NULL.
simguard_context *simguard_current(void);

// Binds a context to the calling thread and starts to watch it; `unbind` undoes both.
void simguard_bind(simguard_context *context);
void simguard_unbind(simguard_context *context);

// Marks the start of a job: tasks that it creates get the executor of its process.
static inline void simguard_begin_step(simguard_context *context, uint64_t identity,
                                       uint64_t witness, const char *process, uint64_t task) {
  context->executor_identity = identity;
  context->executor_witness = witness;
  context->running_process = process;
  context->running_task = task;
}

// Marks the end of a job. Returns true if enough tasks were created for a sweep.
static inline bool simguard_end_step(simguard_context *context) {
  __atomic_store_n(&context->beats, context->beats + 1, __ATOMIC_RELAXED);
  return context->task_count >= context->sweep_at;
}

// True if threads and queues are detected; false under a sanitizer, which needs those calls.
bool simguard_notices_threads(void);

// Runs `body` on a new thread with a stack of 8 MiB and waits for its end. Returns an errno, 0 for success.
int simguard_run_thread(void (*body)(void *), void *argument);

// True if sets and dictionaries iterate in the same order in every process.
bool simguard_hashing_is_deterministic(void);

// Drops the records of finished tasks.
void simguard_sweep(simguard_context *context);
// True if a recorded task is unfinished; an `async let` counts as finished.
bool simguard_is_live(const simguard_task *task);
// Drops the records of all tasks.
void simguard_forget_tasks(simguard_context *context);

// Describes a frame ("function + offset" or "file + offset"), truncated to `capacity`.
void simguard_describe_frame(void *frame, char *text, size_t capacity);
