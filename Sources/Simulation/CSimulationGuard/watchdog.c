// Ends the process when a simulation's thread finishes no step for too long in real time. A loop
// that never suspends cannot be unwound, but the report can name it.
#include "internal.h"
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_NANOSECONDS 100000000
#define STATUS_STUCK 70

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t added = PTHREAD_COND_INITIALIZER;
static simguard_context *watched;
static bool is_started;

static void say(const char *text) { (void)!write(STDERR_FILENO, text, strlen(text)); }

// Runs on the stuck thread. Some of its calls are unsafe in a signal handler; the watchdog ends the
// process in any case.
static void report(int signal) {
  (void)signal;
  simguard_context *context = simguard_bound;
  simguard_bound = NULL;
  if (!context) _exit(STATUS_STUCK);
  const char *name = NULL;
  uint64_t number = 0;
  for (size_t i = 0; i < context->task_count; i++)
    if (context->tasks[i].id == context->running_task) {
      name = context->tasks[i].name;
      number = context->tasks[i].number;
    }
  char line[512];
  snprintf(line, sizeof line, "simulation: seed %llu is stuck in task %llu (%s) of process %s\n",
           (unsigned long long)context->seed, (unsigned long long)number, name ? name : "no name",
           context->running_process ? context->running_process : "none");
  say(line);
  void *frames[SIMGUARD_FRAMES_MAX];
  int depth = simguard_backtrace(frames, SIMGUARD_FRAMES_MAX);
  for (int i = 2; i < depth; i++) {
    simguard_describe_frame(frames[i], line, sizeof line - 1);
    say("  ");
    say(line);
    say("\n");
  }
  _exit(STATUS_STUCK);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static void end(simguard_context *context) {
  struct sigaction action = {.sa_handler = report};
  sigaction(SIMGUARD_SIGNAL, &action, NULL);
  pthread_kill((pthread_t)context->thread, SIMGUARD_SIGNAL);
  nanosleep(&(struct timespec){.tv_sec = 2}, NULL);
  say("simulation: stuck, and its thread does not answer\n");
  _exit(STATUS_STUCK);
}

static void look(simguard_context *context) {
  uint64_t beats = __atomic_load_n(&context->beats, __ATOMIC_RELAXED), time = now();
  if (beats != context->seen_beats) {
    context->seen_beats = beats;
    context->seen_at = time;
  } else if (time - context->seen_at > context->wall_nanoseconds_max) {
    end(context);
  }
}

static void *watch(void *argument) {
  (void)argument;
  for (;;) {
    pthread_mutex_lock(&lock);
    while (!watched) pthread_cond_wait(&added, &lock);
    for (simguard_context *each = watched; each; each = each->next_watched) look(each);
    pthread_mutex_unlock(&lock);
    nanosleep(&(struct timespec){.tv_nsec = PERIOD_NANOSECONDS}, NULL);
  }
}

// With the lock held.
static void start(void) {
  if (is_started) return;
  is_started = true;
  void *frame;
  backtrace(&frame, 1);  // loads its library here instead of in a signal handler
  pthread_t thread;
  pthread_create(&thread, NULL, watch, NULL);
  pthread_detach(thread);
}

void simguard_bind(simguard_context *context) {
  context->thread = (uint64_t)pthread_self();
  context->seen_at = now();
  context->seen_beats = context->beats;
  pthread_mutex_lock(&lock);
  start();
  context->next_watched = watched;
  watched = context;
  pthread_cond_signal(&added);
  pthread_mutex_unlock(&lock);
  simguard_bound = context;
}

void simguard_unbind(simguard_context *context) {
  simguard_bound = NULL;
  pthread_mutex_lock(&lock);
  for (simguard_context **link = &watched; *link; link = &(*link)->next_watched)
    if (*link == context) {
      *link = context->next_watched;
      break;
    }
  pthread_mutex_unlock(&lock);
}
