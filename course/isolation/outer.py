"""The outer wall: bubblewrap around a warm process, for as long as that lives.

Behind it there is no network, and nothing of the file system but the system's libraries, this
Python and what the settings make visible, all read-only. Around each submission there is more: see
`course.isolation.inner`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course.isolation.allowed import ENVIRONMENT, SCRATCH, SYSTEM
from course.isolation.refusals import missing, refused
from course.isolation.rights import is_root
from course.isolation.settings import Settings
from course.paths import CourseError


def environment(settings: Settings, scratch: str = SCRATCH) -> dict[str, str]:
    """The environment variables of a submission: none of the grader's own."""
    folders = {"HOME": "home", "IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib", "TMPDIR": ""}
    own = {name: os.path.join(scratch, folder) for name, folder in folders.items()}
    return {**ENVIRONMENT, **own, "PYTHONPATH": settings.root}


def command(settings: Settings, confine: str) -> list[str]:
    """The words that start a process inside the outer wall, up to the program's name.

    Parameters
    ----------
    settings : Settings
    confine : str
        ``"bwrap"`` or ``"none"``.

    Raises
    ------
    CourseError
        If the sandbox cannot be had on this machine.
    """
    if confine == "none":
        return []
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise CourseError(missing(settings))
    words = [bwrap, "--die-with-parent", "--new-session"]
    # As root the submissions get a user id of their own instead, which limits on processes need.
    words += [] if is_root() else ["--unshare-user", "--uid", "0", "--gid", "0"]
    words += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    words += ["--unshare-cgroup-try", "--cap-add", "ALL", "--hostname", "sandbox", "--clearenv"]
    for name, value in environment(settings).items():
        words += ["--setenv", name, value]
    paths = [*SYSTEM, *_python(), *(str(Path(settings.root, name)) for name in settings.visible)]
    parents = {parent for path in paths for parent in Path(path).parents if parent != Path("/")}
    for parent in sorted(parents - {Path(path) for path in paths}):
        words += ["--perms", "0755", "--dir", str(parent)]
    for path in paths:
        words += ["--ro-bind-try", path, path]
    words += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", SCRATCH]
    if not any(Path("/tmp") in Path(path).parents for path in paths):
        words += ["--symlink", SCRATCH, "/tmp"]
    return [*words, "--remount-ro", "/", "--chdir", SCRATCH, "--"]


def _python() -> list[str]:
    """The folders of this Python and its packages."""
    folders = {
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(sys.executable).resolve().parent.parent,
    }
    return sorted(str(folder) for folder in folders if folder != Path("/usr"))


def check(settings: Settings, confine: str) -> None:
    """`CourseError` if there is no outer wall of this kind here."""
    words = command(settings, confine)
    if not words:
        return
    try:
        done = subprocess.run([*words, "/bin/true"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError) as error:
        raise CourseError(refused(settings, str(error))) from error
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        reason = lines[-1] if lines else f"exit status {done.returncode}"
        raise CourseError(refused(settings, reason))
