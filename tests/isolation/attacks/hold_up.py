"""To hold up the grading of oneself and of others.

All other answers are right, and must earn their marks all the same.
"""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: B007, F821, F841

from tests.isolation.attacks import Batch

batch = Batch("to hold up", rest="right", timeout=3, jobs=4, at="draw")
SLOW = "timeout killed"
STOPPED = "timeout killed error failed"

# --- without end ----------------------------------------------------------------------------------


@batch.code(status="timeout", says="longer than")
def endless_cell():
    """A loop in the cell."""
    while True:
        pass


@batch.code(status="timeout", says="longer than")
def endless_function():
    """A loop in the function."""

    def draw(n, rng):
        while True:
            pass


@batch.code(status=SLOW)
def endless_sleep():
    """A sleep that blocks in C, with the signals switched off."""
    import signal
    import time

    def draw(n, rng):
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        time.sleep(10**6)


@batch.code(status=SLOW)
def interrupt_swallowed():
    """Every exception is caught, KeyboardInterrupt too, and it goes on."""

    def draw(n, rng):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass


@batch.code(status=SLOW)
def interrupt_ignored():
    """All signals that can be ignored are, in the cell and by a fresh handler in the function."""
    import signal

    for number in range(1, 65):
        quietly(signal.signal, number, signal.SIG_IGN)

    def draw(n, rng):
        signal.signal(signal.SIGINT, lambda *args: draw(n, rng))
        while True:
            quietly(signal.pause)


@batch.code(status=SLOW)
def interrupt_in_finally():
    """`finally` and __exit__ begin anew."""

    class Again:
        def __enter__(self):
            while True:
                pass

        def __exit__(self, *args):
            self.__enter__()

    def draw(n, rng):
        try:
            with Again():
                pass
        finally:
            draw(n, rng)


@batch.code(status=SLOW)
def interpreter_held():
    """C code that never lets go of the interpreter: a power, a pattern, a sleep."""
    import ctypes

    def draw(n, rng):
        ctypes.PyDLL(None).sleep(1000)
        return 9 ** (9**9)


@batch.code(status=STOPPED)
def lock_taken_twice():
    """It waits for a lock that it holds itself, the import lock and stdout's among them."""
    import _imp
    import threading

    def draw(n, rng):
        _imp.acquire_lock()
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()


@batch.code(status=STOPPED)
def waits_for_an_answer():
    """input(), getpass and a debugger wait for somebody to type."""

    def draw(n, rng):
        quietly(input, "Name? ")
        quietly(__import__("getpass").getpass)
        sys.__stdin__.read()
        os.read(0, 10**6)
        breakpoint()
        return None


@batch.code(status=SLOW)
def stopped_by_a_signal():
    """It stops its own process; nobody will tell it to go on."""
    import signal

    def draw(n, rng):
        os.kill(os.getpid(), signal.SIGSTOP)
        os.killpg(0, signal.SIGSTOP)


@batch.code(status="passed timeout killed error")
def never_finishes():
    """The answer is right, but the process will not end: threads, atexit, __del__."""
    import atexit
    import threading
    import time

    class Clinging:
        def __del__(self):
            time.sleep(1000)

    kept = Clinging()
    threading.Thread(target=time.sleep, args=(1000,)).start()
    atexit.register(time.sleep, 1000)
    quietly(lambda: threading._register_atexit(time.sleep, 1000))


@batch.file(status="timeout", says="longer than|took more|had to be stopped", everywhere=False)
def loops_between_the_exercises(notebook, folder, known):
    """A loop in the solution, and more loops in cells of its own."""
    cells = []
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name == "draw":
            cell["source"] = "while True:\n    pass"
        if name == "best_k":
            cells.append({"cell_type": "code", "metadata": {}, "source": "while True: 1"})
        cells.append(cell)
    notebook["cells"] = cells


# --- falling hard ---------------------------------------------------------------------------------


@batch.code(status=STOPPED)
def recursion_without_end():
    """A function that calls itself, beyond what the C stack holds."""
    sys.setrecursionlimit(10**9)

    def draw(n, rng):
        return sorted([n], key=lambda item: draw(item, rng))


@batch.code(status="error", says="RecursionError")
def plain_recursion():
    """An honest mistake: no end to the recursion."""

    def draw(n, rng):
        return draw(n, rng)


@batch.code(status="killed", says="ended the Python process")
def native_crash():
    """A read from address 0."""
    import ctypes

    def draw(n, rng):
        ctypes.string_at(0)


