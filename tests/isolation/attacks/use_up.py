"""To use up what there is: processes, memory, disk, descriptors, the reader's patience.

The limits must end these, and not the time: that is why they have more of it.
"""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: B007, B023, B028, F821, F841, SIM115

from tests.isolation.attacks import Batch

batch = Batch("to use up", rest="right", timeout=8, at="draw")
STOPPED = "timeout killed error failed"


@batch.code(status=STOPPED, harmful=True)
def processes_without_number():
    """Processes, as many as there may be."""
    import time

    def draw(n, rng):
        for number in range(1000):
            if os.fork() == 0:
                time.sleep(15)
                os._exit(0)
        breach("a thousand processes at once")


@batch.code(status=STOPPED, harmful=True)
def threads_without_number():
    """Threads, as many as there may be."""
    import threading
    import time

    def draw(n, rng):
        for number in range(20_000):
            threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        breach("twenty thousand threads")


@batch.code(status=STOPPED, harmful=True)
def memory_without_end():
    """Memory, page by page, up to what would do harm."""

    def draw(n, rng):
        kept = []
        for step in range(120):
            kept.append(bytearray(b"x") * (50 * 2**20))
        breach("6 GB of memory")


@batch.code(status=STOPPED, harmful=True)
def memory_of_many():
    """Memory, spread over children, each of which stays small."""
    import time

    def held():
        """Bytes that all processes in sight hold together."""
        kilobytes = 0
        for name in os.listdir("/proc"):
            if name.isdigit():
                text = quietly(lambda: open(f"/proc/{name}/status").read())
                found = re.search(r"RssAnon:\s*(\d+)", str(text))
                kilobytes += int(found[1]) if found else 0
        return kilobytes * 1024

    def draw(n, rng):
        for number in range(40):
            if os.fork() == 0:
                kept = bytearray(b"x") * (250 * 2**20)
                time.sleep(8)
                os._exit(0)
        for step in range(70):
            time.sleep(0.1)
            if held() > 6 * 2**30:
                breach("6 GB of memory in children")


@batch.code(status=STOPPED, harmful=True)
def memory_in_files():
    """Memory that no process owns: memfd, /dev/shm, shared maps, System V segments."""
    import mmap

    def draw(n, rng):
        block = b"x" * (50 * 2**20)
        for step in range(40):
            for number in (
                quietly(os.memfd_create, "x"),
                quietly(os.open, f"/dev/shm/{KNOWN['marker']}{step}", os.O_CREAT | os.O_RDWR),
            ):
                if isinstance(number, int):
                    os.write(number, block)
            shared = mmap.mmap(-1, len(block))
            shared.write(block)
            globals().setdefault("kept", []).append(shared)
        breach("6 GB in shared memory")


@batch.code(status=STOPPED, harmful=True)
def memory_in_segments():
    """System V segments are filled and let go of: they stay, though no process holds them."""
    import ctypes

    def draw(n, rng):
        libc = ctypes.CDLL(None)
        libc.shmat.restype = ctypes.c_void_p
        libc.shmdt.argtypes = [ctypes.c_void_p]
        size = 100 * 2**20
        for step in range(50):
            number = libc.shmget(0, ctypes.c_size_t(size), 0o1600)
            where = libc.shmat(number, None, 0) if number >= 0 else None
            if not where or where == ctypes.c_void_p(-1).value:
                raise MemoryError(f"after {step} segments")
            ctypes.memset(where, 1, size)
            libc.shmdt(where)
        breach("5 GB in segments of shared memory")


@batch.code("rank", status=STOPPED, harmful=True)
def memory_of_the_checker():
    """A range, which is one small object here, and 6 GB where a test makes a list of it."""

    def rank(scores):
        return range(150_000_000)


@batch.code(status=STOPPED, harmful=True)
def disk_full():
    """One big file in each folder that can be written to."""
    block = bytes(50 * 2**20)
    written = 0
    for folder in (".", "/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~")):
        try:
            with open(os.path.join(folder, KNOWN["marker"] + ".big"), "wb") as file:
                while written < 4 * 2**30:
                    written += file.write(block)
        except OSError as error:
            print(folder, error)
    if written >= 4 * 2**30:
        breach("4 GB on disk")
    raise OSError(f"{written} bytes written")


@batch.code(status=STOPPED, harmful=True)
def small_files_without_number():
    """As many empty files and folders as there may be, up to a million."""
    for number in range(1_000_000):
        open(f"{KNOWN['marker']}-{number}", "w").close()
    breach("a million files")


@batch.code(spoils=True)
def descriptors_used_up():
    """Every file descriptor is in use, so that nothing more can be opened."""
    kept = []
    while not isinstance(kept[-1] if kept else 0, BaseException):
        kept.append(quietly(os.open, "/dev/null", os.O_RDONLY))
        if len(kept) > 100_000:
            break


@batch.code(status=STOPPED)
def descriptors_closed():
    """Every file descriptor is closed, those of the grader too."""

    def draw(n, rng):
        os.closerange(0, 4096)
        return rng.random(n)


@batch.code(spoils=True)
def garbage_on_every_descriptor():
    """Random bytes on every file descriptor, half messages and endless lengths."""

    def draw(n, rng):
        for number in range(64):
            quietly(os.set_blocking, number, False)
            for garbage in (
                b"\xff" * 65536,
                b"\xdf\xff\xff\xff\xff",
                b"\xc6\x7f\xff\xff\xff",
                os.urandom(4096),
            ):
                quietly(os.write, number, garbage)
        return rng.random(n)


@batch.code(status="passed timeout killed error failed")
def output_without_end():
    """Text without end, by print and by the shell's display."""
    from IPython.display import display

    def draw(n, rng):
        for step in range(400):
            print("x" * 100_000)
            display({"text/plain": "y" * 100_000}, raw=True)
        return rng.random(n)


@batch.code(status="passed timeout killed error failed")
def output_of_bytes():
    """Bytes that are no text, on every level: buffer, descriptor, lone surrogates, zeros."""
    sys.__stdout__.buffer.write(b"\xff\xfe\x00" * 100_000)
    sys.__stdout__.flush()
    for number in (1, 2):
        for step in range(50):
            os.write(number, b"\x00\xff\x1b[2J" * 20_000)
    quietly(print, "\ud800\udfff\x00\x1b[2J\u202e" * 1000)
    print("\r" * 100_000 + "\b" * 100_000)
    quietly(lambda: sys.stdout.buffer.write(b"\xff" * 1000))
    os.write(2, b"\nBREACH: a student writes to the terminal\n")


@batch.code(status="passed timeout killed error failed")
def output_by_its_own_child():
    """A child prints for it, without end, to the descriptors that it inherited."""
    import subprocess

    subprocess.Popen(["yes", "attack"], env={**os.environ, "MARKER": KNOWN["marker"]})


@batch.code(status=STOPPED)
def error_without_end():
    """An exception with a text of 200 MB, raised five thousand calls deep."""
    sys.setrecursionlimit(20_000)

    def raise_from(depth):
        if depth:
            raise_from(depth - 1)
        raise ValueError("x" * 200_000_000)

    def draw(n, rng):
        raise_from(5000)


@batch.code(status="passed timeout killed error failed")
def warnings_without_end():
    """A hundred thousand warnings, each with a text of its own."""
    import warnings

    def draw(n, rng):
        if n > 3:
            for number in range(100_000):
                warnings.warn(f"{number} " + "x" * 1000)
        return rng.random(n)
