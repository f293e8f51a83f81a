/* Preloaded into the real program: writes down, in order, what reaches the files of one folder and what goes
 * through sockets. RECORDER_LOG names the log, RECORDER_DIR the folder. RECORDER_FAIL_SYNC=k makes the k-th sync of
 * a write-ahead log fail with EIO.
 *
 * A record: kind (u32), descriptor (i32), offset (u64), length of what follows (u32), then the bytes. A write is
 * written down before it is done, a sync before and after, a socket write before: so an answer that stands behind
 * the end of a sync in the log really left behind it. Work on files is done one piece at a time, to make the order
 * in the log the true one; sockets wait for nobody, so an answer that leaves during a sync is seen to do so. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPENED = 1, WROTE, CUT, SYNCING, SYNCED, REMOVED, CLOSED, SENT, GOT };
enum { FDS = 65536, SHOWN = 4096 };

static pthread_mutex_t files = PTHREAD_MUTEX_INITIALIZER, book = PTHREAD_MUTEX_INITIALIZER;
static char ours[FDS]; /* 1: a file of the folder, 2: a write-ahead log in it */
static int log_fd = -1, syncs, failing;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("RECORDER_LOG"), *fail = getenv("RECORDER_FAIL_SYNC");
    folder = getenv("RECORDER_DIR");
    failing = fail ? atoi(fail) : 0;
    if (log && folder)
        log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void note(uint32_t kind, int fd, uint64_t offset, const struct iovec *parts, int n, size_t most) {
    struct iovec record[20];
    unsigned char head[20];
    uint32_t length = 0;
    int used = 1, before = errno;
    if (log_fd < 0) return;
    for (int i = 0; i < n && used < 20 && length < most; i++, used++) {
        size_t take = parts[i].iov_len < most - length ? parts[i].iov_len : most - length;
        record[used].iov_base = parts[i].iov_base;
        record[used].iov_len = take;
        length += (uint32_t)take;
    }
    memcpy(head, &kind, 4);
    memcpy(head + 4, &fd, 4);
    memcpy(head + 8, &offset, 8);
    memcpy(head + 16, &length, 4);
    record[0].iov_base = head;
    record[0].iov_len = sizeof head;
    pthread_mutex_lock(&book);
    if (syscall(SYS_writev, log_fd, record, used) != (long)(sizeof head + length)) abort();
    pthread_mutex_unlock(&book);
    errno = before;
}

static void note_bytes(uint32_t kind, int fd, uint64_t offset, const void *bytes, size_t length, size_t most) {
    struct iovec part = {(void *)bytes, length};
    note(kind, fd, offset, &part, 1, most);
}

static int is_ours(int fd) { return fd >= 0 && fd < FDS && ours[fd]; }

static int opened(int fd, const char *path, int flags) {
    size_t length = strlen(path);
    if (fd < 0 || fd >= FDS || !folder || strncmp(path, folder, strlen(folder)) != 0) return fd;
    ours[fd] = length > 4 && strcmp(path + length - 4, "-wal") == 0 ? 2 : 1;
    note_bytes(OPENED, fd, (uint64_t)(flags & O_TRUNC ? 1 : 0), path, length, SHOWN);
    return fd;
}

#define OPEN(name)                                                                              \
    int name(const char *path, int flags, ...) {                                                \
        va_list rest;                                                                           \
        va_start(rest, flags);                                                                  \
        int mode = va_arg(rest, int);                                                           \
        va_end(rest);                                                                           \
        return opened((int)syscall(SYS_openat, AT_FDCWD, path, flags, mode), path, flags);      \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    if (is_ours(fd)) {
        note(CLOSED, fd, 0, NULL, 0, 0);
        ours[fd] = 0;
    }
    return (int)syscall(SYS_close, fd);
}

#define PWRITE(name, offset_type)                                                    \
    ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) {     \
        if (!is_ours(fd)) return syscall(SYS_pwrite64, fd, bytes, length, offset);   \
        pthread_mutex_lock(&files);                                                  \
        note_bytes(WROTE, fd, (uint64_t)offset, bytes, length, UINT32_MAX);          \
        ssize_t done = syscall(SYS_pwrite64, fd, bytes, length, offset);             \
        pthread_mutex_unlock(&files);                                                \
        return done;                                                                 \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

/* SQLite seeks and writes where it was built without pwrite. */
ssize_t write(int fd, const void *bytes, size_t length) {
    if (!is_ours(fd)) return syscall(SYS_write, fd, bytes, length);
    pthread_mutex_lock(&files);
    note_bytes(WROTE, fd, (uint64_t)syscall(SYS_lseek, fd, 0, SEEK_CUR), bytes, length, UINT32_MAX);
    ssize_t done = syscall(SYS_write, fd, bytes, length);
    pthread_mutex_unlock(&files);
    return done;
}

#define FTRUNCATE(name, length_type)                                     \
    int name(int fd, length_type length) {                               \
        pthread_mutex_lock(&files);                                      \
        if (is_ours(fd)) note(CUT, fd, (uint64_t)length, NULL, 0, 0);    \
        int done = (int)syscall(SYS_ftruncate, fd, length);              \
        pthread_mutex_unlock(&files);                                    \
        return done;                                                     \
    }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

static int sync_with(long call, int fd) {
    if (!is_ours(fd)) return (int)syscall(call, fd);
    pthread_mutex_lock(&files);
    int fails = ours[fd] == 2 && failing && ++syncs == failing;
    note(SYNCING, fd, 0, NULL, 0, 0);
    int done = fails ? -1 : (int)syscall(call, fd);
    if (done == 0) note(SYNCED, fd, 0, NULL, 0, 0);
    if (fails) errno = EIO;
    pthread_mutex_unlock(&files);
    return done;
}
int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

int unlink(const char *path) {
    if (folder && strncmp(path, folder, strlen(folder)) == 0) note_bytes(REMOVED, -1, 0, path, strlen(path), SHOWN);
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    note_bytes(SENT, fd, 0, bytes, length, SHOWN);
    return syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0);
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
    if (!is_ours(fd)) note(SENT, fd, 0, parts, n, SHOWN);
    return syscall(SYS_writev, fd, parts, n);
}

ssize_t recv(int fd, void *bytes, size_t length, int flags) {
    ssize_t got = syscall(SYS_recvfrom, fd, bytes, length, flags, NULL, NULL);
    if (got > 0 && !(flags & MSG_PEEK)) note_bytes(GOT, fd, 0, bytes, (size_t)got, SHOWN);
    return got;
}
