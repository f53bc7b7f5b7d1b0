"""Cgroups: where they are lent, what they limit, and that none is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course.isolation import cgroups, hierarchies
from course.isolation.allowed import MB, Limits
from course.paths import REPO

MOUNT = "30 24 0:26 {root} {mount} rw,nosuid - {kind} {kind} rw{options}\n"


def machine(tmp_path, own, mounts, *, parents=()):
    """A /proc in which this process is in the cgroups `own`, with such mounts."""
    proc = tmp_path / "proc"
    (proc / "self").mkdir(parents=True)
    (proc / "self/cgroup").write_text(own)
    (proc / "self/mountinfo").write_text("24 1 0:22 / /sys rw - sysfs sysfs rw\n" + mounts)
    chain = [os.getpid(), *parents]
    for number, parent in zip(chain, [*chain[1:], 0], strict=True):
        (proc / str(number)).mkdir()
        (proc / str(number) / "status").write_text(f"Name:\tx\nPPid:\t{parent}\n")
    return proc


def unified(folder, *, has="cpu memory pids", gives="", holds=()):
    """A group of version 2, as it looks to whoever reads and writes its files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.controllers").write_text(has + "\n")
    (folder / "cgroup.subtree_control").write_text(gives + "\n")
    (folder / "cgroup.procs").write_text("".join(f"{number}\n" for number in holds))
    return folder


def test_version_1_is_lent_where_its_folders_can_be_written_to(tmp_path):
    names = {"memory": "/job", "pids": "/", "cpu,cpuacct": "/"}
    lines = "".join(f"{n}:{name}:{path}\n" for n, (name, path) in enumerate(names.items()))
    mounts = ""
    for name, path in names.items():
        mount = tmp_path / name
        (mount / path.strip("/")).mkdir(parents=True)
        mounts += MOUNT.format(root="/", mount=mount, kind="cgroup", options=f",{name}")
    found = hierarchies.find(machine(tmp_path, lines, mounts))
    assert found.version == 1 and found.controllers == ("memory", "pids", "cpu")
    assert found.folders == (tmp_path / "memory/job", tmp_path / "pids", tmp_path / "cpu,cpuacct")


def test_version_2_is_lent_by_the_nearest_group_that_gives_limits_to_those_below(tmp_path):
    mount = tmp_path / "cgroup with blanks"
    unified(mount, gives="memory pids")
    slice_ = unified(mount / "user.slice", gives="cpu memory pids")
    unified(slice_ / "session-3.scope", holds=[os.getpid(), 4711])
    line = MOUNT.format(
        root="/", mount=str(mount).replace(" ", r"\040"), kind="cgroup2", options=""
    )
    found = hierarchies.find(machine(tmp_path, "0::/user.slice/session-3.scope\n", line))
    assert found == hierarchies.Lent(2, ("memory", "pids", "cpu"), (slice_,), (mount,))


@pytest.mark.parametrize("stranger", [False, True])
def test_a_delegated_group_of_version_2_is_settled_unless_strangers_are_in_it(tmp_path, stranger):
    mount = tmp_path / "cgroup"
    unified(mount, gives="")
    held = [os.getpid(), 70, *([4711] if stranger else [])]
    scope = unified(mount / "run-1.scope", holds=held)
    line = MOUNT.format(root="/", mount=mount, kind="cgroup2", options="")
    proc = machine(tmp_path, "0::/run-1.scope\n", line, parents=[70, 1])
    found = hierarchies.find(proc)
    if stranger:
        assert found is None
        return
    assert found.folders == (scope,)
    assert (scope / "cgroup.subtree_control").read_text() == "+memory +pids +cpu"
    assert (scope / hierarchies.LEAF / "cgroup.procs").read_text() in map(str, held)


def test_no_cgroup_is_lent_without_limits_on_memory(tmp_path):
    mount = tmp_path / "cgroup"
    unified(mount, has="pids", gives="pids")
    line = MOUNT.format(root="/", mount=mount, kind="cgroup2", options="")
    assert hierarchies.find(machine(tmp_path, "0::/\n", line)) is None
    assert hierarchies.find(tmp_path / "nothing") is None