@batch.code(status="killed", says="ended the Python process")
def aborted():
    """abort() with a core dump, as large as allowed."""
    import resource

    def draw(n, rng):
        quietly(resource.setrlimit, resource.RLIMIT_CORE, (-1, -1))
        os.abort()


@batch.code(status="killed", says="ended the Python process|killed")
def kills_itself():
    """SIGKILL for itself."""
    import signal

    def draw(n, rng):
        os.kill(os.getpid(), signal.SIGKILL)


@batch.code(status="killed timeout error", harmful=True)
def kills_all_it_can():
    """SIGKILL for its parent, its group, and every process that it can see."""
    import signal

    def draw(n, rng):
        for number in [*os.listdir("/proc"), os.getppid()]:
            if str(number).isdigit() and int(number) != os.getpid():
                quietly(os.kill, int(number), signal.SIGKILL)
        quietly(os.kill, -1, signal.SIGKILL)
        quietly(os.killpg, 0, signal.SIGKILL)


@batch.code(status="killed timeout error failed passed", harmful=True)
def stops_all_it_can():
    """SIGSTOP for its parent and every process that it can see."""
    import signal

    def draw(n, rng):
        for number in [os.getppid(), *os.listdir("/proc")]:
            if str(number).isdigit() and int(number) != os.getpid():
                quietly(os.kill, int(number), signal.SIGSTOP)
        return rng.random(n)


@batch.code(status=STOPPED, harmful=True)
def attaches_to_its_parents():
    """ptrace holds its parents still, then it leaves them alone for good."""
    import ctypes
    import time

    def draw(n, rng):
        libc = ctypes.CDLL(None)
        for number in [
            os.getppid(),
            *(int(name) for name in os.listdir("/proc") if name.isdigit()),
        ]:
            libc.ptrace(16, number, 0, 0)
        time.sleep(100)


@batch.code(status="passed killed error timeout", harmful=True)
def takes_all_the_time():
    """The highest priority, real time, and a loop on each processor."""
    quietly(os.nice, -20)
    quietly(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(50))
    quietly(os.setpriority, os.PRIO_PGRP, 0, -20)
    if quietly(os.getpriority, os.PRIO_PROCESS, 0) in range(-20, 0):
        breach("it runs before everybody else")
    for number in range(4):
        if quietly(os.fork) == 0:
            while True:
                pass


