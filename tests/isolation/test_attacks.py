"""Hostile submissions gain nothing, change nothing, learn nothing, and hold up nobody.

The attacks are in `tests/isolation/attacks`, a file for each aim. Each file is graded as one class, two
at a time, beside honest students who come before, between and after the attackers. What became
of these is compared with the same students in a class of their own.
"""

import contextlib
import copy
import csv
import functools
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import psutil
import pytest
from joblib.externals.loky import get_reusable_executor
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import handlers

from course.gradebook.class_folder import ClassFolder
from course.grading.grade import grade_class
from course.notebooks.cells import grade_id
from course.notebooks.released import as_released
from course.paths import REPO, SOURCE, notebook_path
from course.reports.feedback import write_feedback
from course.scratch import own
from course.settings import nbgrader_settings
from tests.isolation.attacks import (
    NOTHING,
    REPORT,
    change,
    hold_up,
    kernel,
    kmeans,
    marked_right,
    overload,
    read,
    use_up,
    values,
)
from tests.isolation.attacks import lesson as target

BATCHES = [
    marked_right.batch,
    read.batch,
    change.batch,
    hold_up.batch,
    use_up.batch,
    overload.batch,
    kernel.batch,
    kmeans.batch,
    values.batch,
]
ATTACKS = [(batch, attack) for batch in BATCHES for attack in batch.attacks]
EACH_BATCH = pytest.mark.parametrize("batch", BATCHES, ids=str)
EACH_ATTACK = pytest.mark.parametrize(
    ("batch", "attack"), ATTACKS, ids=[f"{batch}-{attack}" for batch, attack in ATTACKS]
)
LEFT = {"submitted", "autograded", "feedback", "gradebook.db", "grades.csv", "grading.log"}
# In the head of a page of feedback: the fingerprint of all that it was made of, times included.
MADE_OF = re.compile(rb'<meta name="made-of" content="[^"]*">')
TOO_LARGE = 60_000_000
MEMORY = 4.5 * 2**30


# --- the lessons, and who hands them in -----------------------------------------------------------


@dataclass
class Lesson:
    """A lesson under attack: its sources, and an honest student's answers of each kind."""

    name: str
    source: Path
    answers: dict

    def __post_init__(self):
        self.original = nbformat.read(notebook_path(self.source, self.name), as_version=4)
        self.released = as_released(self.original)
        self.tests = [
            grade_id(cell)
            for cell in self.original.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        ]

    def solved(self, answers):
        """The released notebook with answers filled in, as plain data."""
        notebook = json.loads(json.dumps(self.released))
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = answers.get(name, cell["source"])
        return notebook

    def tests_of(self, exercise):
        """The graded cells that hang on an exercise."""
        return [name for name in self.tests if name.split("__")[0] == f"test_{exercise}"]


def neighbours(lesson):
    """The honest students: for each the kind of answers that are handed in."""
    if lesson.name == target.LESSON:
        names = (
            "0-full 0-half 0-blank 0-wrong 0-right m-full m-half zz-full zz-half zz-blank zz-wrong"
        )
    else:
        names = "0-right 0-wrong m-blank zz-right zz-wrong"
    return {name: name.partition("-")[2] for name in names.split()}


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """The lessons that are attacked, by name."""
    folder = tmp_path_factory.mktemp("course") / "source"
    target.write_source(folder)
    half = {name: target.RIGHT[name] for name in ("scale", "draw")}
    secret = f"# {target.SECRETS['submission']}\n"
    full = {**target.RIGHT, "scale": secret + target.RIGHT["scale"]}
    small = {"full": full, "half": half, "blank": {}, "wrong": target.WRONG, "right": target.RIGHT}
    real = nbformat.read(notebook_path(SOURCE, "02_kmeans"), as_version=4)
    solution = {
        grade_id(cell): cell.source
        for cell in real.cells
        if grade_id(cell) == "get_cluster_assignments"
    }
    zeros = "def get_cluster_assignments(X, centroid_locations):\n    return np.zeros(len(X), dtype=int)"
    return {
        target.LESSON: Lesson(target.LESSON, folder, small),
        "02_kmeans": Lesson(
            "02_kmeans",
            SOURCE,
            {"right": solution, "wrong": {"get_cluster_assignments": zeros}, "blank": {}},
        ),
    }


