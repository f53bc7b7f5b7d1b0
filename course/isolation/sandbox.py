"""What a submission can reach: bubblewrap around the warm process, more around each submission.

`command` is the outer wall, which stands as long as the warm process lives: no network, nothing of
the file system but the system's libraries, this Python and `utils`, all read-only. `enter` is the
inner one, a new one for each submission: its own processes, mounts and shared memory, an empty
scratch folder in memory, limits, and no privilege. With its first process all of it is gone.
"""

import contextlib
import ctypes
import errno
import json
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import traceback
from pathlib import Path

from course.paths import REPO, CourseError

SCRATCH = "/scratch"
SCRATCH_BYTES = 256 * 2**20
SCRATCH_FILES = 20_000
MEMORY = 3 * 2**30
TOTAL_MEMORY = 4 * 2**30
FILE_BYTES = 128 * 2**20
OPEN_FILES = 256
PROCESSES = 128
CPU_SECONDS = 900
WATCH_SECONDS = 0.05

MISSING = (
    "bubblewrap (the command `bwrap`) is not installed, and submissions are only run inside it. "
    "Install it (Debian and Ubuntu: apt install bubblewrap), or grade submissions that you trust "
    "with `--sandbox none`, which lets them do whatever you can do."
)
REFUSED = (
    "bubblewrap cannot set up the sandbox that submissions are run in ({reason}). "
    "{needed}; or grade submissions that you trust with `--sandbox none`, which lets them do "
    "whatever you can do. docs/machines.md has the options."
)
# What is needed where it is refused, by what is seen there.
DOCKER = (
    "Docker refuses it by default: start the container with `docker run --security-opt "
    "seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`"
)
PODMAN = (
    "Podman refuses it by default: start the container with `podman run --security-opt "
    "seccomp=unconfined --security-opt label=disable --security-opt unmask=ALL`"
)
LXC = (
    "An LXC container refuses it by default: allow nesting (`security.nesting=true` in LXD and "
    "Incus, `features: nesting=1` in Proxmox, `lxc.include = /usr/share/lxc/config/nesting.conf`)"
)
SETTINGS = {
    ("user/max_user_namespaces", "0"): (
        "The kernel allows no user namespaces: `sysctl -w user.max_user_namespaces=10000` as root "
        "allows them"
    ),
    ("kernel/unprivileged_userns_clone", "0"): (
        "The kernel allows user namespaces to root alone: `sysctl -w "
        "kernel.unprivileged_userns_clone=1` as root allows them to all"
    ),
    ("kernel/apparmor_restrict_unprivileged_userns", "1"): (
        "Ubuntu's AppArmor allows user namespaces to programs with a profile alone: give "
        "bubblewrap one, or set `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` as root"
    ),
}
UNREADABLE = "Let this user read the course's folder and the Python that it runs with"
ELSEWHERE = "Allow this user, or this container, to make user namespaces and to mount in them"
UNCONFINED = (
    "WARNING: --sandbox none. Submissions run with your own rights: they can read, change and send "
    "whatever you can. Use it only for work that you trust."
)

ENVIRONMENT = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "TF_NUM_INTRAOP_THREADS",
        "TF_NUM_INTEROP_THREADS",
        "LOKY_MAX_CPU_COUNT",
    )
} | {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
# Of the repository a submission sees `utils` and the grader's own halves, never a lesson's source.
VISIBLE = ("utils", "course/__init__.py", "course/paths.py", "course/isolation")
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/sbin", "/etc/alternatives", "/etc/fonts",
          "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types")  # fmt: skip

# CAP_SYS_ADMIN to make the wall, and CAP_NET_ADMIN, which its network needs.
CAPABILITIES = 1 << 21 | 1 << 12
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID = 0x00020000, 0x08000000, 0x20000000
CLONE_NEWNET, CLONE_NEWUTS = 0x40000000, 0x04000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE = 16384, 1 << 18
PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG = 4, 24, 38, 1
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4


# The outer wall.


def environment(scratch=SCRATCH):
    """The environment variables of a submission: none of the grader's own."""
    folders = {"HOME": "home", "IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib", "TMPDIR": ""}
    own = {name: os.path.join(scratch, folder) for name, folder in folders.items()}
    return {**ENVIRONMENT, **own, "PYTHONPATH": str(REPO)}


