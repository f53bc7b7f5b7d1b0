"""What a run has on this machine while it is at work, and that nothing of it stays behind.

A run is a command's process, the driver, with its workers. All its scratch is in one folder, with
a lock that the driver holds for as long as it lives, however it ends. Its workers wait for that
lock, to end with the driver; its reaper, a small process of its own, waits to end what has not
ended, and to delete the folder; and where the reaper was killed, too, the next run sees by the lock
that the folder is nobody's.
"""

import atexit
import contextlib
import fcntl
import os
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

NAME = re.compile(r"grading-(\d+)-\w+")
LOCK = "lock"
BESIDE = "beside-"
# A socket's address has at most 108 characters, and sockets are made in here.
LONGEST_BASE = 60
# An environment variable, the folder, by which the reaper knows the processes of its run.
MARK = "COURSE_RUN"
ATTEMPTS = 50

# By process, for a fork is no driver: the folder, and the lock where the process is the driver.
_FOLDERS: dict[int, Path] = {}
_LOCKS: dict[int, int] = {}
_BEGINNING = threading.Lock()


def own() -> Path:
    """The scratch folder of the run that this process belongs to; it begins one if there is none.

    Returns
    -------
    Path
        It is deleted when the driver ends.
    """
    process = os.getpid()
    with _BEGINNING:
        if process not in _FOLDERS:
            base = Path(tempfile.gettempdir())
            base = base if len(str(base)) <= LONGEST_BASE else Path("/tmp")
            sweep(base)
            _FOLDERS[process], _LOCKS[process] = _begin(base)
        return _FOLDERS[process]


def folder(prefix: str) -> tempfile.TemporaryDirectory[str]:
    """A temporary folder in `own`."""
    return tempfile.TemporaryDirectory(prefix=prefix, dir=own())


@contextlib.contextmanager
def beside(place: Path) -> Iterator[Path]:
    """A folder in `place` for what is moved to where it belongs once it is whole.

    Parameters
    ----------
    place : Path
        A folder on the disk that the results are on.
    """
    half = place / f".half-{secrets.token_hex(4)}"
    with _noted(half):
        half.mkdir(mode=0o700)
        try:
            yield half
        finally:
            shutil.rmtree(half, ignore_errors=True)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write a file that then takes the place of `path`: all of it, or nothing."""
    with beside(path.parent) as half:
        yield half / path.name
        os.replace(half / path.name, path)


@contextlib.contextmanager
def whole(path: Path, newline: str | None = None) -> Iterator[IO[str]]:
    """`replacing`, as an open text file."""
    with (
        replacing(path) as half,
        half.open("w", encoding="utf-8", errors="replace", newline=newline) as file,
    ):
        yield file


@contextlib.contextmanager
def held(path: Path) -> Iterator[bool]:
    """Whether this run alone holds a lock file meanwhile, which is made and deleted here."""
    with _noted(path):
        lock = hold(path)
        for _ in range(10):  # a run that was killed just now may be about to end
            if lock is None:
                time.sleep(0.1)
                lock = hold(path)
        try:
            yield lock is not None
        finally:
            if lock is not None:
                path.unlink(missing_ok=True)
                os.close(lock)


def hold(path: Path) -> int | None:
    """The lock of a file, which is made where there is none; None while another holds it.

    The system lets go of it when the process ends. Whoever holds it may delete the file.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        with contextlib.suppress(FileNotFoundError):  # it was deleted meanwhile
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        os.close(handle)


def join(run: str) -> None:
    """Makes this process a worker of the run with this scratch folder: it ends with the driver."""
    _FOLDERS[os.getpid()] = Path(run)
    threading.Thread(target=_end_with, args=(Path(run),), daemon=True).start()


def _end_with(run: Path) -> None:
    _wait_for_end(run)
    os._exit(1)


def _wait_for_end(run: Path) -> None:
    """Waits until the driver of a run is gone; its lock is shared by all who wait."""
    with contextlib.suppress(FileNotFoundError):
        fcntl.flock(os.open(run / LOCK, os.O_RDWR), fcntl.LOCK_SH)


def _begin(base: Path) -> tuple[Path, int]:
    """A new scratch folder with its lock, and a reaper that waits for it."""
    while True:
        made = Path(tempfile.mkdtemp(prefix=f"grading-{os.getpid()}-", dir=base))
        with contextlib.suppress(FileNotFoundError):  # another run took it for a dead one's
            lock = hold(made / LOCK)
            if lock is not None:
                break
    # By way of a shell that ends at once: it is nobody's child, so that it outlives a run whose
    # processes are all killed. Without the packages of this environment it is small.
    reaper = [sys.executable, "-I", "-S", __file__, str(made)]
    subprocess.run(
        ["/bin/sh", "-c", '"$@" &', "sh", *reaper],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    os.environ[MARK] = str(made)
    return made, lock


@atexit.register
def _end() -> None:
    if os.getpid() in _LOCKS:
        _delete(_FOLDERS[os.getpid()])


def sweep(base: Path) -> None:
    """Deletes the scratch of this user's runs in `base` that have ended without doing so."""
    for found in base.glob("grading-*"):
        with contextlib.suppress(OSError):  # other runs sweep, too
            about = found.lstat()
            ours = stat.S_ISDIR(about.st_mode) and about.st_uid == os.geteuid()
            if not ours or not NAME.fullmatch(found.name):
                continue
            lock = hold(found / LOCK)
            if lock is not None:
                _delete(found)
                os.close(lock)


@contextlib.contextmanager
def _noted(path: Path) -> Iterator[None]:
    """Whoever deletes this run's scratch folder meanwhile deletes `path`, too."""
    note = own() / f"{BESIDE}{secrets.token_hex(8)}"
    note.symlink_to(path)
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _delete(run: Path) -> None:
    """Deletes a run's scratch folder and what is noted in it."""
    for note in run.glob(f"{BESIDE}*"):
        noted = note.readlink()
        if noted.is_dir():
            shutil.rmtree(noted, ignore_errors=True)
        elif noted.is_file() and (lock := hold(noted)) is not None:
            noted.unlink()
            os.close(lock)
    name = NAME.fullmatch(run.name)
    if name and not _is_alive(int(name[1])):
        for semaphore in Path("/dev/shm").glob(f"sem.loky-{name[1]}-*"):
            with contextlib.suppress(OSError):
                semaphore.unlink()
    shutil.rmtree(run, ignore_errors=True)


def _is_alive(process: int) -> bool:
    """Whether there is a process of this number, which may be another than before."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _reap(run: Path) -> None:
    """Waits for a run's end, then ends and deletes what it has left."""
    _wait_for_end(run)
    for _ in range(ATTEMPTS):
        if not _kill(run) and not run.exists():
            break
        time.sleep(0.05)
        _delete(run)


def _kill(run: Path) -> int:
    """Kills the processes of a run that was not ended by its driver; how many there were."""
    mark = f"{MARK}={run}".encode()
    count = 0
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # another user's, or it has just ended
            if mark in environment.read_bytes().split(b"\0"):
                os.kill(int(environment.parent.name), signal.SIGKILL)
                count += 1
    return count


if __name__ == "__main__":
    _reap(Path(sys.argv[1]))