def hand_in(root, student, lesson, content):
    """Writes a submission."""
    path = notebook_path(root / "submitted" / student, lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


def hand_in_attack(root, lesson, attack, known):
    """Writes an attacker's submission, with whatever lies beside it."""
    folder = root / "submitted" / attack.name / lesson.name
    folder.mkdir(parents=True)
    answers = lesson.answers[attack.rest]
    text = attack.cell(known, answers[attack.at])
    notebook = lesson.solved({**answers, attack.at: text})
    for cell in notebook["cells"] if attack.text else ():
        marks = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and marks.get("solution") and marks["grade_id"] != attack.at:
            cell["source"] = REPORT + cell["source"]
    for name, content in attack.files.items():
        (folder / name).write_text(content)
    made = attack.forge(notebook, folder, known) if attack.forge else None
    if made is not NOTHING:
        hand_in(root, attack.name, lesson.name, notebook if made is None else made)


# --- what is looked at before and after -----------------------------------------------------------


class Listener:
    """Listens on this machine, and keeps who called."""

    def __init__(self, folder):
        self.calls = []
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        self.abstract = f"attacked-{uuid.uuid4().hex}"
        self.unix = str(folder / "socket")
        self.sockets = [self.tcp, self.udp]
        for address in ("\0" + self.abstract, self.unix):
            server = socket.socket(socket.AF_UNIX)
            server.bind(address)
            server.listen()
            self.sockets.append(server)
        for each in self.sockets:
            each.settimeout(0.2)
            threading.Thread(target=self._listen, args=(each,), daemon=True).start()

    def _listen(self, server):
        while server.fileno() >= 0:
            with contextlib.suppress(TimeoutError, OSError):
                if server.type == socket.SOCK_DGRAM:
                    self.calls.append(server.recvfrom(1000))
                else:
                    connection, address = server.accept()
                    with connection:
                        connection.settimeout(1)
                        self.calls.append((address, connection.recv(1000)))

    def close(self):
        for each in self.sockets:
            each.close()


class Scales:
    """Weighs this process's descendants while it is entered, and keeps the heaviest."""

    def __enter__(self):
        self.heaviest = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._weigh, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.over.set()
        self.thread.join()

    def _weigh(self):
        while not self.over.wait(0.1):
            for process in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    self.heaviest = max(self.heaviest, process.memory_info().rss)


def contents(folder):
    """What is in each file below a folder; of huge ones, pipes and links what there is to know."""
    found = {}
    for where, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = os.path.join(where, name)
            about = os.lstat(path)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[key] = os.readlink(path)
            elif os.path.isfile(path) and about.st_size < TOO_LARGE:
                with open(path, "rb") as file:
                    found[key] = hashlib.sha256(MADE_OF.sub(b"", file.read())).hexdigest()
            else:
                found[key] = about.st_mode, about.st_size * (not os.path.isdir(path))
    return found


def stamps(folder):
    """Size and time of each file below a folder, for folders too large to be read."""
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            with contextlib.suppress(OSError):
                about = os.lstat(path)
                found[path] = about.st_size, about.st_mtime_ns
    return found


def changes(before, after):
    """The paths that differ; what Python compiles for itself in the meantime does not count."""
    changed = {path for path in before if before[path] != after.get(path)}
    return changed | {path for path in after.keys() - before if "__pycache__" not in path}


def house():
    """The state of everything that grading may read and must not change."""
    folders = [REPO / name for name in ("utils", "course", "source", "release")]
    packages = {Path(path) for path in sys.path if path.endswith("site-packages")}
    return {key: value for folder in [*folders, *packages] for key, value in stamps(folder).items()}


def processes_with(marker):
    """The ids of the processes that carry the marker in their command line or environment."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            for what in ("cmdline", "environ", "comm"):
                with contextlib.suppress(OSError):
                    if marker.encode() in Path(f"/proc/{name}/{what}").read_bytes():
                        found.append(int(name))
    return sorted(set(found))


def marked_paths(marker, *folders):
    """The paths with the marker in their name, in folders and two levels below."""
    found = []
    for folder in folders:
        for pattern in ("*", "*/*", "*/*/*"):
            with contextlib.suppress(OSError):
                found += [path for path in Path(folder).glob(pattern) if marker in path.name]
    return found


def marks_in_gradebook(root, lesson):
    """For each student, what the gradebook holds of each graded cell."""
    with Gradebook(ClassFolder(root).gradebook_url, "") as gradebook:
        assignments = [each.name for each in gradebook.assignments]
        assert assignments == [lesson.name]
        found = {}
        for student in gradebook.students:
            found[student.id] = {
                grade.name: (
                    grade.score,
                    grade.auto_score,
                    grade.manual_score,
                    grade.extra_credit,
                    grade.max_score,
                )
                for submission in student.submissions
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
    return found


def read_rows(root):
    """The rows of grades.csv: of each student a dictionary of cell to points, status, message."""
    rows = {}
    with open(root / "grades.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            outcome = float(row["points"]), row["status"], row["message"]
            rows.setdefault(row["student"], {})[row["cell"]] = outcome
    return rows


def disguises(secret):
    """The forms in which `tell` prints a secret."""
    return [form.encode() for form in (secret, secret[::-1], secret.encode().hex())]


class ActiveParts(HTMLParser):
    """Collects what an attacker's script could run by in an HTML page."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.tag = ""

    def handle_starttag(self, tag, attributes):
        self.tag = tag
        for name, value in attributes:
            value = (value or "").strip()
            runs = re.match(r"(javascript|vbscript|data:text|data:image/svg)", value, re.IGNORECASE)
            runs = runs or name.startswith("on") or name == "srcdoc"
            runs = runs or (tag == "meta" and name == "content" and "url=" in value)
            if runs and ("4711" in value or "x.invalid" in value):
                self.found.append(f"{tag} {name}={value}")
        if tag == "base":
            self.found.append(tag)

    def handle_data(self, data):
        if self.tag in ("script", "style") and "4711" in data:
            self.found.append(f"{self.tag}: {data}")

    def handle_endtag(self, tag):
        self.tag = ""


def active_parts(page):
    """The scripts of an attacker that a browser would run."""
    parser = ActiveParts()
    parser.feed(page)
    return parser.found


# --- the battle -----------------------------------------------------------------------------------


@dataclass
class Aftermath:
    """What there is to see when a class with attackers has been graded."""

    lesson: Lesson
    root: Path
    status: int
    feedback_status: int
    rows: dict
    marks: dict
    submitted: tuple
    house: tuple
    calls: list
    alive: bool
    survivors: list
    left_behind: list
    scratch: list
    outside: tuple
    terminal: bytes
    heaviest: int


@pytest.fixture(scope="module")
def honest(lessons, tmp_path_factory):
    """A function that grades the honest students of a lesson alone."""

    @functools.cache
    def grade(name):
        lesson = lessons[name]
        root = tmp_path_factory.mktemp("honest")
        for student, kind in neighbours(lesson).items():
            hand_in(root, student, lesson.name, lesson.solved(lesson.answers[kind]))
        assert grade_class(ClassFolder(root), source=lesson.source, timeout=20, jobs=2) == 0
        assert write_feedback(ClassFolder(root), source=lesson.source) == 0
        return root, read_rows(root), marks_in_gradebook(root, lesson)

    return grade


@pytest.fixture(scope="module")
def battle(lessons, honest, tmp_path_factory):
    """A function that grades a batch of attackers among honest students, once."""
    before = house()

    @functools.cache
    def fight(title):
        batch = next(batch for batch in BATCHES if batch.title == title)
        with pytest.MonkeyPatch.context() as patch:
            folder = tmp_path_factory.mktemp("fight")
            gradebook = honest(batch.lesson)[0] / "gradebook.db"
            return _fight(batch, lessons[batch.lesson], folder, gradebook, before, patch)

    return fight


def _fight(batch, lesson, folder, gradebook, house_before, patch):
    root, home, scratch = folder / "class", folder / "home", folder / "tmp"
    for each in (root, home, scratch):
        each.mkdir()
    (home / ".netrc").write_text(target.SECRETS["file"])
    secret_file = folder / "secret.txt"
    secret_file.write_text(target.SECRETS["file"])
    marker = f"attack-{uuid.uuid4().hex[:12]}"
    listener = Listener(folder)
    known = {
        "root": str(root),
        "source": str(lesson.source),
        "repo": str(REPO),
        "home": str(home),
        "ipython": os.environ.get("IPYTHONDIR", str(home)),
        "file": str(secret_file),
        "marker": marker,
        "port": listener.port,
        "abstract": listener.abstract,
        "unix": listener.unix,
        "namespace": os.readlink("/proc/self/ns/pid"),
    }
    # Workers that other tests have left would still have other environments.
    get_reusable_executor().shutdown(wait=True)
    patch.setenv("HOME", str(home))
    patch.setenv("TMPDIR", str(scratch))
    patch.setenv("COURSE_SECRET", target.SECRETS["environment"])
    patch.setattr(tempfile, "tempdir", None)
    students = neighbours(lesson)
    for student, kind in students.items():
        hand_in(root, student, lesson.name, lesson.solved(lesson.answers[kind]))
    _prepare_gradebook(root, gradebook)
    for attack in batch.attacks:
        hand_in_attack(root, lesson, attack, known)
    outside_before = contents(home), secret_file.read_bytes()
    before = contents(root / "submitted"), contents(lesson.source)
    bystander = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(3600)", target.SECRETS["process"]],
        env={"BYSTANDER_SECRET": target.SECRETS["process"]},
    )
    try:
        with _terminal(folder / "terminal") as terminal, Scales() as scales:
            status = grade_class(
                ClassFolder(root),
                source=lesson.source,
                timeout=batch.timeout,
                jobs=batch.jobs,
                second_tries=0,
            )
        survivors = processes_with(marker)
        time.sleep(1)  # for whoever is waiting until nobody looks
        rows, marks = read_rows(root), marks_in_gradebook(root, lesson)
        feedback_status = write_feedback(ClassFolder(root), source=lesson.source)
        get_reusable_executor().shutdown(wait=True)
        after = contents(root / "submitted"), contents(lesson.source)
        house_after = house()
        alive = bystander.poll() is None
        places = [folder, root, home, "/dev/shm", "/tmp", "/var/tmp", "/run", REPO]
        places += [path for path in sys.path if path]
        left_behind = marked_paths(marker, *places)
        return Aftermath(
            lesson=lesson,
            root=root,
            status=status,
            feedback_status=feedback_status,
            rows=rows,
            marks=marks,
            submitted=(before, after),
            house=(house_before, house_after),
            calls=listener.calls,
            alive=alive,
            survivors=survivors,
            left_behind=left_behind,
            scratch=[
                *own().glob("submission-*"),
                *own().glob("release-*"),
                *own().glob("beside-*"),
            ],
            outside=(outside_before, (contents(home), secret_file.read_bytes())),
            terminal=terminal.read_bytes(),
            heaviest=scales.heaviest,
        )
    finally:
        bystander.kill()
        bystander.wait()
        listener.close()
        for pid in processes_with(marker):
            with contextlib.suppress(OSError):
                os.kill(pid, 9)
        for path in marked_paths(
            marker, "/dev/shm", "/tmp", "/var/tmp", "/run", REPO, *sys.path[1:]
        ):
            path.unlink(missing_ok=True)


