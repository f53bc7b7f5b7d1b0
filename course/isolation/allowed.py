"""What a submission may use: limits, folders of the system, variables."""

from dataclasses import dataclass

MB, GB = 2**20, 2**30


@dataclass(frozen=True)
class Limits:
    """What a submission may use up."""

    scratch_bytes: int = 256 * MB  # in its scratch folder and shared memory together
    scratch_files: int = 20_000
    memory: int = 3 * GB  # what one process may map beyond what it starts with
    total_memory: int = 4 * GB  # what all of its processes hold
    file_bytes: int = 128 * MB
    open_files: int = 256
    processes: int = 128
    cpu_seconds: int = 900


# What may wait in a socket: twice net.core.wmem_max, which newer kernels set to 4 MB.
SOCKET_BYTES = 8 * MB
SCRATCH = "/scratch"
SHARED_MEMORY = "/dev/shm"
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
