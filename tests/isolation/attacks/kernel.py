"""To get at what is the kernel's: its memory, its processors, calls and sockets that none needs."""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: B007, B023, F821, SIM115

from tests.isolation.attacks import Batch

batch = Batch("on the kernel", rest="right", timeout=8, at="draw")
STOPPED = "timeout killed error failed"
ANY = f"passed {STOPPED}"


# Memory that belongs to no process.


@batch.code(status=STOPPED, harmful=True)
def memory_in_sockets_of_many():
    """Messages that nobody reads wait in pairs of Unix sockets, in many processes."""
    import mmap
    import socket
    import struct
    import time

    def held(count):
        return sum(struct.unpack(f"{len(count) // 8}Q", count[:]))

    def draw(n, rng):
        count = mmap.mmap(-1, 8 * 100)
        for child in range(100):
            if os.fork() == 0:
                kept, total = [], 0
                try:
                    while True:
                        kept += socket.socketpair()
                        for end in kept[-2:]:
                            end.setblocking(False)
                            try:
                                while True:
                                    total += end.send(bytes(60_000))
                            except BlockingIOError:
                                pass
                        count[8 * child : 8 * child + 8] = struct.pack("Q", total)
                except OSError:
                    time.sleep(8)
                    os._exit(0)
        for step in range(100):
            time.sleep(0.1)
            if held(count) > 4.5 * 2**30:
                breach("more than 4 GB in sockets")


@batch.code(status=ANY, harmful=True)
def memory_in_datagrams():
    """Datagrams to a socket that never reads, from as many senders as there may be."""
    import socket

    ends = []
    total = 0
    try:
        while True:
            one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
            ends += [one, other]
            one.setblocking(False)
            quietly(one.setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 2**30)
            quietly(one.setsockopt, socket.SOL_SOCKET, 32, 2**30)  # SO_SNDBUFFORCE
            try:
                while True:
                    total += one.send(bytes(100_000))
            except OSError as error:
                if isinstance(error, BlockingIOError):
                    continue
    except OSError:
        del ends
    if total > 4.5 * 2**30:
        breach("more than 4 GB in the sockets of one process")


@batch.code(status=ANY, harmful=True)
def memory_in_pipes():
    """Pipes, made as large as may be, and filled."""
    import fcntl

    total, ends = 0, []
    try:
        while True:
            ends.append(os.pipe())
            quietly(fcntl.fcntl, ends[-1][1], 1031, 2**20)  # F_SETPIPE_SZ
            os.set_blocking(ends[-1][1], False)
            try:
                while True:
                    total += os.write(ends[-1][1], bytes(65_536))
            except BlockingIOError:
                pass
    except OSError:
        for pair in ends:
            for end in pair:
                os.close(end)
    if total > 2**29:
        breach("half a gigabyte in pipes")


@batch.code(status=ANY, harmful=True)
def memory_in_descriptors_on_their_way():
    """Sockets that are sent over sockets, and closed here: no process has them open."""
    import socket

    sent = 0
    carrier = socket.socketpair()
    carrier[0].setblocking(False)
    try:
        for number in range(100_000):
            pair = socket.socketpair()
            pair[0].setblocking(False)
            try:
                while True:
                    sent += pair[0].send(bytes(60_000))
            except BlockingIOError:
                pass
            socket.send_fds(carrier[0], [b"x"], [each.fileno() for each in (*pair, *carrier)])
            for each in pair:
                each.close()
            if number % 200 == 199:
                carrier = socket.socketpair()
                carrier[0].setblocking(False)
    except OSError:
        pass
    if sent > 5 * 2**30:
        breach("5 GB in sockets that nobody holds")