def left(*makers):
    """The cgroups that these processes have made, and that are still there."""
    mounts = cgroups.lent().mounts
    found = {
        Path(where, name)
        for mount in mounts
        for where, names, _ in os.walk(mount)
        for name in names
    }
    named = {path for path in found if cgroups.NAME.fullmatch(path.name)}
    return {path for path in named if int(path.name.split("-")[1]) in makers}


HOLD = """
import os, socket, sys
from course.isolation import cgroups
from course.isolation.allowed import MB, Limits
group = cgroups.new(Limits(total_memory=100 * MB, processes=20))
child = os.fork()
if child == 0:
    group.gate.join()
    {inside}
print(os.getpid(), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), group.gate.overrun())
group.close()
"""
SOCKETS = """
    kept = []
    for number in range(450):
        for end in (pair := socket.socketpair()):
            end.setblocking(False)
            try:
                while True:
                    end.send(bytes(60_000))
            except BlockingIOError:
                kept.append(pair)
    os._exit(0)
"""
FORKS = """
    for number in range(30):
        try:
            if os.fork() == 0:
                import time
                time.sleep(60)
        except BlockingIOError:
            os._exit(number)
    os._exit(99)
"""


def held(inside):
    done = subprocess.run(
        [sys.executable, "-c", HOLD.format(inside=inside.strip())],
        cwd=REPO, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.split()


@pytest.fixture(scope="module")
def is_lent():
    """These tests are for machines that lend cgroups; on others the watch is all there is."""
    return cgroups.lent() is not None


def test_what_waits_in_sockets_counts(is_lent):
    if is_lent:
        assert held(SOCKETS)[1:] == [str(-signal.SIGKILL), "True"]
    else:
        assert "watched" in cgroups.said()


def test_processes_are_counted_and_none_is_left(is_lent):
    if is_lent:
        maker, status, overrun = held(FORKS)
        assert (15 < int(status) <= 20, overrun) == (True, "False")
        cgroups.sweep()
        assert not left(int(maker))
    else:
        assert cgroups.new(Limits()) is None


KILLED = """
import os, subprocess, sys, time
from course.isolation import cgroups
from course.isolation.allowed import Limits
group = cgroups.new(Limits())
child = subprocess.Popen(["sleep", "600"], preexec_fn=group.gate.join, start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_what_a_killed_maker_leaves_is_swept_and_nothing_else(is_lent):
    if not is_lent:
        assert cgroups.sweep() is None
        return
    words = [sys.executable, "-c", KILLED]
    alive, dead = (
        subprocess.Popen(words, cwd=REPO, stdout=subprocess.PIPE, text=True) for _ in range(2)
    )
    children = [int(process.stdout.readline()) for process in (alive, dead)]
    try:
        dead.kill()
        dead.wait()
        assert left(alive.pid) and left(dead.pid)
        cgroups.sweep()
        assert left(alive.pid) and not left(dead.pid)
        assert not ends_within(children[0], 0.2) and ends_within(children[1], 5)
    finally:
        alive.kill()
        alive.wait()
        cgroups.sweep()
    assert not left(alive.pid) and ends_within(children[0], 5)


def ends_within(process, seconds):
    """Whether a process, or what is left of it until somebody asks, has ended by then."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if ") Z " in Path(f"/proc/{process}/stat").read_text():
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_the_limits_of_a_group_are_those_of_the_settings(is_lent):
    group = cgroups.new(Limits(total_memory=64 * MB, processes=7))
    if not is_lent:
        assert group is None
        return
    values = {
        path.name: path.read_text().strip()
        for folder in group.folders
        for path in folder.iterdir()
        if path.name in ("memory.limit_in_bytes", "memory.max", "pids.max")
    }
    group.close()
    assert sorted(values.values()) == sorted([str(64 * MB), "7"])
