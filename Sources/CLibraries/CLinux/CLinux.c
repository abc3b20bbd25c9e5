#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int linux_status_at(int directory, const char *name, int follow, struct linux_status *out) {
    struct statx s;
    int flags = AT_NO_AUTOMOUNT | (name[0] == 0 ? AT_EMPTY_PATH : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
    if (statx(directory, name, flags, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, &s) != 0) return -1;
    out->mode = s.stx_mode;
    out->uid = s.stx_uid;
    out->gid = s.stx_gid;
    out->links = s.stx_nlink;
    out->inode = s.stx_ino;
    out->device = makedev(s.stx_dev_major, s.stx_dev_minor);
    out->special_device = makedev(s.stx_rdev_major, s.stx_rdev_minor);
    out->size = s.stx_size;
    out->blocks = s.stx_blocks;
    out->accessed_seconds = s.stx_atime.tv_sec;
    out->accessed_nanoseconds = s.stx_atime.tv_nsec;
    out->modified_seconds = s.stx_mtime.tv_sec;
    out->modified_nanoseconds = s.stx_mtime.tv_nsec;
    out->changed_seconds = s.stx_ctime.tv_sec;
    out->changed_nanoseconds = s.stx_ctime.tv_nsec;
    out->born_seconds = s.stx_btime.tv_sec;
    out->born_nanoseconds = s.stx_btime.tv_nsec;
    out->has_birth = (s.stx_mask & STATX_BTIME) != 0;
    out->mount = (s.stx_mask & STATX_MNT_ID) != 0 ? s.stx_mnt_id : 0;
    return 0;
}

int linux_open(const char *path, int flags, unsigned mode) { return open(path, flags | O_CLOEXEC, mode); }

int linux_open_at(int directory, const char *name, int flags, unsigned mode) {
    return openat(directory, name, flags | O_CLOEXEC, mode);
}

int linux_open_beneath(int directory, const char *path, int flags, unsigned mode) {
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .mode = (flags & (O_CREAT | __O_TMPFILE)) ? mode : 0,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

const int linux_reference = O_PATH;

int linux_open_inside(int directory, const char *path, int flags) {
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

int linux_open_content(int directory, const char *name) {
    int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int descriptor = openat(directory, name, flags | O_NOATIME);
    // Only the owner and root may leave the access time alone.
    return descriptor < 0 && errno == EPERM ? openat(directory, name, flags) : descriptor;
}

int linux_open_reference(int directory, const char *name) {
    return openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int linux_open_here(int directory, const char *name, int flags) {
    struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
    return (int)syscall(SYS_openat2, directory, name, &how, sizeof how);
}

int linux_rename_new(int from_directory, const char *from, int to_directory, const char *to) {
    return renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE);
}

const int linux_unlinked_file = O_TMPFILE;

int linux_link_descriptor(int descriptor, int to_directory, const char *to) {
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int answer = linkat(AT_FDCWD, path, to_directory, to, AT_SYMLINK_FOLLOW);
    // Without /proc only the superuser can.
    return answer != 0 && errno == ENOENT ? linkat(descriptor, "", to_directory, to, AT_EMPTY_PATH) : answer;
}

int linux_inode_flags(int descriptor, uint32_t *flags) {
    int value = 0;
    if (ioctl(descriptor, FS_IOC_GETFLAGS, &value) != 0) return -1;
    *flags = (uint32_t)value;
    return 0;
}

int linux_set_inode_flags(int descriptor, uint32_t flags) {
    int value = (int)flags;
    return ioctl(descriptor, FS_IOC_SETFLAGS, &value);
}

int linux_make_node(int directory, const char *name, unsigned mode, uint64_t device) {
    return mknodat(directory, name, mode, (dev_t)device);
}

int linux_set_mode(int descriptor, unsigned mode) {
    if (fchmod(descriptor, mode) == 0) return 0;
    if (errno != EBADF) return -1;
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return chmod(path, mode);
}

int linux_set_owner(int descriptor, uint32_t user, uint32_t group) {
    return fchownat(descriptor, "", user, group, AT_EMPTY_PATH);
}

int linux_set_modified(int descriptor, int64_t seconds, uint32_t nanoseconds) {
    struct timespec times[2] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, {.tv_sec = seconds, .tv_nsec = nanoseconds}};
    return utimensat(descriptor, "", times, AT_EMPTY_PATH);
}

uint32_t linux_device_major(uint64_t device) { return major((dev_t)device); }
uint32_t linux_device_minor(uint64_t device) { return minor((dev_t)device); }
uint64_t linux_device(uint32_t high, uint32_t low) { return makedev(high, low); }
int linux_sync_filesystem(int descriptor) { return syncfs(descriptor); }
int64_t linux_seek_data(int descriptor, int64_t offset) { return lseek(descriptor, offset, SEEK_DATA); }
int64_t linux_seek_hole(int descriptor, int64_t offset) { return lseek(descriptor, offset, SEEK_HOLE); }

void *linux_open_directory(int descriptor) {
    void *stream = fdopendir(descriptor);
    if (stream == NULL) {
        int saved = errno;
        close(descriptor);
        errno = saved;
    }
    return stream;
}

void linux_close_directory(void *stream) { closedir(stream); }

int linux_next_entry(void *stream, const char **name, size_t *length, uint8_t *type) {
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(stream);
        if (entry == NULL) return errno == 0 ? 0 : -1;
        const char *n = entry->d_name;
        if (n[0] == '.' && (n[1] == 0 || (n[1] == '.' && n[2] == 0))) continue;
        *name = n;
        *length = strlen(n);
        *type = entry->d_type;
        return 1;
    }
}

