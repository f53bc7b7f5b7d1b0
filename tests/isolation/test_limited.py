"""Work of our own on a stranger's text: bounded, and what goes wrong is told."""

import ast
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time

import msgpack
import psutil
import pytest

from course.isolation.limited import Broken, call
from course.paths import REPO


class Refused(Exception):
    """Comes back as itself."""


def limited(function, *arguments, seconds=20, memory=2**28, raises=(Refused,)):
    return call(function, *arguments, seconds=seconds, memory=memory, raises=raises)


def why(function, *arguments, **limits):
    with pytest.raises(Broken) as broken:
        limited(function, *arguments, **limits)
    return broken.value


def test_plain_values_come_back_and_nothing_else_changes():
    value = {"a": [1, 2.5, None, "\ud800"], 7: b"\xff"}
    here = []
    assert limited(lambda: here.append(1) or value) == value
    assert here == []


def test_a_refusal_comes_back_as_itself():
    def refuse():
        raise Refused("The notebook is empty.")

    with pytest.raises(Refused, match=r"^The notebook is empty\.$"):
        limited(refuse)


def test_another_error_comes_with_its_traceback():
    broken = why(lambda: 1 / 0)
    assert broken.why == "error" and "ZeroDivisionError" in broken.details


def test_too_much_memory():
    assert why(lambda: len(bytearray(2**29))).why == "memory"


def test_too_long_by_the_clock_and_by_the_processor(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("course.isolation.limited.PATIENCE", 1)
        assert why(time.sleep, 60, seconds=0.2).why == "time"

    def spin():
        while True:
            pass

    assert why(spin, seconds=0.5).why == "time"


def test_too_deep():
    def deeper():
        deeper()

    assert why(deeper).why == "depth"

    def unparse():
        chain = ast.Name("x")
        for _ in range(100_000):
            chain = ast.Attribute(chain, "x")
        return ast.unparse(chain)

    assert why(unparse).why == "depth"
    assert why(compile, "x" + ".y" * 200_000, "cell", "exec").why == "depth"


@pytest.mark.parametrize(
    ("function", "content"),
    [(ast.parse, "1," * 2_000_000), (json.loads, f"[{'{},' * 5_000_000}1]")],
)
def test_parsers_that_take_many_times_the_size_of_a_text(function, content):
    assert why(function, content, memory=2**25).why == "memory"


@pytest.mark.parametrize(("number", "word"), [(signal.SIGSEGV, "depth"), (signal.SIGKILL, "end")])
def test_a_death(number, word):
    assert why(lambda: os.kill(os.getpid(), number)).why == word


def test_a_death_while_the_result_is_written(monkeypatch):
    def cut(*message):
        packed = msgpack.packb(message)
        return packed[: len(packed) // 2]

    monkeypatch.setattr("course.isolation.limited._packed", cut)
    assert why(lambda: "x" * 1000).why == "end"


def test_where_the_system_waits_for_children():
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert limited(abs, -1) == 1
        assert why(lambda: os.kill(os.getpid(), signal.SIGKILL)).why == "end"
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_result_that_cannot_be_written_down():
    assert why(lambda: object()).why == "error"


def test_no_child_and_no_descriptor_is_left():
    before = len(os.listdir("/proc/self/fd"))
    for work in (lambda: 1, lambda: 1 / 0, lambda: os._exit(3)):
        with contextlib.suppress(Broken):
            limited(work)
    why(time.sleep, 60, seconds=0.01)
    assert len(os.listdir("/proc/self/fd")) == before
    assert not [each for each in psutil.Process().children() if each.status() == "zombie"]


def test_beside_other_threads():
    stop = threading.Event()
    threads = [threading.Thread(target=stop.wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        assert [limited(sum, [place, 1]) for place in range(5)] == [1, 2, 3, 4, 5]
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_it_ends_with_its_parent():
    script = (
        "import time; from course.isolation.limited import call;"
        "call(time.sleep, 60, seconds=50, memory=2**28)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=REPO)
    try:
        deadline = time.monotonic() + 20
        while not (children := psutil.Process(parent.pid).children()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        parent.kill()
        parent.wait()
    _, there = psutil.wait_procs(children, timeout=10)
    assert all(each.status() == psutil.STATUS_ZOMBIE for each in there)  # where nobody reaps