@batch.code(status=ANY, harmful=True)
def both_folders_in_memory():
    """The scratch folder and /dev/shm are filled, one after the other."""
    total = 0
    for folder in (".", "/dev/shm"):
        for number in range(8):
            try:
                with open(f"{folder}/{KNOWN['marker']}{number}", "wb", buffering=0) as file:
                    for step in range(100):
                        total += file.write(bytes(2**20))
            except OSError:
                continue
    for folder in (".", "/dev/shm"):
        for name in os.listdir(folder):
            if KNOWN["marker"] in name:
                os.remove(f"{folder}/{name}")
    if total > 300 * 2**20:
        breach("two folders in memory have a limit each")


@batch.code()
def what_lies_below_the_scratch_folder():
    """The scratch folder's own file system is looked for, by its names and by its root."""
    for path in (
        "/scratch/..",
        "/scratch/scratch",
        "/scratch/shared",
        "/dev/shm/../scratch/shared",
    ):
        if path.endswith("..") and "shared" in quietly(os.listdir, path):
            breach("the shared memory's folder can be seen")
        if not path.endswith("..") and os.path.exists(path):
            breach(f"{path} is there")


@batch.code()
def attributes_of_files():
    """Extended attributes, which hold data that no file's size tells of."""
    open("a", "w").close()
    if quietly(os.setxattr, "a", "user.x", bytes(60_000)) is None:
        breach("data in the attributes of files")
    os.remove("a")


# The processors.


@batch.code(status=ANY, harmful=True)
def processes_in_sessions_of_their_own():
    """Sixty processes spin, each in a session of its own, for which some kernels give it a share."""
    import time

    end = time.monotonic() + 4
    children = []
    for number in range(60):
        child = quietly(os.fork)
        if child == 0:
            quietly(os.setsid)
            while time.monotonic() < end:
                pass
            os._exit(0)
        children.append(child)
    for child in children:
        quietly(os.waitpid, child, 0)


@batch.code(status=STOPPED, harmful=True)
def forks_that_fork():
    """Each process forks without end, and leaves its parent's session."""

    def draw(n, rng):
        while True:
            if quietly(os.fork) == 0:
                quietly(os.setsid)


@batch.code()
def first_in_the_line():
    """A better priority, a real-time class, more of each limit, and never to be chosen for its memory."""
    import resource

    if not isinstance(quietly(os.nice, -5), BaseException):
        breach("a better priority")
    parameter = os.sched_param(10)
    if quietly(os.sched_setscheduler, 0, os.SCHED_FIFO, parameter) is None:
        breach("real time")
    for name in ("RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE"):
        number = getattr(resource, name)
        _, hard = resource.getrlimit(number)
        if quietly(resource.setrlimit, number, (hard + 1, hard + 1)) is None:
            breach(f"more than the limit: {name}")
    for name in ("oom_score_adj", "oom_adj", "autogroup", "timerslack_ns"):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write("-15")
            breach(f"/proc/self/{name} can be written to")
        except OSError:
            pass


@batch.code()
def out_of_the_cgroup():
    """The cgroup's files are looked for: in /sys, in /proc, among what is open, by a mount."""
    import ctypes

    for number in range(256):
        name = quietly(os.readlink, f"/proc/self/fd/{number}")
        if "cgroup" in str(name) and not isinstance(name, BaseException):
            breach(f"{name} is open")
    for folder in ("/sys/fs/cgroup", "/proc/1/root/sys/fs/cgroup"):
        if isinstance(quietly(os.listdir, folder), list):
            breach(f"{folder} can be listed")
    libc = ctypes.CDLL(None)
    for kind in (b"cgroup", b"cgroup2"):
        if libc.mount(b"none", b"/scratch", kind, 0, b"") == 0:
            breach("cgroups can be mounted")


# Calls and sockets.


@batch.code()
def sockets_of_every_family():
    """Each family of sockets that there may be, of each type."""
    import socket

    for family in range(50):
        for kind in (1, 2, 3, 5):
            made = quietly(socket.socket, family, kind)
            own = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)
            if not isinstance(made, BaseException) and family not in own:
                breach(f"a socket of family {family}")


