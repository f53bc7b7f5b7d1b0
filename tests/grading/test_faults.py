"""What goes wrong on the grading's own side is told as that, and decides no mark."""

import dataclasses
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from course.authoring import running
from course.authoring.running import SETTINGS, run
from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from course.isolation import lines, refusals
from course.isolation.faults import InternalFault
from course.paths import REPO

ANSWER = "answer = 6 * 7"
TEST = "assert answer == 42"


def notebook(answer=ANSWER, test=TEST):
    """One student's cell and one graded cell."""
    cells = [new_code_cell(answer), new_code_cell(test)]
    cells[1].metadata.nbgrader = {"grade_id": "test_answer", "grade": True, "locked": True}
    return new_notebook(cells=cells)


def errors(done):
    """What each cell ended in."""
    return [
        " ".join(f"{out.ename}: {out.evalue}" for out in cell.outputs if out.output_type == "error")
        for cell in done.cells
    ]


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A function that changes a module in a copy of the course, which submissions then run in."""

    def change(name, old, new):
        copy = tmp_path / "course-with-a-fault"
        for part in SETTINGS.visible:
            source, target = REPO / part, copy / part
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)
        module = copy / "course" / "isolation" / name
        text = module.read_text()
        assert old in text
        module.write_text(text.replace(old, new))
        lines.cool_down()
        changed = dataclasses.replace(running.SETTINGS, root=str(copy))
        monkeypatch.setattr(running, "SETTINGS", changed)

    yield change
    lines.cool_down()


UNPACK = "def unpack(files: Any, folder: Path) -> None:\n"
FAULTS = {
    "an argument that this Python does not know": (
        ("archive.py", UNPACK, f"{UNPACK}    open(os.devnull, filter='data')\n"),
        "TypeError: 'filter' is an invalid keyword argument for open()",
    ),
    "a missing module": (
        ("archive.py", "import tarfile\n", "import tarfile\nimport no_such_module\n"),
        "No module named 'no_such_module'",
    ),
    "a missing module in the student's process": (
        ("student.py", "    linecache.checkcache()\n", "    import no_such_module\n"),
        "student's process could not be set up: ModuleNotFoundError: No module named",
    ),
    "the student's process is killed at its start": (
        (
            "student.py",
            "    linecache.checkcache()\n",
            "    import os\n    os.kill(os.getpid(), 9)\n",
        ),
        "did not get ready: signal 9",
    ),
    "the student's process hangs at its start": (
        ("student.py", "    linecache.checkcache()\n", "    import time\n    time.sleep(60)\n"),
        "did not get ready: nothing was heard of it for 10 seconds",
    ),
    "an error in the checker": (
        (
            "checker.py",
            "        # A test that no longer ends is",
            "        None.serve()\n        #",
        ),
        "The checker failed: AttributeError: 'NoneType' object has no attribute 'serve'",
    ),
    "the checker is killed at its start": (
        ("checker.py", "        # A test that no longer ends is", "        sys.exit(1)\n        #"),
        "The checker failed: SystemExit: 1",
    ),
    "a mount that is refused": (
        ("inner.py", 'mount("proc", "/proc", "proc"', 'mount("proc", "/proc", "no such kind"'),
        "sandbox could not be set up: OSError: [Errno 19] mount /proc: No such device",
    ),
    "a limit that cannot be set": (
        ("inner.py", "limits.open_files", "2**31"),
        "sandbox could not be set up: ValueError: not allowed to raise maximum limit",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_ours_is_told_as_what_it_is(tmp_path, monkeypatch, broken, fault):
    change, words = FAULTS[fault]
    broken(*change)
    monkeypatch.setattr(lines, "START_SECONDS", 10 if "hangs" in fault else 60)
    with pytest.raises(InternalFault) as told:
        run(notebook(), cwd=tmp_path, timeout=20)
    assert words in str(told.value) and "longer than" not in str(told.value)
    assert "killed" in fault or "hangs" in fault or "Traceback" in told.value.details


@pytest.mark.parametrize("native", [False, True])
def test_a_fault_is_told_unconfined_and_without_a_warm_process(tmp_path, broken, native):
    change, words = FAULTS["an argument that this Python does not know"]
    broken(*change)
    with pytest.raises(InternalFault) as told:
        run(notebook(), cwd=tmp_path, confine="none", native=native)
    assert words in str(told.value) and "Traceback" in told.value.details


# A class.


@pytest.mark.parametrize("fault", ["a mount that is refused", "a missing module"])
def test_where_no_submission_can_be_run_the_grading_stops_with_the_reason(
    tmp_path, source, answer, hand_in, broken, fault, capfd
):
    change, words = FAULTS[fault]
    broken(*change)
    hand_in(tmp_path, "ada", answer())
    assert grade_class(ClassFolder(tmp_path), source=source, jobs=1) == 1
    said = capfd.readouterr()
    assert words.partition(": ")[2] in said.err and said.out == ""
    assert len(said.err.splitlines()) == 2  # what limits submissions here, and the reason
    assert ("docs/machines.md" in said.err) == ("mount" in fault)
    assert "Traceback" in (tmp_path / "grading.log").read_text()
    assert not (tmp_path / "grades.csv").exists() and not (tmp_path / "autograded").exists()


def marks_in(root):
    """The students who have marks in the gradebook."""
    with Gradebook(ClassFolder(root).gradebook_url, "") as gradebook:
        return [each.student.id for each in gradebook.assignment_submissions("01_sums")]


def check_that_only_bob_was_not_decided(root, read_grades, said, words):
    """Bob's submission failed for a reason of ours, and nobody else's."""
    rows = read_grades(root)
    for cell in ("test_double", "test_total", "test_total__empty", "explain_sum"):
        row = rows["bob", cell]
        assert (row["points"], row["status"]) == ("0", "error")
        assert "could not be graded: InternalFault" in row["message"] and words in row["message"]
    for student in ("ada", "zoe"):
        assert rows[student, "test_double"]["status"] == "passed"
    assert marks_in(root) == ["ada", "zoe"]
    assert not (root / "autograded" / "bob" / "01_sums").exists()
    assert words in said.err and "grading.log" in said.err and "longer than" not in said.err
    assert words in (root / "grading.log").read_text()


def test_a_fault_at_one_submission_is_no_mark_and_is_graded_anew(
    tmp_path, source, answer, hand_in, broken, read_grades, capfd
):
    broken("inner.py", "limits.scratch_bytes", "2**20")
    for student in ("ada", "bob", "zoe"):
        hand_in(tmp_path, student, answer())
    folder = tmp_path / "submitted" / "bob" / "01_sums"
    (folder / "large.csv").write_bytes(bytes(2 * 2**20))
    assert grade_class(ClassFolder(tmp_path), source=source, jobs=1) == 1
    words = "No space left on device"
    check_that_only_bob_was_not_decided(tmp_path, read_grades, capfd.readouterr(), words)
    assert "unpack" in (tmp_path / "grading.log").read_text()
    (folder / "large.csv").unlink()
    assert grade_class(ClassFolder(tmp_path), source=source, jobs=1) == 0
    assert marks_in(tmp_path) == ["ada", "bob", "zoe"]
    assert read_grades(tmp_path)["bob", "test_double"]["status"] == "passed"


def kill_when_it_lasts(find, found):
    """Kills the first process that `find()` names twice in a row, three seconds apart."""
    before = None
    for _ in range(20):
        now = find()
        if now is not None and now == before:
            found.append(now)
            now.kill()
            return
        before = now
        time.sleep(3)


def a_checker():
    """A checker that a process of ours has started."""
    for each in psutil.Process().children(recursive=True):
        try:
            if Path(os.readlink(f"/proc/{each.pid}/cwd")).name.startswith("checker-"):
                return each
        except OSError:
            continue
    return None


def the_warm_process():
    """The warm process of a checker of ours."""
    checker = a_checker()
    return checker and checker.parent()


@pytest.mark.parametrize("find", [a_checker, the_warm_process])
def test_a_process_of_ours_that_is_killed_costs_nobody_a_mark(
    tmp_path, source, answer, hand_in, read_grades, capfd, find
):
    for student in ("ada", "zoe"):
        hand_in(tmp_path, student, answer())
    slow = "import time\ntime.sleep(25)\n\ndef double(x):\n    return x + x"
    hand_in(tmp_path, "bob", answer(double=slow))
    found = []
    killer = threading.Thread(target=kill_when_it_lasts, args=(find, found))
    killer.start()
    status = grade_class(ClassFolder(tmp_path), source=source, jobs=1)
    killer.join()
    assert found and status == 1
    words = "The checker ended unexpectedly"
    check_that_only_bob_was_not_decided(tmp_path, read_grades, capfd.readouterr(), words)


# What students do is theirs.

FORGED = """
import os
for handle in range(3, 256):
    for text in (b'["fault", "Traceback"]\\n', b'["wall", "Traceback"]\\n'):
        try:
            os.write(handle, text)
        except OSError:
            pass
