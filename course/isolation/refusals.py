"""What to tell the user of a machine that refuses the sandbox."""

from pathlib import Path

from course.isolation.rights import is_root
from course.isolation.settings import Settings

MISSING = (
    "bubblewrap (the command `bwrap`) is not installed, and submissions are only run inside it. "
    "Install it (Debian and Ubuntu: apt install bubblewrap), or {way_out}."
)
REFUSED = (
    "bubblewrap cannot set up the sandbox that submissions are run in ({reason}). "
    "{needed}; or {way_out}. {more}"
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
KERNEL = {
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


def missing(settings: Settings) -> str:
    """What to tell the user who has no bubblewrap."""
    return MISSING.format(way_out=settings.way_out)


def refused(settings: Settings, reason: str, root: str | Path = "/") -> str:
    """What to tell the user where the sandbox cannot be set up: why, and what is needed.

    Parameters
    ----------
    settings : Settings
    reason : str
        What the kernel or bubblewrap says.
    root : path-like
        Where to look for signs of what this machine is.
    """
    # What bubblewrap adds is a guess, and mostly wrong in a container.
    reason = reason.removeprefix("bwrap: ").partition(", likely because")[0].strip()
    needed = UNREADABLE if "source path" in reason else _needed(Path(root))
    told = REFUSED.format(
        reason=reason, needed=needed, way_out=settings.way_out, more=settings.more
    )
    return told.strip()


def _needed(root: Path) -> str:
    if not is_root():
        for (name, value), needed in KERNEL.items():
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


def _text(path: Path) -> str:
    """The text of a file; none where it cannot be read."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
