"""A call within limits: what hostile data can use up there, and what comes back."""

import ast
import json
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from course.isolation.limited import OverLimit, Reason, call
from course.paths import REPO

MB = 2**20
WITHIN = {"seconds": 20, "memory": 200 * MB}


class Refused(Exception):
    """Of a kind that the caller knows."""


class Twice(Refused):
    """One of these is a `Refused` too."""


def refuse(text, kind=Refused):
    raise kind(text)


def burn():
    while True:
        pass


def sleep():
    time.sleep(60)


def deepen(depth=0):
    return deepen(depth + 1)


def fill():
    kept = []
    while True:
        kept.append(bytearray(10 * MB))


def end_by(number):
    os.kill(os.getpid(), number)


def reason_of(function, *arguments, **limits):
    with pytest.raises(OverLimit) as stopped:
        call(function, *arguments, **{**WITHIN, **limits})
    return stopped.value.reason


def test_a_value_comes_back():
    value = {"text": "ä\n", "list": [1, 2.5, None, True], "bytes": b"\0\xff", "by number": {1: 2}}
    assert call(lambda: value, **WITHIN) == value
    assert call(divmod, 7, 2, **WITHIN) == [3, 1]
    assert len(call(lambda: "x" * 20 * MB, **WITHIN)) == 20 * MB


def test_an_exception_of_a_kind_that_may_come_is_itself():
    for kind in (Refused, Twice):
        with pytest.raises(Refused, match="^this is ä\\?$"):
            call(refuse, "this is ä\ud800", kind, raising=(KeyError, Refused), **WITHIN)


def test_another_exception_is_a_crash_with_its_details():
    with pytest.raises(OverLimit, match="cannot be worked on") as stopped:
        call(refuse, "unforeseen", raising=(KeyError,), **WITHIN)
    assert stopped.value.reason == "crash"
    assert "Refused: unforeseen" in stopped.value.details


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        (fill, (), Reason.MEMORY),
        (lambda: "x" * 150 * MB, (), Reason.MEMORY),
        (deepen, (), Reason.STACK),
        (refuse, ("", KeyboardInterrupt), Reason.CRASH),
        (lambda: object(), (), Reason.CRASH),
        (os._exit, (3,), Reason.CRASH),
        (end_by, (signal.SIGSEGV,), Reason.STACK),
        (end_by, (signal.SIGKILL,), Reason.MEMORY),
        (end_by, (signal.SIGTERM,), Reason.CRASH),
    ],
)
def test_what_cannot_come_back_is_told_with_a_reason(function, arguments, reason):
    assert reason_of(function, *arguments, memory=100 * MB) == reason


@pytest.mark.parametrize(
    ("function", "content", "reasons"),
    [
        (ast.parse, "1," * 2_000_000, [Reason.MEMORY]),
        (json.loads, "[" + "{}," * 1_000_000 + "1]", [Reason.MEMORY]),
        (json.loads, "[" * 100_000, [Reason.STACK]),
        (compile, "x" + ".y" * 200_000, [Reason.STACK, Reason.MEMORY]),
    ],
)
def test_parsers_are_stopped(function, content, reasons):
    rest = ("cell", "exec") if function is compile else ()
    assert reason_of(function, content, *rest, memory=30 * MB) in reasons


def test_time_ends_on_the_processor_and_on_the_wall(monkeypatch):
    assert reason_of(burn, seconds=0.1) == Reason.TIME
    monkeypatch.setattr("course.isolation.limited.PATIENCE", 1)
    assert reason_of(sleep, seconds=0.2) == Reason.TIME
    assert psutil.Process().children() == []


def test_nothing_of_the_caller_s_is_open_or_changed():
    with open(__file__) as file:

        def seen():
            try:
                os.fstat(file.fileno())
                return "open"
            except OSError:
                os.environ["LEFT"] = "behind"
                return os.read(0, 1), os.getsid(0) != session

        session = os.getsid(0)
        assert call(seen, **WITHIN) == [b"", True]
    assert "LEFT" not in os.environ


def test_with_other_threads_and_with_no_wait_for_children():
    over = threading.Event()
    others = [threading.Thread(target=over.wait) for _ in range(3)]
    for each in others:
        each.start()
    found = []
    asked = [
        threading.Thread(target=lambda n=n: found.append(call(abs, -n, **WITHIN))) for n in range(5)
    ]
    for each in asked:
        each.start()
    for each in asked:
        each.join()
    over.set()
    assert sorted(found) == [0, 1, 2, 3, 4]
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert call(abs, -1, **WITHIN) == 1
        assert reason_of(end_by, signal.SIGTERM) == Reason.CRASH
    finally:
        signal.signal(signal.SIGCHLD, before)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child")
def test_a_child_ends_with_the_process_that_called(tmp_path):
    code = """
import os, sys, time
from course.isolation.limited import call
def child():
    with open(sys.argv[1], "w") as file:
        file.write(f"{os.getpid()}.")
    time.sleep(60)
call(child, seconds=60, memory=2**28)
"""
    told = tmp_path / "child"
    caller = subprocess.Popen([sys.executable, "-c", code, told], cwd=REPO)
    while not (told.exists() and told.read_text().endswith(".")):
        time.sleep(0.01)
    child = psutil.Process(int(told.read_text()[:-1]))
    assert child.ppid() == caller.pid
    caller.kill()
    caller.wait()
    gone, alive = psutil.wait_procs([child], timeout=10)
    assert not alive or child.status() == psutil.STATUS_ZOMBIE
