"""What a submission may use: limits, folders of the system, variables, system calls."""

from dataclasses import dataclass

MB, GB = 2**20, 2**30


@dataclass(frozen=True)
class Limits:
    """What a submission may use up."""

    scratch_bytes: int = 256 * MB  # in its scratch folder, and as much in shared memory
    scratch_files: int = 20_000
    memory: int = 3 * GB  # what one process may map beyond what it starts with
    total_memory: int = 4 * GB  # what all of its processes hold
    file_bytes: int = 128 * MB
    open_files: int = 256
    processes: int = 128
    cpu_seconds: int = 900


SCRATCH = "/scratch"
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/sbin", "/etc/alternatives", "/etc/fonts",
          "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types")  # fmt: skip

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
              "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "TF_NUM_INTRAOP_THREADS",
              "TF_NUM_INTEROP_THREADS", "LOKY_MAX_CPU_COUNT")  # fmt: skip
ENVIRONMENT = dict.fromkeys(ONE_THREAD, "1") | {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

# The machines whose system calls are known: what the kernel calls them, and the number of `clone`,
# which must not make a user namespace. Then the calls that no lesson makes, by their numbers there.
MACHINES = {"x86_64": (0xC000003E, 56), "aarch64": (0xC00000B7, 220)}
FORBIDDEN = {
    # Memory that no limit counts.
    "shmget": {"x86_64": 29, "aarch64": 194},
    "semget": {"x86_64": 64, "aarch64": 190},
    "msgget": {"x86_64": 68, "aarch64": 186},
    "memfd_create": {"x86_64": 319, "aarch64": 279},
    # Into other processes.
    "ptrace": {"x86_64": 101, "aarch64": 117},
    "process_vm_readv": {"x86_64": 310, "aarch64": 270},
    "process_vm_writev": {"x86_64": 311, "aarch64": 271},
    # Other walls than this one. Without clone3 the C library takes clone.
    "mount": {"x86_64": 165, "aarch64": 40},
    "unshare": {"x86_64": 272, "aarch64": 97},
    "setns": {"x86_64": 308, "aarch64": 268},
    "clone3": {"x86_64": 435, "aarch64": 435},
    # Into the kernel.
    "add_key": {"x86_64": 248, "aarch64": 217},
    "request_key": {"x86_64": 249, "aarch64": 218},
    "keyctl": {"x86_64": 250, "aarch64": 219},
    "perf_event_open": {"x86_64": 298, "aarch64": 241},
    "bpf": {"x86_64": 321, "aarch64": 280},
    "userfaultfd": {"x86_64": 323, "aarch64": 282},
    "io_uring_setup": {"x86_64": 425, "aarch64": 425},
    "io_uring_enter": {"x86_64": 426, "aarch64": 426},
    "io_uring_register": {"x86_64": 427, "aarch64": 427},
}
