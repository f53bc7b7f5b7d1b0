"""The list of system calls: what it lets through, and that the lessons' libraries need no more."""

import errno
import textwrap

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course.authoring.running import run
from course.isolation import seccomp
from course.isolation.syscalls import ALLOWED, ASKED, MACHINES

# What the libraries' work below was seen to call (strace, x86-64, glibc 2.36), beside reading files.
NEEDED = {
    "numpy": (
        "brk close exit_group fcntl futex getcwd getdents64 getrandom gettid ioctl lseek mbind mmap "
        "mprotect munmap newfstatat openat read rt_sigaction write"
    ),
    "scikit-learn": (
        "clock_nanosleep clone clone3 close exit exit_group futex getdents64 getpid getrandom gettid "
        "ioctl link lseek madvise mbind mmap mprotect munmap newfstatat openat pipe2 poll pread64 "
        "read rseq rt_sigaction rt_sigprocmask set_robust_list unlink write"
    ),
    "matplotlib": (
        "brk close exit_group futex getdents64 getrandom ioctl lseek mbind mmap mprotect munmap "
        "newfstatat openat read rt_sigaction write"
    ),
    "tensorflow": (
        "access brk clock_nanosleep clone clone3 close exit exit_group fcntl futex getcwd getdents64 "
        "getpid getrandom gettid ioctl lseek madvise mkdir mmap mprotect munmap newfstatat openat "
        "prctl read readlink rmdir rseq rt_sigaction rt_sigprocmask sched_getaffinity "
        "sched_getparam sched_getscheduler sched_yield set_robust_list sysinfo uname unlinkat write"
    ),
}
# What they try, and do without.
DONE_WITHOUT = {"clone3", "mbind"}
WORK = {
    "numpy": """
        import numpy as np
        a = np.random.default_rng(0).random((400, 400))
        np.save("a.npy", a)
        b = np.load("a.npy", mmap_mode="r")
        answer = bool(np.allclose(np.linalg.solve(a, a @ b), b))
    """,
    "scikit-learn": """
        import numpy as np
        from joblib import Parallel, delayed
        from sklearn.cluster import DBSCAN, KMeans
        from sklearn.mixture import GaussianMixture
        X = np.random.default_rng(0).random((300, 2))
        labels = KMeans(3, n_init=2, random_state=0).fit_predict(X)
        GaussianMixture(2, random_state=0).fit(X)
        DBSCAN(n_jobs=2).fit(X)
        halves = Parallel(n_jobs=2, backend="threading")(delayed(np.sum)(part) for part in (X[:9], X[9:]))
        answer = len(set(labels)) == 3 and bool(np.isclose(sum(halves), X.sum()))
    """,
    "matplotlib": """
        import os
        import matplotlib.pyplot as plt
        figure, axes = plt.subplots()
        axes.plot([1, 2], [3, 4])
        axes.set_title("Übung $x^2$")
        for kind in ("png", "pdf", "svg"):
            figure.savefig(f"figure.{kind}")
        answer = all(os.path.getsize(f"figure.{kind}") > 1000 for kind in ("png", "pdf", "svg"))
    """,
    "tensorflow": """
        import numpy as np
        import tensorflow as tf
        model = tf.keras.Sequential([tf.keras.layers.Dense(4), tf.keras.layers.Dense(1)])
        model.compile("adam", "mse")
        X = np.random.default_rng(0).random((64, 3)).astype("float32")
        model.fit(X, X.sum(1), epochs=2, verbose=0)
        model.save("model.keras")
        again = tf.keras.models.load_model("model.keras")
        answer = bool(np.allclose(again.predict(X, verbose=0), model.predict(X, verbose=0)))
    """,
    "the standard library": """
        import asyncio, multiprocessing, os, shutil, sqlite3, subprocess, tempfile, threading
        from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
        from multiprocessing import shared_memory
        said = subprocess.run(["sh", "-c", "ls / | wc -l"], capture_output=True, text=True).stdout
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(2, mp_context=context) as pool, ThreadPoolExecutor(2) as threads:
            results = [*pool.map(abs, [-1, -2]), *threads.map(abs, [-3])]
        results.append(asyncio.run(asyncio.sleep(0.01, 4)))
        open("a", "w").write("x")
        shutil.copytree(".", tempfile.mkdtemp() + "/copy")
        memory = shared_memory.SharedMemory(create=True, size=100)
        memory.buf[0] = 5
        results.append(memory.buf[0])
        memory.unlink()
        base = sqlite3.connect("base.db")
        base.execute("create table t (x)")
        base.commit()
        answer = results == [1, 2, 3, 4, 5] and int(said) > 3
    """,
}


@pytest.mark.parametrize("library", WORK)
def test_the_libraries_work_under_the_list(library, tmp_path):
    work = new_code_cell(textwrap.dedent(WORK[library]).strip())
    test = new_code_cell("assert answer is True")
    test.metadata.nbgrader = {"grade_id": "test_work", "grade": True, "locked": True, "points": 1}
    done = run(new_notebook(cells=[work, test]), cwd=tmp_path, timeout=120)
    errors = [o for cell in done.cells for o in cell.outputs if o.output_type == "error"]
    assert not errors, errors


def test_what_the_libraries_call_is_listed():
    for library, calls in NEEDED.items():
        assert not set(calls.split()) - ALLOWED.keys() - ASKED.keys() - DONE_WITHOUT, library


def decision(machine, architecture, number, argument=0):
    """What the program makes of a call, by following its steps."""
    words = {
        seccomp.NUMBER: number,
        seccomp.ARCHITECTURE: architecture,
        seccomp.FIRST_ARGUMENT: argument,
    }
    steps = seccomp.program(machine)
    place, loaded = 0, 0
    while True:
        what, yes, no, operand = steps[place]
        place += 1
        if what == seccomp.RETURN:
            return operand
        if what == seccomp.LOAD:
            loaded = words[operand]
        else:
            holds = loaded == operand if what == seccomp.EQUAL else bool(loaded & operand)
            place += yes if holds else no


@pytest.mark.parametrize("machine", MACHINES)
def test_the_program_says_what_the_list_says(machine):
    own, column = MACHINES[machine]
    allowed = {numbers[column] for numbers in ALLOWED.values()} - {None}
    asked = {call.numbers[column] for call in ASKED.values()}
    assert len(allowed) == sum(numbers[column] is not None for numbers in ALLOWED.values())
    assert not allowed & asked
    unknown = seccomp.FAIL | errno.ENOSYS
    for number in {*range(600)} - asked:
        assert decision(machine, own, number) == (seccomp.ALLOW if number in allowed else unknown)
        assert decision(machine, own, number | 0x40000000) == unknown
    other = next(numbers[0] for name, numbers in MACHINES.items() if name != machine)
    assert decision(machine, other, 0) == decision(machine, 0x40000003, 0) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_the_first_argument_decides_of_four_calls(machine):
    own, column = MACHINES[machine]

    def asked(name, argument):
        return decision(machine, own, ASKED[name].numbers[column], argument)

    for name, families in (("socket", {1, 2, 10}), ("socketpair", {1})):
        refused = {family for family in range(60) if asked(name, family) != seccomp.ALLOW}
        assert refused == {*range(60)} - families
        assert asked(name, 40) == seccomp.FAIL | errno.EAFNOSUPPORT
    threads = 0x3D0F00
    assert asked("clone", threads) == asked("clone", 17) == seccomp.ALLOW
    for flag in (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert asked("clone", flag | 17) == seccomp.FAIL | errno.EPERM
    assert asked("prctl", 15) == seccomp.ALLOW and asked("prctl", 22) != seccomp.ALLOW