@batch.code(status="passed", won=True)
def child_outlives():
    """Children that leave the family: double fork, own session, deaf to signals, right answer."""
    import subprocess

    program = (
        "import os, signal, sys, time\n"
        "for number in range(1, 65):\n"
        "    try: signal.signal(number, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\n"
        "os.fork() and os._exit(0)\n"
        "os.setsid()\n"
        "os.fork() and os._exit(0)\n"
        "time.sleep(60)"
    )
    for way in ({}, {"start_new_session": True}):
        subprocess.Popen(
            [sys.executable, "-c", program, KNOWN["marker"]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **way,
        )


# --- values that do not end -----------------------------------------------------------------------


@batch.code("apply", status=STOPPED)
def list_inside_itself():
    """A list that contains itself, in a dictionary that contains itself."""

    def apply(f, xs):
        ring, table = [], {}
        ring.append(table)
        table["ring"] = ring
        return ring


@batch.code("apply", status=STOPPED)
def nested_without_end():
    """A list in a list in a list, a hundred thousand deep."""

    def apply(f, xs):
        nest = []
        for step in range(100_000):
            nest = [nest]
        return nest


@batch.code("apply", status=STOPPED)
def iterator_without_end():
    """An iterator that never ends."""
    import itertools

    def apply(f, xs):
        return itertools.count()


@batch.code("rank", status=STOPPED)
def iterator_that_blocks():
    """An iterator that gives one element and then waits for ever."""
    import time

    def rank(scores):
        yield 0
        while True:
            time.sleep(1000)


@batch.code(status=STOPPED)
def property_that_blocks():
    """An object that waits for ever whatever it is asked: shape, length, truth, text, class."""
    import time

    class Slow:
        def __getattr__(self, name):
            time.sleep(1000)

        __len__ = __iter__ = __eq__ = __bool__ = __hash__ = __array__ = __repr__ = __str__ = (
            lambda self, *args, **kwargs: time.sleep(1000)
        )
        __class__ = property(lambda self: time.sleep(1000))
        __reduce_ex__ = __float__ = __index__ = __len__

    def draw(n, rng):
        return Slow()


@batch.code("best_k", status="passed")
def variable_that_blocks():
    """The same in a number, which is right; whoever copies the number need not ask it anything."""
    import time

    class Slow(int):
        __eq__ = __index__ = __int__ = __repr__ = __hash__ = lambda self, *args: time.sleep(1000)

    best_k = Slow(7)


@batch.code(status=STOPPED)
def array_of_petabytes():
    """An array that takes no memory here, and more than there is when it is copied."""

    def draw(n, rng):
        return np.broadcast_to(np.float64(6), (10**6, 10**6))


@batch.code(status=STOPPED)
def array_of_gigabytes():
    """An array of 3 GB, none of which was ever touched."""

    def draw(n, rng):
        return np.zeros(400_000_000)


@batch.code(status=STOPPED)
def array_of_wrong_size():
    """An array whose shape, strides and memory do not belong together."""
    from numpy.lib.stride_tricks import as_strided

    def draw(n, rng):
        return as_strided(np.zeros(2), shape=(2**20, 2**20), strides=(0, 0))


@batch.code("best_k", status=STOPPED)
def number_of_a_million_digits():
    """A whole number that takes longer to write down than to have."""
    best_k = 7 ** (4 * 10**7)


@batch.code("rank", status=STOPPED)
def range_without_end():
    """A range of 10**15 numbers, which is one small object."""

    def rank(scores):
        return range(10**15)


@batch.code("apply", status=STOPPED)
def colliding_hashes():
    """A set of numbers that all have the same hash: a hundred thousand take minutes to put together."""
    kept = set()

    def apply(f, xs):
        from course.isolation import values

        step = 2**61 - 1
        write = values.write
        values.write = lambda value, *rest, **options: (
            ["s", *[["int", hex(step * number)] for number in range(1, 200_000)]]
            if value is kept
            else write(value, *rest, **options)
        )
        for module in list(sys.modules.values()):
            if getattr(module, "write", None) is write:
                module.write = values.write
        return kept


@batch.code("apply", status=STOPPED)
def text_of_gigabytes():
    """A text of a gigabyte, a dictionary with a million keys, a list of lists that shares its parts."""
    import itertools

    ways = itertools.cycle([0, 1, 2])

    def apply(f, xs):
        way = next(ways)
        if way == 0:
            shared = [0] * 10
            for step in range(30):
                shared = [shared, shared]
            return shared
        return "x" * 10**9 if way == 1 else dict.fromkeys(range(10**6))


@batch.code("apply", status=STOPPED)
def odd_values():
    """Values that formats stumble over: lone surrogates, 2**70, NaN as keys, sets of sets, bytes."""
    import datetime
    import itertools

    def odd():
        yield "\ud800"
        yield 2**70
        yield {float("nan"): 1, (1, 2): frozenset([frozenset()])}
        yield bytearray(b"\xff"), memoryview(b"x"), datetime.datetime.max, complex("nan"), ...
        yield (
            np.datetime64("NaT"),
            np.array(["a", None], dtype=object),
            np.dtype("V8"),
            np.float128(1),
        )

    things = itertools.cycle(odd())

    def apply(f, xs):
        return [next(things) for step in range(5)]


@batch.code("apply", status=STOPPED)
def callback_without_end():
    """The test's function is called for ever."""

    def apply(f, xs):
        while True:
            quietly(f, 1)


@batch.code("apply", status=STOPPED)
def callback_with_huge_values():
    """The test's function gets values that are hard work for the checker."""

    def apply(f, xs):
        for thing in (
            np.broadcast_to(1.0, (10**6, 10**6)),
            10 ** (10**7),
            range(10**15),
            "x" * 10**9,
        ):
            quietly(f, thing)
        ring = []
        ring.append(ring)
        quietly(f, ring)
        return None


@batch.code("apply", spoils=True)
def callback_from_many_threads():
    """The test's function is called from many threads at once, and after the call has ended."""
    import threading

    def apply(f, xs):
        def call():
            while True:
                quietly(f, 1)

        for number in range(20):
            threading.Thread(target=call, daemon=True).start()
        return list(xs)


@batch.code("draw", status=STOPPED)
def generator_drawn_dry():
    """The generator comes back with a state that is huge, or a seed sequence without end."""

    def draw(n, rng):
        seeds = np.random.SeedSequence([1] * 10**6)
        quietly(seeds.spawn, 10)
        quietly(rng.bit_generator.__setstate__, (None, seeds))
        rng.bit_generator = np.random.PCG64(seeds)
        return rng.random(10**8)