@batch.code()
def meets_its_neighbour_by_vsock():
    """Listens where no network namespace reaches, and calls whoever does the same."""
    import socket

    for cid in (1, 2, 0xFFFFFFFF):
        try:
            server = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
            server.bind((cid, 4711))
            server.listen()
            breach("listens on vsock")
        except OSError:
            pass
        try:
            caller = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
            caller.settimeout(0.5)
            caller.connect((cid, 4711))
            breach("met a neighbour")
        except OSError:
            pass


@batch.code()
def meets_its_neighbour_by_an_abstract_name():
    """A Unix socket with an abstract name that other submissions could know."""
    import socket

    name = "\0" + KNOWN["marker"]
    for step in range(2):
        try:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect(name)
                breach("met a neighbour")
        except OSError:
            server = socket.socket(socket.AF_UNIX)
            server.bind(name)
            del server


@batch.code()
def what_others_do_by_netlink():
    """Listens to what the kernel tells of processes, devices and addresses."""
    import socket

    for protocol in range(22):
        made = quietly(socket.socket, socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        if not isinstance(made, BaseException):
            breach(f"netlink {protocol}")


@batch.code()
def calls_that_no_lesson_makes():
    """Calls deep into the kernel, by their numbers on x86-64, and the same ones of x32."""
    import ctypes
    import errno
    import platform

    libc = ctypes.CDLL(None, use_errno=True)
    numbers = (
        "29 64 68 101 103 133 134 135 139 153 154 155 159 161 163 164 165 166 167 168 169 170 172 173 "
        "175 176 179 188 206 209 237 238 240 246 248 249 250 253 256 259 272 275 276 278 279 282 283 "
        "294 298 300 303 304 305 308 310 311 312 313 314 317 319 320 321 322 323 329 330 424 425 426 427 "
        "428 429 430 431 432 433 434 435 437 438 440 442 443 444 445 446 447 448 449 450 451 452 453 454 "
        "455 456 457 458 459 460 461 462 463 464 465 466 467 468 469 470"
    )
    for number in map(int, numbers.split()) if platform.machine() == "x86_64" else ():
        for call in (number, number | 0x40000000):
            result = libc.syscall(call, 0, 0, 0, 0, 0, 0)
            if result != -1 or ctypes.get_errno() != errno.ENOSYS:
                breach(f"call {call} answers")


@batch.code()
def namespaces_by_clone():
    """New namespaces by the call that makes threads, and by the one that came after it."""
    import ctypes
    import platform

    libc = ctypes.CDLL(None, use_errno=True)
    clone = 56 if platform.machine() == "x86_64" else 220
    for flag in (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        child = libc.syscall(clone, flag | 0x10000000 | 17, 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        if child > 0:
            breach(f"a namespace by clone: {flag:x}")
    if libc.syscall(435, bytes(88), 88) != -1:
        breach("clone3")


@batch.code(status=STOPPED, harmful=True)
def calls_of_another_machine():
    """The calls of a 32-bit program, which have other numbers, from code of its own."""
    import ctypes
    import mmap

    def draw(n, rng):
        code = mmap.mmap(-1, 4096, prot=7)
        code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # getpid
        call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
        if call() > 0:
            breach("a call of a 32-bit program")
        return rng.random(n)


@batch.code()
def a_filter_of_its_own():
    """Its own filter of calls over the grader's, and the rights that were given up."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((22, 2), (38, 0), (8, 1), (24, 0), (47, 2), (4, 1), (35, 8), (59, 1)):
        if libc.prctl(option, value, 0, 0, 0) == 0:
            breach(f"prctl {option}")


@batch.code()
def signals_to_others():
    """Signals to the processes that it can see besides its own, and to all."""
    import signal

    for number in (1, os.getppid()):
        if number != os.getpid() and quietly(os.kill, number, signal.SIGKILL) is None:
            pass
    for number in os.listdir("/proc"):
        if number.isdigit() and int(number) not in (1, os.getpid()):
            environment = quietly(lambda: open(f"/proc/{number}/environ", "rb").read())
            tell(environment if isinstance(environment, bytes) else b"")
