/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * Preloaded into a process, it fails the system calls that change files below DISK_FAULTS_FOLDER, as long as there is a file
 * DISK_FAULTS_ORDER with one of these lines:
 *
 *   write ERRNO   what writes to files fails, and so does creating them
 *   change ERRNO  so does everything that changes names, and opening for writing
 *   sync ERRNO    fsync and fdatasync fail, having synced nothing
 *   slow MILLIS   fsync and fdatasync take so much longer
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum fault { NONE, WRITE, CHANGE, SYNC, SLOW };

/* By system calls, since this library stands in the way of the functions. */
static enum fault order(int *value) {
  const char *path = getenv("DISK_FAULTS_ORDER");
  if (!path) return NONE;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return NONE;
  char line[64] = {0}, word[16] = {0};
  ssize_t size = syscall(SYS_read, fd, line, sizeof line - 1);
  syscall(SYS_close, fd);
  if (size <= 0 || sscanf(line, "%15s %d", word, value) != 2) return NONE;
  if (!strcmp(word, "write")) return WRITE;
  if (!strcmp(word, "change")) return CHANGE;
  if (!strcmp(word, "sync")) return SYNC;
  if (!strcmp(word, "slow")) return SLOW;
  return NONE;
}

static int below(const char *path) {
  const char *folder = getenv("DISK_FAULTS_FOLDER");
  return folder && path && !strncmp(path, folder, strlen(folder));
}

static int below_fd(int fd) {
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = syscall(SYS_readlink, link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return below(path);
}

/* Whether the call has to fail, with errno set; a call that only writes, or one that changes names as well. */
static int fails(enum fault least) {
  int value = 0;
  enum fault found = order(&value);
  if (found != CHANGE && !(found == WRITE && least == WRITE)) return 0;
  errno = value;
  return 1;
}

static int sync_fails(void) {
  int value = 0;
  switch (order(&value)) {
    case SYNC:
      errno = value;
      return 1;
    case SLOW: {
      struct timespec wait = {value / 1000, value % 1000 * 1000000L};
      nanosleep(&wait, NULL);
      return 0;
    }
    default:
      return 0;
  }
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRITES(type, name, declared, given)                     \
  type name declared {                                          \
    return below_fd(fd) && fails(WRITE) ? -1 : NEXT(name) given; \
  }

WRITES(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
WRITES(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
WRITES(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o))
WRITES(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o))
WRITES(ssize_t, pwritev, (int fd, const struct iovec *v, int n, off_t o), (fd, v, n, o))
WRITES(ssize_t, pwritev64, (int fd, const struct iovec *v, int n, off64_t o), (fd, v, n, o))
WRITES(int, ftruncate, (int fd, off_t n), (fd, n))
WRITES(int, ftruncate64, (int fd, off64_t n), (fd, n))
WRITES(int, fallocate, (int fd, int m, off_t o, off_t n), (fd, m, o, n))

#define SYNCS(name) \
  int name(int fd) { return below_fd(fd) && sync_fails() ? -1 : NEXT(name)(fd); }

SYNCS(fsync)
SYNCS(fdatasync)

#define OPENS(name)                                                                  \
  int name(const char *path, int flags, ...) {                                       \
    int creates = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;               \
    va_list more;                                                                    \
    va_start(more, flags);                                                           \
    mode_t mode = creates ? (mode_t)va_arg(more, unsigned) : 0;                      \
    va_end(more);                                                                    \
    int writes = creates || flags & (O_WRONLY | O_RDWR);                             \
    return writes && below(path) && fails(creates ? WRITE : CHANGE)                  \
               ? -1                                                                  \
               : NEXT(name)(path, flags, mode);                                      \
  }

OPENS(open)
OPENS(open64)

#define NAMES(name, declared, path, given) \
  int name declared { return below(path) && fails(CHANGE) ? -1 : NEXT(name) given; }

NAMES(rename, (const char *from, const char *to), to, (from, to))
NAMES(unlink, (const char *path), path, (path))
NAMES(mkdir, (const char *path, mode_t mode), path, (path, mode))
NAMES(rmdir, (const char *path), path, (path))
