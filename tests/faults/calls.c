/* Counts the calls by which a process changes files below one folder, and stops the process, or lets the disk be
   full, at the Nth one. Loaded with LD_PRELOAD; faults_arm() switches it on.

   It sees the calls of Python and of libraries alike, as long as they go through the C library's names. It does not
   see system calls made without the C library, the buffered writing inside C's own FILE streams (their opening and
   closing are seen), nor memory that is mapped to a file. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OFF, COUNT, KILL, FULL };
#define FDS 4096

static char prefix[PATH_MAX];
static atomic_int mode, count, at;
static int journal = -1;
static char tracked[FDS];

void faults_arm(const char *folder, int new_mode, int nth, int journal_fd) {
    strncpy(prefix, folder, sizeof prefix - 1);
    atomic_store(&count, 0);
    atomic_store(&at, nth);
    journal = journal_fd;
    atomic_store(&mode, new_mode);
}

int faults_count(void) { return atomic_load(&count); }

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); pause(); }

static void note(const char *call, const char *path) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s %s\n", call, path);
    if (journal >= 0) syscall(SYS_write, journal, line, (size_t)length);
}

static int resolve(int dir, const char *path, char *into) {
    if (path[0] == '/') { snprintf(into, PATH_MAX, "%s", path); return 1; }
    char link[64], base[PATH_MAX];
    if (dir == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) return 0;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        ssize_t length = readlink(link, base, sizeof base - 1);
        if (length < 0) return 0;
        base[length] = 0;
    }
    snprintf(into, PATH_MAX, "%.2000s/%.2000s", base, path);
    return 1;
}

static int below(int dir, const char *path, char *full) {
    return atomic_load(&mode) != OFF && path && resolve(dir, path, full) && !strncmp(full, prefix, strlen(prefix));
}

/* Count a call on a path; returns 1 if it must fail because the disk is full. */
static int on_path(const char *call, int dir, const char *path, int needs_space) {
    char full[PATH_MAX];
    if (!below(dir, path, full)) return 0;
    int number = atomic_fetch_add(&count, 1) + 1, now = atomic_load(&mode);
    note(call, full + strlen(prefix));
    if (now == KILL && number == atomic_load(&at)) die();
    return now == FULL && needs_space && number >= atomic_load(&at);
}

static int is_tracked(int fd) { return atomic_load(&mode) != OFF && fd >= 0 && fd < FDS && tracked[fd]; }

/* Count a call on an open file; returns how: 0 go on, 1 disk full, 2 write half and die. */
static int on_file(const char *call, int fd) {
    if (!is_tracked(fd)) return 0;
    int number = atomic_fetch_add(&count, 1) + 1, now = atomic_load(&mode);
    char link[64], full[PATH_MAX] = "?";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, full, sizeof full - 1);
    if (length > 0) full[length] = 0;
    note(call, strncmp(full, prefix, strlen(prefix)) ? full : full + strlen(prefix));
    if (now == KILL && number == atomic_load(&at)) return 2;
    return now == FULL && number >= atomic_load(&at);
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); }

static int opened(int fd, int dir, const char *path, int flags) {
    char full[PATH_MAX];
    if (fd >= 0 && fd < FDS) tracked[fd] = writes(flags) && below(dir, path, full);
    return fd;
}

