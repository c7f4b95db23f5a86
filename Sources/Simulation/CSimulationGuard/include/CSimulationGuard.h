#pragma once

// What a simulation needs from below Swift: the thread it runs on, the calls that would tie it to
// the real world, the tasks that are created, and a watchdog. Linked into tests and drills only:
// its definitions take the place of those of the C library and of the Swift runtime.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIMGUARD_FRAMES_MAX 64

// A task that was created on a simulation's thread.
typedef struct simguard_task {
  void *task;         // retained; NULL for an `async let`, whose memory is its parent's
  uint64_t id;        // the runtime's, unique in the process
  uint64_t number;    // the order of creation in the simulation, from 1
  uint64_t executor;  // the identity of the executor object of its process
  char *name;         // NULL when it has none; owned
  bool is_child;
} simguard_task;

// One for each running simulation; bound to one thread while it runs.
typedef struct simguard_context {
  uint64_t now;                // virtual nanoseconds since the start
  uint64_t entropy[4];         // the state of xoshiro256** behind getrandom and its like
  void *owner;                 // the simulation, unretained
  uint64_t executor_identity;  // the task executor that a created task gets; 0 for none
  uint64_t executor_witness;
  uint64_t seed;
  bool answers;  // clock and entropy reads are answered, and are no leak

  const char *leak;  // the first call that was a leak, or NULL
  void *leak_frames[SIMGUARD_FRAMES_MAX];
  int leak_depth;

  uint64_t tasks_created;
  simguard_task *tasks;  // in order of creation; finished ones are swept out now and then
  size_t task_count, task_capacity, sweep_at;

  // What the watchdog reads from its own thread.
  uint64_t beats;               // grows with every step, atomically
  uint64_t running_task;        // the runtime's id, 0 for none
  const char *running_process;  // NULL between steps
  uint64_t wall_nanoseconds_max;
  uint64_t thread, seen_beats, seen_at;
  struct simguard_context *next_watched;
} simguard_context;

// The context of the calling thread, or NULL.
simguard_context *simguard_current(void);

// Binds a context to the calling thread and has it watched; `unbind` undoes both.
void simguard_bind(simguard_context *context);
void simguard_unbind(simguard_context *context);

// Says whose job begins: tasks that it creates get the executor of that process.
static inline void simguard_begin_step(simguard_context *context, uint64_t identity,
                                       uint64_t witness, const char *process, uint64_t task) {
  context->executor_identity = identity;
  context->executor_witness = witness;
  context->running_process = process;
  context->running_task = task;
}

// Tells the watchdog. Returns whether enough tasks were created for a sweep.
static inline bool simguard_end_step(simguard_context *context) {
  __atomic_store_n(&context->beats, context->beats + 1, __ATOMIC_RELAXED);
  return context->task_count >= context->sweep_at;
}

// Whether threads and queues are noticed: a sanitizer's runtime has those calls for itself.
bool simguard_notices_threads(void);

// Runs `body` on a thread of its own with a stack of 8 MiB, and waits for its end. Returns errno.
int simguard_run_thread(void (*body)(void *), void *argument);

// Whether the order of sets and dictionaries is the same in every process.
bool simguard_hashing_is_deterministic(void);

// Forgets the tasks that have finished.
void simguard_sweep(simguard_context *context);
// Whether a recorded task has not finished; an `async let` counts as finished.
bool simguard_is_live(const simguard_task *task);
// Forgets all tasks.
void simguard_forget_tasks(simguard_context *context);

// Writes what a frame is ("function + offset" or "file + offset"), cut off at `capacity`.
void simguard_describe_frame(void *frame, char *text, size_t capacity);