def command(kind):
    """The words that start a process inside the outer wall, up to the program's name.

    Parameters
    ----------
    kind : str
        ``"bwrap"`` or ``"none"``.

    Raises
    ------
    CourseError
        If the sandbox cannot be had on this machine.
    """
    if kind == "none":
        return []
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise CourseError(MISSING)
    words = [bwrap, "--die-with-parent", "--new-session"]
    # As root the submissions get a user id of their own instead, which limits on processes need.
    words += [] if _is_root() else ["--unshare-user", "--uid", "0", "--gid", "0"]
    words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--cap-add", "ALL", "--hostname", "sandbox", "--clearenv"]
    for name, value in environment().items():
        words += ["--setenv", name, value]
    paths = [*SYSTEM, *_python(), *(str(REPO / name) for name in VISIBLE)]
    parents = {parent for path in paths for parent in Path(path).parents if parent != Path("/")}
    for parent in sorted(parents - {Path(path) for path in paths}):
        words += ["--perms", "0755", "--dir", str(parent)]
    for path in paths:
        words += ["--ro-bind-try", path, path]
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", SCRATCH]
    if not any(Path("/tmp") in Path(path).parents for path in paths):
        words += ["--symlink", SCRATCH, "/tmp"]
    return [*words, "--remount-ro", "/", "--chdir", SCRATCH, "--"]


def _python():
    """The folders of this Python and its packages."""
    folders = {
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(sys.executable).resolve().parent.parent,
    }
    return sorted(str(folder) for folder in folders if folder != Path("/usr"))


def _is_root():
    """Whether this is root with a root's rights, as it seldom is in a container."""
    if os.geteuid() != 0:
        return False
    lines = Path("/proc/self/status").read_text().splitlines()
    (effective,) = (int(line.split()[1], 16) for line in lines if line.startswith("CapEff:"))
    return effective & CAPABILITIES == CAPABILITIES