def _prepare_gradebook(root, gradebook):
    """Puts the gradebook of the honest class in its place, with a secret in it."""
    shutil.copy(gradebook, root / "gradebook.db")
    with Gradebook(ClassFolder(root).gradebook_url, "") as gradebook:
        gradebook.update_or_create_student("0-right", last_name=target.SECRETS["gradebook"])


@contextlib.contextmanager
def _terminal(path):
    """Whatever this process and its children write to the terminal goes to a file."""
    kept = os.dup(1), os.dup(2)
    with open(path, "w", encoding="utf-8", errors="replace") as file:
        try:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
            with contextlib.redirect_stdout(file), contextlib.redirect_stderr(file):
                yield path
        finally:
            for number, handle in zip((1, 2), kept, strict=True):
                os.dup2(handle, number)
                os.close(handle)


def graded_notebook(after, student):
    """The graded notebook of a student."""
    return ClassFolder(after.root).graded(student, after.lesson.name)


def outputs(notebook):
    """All that the cells of a notebook put out, as text."""
    return json.dumps([cell.get("outputs", []) for cell in notebook.cells], ensure_ascii=False)


# --- each attacker --------------------------------------------------------------------------------


@EACH_ATTACK
def test_it_earns_what_its_answers_earn_and_the_instructor_is_told(batch, attack, battle, honest):
    after = battle(batch.title)
    _, honest_rows, _ = honest(batch.lesson)
    expected, got = honest_rows[f"0-{attack.rest}"], after.rows[attack.name]
    lesson = after.lesson
    if attack.spoils:
        for name, (points, status, message) in got.items():
            assert points <= expected[name][0], got
            assert message or status in ("passed", "partial", "failed", "manual")
        return
    hit = lesson.tests if attack.everywhere else lesson.tests_of(attack.at) if attack.status else []
    assert {name: row for name, row in got.items() if name not in hit} == {
        name: row for name, row in expected.items() if name not in hit
    }
    for name in hit:
        points, status, message = got[name]
        assert status in attack.status, got[name]
        assert points == (expected[name][0] if status == "passed" else 0), got[name]
        assert message or status in ("passed", "manual")
        assert re.search(attack.says, message), got[name]
    score, _, manual, extra, _ = zip(*after.marks[attack.name].values(), strict=True)
    assert sum(score) == sum(points for points, _, _ in got.values())
    assert not any(extra) and manual == (None,) * len(manual)
    notes = "; ".join(graded_notebook(after, attack.name).metadata.get("mended", []))
    assert re.search(attack.notes, notes)


