"""The system calls that a submission may make; the kernel has no others for it.

By their names, with their numbers on each machine in `MACHINES`; None where a machine has no such
call. What is not listed fails as an unknown call does (ENOSYS), so that libraries fall back on what
they did before there was that call: without `clone3` the C library takes `clone`, and where
`memfd_create` fails others write a file. What is left out on purpose: memory that no limit counts
(System V's segments, message queues, `memfd_create`), other processes' memory (`ptrace`), walls of
one's own (`mount`, `unshare`, `setns`, `clone3`), and what leads deep into the kernel (`bpf`,
`io_uring_setup`, `perf_event_open`, `userfaultfd`, `keyctl`, `splice`, `inotify_init`).
"""

import errno
import socket
from dataclasses import dataclass

from course.isolation import kernel

# What the kernel calls these machines, and the column of their numbers below.
MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

Numbers = tuple[int | None, int | None]

ALLOWED: dict[str, Numbers] = {
    # Files, by path and by descriptor.
    "open": (2, None),
    "openat": (257, 56),
    "creat": (85, None),
    "close": (3, 57),
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "preadv": (295, 69),
    "pwritev": (296, 70),
    "preadv2": (327, 286),
    "pwritev2": (328, 287),
    "lseek": (8, 62),
    "sendfile": (40, 71),
    "copy_file_range": (326, 285),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "fcntl": (72, 25),
    "flock": (73, 32),
    "ioctl": (16, 29),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "truncate": (76, 45),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fadvise64": (221, 223),
    # What there is to know about files, and their names.
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "lchown": (94, None),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "umask": (95, 166),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "getxattr": (191, 8),
    "lgetxattr": (192, 9),
    "fgetxattr": (193, 10),
    "listxattr": (194, 11),
    "llistxattr": (195, 12),
    "flistxattr": (196, 13),
    # Memory.
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "msync": (26, 227),
    "mincore": (27, 232),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    # Processes and threads; `clone` only as `fork` and threads need it.
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "wait4": (61, 260),
    "waitid": (247, 95),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getpgid": (121, 155),
    "setpgid": (109, 154),
    "getsid": (124, 156),
    "setsid": (112, 157),
    "futex": (202, 98),
    "set_tid_address": (218, 96),
    "set_robust_list": (273, 99),
    "get_robust_list": (274, 100),
    "rseq": (334, 293),
    "arch_prctl": (158, None),
    "restart_syscall": (219, 128),
    # Who and where one is.
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "capget": (125, 90),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getcpu": (309, 168),
    "getrusage": (98, 165),
    "times": (100, 153),
    "getrlimit": (97, 163),
    "setrlimit": (160, 164),
    "prlimit64": (302, 261),
    "getpriority": (140, 141),
    "setpriority": (141, 140),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "sched_setaffinity": (203, 122),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    # Signals.
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigsuspend": (130, 133),
    "rt_sigtimedwait": (128, 137),
    "sigaltstack": (131, 132),
    "pause": (34, None),
    "alarm": (37, None),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    # Time, chance.
    "gettimeofday": (96, 169),
    "time": (201, None),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "getrandom": (318, 278),
    # Waiting, and talking to one's own processes; `socket` and `socketpair` for Unix sockets only.
    "pipe": (22, None),
    "pipe2": (293, 59),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    "epoll_create": (213, None),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "eventfd": (284, None),
    "eventfd2": (290, 19),
    "bind": (49, 200),
    "listen": (50, 201),
    "connect": (42, 203),
    "accept": (43, 202),
    "accept4": (288, 242),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "setsockopt": (54, 208),
    "getsockopt": (55, 209),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
}


@dataclass(frozen=True)
class Asked:
    """A call whose first argument decides.

    Attributes
    ----------
    numbers : tuple
    values : tuple of int
        The arguments with which it is allowed; or, `flags`, those of which none may be among its.
    error : int
        What it fails with otherwise.
    flags : bool
    """

    numbers: tuple[int, int]
    values: tuple[int, ...]
    error: int
    flags: bool = False


# Processes only talk to one another in a submission: by Unix sockets. Those of the internet lead
# nowhere, for the network is the submission's own; Dask makes one though it needs none. Other
# families (NETLINK, VSOCK, which belongs to no network namespace, ...) are not there.
_UNIX = (int(socket.AF_UNIX),)
_SOCKETS = (*_UNIX, int(socket.AF_INET), int(socket.AF_INET6))
# To end with one's parent, to ask for dumpability, to name a thread, to read capabilities, to name
# memory.
_PRCTL = (1, 3, 15, 16, 23, 0x53564D41)

ASKED: dict[str, Asked] = {
    "clone": Asked((56, 220), (kernel.NAMESPACES,), errno.EPERM, flags=True),
    "socket": Asked((41, 198), _SOCKETS, errno.EAFNOSUPPORT),
    "socketpair": Asked((53, 199), _UNIX, errno.EAFNOSUPPORT),
    "prctl": Asked((157, 167), _PRCTL, errno.EPERM),
}