"""
SEED = """
import numpy as np
def seed(*args):
    raise RuntimeError("no seed")
np.random.seed = seed
"""
HOSTILE = {
    "killed": ("import os\nos.kill(os.getpid(), 9)", "LimitReached: The cell ended the Python"),
    "exit": ("import os\nos._exit(1)", "KernelDied: The cell ended the Python process"),
    "forged": (FORGED, "KernelDied: The outcome cannot be|KernelDied: The answer cannot be used"),
    "forged and gone": (f"{FORGED}os._exit(1)", "KernelDied"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_student_who_ends_the_process_has_ended_it(tmp_path, attack):
    cell, words = HOSTILE[attack]
    own, test = errors(run(notebook(cell), cwd=tmp_path, timeout=5))
    assert any(own.startswith(word) for word in words.split("|")), own
    assert test.startswith("NameError")


def test_a_generator_that_refuses_its_seed_fails_the_test(tmp_path):
    own, test = errors(run(notebook(f"{SEED}\n{ANSWER}"), cwd=tmp_path, timeout=5))
    assert (own, test) == ("", "RuntimeError: no seed")


def test_an_answer_that_is_too_large_to_be_told_is_the_students(tmp_path):
    cell = "answer = 'x' * (127 * 2**20)"
    test = "assert answer == 42, answer * 2"
    own, failed = errors(run(notebook(cell, test), cwd=tmp_path, timeout=20))
    assert own == "" and failed.startswith("KernelDied: The answer cannot be used")


def test_hostile_students_do_not_stop_the_class(tmp_path, source, answer, hand_in, read_grades):
    for number, (cell, _) in enumerate([*HOSTILE.values(), (SEED, "")]):
        hand_in(tmp_path, f"mallory {number}", answer(double=cell))
    hand_in(tmp_path, "zoe", answer())
    assert grade_class(ClassFolder(tmp_path), source=source, jobs=1, timeout=5) == 0
    rows = read_grades(tmp_path)
    assert rows["zoe", "test_double"]["status"] == "passed"
    for number in range(len(HOSTILE) + 1):
        assert rows[f"mallory {number}", "test_double"]["points"] == "0"
    assert len(marks_in(tmp_path)) == len(HOSTILE) + 2


@pytest.mark.parametrize("how", [{}, {"confine": "none", "native": True}])
def test_files_beside_the_notebook_are_not_imported_before_the_start_is_told(tmp_path, how):
    for name in ("numpy", "json", "matplotlib_inline", "IPython", "course", "tarfile"):
        (tmp_path / f"{name}.py").write_text("import os\nos._exit(1)\n")
    assert errors(run(notebook(), cwd=tmp_path, timeout=20, **how)) == ["", ""]


def test_more_files_than_a_scratch_folder_holds_are_left_out(tmp_path):
    for number in range(30):
        (tmp_path / f"{number}.csv").write_bytes(bytes(10_000_000))
    deep = tmp_path / "z" / "/".join("a" * 900)
    deep.mkdir(parents=True)
    for number in range(30):
        (deep / f"{number}.csv").write_text("1")
    assert errors(run(notebook(), cwd=tmp_path, timeout=20)) == ["", ""]


def test_a_graded_cell_that_never_ends_has_taken_too_long(tmp_path):
    test = "while True:\n    pass"
    assert errors(run(notebook(test=test), cwd=tmp_path, timeout=2)) == [
        "",
        "CellTimeout: The cell took longer than 2 seconds.",
    ]


# Machines that refuse the sandbox.

PLACES = {
    ".dockerenv": ("", "docker run --security-opt seccomp=unconfined"),
    "run/.containerenv": ("", "podman run --security-opt seccomp=unconfined"),
    "proc/1/environ": ("PATH=/bin\0container=lxc\0", "security.nesting=true"),
    "run/systemd/container": ("lxc\n", "features: nesting=1"),
    "proc/sys/user/max_user_namespaces": ("0\n", "sysctl -w user.max_user_namespaces=10000"),
    "proc/sys/kernel/unprivileged_userns_clone": ("0\n", "kernel.unprivileged_userns_clone=1"),
    "proc/sys/kernel/apparmor_restrict_unprivileged_userns": ("1\n", "Ubuntu's AppArmor"),
    "etc/hostname": ("somewhere", "Allow this user, or this container, to make user namespaces"),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_is_needed_depends_on_the_machine(tmp_path, monkeypatch, name):
    content, words = PLACES[name]
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    monkeypatch.setattr(refusals, "is_root", lambda: False)
    guess = "bwrap: No permissions to create a new namespace, likely because of this or that"
    told = refusals.refused(SETTINGS, guess, tmp_path)
    assert words in told and "likely" not in told and "--sandbox none" in told
    assert "(No permissions to create a new namespace)" in told


# Each is what a container refuses by default, done to a process of root's.
TRY = """
import ctypes, os, sys
from pathlib import Path
from course.authoring import running
from course.isolation import seccomp, syscalls
from course.paths import CourseError
sys.stderr = sys.stdout
{before}
try:
    running.check("bwrap")
    print("outer wall")
    running.self_test()
    print("works")