@EACH_ATTACK
def test_it_learns_nothing(batch, attack, battle):
    after = battle(batch.title)
    notebook = copy.deepcopy(graded_notebook(after, attack.name))
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            # Its text and its traceback are the lesson's own; an instructor may see them.
            cell.source = ""
            for output in cell.outputs:
                output.pop("traceback", None)
    places = {"graded notebook": json.dumps(notebook, ensure_ascii=False).encode()}
    for top in ("autograded", "feedback"):
        for path in (after.root / top / attack.name).rglob("*"):
            if path.is_file() and path.suffix != ".ipynb":
                places[str(path)] = path.read_bytes()
    found = [
        (place, name)
        for place, text in places.items()
        for name, secret in target.SECRETS.items()
        for form in disguises(secret)
        if form in text
    ]
    assert not found
    assert "BREACH" not in outputs(notebook) + str(after.rows[attack.name]), outputs(notebook)


@EACH_ATTACK
def test_no_script_of_its_runs_in_a_browser(batch, attack, battle):
    after = battle(batch.title)
    for path in (after.root / "feedback" / attack.name).rglob("*.html"):
        page = path.read_text()
        assert "default-src 'none'" in page
        assert not active_parts(page), path
    if attack.name.startswith("scripts"):
        assert not active_parts(as_the_formgrader_shows(after, attack.name))


