// Kills a program at its Nth call that changes a file system: what a power cut or the kernel's memory killer does, at a
// place that can be chosen. Loaded by LD_PRELOAD into one program of a test; no part of the product.
//
//   KILLCOUNT_AT=N        the call, counted from 1, instead of which the process gets SIGKILL; 0 lets every call pass
//   KILLCOUNT_SIGNAL=N    another signal than SIGKILL; the call is made then
//   KILLCOUNT_TOTAL=FILE  at the end of the program, the number of calls is written to FILE
//
// Children are not counted: the variables are taken out of the environment.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long fatal;
static int sent = SIGKILL;
static char total[4096];

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("KILLCOUNT_AT");
    const char *file = getenv("KILLCOUNT_TOTAL");
    if (at != NULL) fatal = atol(at);
    const char *number = getenv("KILLCOUNT_SIGNAL");
    if (number != NULL) sent = atoi(number);
    if (file != NULL) snprintf(total, sizeof total, "%s", file);
    unsetenv("KILLCOUNT_AT");
    unsetenv("KILLCOUNT_SIGNAL");
    unsetenv("KILLCOUNT_TOTAL");
    unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void) {
    if (total[0] == 0) return;
    FILE *file = fopen(total, "w");
    if (file == NULL) return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}

static void count(void) {
    if (atomic_fetch_add(&calls, 1) + 1 == fatal) {
        kill(getpid(), sent);
        while (sent == SIGKILL) pause();
    }
}

// A call that is counted and then made: its type, its name, its parameters, and how they are handed on.
#define COUNTED(type, name, parameters, arguments)          \
    type name parameters {                                  \
        static type(*real) parameters;                      \
        if (real == NULL) real = dlsym(RTLD_NEXT, #name);   \
        count();                                            \
        return real arguments;                              \
    }

// Pipes and terminals do not count: only what lies in a file system.
static int is_file(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

#define COUNTED_WRITE(name, parameters, arguments)          \
    ssize_t name parameters {                               \
        static ssize_t(*real) parameters;                   \
        if (real == NULL) real = dlsym(RTLD_NEXT, #name);   \
        if (is_file(fd)) count();                           \
        return real arguments;                              \
    }

COUNTED_WRITE(write, (int fd, const void *bytes, size_t length), (fd, bytes, length))
COUNTED_WRITE(pwrite, (int fd, const void *bytes, size_t length, off_t offset), (fd, bytes, length, offset))
COUNTED_WRITE(pwrite64, (int fd, const void *bytes, size_t length, off64_t offset), (fd, bytes, length, offset))
COUNTED_WRITE(writev, (int fd, const struct iovec *pieces, int number), (fd, pieces, number))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, renameat, (int f, const char *from, int t, const char *to), (f, from, t, to))
COUNTED(int, renameat2, (int f, const char *from, int t, const char *to, unsigned flags), (f, from, t, to, flags))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, linkat, (int f, const char *from, int t, const char *to, int flags), (f, from, t, to, flags))
COUNTED(int, symlink, (const char *target, const char *name), (target, name))
COUNTED(int, symlinkat, (const char *target, int directory, const char *name), (target, directory, name))
COUNTED(int, unlink, (const char *name), (name))
COUNTED(int, unlinkat, (int directory, const char *name, int flags), (directory, name, flags))
COUNTED(int, rmdir, (const char *name), (name))
COUNTED(int, mkdir, (const char *name, mode_t mode), (name, mode))
COUNTED(int, mkdirat, (int directory, const char *name, mode_t mode), (directory, name, mode))
COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, fdatasync, (int fd), (fd))
COUNTED(int, syncfs, (int fd), (fd))
COUNTED(int, ftruncate, (int fd, off_t length), (fd, length))
COUNTED(int, ftruncate64, (int fd, off64_t length), (fd, length))
COUNTED(int, fchmod, (int fd, mode_t mode), (fd, mode))
COUNTED(int, fchmodat, (int directory, const char *name, mode_t mode, int flags), (directory, name, mode, flags))
COUNTED(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group))
COUNTED(int, fchownat, (int d, const char *name, uid_t user, gid_t group, int flags), (d, name, user, group, flags))
COUNTED(int, futimens, (int fd, const struct timespec times[2]), (fd, times))
COUNTED(int, utimensat, (int d, const char *name, const struct timespec times[2], int flags), (d, name, times, flags))
