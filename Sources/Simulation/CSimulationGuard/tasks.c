// Gives every task created on a simulation's thread the executor of its process, and records the
// task, so that a report can name unfinished ones.
#include "internal.h"
#include <stdlib.h>
#include <string.h>

extern void *swift_retain(void *);
extern void swift_release(void *);

// A task's status word and its bit for "complete", on 64-bit runtimes of Swift 6.3. Not public: a
// test checks it with a completed and a suspended task.
static bool is_complete(void *task) { return (((uintptr_t *)task)[12] & 0x2000) != 0; }

bool simguard_is_live(const simguard_task *task) { return task->task && !is_complete(task->task); }

static void forget(simguard_task *task) {
  free(task->name);
  if (task->task) swift_release(task->task);
}

void simguard_sweep(simguard_context *context) {
  // Releasing runs code that may create tasks, so work on a private list.
  simguard_task *tasks = context->tasks;
  size_t count = context->task_count, gone_count = 0, live_count = 0;
  simguard_task *gone = malloc((count ? count : 1) * sizeof *gone);
  for (size_t i = 0; i < count; i++) {
    if (simguard_is_live(&tasks[i])) tasks[live_count++] = tasks[i];
    else gone[gone_count++] = tasks[i];
  }
  context->task_count = live_count;
  // A finished task keeps its memory, often 10 KB, until its record is dropped: sweep often.
  context->sweep_at = live_count + (live_count < 256 ? 64 : live_count / 4);
  for (size_t i = 0; i < gone_count; i++) forget(&gone[i]);
  free(gone);
}

void simguard_forget_tasks(simguard_context *context) {
  simguard_task *tasks = context->tasks;
  size_t count = context->task_count;
  context->tasks = NULL;
  context->task_count = context->task_capacity = 0;
  for (size_t i = 0; i < count; i++) forget(&tasks[i]);
  free(tasks);
}

#ifndef SIMULATION_GUARD_STATIC
typedef struct {
  void *task, *context;
} task_and_context;

// The runtime's swift::TaskOptionRecord and its kinds.
typedef struct option_record {
  size_t flags;
  struct option_record *parent;
  uint64_t first, second;
} option_record;

enum {
  OPTION_ASYNC_LET = 2,
  OPTION_ASYNC_LET_WITH_BUFFER = 3,
  OPTION_EXECUTOR_UNOWNED = 5,
  OPTION_EXECUTOR_OWNED = 6,
  OPTION_NAME = 7,
  FLAG_IS_CHILD = 1 << 8,
};

static option_record *find(option_record *options, size_t kind, size_t other_kind) {
  for (; options; options = options->parent) {
    size_t found = options->flags & 0xff;
    if (found == kind || found == other_kind) return options;
  }
  return NULL;
}

extern __attribute__((swiftcall)) uint64_t swift_task_getJobTaskId(void *job);

static void record(simguard_context *context, void *task, size_t flags, option_record *options) {
  if (context->task_count == context->task_capacity) {
    context->task_capacity = context->task_capacity ? context->task_capacity * 2 : 128;
    context->tasks = realloc(context->tasks, context->task_capacity * sizeof *context->tasks);
  }
  option_record *executor = find(options, OPTION_EXECUTOR_UNOWNED, OPTION_EXECUTOR_OWNED);
  option_record *name = find(options, OPTION_NAME, OPTION_NAME);
  bool is_async_let = find(options, OPTION_ASYNC_LET, OPTION_ASYNC_LET_WITH_BUFFER) != NULL;
  context->tasks[context->task_count++] = (simguard_task){
      .task = is_async_let ? NULL : swift_retain(task),
      .id = swift_task_getJobTaskId(task),
      .number = context->tasks_created,
      .executor = executor ? executor->first : context->executor_identity,
      .name = name && name->first ? strdup((const char *)name->first) : NULL,
      .is_child = (flags & FLAG_IS_CHILD) != 0,
  };
}

typedef __attribute__((swiftcall)) task_and_context (*create_function)(size_t, option_record *,
                                                                       const void *, void *,
                                                                       void *);

__attribute__((swiftcall)) SIMGUARD_EXPORT task_and_context
swift_task_create(size_t flags, option_record *options, const void *result_type, void *closure,
                  void *closure_context) {
  static create_function cache;
  create_function real = SIMGUARD_FIND(cache, dlsym(RTLD_NEXT, "swift_task_create"));
  simguard_context *context = simguard_bound;
  if (!context) return real(flags, options, result_type, closure, closure_context);
  option_record preference = {OPTION_EXECUTOR_UNOWNED, options, context->executor_identity,
                              context->executor_witness};
  // A child has its parent's executor already.
  if (context->executor_identity && !(flags & FLAG_IS_CHILD) &&
      !find(options, OPTION_EXECUTOR_UNOWNED, OPTION_EXECUTOR_OWNED))
    options = &preference;
  task_and_context created = real(flags, options, result_type, closure, closure_context);
  context->tasks_created++;
  record(context, created.task, flags, options);
  return created;
}
#endif