def as_the_formgrader_shows(after, student):
    """The page on which an instructor marks a submission by hand."""
    config = nbgrader_settings()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    path = notebook_path(after.root / "autograded" / student, after.lesson.name)
    resources = dict.fromkeys(
        ("assignment_id", "notebook_id", "submission_id", "base_url", "last_name", "first_name"), ""
    )
    resources |= {"index": 0, "total": 1, "student": student, "notebook_path": str(path)}
    return HTMLExporter(config=config).from_filename(str(path), resources=resources)[0]


# --- everyone and everything else -----------------------------------------------------------------


@EACH_BATCH
def test_the_class_is_graded_and_gets_its_feedback(batch, battle):
    after = battle(batch.title)
    assert after.status == 0, after.terminal.decode(errors="replace")[-2000:]
    assert after.feedback_status == 0
    everyone = set(neighbours(after.lesson)) | {attack.name for attack in batch.attacks}
    assert set(after.rows) == set(after.marks) == everyone
    assert all(list(rows) == after.lesson.tests for rows in after.rows.values())


@EACH_BATCH
def test_nobody_elses_marks_change(batch, battle, honest):
    after = battle(batch.title)
    _, rows, marks = honest(batch.lesson)
    assert {name: after.rows[name] for name in rows} == rows
    assert {name: after.marks[name] for name in marks} == marks


