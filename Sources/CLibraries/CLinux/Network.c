#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// A process of several threads cannot enter a user namespace, and the network that a thread is in is the thread's own:
// a short-lived child does both, and hands over what it opened there. Only calls that are safe after fork(2).

static int send_descriptors(int channel, const int *numbers, int count) {
    char byte = 0;
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = CMSG_SPACE((size_t)count * sizeof(int))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(header), numbers, (size_t)count * sizeof(int));
    return sendmsg(channel, &message, MSG_NOSIGNAL) == 1 ? 0 : errno;
}

static int receive_descriptors(int channel, int *numbers, int count) {
    char byte;
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr aligned;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t got;
    do got = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    struct cmsghdr *header = got == 1 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header == NULL || header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN((size_t)count * sizeof(int)))
        return 0;
    memcpy(numbers, CMSG_DATA(header), (size_t)count * sizeof(int));
    return 1;
}

static int write_text(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    int error = write(file, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : errno;
    close(file);
    return error;
}

// Runs in the child: a network of its own, its loopback device up, and both namespaces opened.
static int child_makes_network(const char *users, const char *groups, int spaces[2]) {
    int apart = users[0] != 0 ? CLONE_NEWUSER | CLONE_NEWNET : CLONE_NEWNET;
    if (unshare(apart) != 0) return errno;
    if (users[0] != 0) {
        int error = write_text("/proc/self/setgroups", "deny");
        if (error == 0) error = write_text("/proc/self/uid_map", users);
        if (error == 0) error = write_text("/proc/self/gid_map", groups);
        if (error != 0) return error;
    }
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0) return errno;
    struct ifreq loopback = {.ifr_name = "lo"};
    loopback.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(any, SIOCSIFFLAGS, &loopback) != 0) return errno;
    spaces[0] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (spaces[0] < 0) return errno;
    if (users[0] == 0) return 0;
    spaces[1] = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
    return spaces[1] < 0 ? errno : 0;
}

static void close_all_but(int one, int other, int third) {
    unsigned from = 3;
    while (1) {
        // The lowest of the three that is not passed yet.
        unsigned next = ~0U;
        int kept[3] = {one, other, third};
        for (int i = 0; i < 3; i++)
            if (kept[i] >= (int)from && (unsigned)kept[i] < next) next = (unsigned)kept[i];
        if (next > from) syscall(SYS_close_range, from, next == ~0U ? ~0U : next - 1, 0);
        if (next == ~0U) return;
        from = next + 1;
    }
}

// Forks, and takes the descriptors that the child sends, or the errno value that it ends with. `spaces` NULL: the child
// makes a network; else it makes a socket in the one of `spaces`.
static int through_child(const int *spaces, int *received, int count) {
    char users[64] = "", groups[64] = "";
    if (spaces == NULL && geteuid() != 0) {
        snprintf(users, sizeof users, "%u %u 1", geteuid(), geteuid());
        snprintf(groups, sizeof groups, "%u %u 1", getegid(), getegid());
    }
    int channel[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0) return errno;
    pid_t child = fork();
    if (child < 0) {
        int error = errno;
        close(channel[0]);
        close(channel[1]);
        return error;
    }
    if (child == 0) {
        // Locks of this process go with copies of its descriptors: none but these may live on in the child.
        close_all_but(channel[1], spaces == NULL ? -1 : spaces[0], spaces == NULL ? -1 : spaces[1]);
        int made[2] = {-1, -1}, error = 0;
        if (spaces == NULL) {
            error = child_makes_network(users, groups, made);
        } else {
            if (spaces[1] >= 0 && setns(spaces[1], CLONE_NEWUSER) != 0) error = errno;
            if (error == 0 && setns(spaces[0], CLONE_NEWNET) != 0) error = errno;
            if (error == 0 && (made[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0) error = errno;
        }
        if (error == 0) error = send_descriptors(channel[1], made, count);
        _exit(error);
    }
    close(channel[1]);
    int got = receive_descriptors(channel[0], received, count);
    close(channel[0]);
    int code = 0, sign = 0;
    if (linux_wait(child, 1, &code, &sign) != 1 || sign != 0) code = EIO;
    return got ? 0 : code != 0 ? code : EIO;
}

int linux_make_network(int spaces[2]) {
    spaces[0] = spaces[1] = -1;
    return through_child(NULL, spaces, geteuid() == 0 ? 1 : 2);
}

int linux_socket_in_network(const int spaces[2]) {
    int made = -1;
    int error = through_child(spaces, &made, 1);
    if (error == 0) return made;
    errno = error;
    return -1;
}