except CourseError as error:
    print(error)
"""
FILTER = """
machine = os.uname().machine
column = syscalls.MACHINES[machine][1]
steps = [(seccomp.LOAD, 0, 0, seccomp.NUMBER)]
for numbers in {refused}:
    steps += [(seccomp.EQUAL, 0, 1, numbers[column]), (seccomp.RETURN, 0, 0, seccomp.FAIL | 1)]
for name in {asked}:
    steps += seccomp.asked(syscalls.ASKED[name], column)
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
seccomp.install(seccomp.packed([*steps, (seccomp.RETURN, 0, 0, seccomp.ALLOW)]))
"""
UNSHARE, CLONE3 = (272, 97), (435, 435)
WEAK = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
ALONE = ("unshare", "--user", "--map-root-user", "--mount")
REFUSALS = {
    "a container's filter of system calls": (
        WEAK,
        FILTER.format(refused=[UNSHARE, CLONE3], asked=["clone"]),
        "Operation not permitted|No permissions to",
    ),
    "a filter that bubblewrap itself does not meet": (
        (),
        FILTER.format(refused=[UNSHARE], asked=[]),
        "outer wall\nbubblewrap cannot set up the sandbox that submissions are run in (The "
        "sandbox could not be set up: PermissionError: [Errno 1] unshare: Operation not permitted)",
    ),
    "a /proc with parts that are masked": (
        (*ALONE, "sh", "-c", 'mount --bind /dev/null /proc/version && exec "$@"', "sh", *WEAK),
        "",
        "proc: Operation not permitted",
    ),
    "no user namespaces": (
        (
            *ALONE,
            "sh",
            "-c",
            'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"',
            "sh",
            *WEAK,
        ),
        "",
        "sysctl -w user.max_user_namespaces=10000",
    ),
}


def attempt(words, before):
    """What is printed where the sandbox is tried behind `words`."""
    command = [*words, sys.executable, "-c", TRY.format(before=before)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=REPO, timeout=120, check=True
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to take its rights away")
@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_container_that_refuses_is_told_in_two_sentences(refusal):
    words, before, expected = REFUSALS[refusal]
    told = attempt(words, before)
    assert any(part in told for part in expected.split("|")), told
    assert "works" not in told and "--sandbox none" in told and "docs/machines.md" in told
    assert len(told.removeprefix("outer wall\n").splitlines()) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to take its rights away")
def test_a_root_without_rights_gets_its_sandbox_like_any_user():
    assert attempt(WEAK, "") == "outer wall\nworks\n"