int64_t linux_raise_open_files(int64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    rlim_t goal = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > (rlim_t)wanted ? (rlim_t)wanted : limit.rlim_max;
    if (limit.rlim_cur < goal) {
        limit.rlim_cur = goal;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    }
    return (int64_t)limit.rlim_cur;
}

int linux_return_freed_memory(int least) { return mallopt(M_MMAP_THRESHOLD, least) == 1 ? 0 : -1; }
int linux_reserve_standard_streams(void) {
    for (int stream = 0; stream < 3; stream++) {
        if (fcntl(stream, F_GETFD) >= 0) continue;
        // The other way round, so that using it fails. The lowest free number is the stream's.
        if (open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY) != stream) return -1;
    }
    return 0;
}

int linux_disable_core_dumps(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

int linux_spawn(const char *path, char *const arguments[], char *const environment[], const int descriptors[3],
                const char *directory, int new_group, pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    if (directory != NULL) error = posix_spawn_file_actions_addchdir_np(&actions, directory);
    // First away from 0…2, so that no descriptor is overwritten before it is used.
    int moved[3] = {-1, -1, -1};
    for (int i = 0; i < 3 && error == 0; i++) {
        if (descriptors[i] < 0) continue;
        moved[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 3);
        if (moved[i] < 0) error = errno;
    }
    for (int i = 0; i < 3 && error == 0; i++) {
        if (moved[i] < 0)
            error = posix_spawn_file_actions_addopen(&actions, i, "/dev/null", i == 0 ? O_RDONLY : O_WRONLY, 0);
        else
            error = posix_spawn_file_actions_adddup2(&actions, moved[i], i);
    }
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    sigset_t defaults, mask;
    sigemptyset(&mask);
    sigemptyset(&defaults);
    int restored[] = {SIGPIPE, SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 4; i++) sigaddset(&defaults, restored[i]);
    if (new_group) {
        flags |= POSIX_SPAWN_SETPGROUP;
        if (error == 0) error = posix_spawnattr_setpgroup(&attributes, 0);
    }
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &defaults);
    if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &mask);
    if (error == 0) error = posix_spawnattr_setflags(&attributes, flags);
    if (error == 0) error = posix_spawn(child, path, &actions, &attributes, arguments, environment);
    for (int i = 0; i < 3; i++)
        if (moved[i] >= 0) close(moved[i]);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int linux_await(pid_t child) {
    siginfo_t information;
    int answer;
    do answer = waitid(P_PID, (id_t)child, &information, WEXITED | WNOWAIT);
    while (answer < 0 && errno == EINTR);
    return answer;
}

int linux_wait(pid_t child, int block, int *code, int *sign) {
    int status = 0;
    pid_t answer;
    do answer = waitpid(child, &status, block ? 0 : WNOHANG);
    while (answer < 0 && errno == EINTR);
    if (answer < 0) return -1;
    if (answer == 0) return 0;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *sign = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 1;
}

int linux_process_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int linux_process_signal(int descriptor, int number) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, number, NULL, 0);
}

static volatile sig_atomic_t first_signal = 0;
static int signal_pipe[2] = {-1, -1};

static void note_signal(int number) {
    int saved = errno;
    if (first_signal == 0) first_signal = number;
    char byte = (char)number;
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

int linux_watch_signals(void) {
    if (signal_pipe[0] < 0 && pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = note_signal;
    int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (int i = 0; i < 3; i++)
        if (sigaction(numbers[i], &action, NULL) != 0) return -1;
    action.sa_handler = SIG_IGN;
    return sigaction(SIGPIPE, &action, NULL);
}

int linux_signal_received(void) { return first_signal; }
int linux_signal_descriptor(void) { return signal_pipe[0]; }

void *linux_resize_pages(void *pages, size_t from, size_t to) {
    if (to == 0) {
        if (from > 0) munmap(pages, from);
        return NULL;
    }
    void *moved = from == 0 ? mmap(NULL, to, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                            : mremap(pages, from, to, MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? NULL : moved;
}

int linux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void linux_error_text(int code, char *text, size_t capacity) {
    const char *words = strerrordesc_np(code);
    if (words != NULL) snprintf(text, capacity, "%s", words);
    else snprintf(text, capacity, "error %d", code);
}

void linux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int linux_terminal_width(int descriptor) {
    struct winsize size;
    if (!isatty(descriptor)) return 0;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

ssize_t linux_read_passphrase(const char *prompt, char *buffer, size_t capacity) {
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0) return -1;
    struct termios before, quiet;
    if (tcgetattr(terminal, &before) != 0) {
        close(terminal);
        return -1;
    }
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &quiet);
    ssize_t length = -1;
    if (write(terminal, prompt, strlen(prompt)) >= 0) {
        do length = read(terminal, buffer, capacity);
        while (length < 0 && errno == EINTR && first_signal == 0);
    }
    tcsetattr(terminal, TCSAFLUSH, &before);
    ssize_t ignored = write(terminal, "\n", 1);
    (void)ignored;
    close(terminal);
    if (length > 0 && buffer[length - 1] == '\n') length--;
    return length;
}

typedef int setter(void *object, int option, ...);

int linux_set_number(void *function, void *object, int option, long value) {
    return ((setter *)function)(object, option, value);
}

int linux_set_pointer(void *function, void *object, int option, const void *value) {
    return ((setter *)function)(object, option, value);
}
