// Makes each fdatasync take SYNC_DELAY_MS milliseconds longer, as a disk behind a network does: preloaded by ledger-bench.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int fdatasync(int file) {
    static int (*real)(int);
    static long delay;
    if (real == NULL) {
        delay = atol(getenv("SYNC_DELAY_MS"));
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    }
    struct timespec time = {delay / 1000, delay % 1000 * 1000000};
    nanosleep(&time, NULL);
    return real(file);
}