def check(kind):
    """`CourseError` if there is no outer wall of this kind here."""
    words = command(kind)
    if not words:
        return
    try:
        done = subprocess.run([*words, "/bin/true"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        raise CourseError(refused(str(error))) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise CourseError(refused(lines[-1] if lines else f"exit status {done.returncode}"))


def refused(reason, root="/"):
    """What to tell the user where the sandbox cannot be set up: why, and what is needed.

    Parameters
    ----------
    reason : str
        What the kernel or bubblewrap says.
    root : path-like
        Where to look for signs of what this machine is.
    """
    # What bubblewrap adds is a guess, and mostly wrong in a container.
    reason = reason.removeprefix("bwrap: ").partition(", likely because")[0].strip()
    needed = UNREADABLE if "source path" in reason else _needed(Path(root))
    return REFUSED.format(reason=reason, needed=needed)


def _needed(root):
    if not _is_root():
        for (name, value), needed in SETTINGS.items():
            if _text(root / "proc/sys" / name).strip() == value:
                return needed
    if (root / "run/.containerenv").exists():
        return PODMAN
    if (root / ".dockerenv").exists():
        return DOCKER
    # Readable for root, and for everyone where systemd is the first process.
    names = _text(root / "proc/1/environ").split("\0")
    names.append("container=" + _text(root / "run/systemd/container").strip())
    if any(name.startswith("container=lxc") for name in names):
        return LXC
    return ELSEWHERE


def _text(path):
    """The text of a file; none where it cannot be read."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


# The inner wall.

_LIBC = ctypes.CDLL(None, use_errno=True)


def _must(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source, target, kind, flags, options=""):
    _must(
        _LIBC.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()),
        f"mount {target}",
    )


def enter(role, lifeline, kept, *, confined, user):
    """Runs `role()` in a process behind the inner wall, and ends this one with it.

    Called in a process forked for it, which becomes the watch: it ends the submission when the
    other end of `lifeline` is closed, and tells there why it ended. What goes wrong before is told
    there, too; the submission itself has to `tell` there that it is `READY`, and to close it.

    Parameters
    ----------
    role : callable
    lifeline : socket.socket
        All that the watch keeps open.
    kept : list of int
        All that the submission keeps open besides.
    confined : bool
        Whether there is a wall at all.
    user : int
        The submission's user id, where this process may choose it.
    """
    with _told(lifeline, WALL):
        if confined:
            flags = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET
            _must(_LIBC.unshare(flags), "unshare")
            if os.fork():
                os._exit(0)
            _must(_LIBC.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl")
            _mount_own()
        else:
            os.setsid()
        child = os.fork()
    if child == 0:
        _become_submission(role, lifeline, kept, confined, user)
    _close_all_but([lifeline.fileno()])
    _watch(child, lifeline, confined)


# What is told on a lifeline, a line each: one of these, and a text.
READY, WALL, FAULT, ENDED = "ready", "wall", "fault", "ended"
MAX_FAILURE = 10_000


def tell(lifeline, what, text=""):
    """Tells the other end of a lifeline one thing."""
    with contextlib.suppress(OSError):
        lifeline.sendall(json.dumps([what, text]).encode() + b"\n")


def failure_text():
    """The traceback of the exception that is being handled, of bounded length."""
    return traceback.format_exc()[-MAX_FAILURE:]


@contextlib.contextmanager
def _told(lifeline, what):
    """What goes wrong in here is told on the lifeline, and ends the process."""
    try:
        yield
    except BaseException:
        tell(lifeline, what, failure_text())
        os._exit(1)


def _mount_own():
    """Mounts what only this submission sees: its processes, its scratch folder, shared memory."""
    _mount("none", "/", "", MS_REC | MS_PRIVATE)
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _mount("none", "/proc", "", MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    limits = f"size={SCRATCH_BYTES},nr_inodes={SCRATCH_FILES},mode=1777"
    for folder in (SCRATCH, "/dev/shm"):
        _mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, limits)
    _mount("none", "/dev", "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC)


def _become_submission(role, lifeline, kept, confined, user):
    """Gives up every privilege, then plays the role; does not return."""
    with _told(lifeline, WALL):
        os.setsid()
        if confined:
            _limit()
            drop_privileges(user)
            _forbid()
        _close_all_but([*kept, lifeline.fileno()])
    with _told(lifeline, FAULT):  # which the role closes before anything of the student's is run
        role()
    os._exit(0)


def limit_memory():
    """Bounds what this process may map from now on."""
    limit = _mapped() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit():
    limit_memory()
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: PROCESSES,
    }
    for name, value in limits.items():
        resource.setrlimit(name, (value, value))


def drop_privileges(user):
    """Leaves this process without any capability, and without a way to get one."""
    for capability in range(64):
        if _LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    _LIBC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    if _may_choose_user():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    _must(_LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _must(_LIBC.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def _may_choose_user():
    """Whether this is the real root, and not one of a user namespace with a single user."""
    return int(Path("/proc/self/uid_map").read_text().split()[2]) > 1


def tells_apart():
    """Whether submissions side by side behind one outer wall have user ids of their own.

    It is by them that the kernel counts how many processes a submission has.
    """
    return _is_root() and _may_choose_user()


def _mapped():
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def silence():
    """Closes this process's standard input and outputs."""
    quiet = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(quiet, standard)
    if quiet > 2:
        os.close(quiet)


def _close_all_but(kept):
    silence()
    start = 3
    for number in sorted(kept):
        os.closerange(start, number)
        start = number + 1
    os.closerange(start, min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 65_536))


def _watch(child, lifeline, confined):
    """Waits until the submission ends or is to end; does not return."""
    reason = "ended"
    lifeline.settimeout(WATCH_SECONDS)
    while True:
        done, status = _ended(child)
        if done:
            reason = _why(status)
            break
        if confined and _memory_in_use() > TOTAL_MEMORY:
            reason = "memory"
            break
        with contextlib.suppress(TimeoutError):
            try:
                if not lifeline.recv(1):
                    break
            except ConnectionError:
                break
    tell(lifeline, ENDED, reason)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
    os._exit(0)


def _ended(child):
    """Whether the submission's first process has ended, and how; reaps the others."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True, 0
        if pid == 0:
            return False, 0
        if pid == child:
            return True, status


def _why(status):
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit {os.WEXITSTATUS(status)}"


def _memory_in_use():
    """Bytes that the submission's processes hold of their own."""
    kilobytes = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{name}/status").read_text().splitlines()
                kilobytes += sum(
                    int(line.split()[1])
                    for line in lines
                    if line.startswith(("RssAnon", "RssShmem"))
                )
    return kilobytes * 1024


# System calls that no lesson makes, by their numbers, and that of `clone`, which must not make a
# user namespace. Memory from memfd_create or in System V's segments and queues would escape the
# limits; the others reach into other processes or the kernel: ptrace, mount, unshare, setns,
# keyrings, perf events, process_vm_*, bpf, userfaultfd, io_uring and clone3 (the C library then
# takes clone).
FORBIDDEN = {
    "x86_64": (
        0xC000003E,
        56,
        (
            29,
            64,
            68,
            101,
            165,
            272,
            308,
            248,
            249,
            250,
            298,
            310,
            311,
            319,
            321,
            323,
            425,
            426,
            427,
            435,
        ),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (
            190,
            186,
            194,
            117,
            40,
            97,
            268,
            217,
            218,
            219,
            241,
            270,
            271,
            279,
            280,
            282,
            425,
            426,
            427,
            435,
        ),
    ),
}
CLONE_NEWUSER = 0x10000000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.ENOSYS
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16


def _forbid():
    """Has the kernel refuse `FORBIDDEN`, as if there were no such calls."""
    if os.uname().machine not in FORBIDDEN:
        return
    architecture, clone, numbers = FORBIDDEN[os.uname().machine]
    count = len(numbers)
    # Each step: what to do, how many steps to skip if it holds and if it does not, its operand.
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, count + 4, 0, 0x40000000),  # the x32 set of the same calls
        *((EQUAL, count + 3 - place, 0, number) for place, number in enumerate(numbers)),
        (EQUAL, 0, 2, clone),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 1, 0, CLONE_NEWUSER),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(buffer))
    _must(_LIBC.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0), "seccomp")
