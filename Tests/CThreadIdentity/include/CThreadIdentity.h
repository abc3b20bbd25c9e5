// For tests that run as root and want to see what happens to an ordinary user.
#ifndef CTHREADIDENTITY_H
#define CTHREADIDENTITY_H

#include <stdint.h>

/// Makes the calling thread alone, and threads that it starts, an ordinary user without rights; for good. 0, or -1.
int become_on_this_thread(uint32_t user, uint32_t group);

#endif
