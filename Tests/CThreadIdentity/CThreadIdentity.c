#define _GNU_SOURCE
#include "CThreadIdentity.h"

#include <sys/syscall.h>
#include <unistd.h>

int become_on_this_thread(uint32_t user, uint32_t group) {
    // The C library's calls would change every thread of the process; the kernel's change one.
    if (syscall(SYS_setgroups, 0, 0) != 0) return -1;
    if (syscall(SYS_setresgid, group, group, group) != 0) return -1;
    return (int)syscall(SYS_setresuid, user, user, user);
}
