// Makes each fdatasync take SYNC_DELAY_MS milliseconds longer, as a disk behind a network does: preloaded by ledger-bench.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int (*real)(int);
static struct timespec delay;

__attribute__((constructor)) static void prepare(void) {
    const char *text = getenv("SYNC_DELAY_MS");
    long milliseconds = text ? atol(text) : 0;
    delay = (struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000};
    real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
}

int fdatasync(int file) {
    nanosleep(&delay, NULL);
    return real(file);
}