@EACH_BATCH
def test_nobody_elses_feedback_changes(batch, battle, honest):
    after = battle(batch.title)
    root, rows, _ = honest(batch.lesson)
    for student in rows:
        theirs = contents(root / "feedback" / student)
        assert contents(after.root / "feedback" / student) == theirs, student


@EACH_BATCH
def test_no_submission_and_no_source_changes(batch, battle):
    before, after = battle(batch.title).submitted
    assert after == before


@EACH_BATCH
def test_the_house_stays_as_it_was(batch, battle):
    after = battle(batch.title)
    assert changes(*after.house) == set()
    before, now = after.outside
    assert now == before
    assert {path.name for path in after.root.iterdir()} <= LEFT


@EACH_BATCH
def test_nothing_is_left_behind(batch, battle):
    after = battle(batch.title)
    assert after.left_behind == []
    assert after.scratch == []


@EACH_BATCH
def test_no_process_survives_and_none_is_hit(batch, battle):
    after = battle(batch.title)
    assert after.survivors == []
    assert after.alive


@EACH_BATCH
def test_no_process_grows_without_limit(batch, battle):
    assert battle(batch.title).heaviest < MEMORY


@EACH_BATCH
def test_nothing_goes_over_the_network(batch, battle):
    assert battle(batch.title).calls == []


@EACH_BATCH
def test_the_table_the_log_and_the_terminal_hold_no_secret(batch, battle):
    after = battle(batch.title)
    told = after.terminal + (after.root / "grades.csv").read_bytes()
    assert not [
        name
        for name, secret in target.SECRETS.items()
        for form in disguises(secret)
        if form in told
    ]
    assert b"BREACH" not in told


def test_the_listener_hears_who_calls(tmp_path):
    listener = Listener(tmp_path)
    with socket.create_connection(("127.0.0.1", listener.port)) as connection:
        connection.send(b"hello")
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + listener.abstract)
        connection.send(b"hello")
    for _ in range(20):
        time.sleep(0.1)
        if len(listener.calls) == 2:
            break
    listener.close()
    assert [text for _, text in listener.calls] == [b"hello"] * 2


def test_each_attack_has_a_name_of_its_own_and_says_what_it_does():
    for batch in BATCHES:
        names = [attack.name for attack in batch.attacks]
        assert len(set(names)) == len(names)
        assert all(attack.about and attack.about.endswith(".") for attack in batch.attacks)
    assert len(ATTACKS) >= 90