#define OPEN(name)                                                                         \
    int name(const char *path, int flags, ...) {                                           \
        va_list rest; va_start(rest, flags); mode_t bits = va_arg(rest, mode_t); va_end(rest); \
        REAL(name);                                                                        \
        if (writes(flags)) on_path("open", AT_FDCWD, path, 0);                             \
        return opened(real(path, flags, bits), AT_FDCWD, path, flags);                     \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                       \
    int name(int dir, const char *path, int flags, ...) {                                  \
        va_list rest; va_start(rest, flags); mode_t bits = va_arg(rest, mode_t); va_end(rest); \
        REAL(name);                                                                        \
        if (writes(flags)) on_path("open", dir, path, 0);                                  \
        return opened(real(dir, path, flags, bits), dir, path, flags);                     \
    }
OPENAT(openat)
OPENAT(openat64)

#define FOPEN(name)                                                                        \
    FILE *name(const char *path, const char *how) {                                        \
        REAL(name);                                                                        \
        if (strpbrk(how, "wa+") && on_path("fopen", AT_FDCWD, path, 1)) { errno = ENOSPC; return NULL; } \
        return real(path, how);                                                            \
    }
FOPEN(fopen)
FOPEN(fopen64)

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(write);
    int how = on_file("write", fd);
    if (how == 2) { real(fd, bytes, size / 2); die(); }
    if (how == 1) { errno = ENOSPC; return -1; }
    return real(fd, bytes, size);
}

#define PWRITE(name, offset_type)                                                          \
    ssize_t name(int fd, const void *bytes, size_t size, offset_type offset) {             \
        REAL(name);                                                                        \
        int how = on_file("write", fd);                                                    \
        if (how == 2) { real(fd, bytes, size / 2, offset); die(); }                        \
        if (how == 1) { errno = ENOSPC; return -1; }                                       \
        return real(fd, bytes, size, offset);                                              \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int n) {
    REAL(writev);
    int how = on_file("write", fd);
    if (how == 2) { real(fd, parts, n / 2); die(); }
    if (how == 1) { errno = ENOSPC; return -1; }
    return real(fd, parts, n);
}

#define ON_FILE(name, call, declared, given, fails)                                        \
    int name declared {                                                                    \
        REAL(name);                                                                        \
        int how = on_file(call, fd);                                                       \
        if (how == 2) die();                                                               \
        if (how == 1 && fails) { errno = ENOSPC; return -1; }                              \
        return real given;                                                                 \
    }
ON_FILE(fsync, "fsync", (int fd), (fd), 1)
ON_FILE(fdatasync, "fsync", (int fd), (fd), 1)
ON_FILE(ftruncate, "truncate", (int fd, off_t size), (fd, size), size > 0)
ON_FILE(ftruncate64, "truncate", (int fd, off64_t size), (fd, size), size > 0)
ON_FILE(fallocate, "truncate", (int fd, int how_, off_t from, off_t size), (fd, how_, from, size), 1)

int close(int fd) {
    REAL(close);
    if (on_file("close", fd) == 2) die();
    if (fd >= 0 && fd < FDS) tracked[fd] = 0;
    return real(fd);
}

#define ON_PATH(name, call, declared, given, dir, path, needs)                             \
    int name declared {                                                                    \
        REAL(name);                                                                        \
        if (on_path(call, dir, path, needs)) { errno = ENOSPC; return -1; }                \
        return real given;                                                                 \
    }
ON_PATH(rename, "rename", (const char *a, const char *b), (a, b), AT_FDCWD, b, 0)
ON_PATH(renameat, "rename", (int d, const char *a, int e, const char *b), (d, a, e, b), e, b, 0)
ON_PATH(renameat2, "rename", (int d, const char *a, int e, const char *b, unsigned f), (d, a, e, b, f), e, b, 0)
ON_PATH(link, "link", (const char *a, const char *b), (a, b), AT_FDCWD, b, 1)
ON_PATH(linkat, "link", (int d, const char *a, int e, const char *b, int f), (d, a, e, b, f), e, b, 1)
ON_PATH(symlink, "link", (const char *a, const char *b), (a, b), AT_FDCWD, b, 1)
ON_PATH(unlink, "unlink", (const char *a), (a), AT_FDCWD, a, 0)
ON_PATH(unlinkat, "unlink", (int d, const char *a, int f), (d, a, f), d, a, 0)
ON_PATH(rmdir, "rmdir", (const char *a), (a), AT_FDCWD, a, 0)
ON_PATH(mkdir, "mkdir", (const char *a, mode_t m), (a, m), AT_FDCWD, a, 1)
ON_PATH(mkdirat, "mkdir", (int d, const char *a, mode_t m), (d, a, m), d, a, 1)
