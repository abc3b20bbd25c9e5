// What Swift cannot import from the kernel's and the C library's headers: macros, unions, variadics, and calls
// that need _GNU_SOURCE. Every function here answers like the call that it stands for: -1 and errno on failure.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <sys/types.h>
#include <sys/xattr.h>

/// What statx(2) says of one file, in fixed widths.
struct linux_status {
    uint16_t mode;          // type and permission bits
    uint32_t uid, gid;
    uint32_t links;
    uint64_t inode, device, special_device;
    uint64_t size, blocks;  // blocks of 512 bytes
    int64_t accessed_seconds, modified_seconds, changed_seconds, born_seconds;
    uint32_t accessed_nanoseconds, modified_nanoseconds, changed_nanoseconds, born_nanoseconds;
    int has_birth;
    uint64_t mount;         // 0 when the kernel does not say
};

int linux_status_at(int directory, const char *name, int follow, struct linux_status *out);
int linux_open(const char *path, int flags, unsigned mode);
int linux_open_at(int directory, const char *name, int flags, unsigned mode);
/// openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS: never leaves the directory.
int linux_open_beneath(int directory, const char *path, int flags, unsigned mode);
/// openat2(2) with RESOLVE_BENEATH: symlinks are followed as long as they stay in the directory.
int linux_open_inside(int directory, const char *path, int flags);
/// O_PATH, which needs _GNU_SOURCE.
extern const int linux_reference;
/// Opens `name` for reading its content: no symlink is followed, no FIFO is waited for, and the access time stays as it
/// is where the kernel lets us.
int linux_open_content(int directory, const char *name);
/// Opens `name` itself, whatever it is, only to refer to it (O_PATH | O_NOFOLLOW).
int linux_open_reference(int directory, const char *name);
/// openat2(2) with RESOLVE_NO_XDEV: neither out of the directory, nor through a symlink, nor into another mount.
int linux_open_here(int directory, const char *name, int flags);
/// renameat2(2) with RENAME_NOREPLACE.
int linux_rename_new(int from_directory, const char *from, int to_directory, const char *to);
/// O_TMPFILE, which is a macro of casts.
extern const int linux_unlinked_file;
/// Gives an unlinked file (O_TMPFILE) its name; fails with EEXIST when the name is taken.
int linux_link_descriptor(int descriptor, int to_directory, const char *to);
int linux_inode_flags(int descriptor, uint32_t *flags);
int linux_set_inode_flags(int descriptor, uint32_t flags);
int linux_make_node(int directory, const char *name, unsigned mode, uint64_t device);
/// chmod(2), chown(2) and utimensat(2) by descriptor, also for one of O_PATH.
int linux_set_mode(int descriptor, unsigned mode);
int linux_set_owner(int descriptor, uint32_t user, uint32_t group);
int linux_set_modified(int descriptor, int64_t seconds, uint32_t nanoseconds);
uint32_t linux_device_major(uint64_t device);
uint32_t linux_device_minor(uint64_t device);
uint64_t linux_device(uint32_t major, uint32_t minor);
int linux_sync_filesystem(int descriptor);
int64_t linux_seek_data(int descriptor, int64_t offset);
int64_t linux_seek_hole(int descriptor, int64_t offset);

/// The next entry of a directory stream: 1 and its name, 0 at the end, -1 on failure. `type` is a DT_ value.
int linux_next_entry(void *stream, const char **name, size_t *length, uint8_t *type);
void *linux_open_directory(int descriptor);  // takes the descriptor over; NULL on failure
void linux_close_directory(void *stream);

/// Raises the soft limit of open files to the hard one, at most `wanted`; answers the limit in force.
int64_t linux_raise_open_files(int64_t wanted);
int linux_disable_core_dumps(void);
/// Lets runs of `least` bytes and more have pages of their own, which go back to the kernel when they are freed.
int linux_return_freed_memory(int least);
/// Occupies those of the numbers 0, 1, 2 that are closed, so that no file of ours becomes a standard stream.
int linux_reserve_standard_streams(void);

/// Starts a child. `descriptors` are three numbers for 0, 1, 2 (-1: /dev/null); every other one is closed in it.
/// `directory` may be NULL. With `new_group` it leads a group of its own. Answers an errno value, 0 when it runs.
int linux_spawn(const char *path, char *const arguments[], char *const environment[], const int descriptors[3],
                const char *directory, int new_group, pid_t *child);
/// Waits until a child has ended, and leaves it to be waited for.
int linux_await(pid_t child);
/// Waits for a child; `block` 0 answers 0 at once when it still runs. `code` is the exit code, `signal` what killed it.
int linux_wait(pid_t child, int block, int *code, int *signal);

/// A descriptor of a running process (pidfd_open(2)): it stays the same process even when its number is used again.
int linux_process_open(pid_t process);
int linux_process_signal(int descriptor, int signal);

/// Makes a network namespace in which nothing but the loopback device is, up; as an ordinary user in a user namespace
/// of its own, in which nobody has more rights. `spaces` are descriptors that keep both: the network's, and the user
/// namespace's or -1. Answers an errno value, 0 when it is made.
int linux_make_network(int spaces[2]);
/// A TCP socket (AF_INET) that belongs to such a network whoever uses it; -1 and errno on failure.
int linux_socket_in_network(const int spaces[2]);

/// Installs a handler that notes the signal and writes a byte to a pipe; SIGPIPE is ignored.
int linux_watch_signals(void);
/// The first signal of SIGINT, SIGTERM, SIGHUP that arrived, or 0.
int linux_signal_received(void);
/// The reading end of the pipe that a signal writes to, for poll(2).
int linux_signal_descriptor(void);

/// Pages of zeros, `from` bytes of them at `pages` so far, made `to` bytes by moving and never by copying; NULL where
/// there is no memory. `pages` is NULL for none; `to` 0 gives all of them back.
void *linux_resize_pages(void *pages, size_t from, size_t to);

int linux_pipe(int ends[2]);
void linux_error_text(int code, char *text, size_t capacity);
/// Names the calling thread (15 bytes at most).
void linux_name_thread(const char *name);

int linux_terminal_width(int descriptor);  // 0 when it is no terminal
/// Reads a line with echo off from /dev/tty; answers its length, or -1.
ssize_t linux_read_passphrase(const char *prompt, char *buffer, size_t capacity);

/// Calls a function that takes (object, option, ...), such as curl_easy_setopt: Swift calls no variadic one.
int linux_set_number(void *function, void *object, int option, long value);
int linux_set_pointer(void *function, void *object, int option, const void *value);

#endif
