"""A demo class: real submissions of every kind, graded before your eyes.

The submissions are made from the released lessons, as students make them: answers of the bank are
filled in, and some files are then broken in ways that happen.
"""

import copy
import json
import re
import shutil
import sys
from collections import defaultdict
from dataclasses import dataclass, field

import nbformat
from rich.console import Console
from rich.table import Table

from course.gradebook.class_folder import ClassFolder
from course.gradebook.table import read_grades
from course.notebooks import exercises
from course.notebooks.cells import is_autotest
from course.oracle import bank
from course.paths import RELEASE, REPO, SOURCE, notebook_path
from course.syllabus import lesson_ids

DEMO = REPO / "demo"
LESSONS = tuple(lesson_ids()[:2])
TIMEOUT = 15

# A half-finished homework, with the mistakes of such a homework: k-means++ is there, but only one
# round of updates; the mean is summed over points *and* features; an empty cluster becomes NaN.
HOMEWORK = {
    "get_cluster_assignments": """\
def get_cluster_assignments(X, centroid_locations):
    z = np.zeros(len(X), dtype=np.int8)
    for i, x in enumerate(np.asarray(X)):
        z[i] = np.argmin(np.linalg.norm(x - np.asarray(centroid_locations), axis=1) ** 2)
    return z
""",
    "get_cluster_centroids": """\
def get_cluster_centroids(X, cluster_assignments, centroid_locations):
    mu = np.array(centroid_locations, dtype=float)
    for i in range(len(mu)):
        mask = cluster_assignments == i
        mu[i] = 1 / np.sum(mask) * np.sum(X[mask])
    return mu
""",
    "kmeans": """\
def kmeans(X, k, rng, n_init=1, max_iter=100):
    mu = np.empty((k, X.shape[1]))
    mu[0] = X[np.random.randint(len(X))]
    nearest = np.linalg.norm(X - mu[0], axis=1) ** 2
    for i in range(1, k):
        threshold = np.random.random_sample() * nearest.sum()
        mu[i] = X[np.searchsorted(np.cumsum(nearest), threshold)]
        nearest = np.minimum(nearest, np.linalg.norm(X - mu[i], axis=1) ** 2)
    z = np.array([np.argmin(np.linalg.norm(x - mu, axis=1)) for x in X], dtype=np.int8)
    for i in range(k):
        mu[i] = 1 / np.sum(z == i) * np.sum(X[z == i])
    return mu, z
""",
}


# How someone makes another's homework look like their own.
OTHER_NAMES = {"mu": "centres", "nearest": "closest", "threshold": "limit", "mask": "mine"}


def _renamed(answers):
    pattern = re.compile(rf"\b({'|'.join(OTHER_NAMES)})\b")
    return {
        exercise: pattern.sub(lambda found: OTHER_NAMES[found.group()], source)
        for exercise, source in answers.items()
    }


@dataclass
class Student:
    """One student of the demo class.

    Attributes
    ----------
    id : str
        Also the folder's name.
    about : str
        What is special about the work.
    answers : dict of str to dict of str to str
        For each lesson handed in, the source of each exercise that was solved.
    spoil : callable, optional
        Takes a finished notebook and the path to hand it in at, and writes the file its own way.
    """

    id: str
    about: str
    answers: dict = field(default_factory=dict)
    spoil: object = None


def reference(lesson):
    """The author's own answers, the quiz and the text for the open question included."""
    return exercises.reference(nbformat.read(notebook_path(SOURCE, lesson), as_version=4))


def other_right_answers(lesson, style):
    """For each exercise the bank's right answer number `style`, else the author's."""
    return reference(lesson) | _pick(lesson, "right", style)


def misconceptions(lesson, which):
    """For each exercise the bank's wrong answer number `which`."""
    return _pick(lesson, "wrong", which)


def _pick(lesson, kind, number):
    found = defaultdict(list)
    for answer in bank.load(lesson):
        if answer.kind == kind:
            found[answer.exercise].append(answer.source)
    return {exercise: sources[number % len(sources)] for exercise, sources in found.items()}


def first_half(lesson):
    """The author's answers to the first half of the exercises."""
    answers = reference(lesson)
    kept = list(answers)[: len(answers) // 2]
    return {name: answers[name] for name in kept}


def _each(make, *arguments):
    return {lesson: make(lesson, *arguments) for lesson in LESSONS}


# --- files that are broken in ways that happen -------------------------------------------------


def _test_cells(notebook):
    return [cell for cell in notebook.cells if is_autotest(cell)]


def _hand_in(notebook, path):
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def _half_a_download(notebook, path):
    path.write_text(nbformat.writes(notebook)[:3000], encoding="utf-8")


def _empty_file(_, path):
    path.write_bytes(b"")


def _wrong_name(notebook, path):
    _hand_in(notebook, path.with_name("my solution (2).ipynb"))


def _old_format(notebook, path):
    path.write_text(json.dumps(nbformat.convert(notebook, 3)), encoding="utf-8")


def _pasted_twice(notebook, path):
    cell = copy.deepcopy(_test_cells(notebook)[0])
    cell.id = "pasted"
    notebook.cells.append(cell)
    _hand_in(notebook, path)


def _deleted(notebook, path):
    notebook.cells.remove(_test_cells(notebook)[0])
    _hand_in(notebook, path)


def _retyped(notebook, path):
    cell = _test_cells(notebook)[0]
    cell.cell_type = "markdown"
    cell.pop("outputs", None)
    cell.pop("execution_count", None)
    _hand_in(notebook, path)


def _skipped(notebook, path):
    for cell in _test_cells(notebook):
        cell.metadata["tags"] = ["skip-execution"]
    _hand_in(notebook, path)


def _from_the_future(notebook, path):
    _test_cells(notebook)[0].metadata.nbgrader.schema_version = 99
    _hand_in(notebook, path)


ENDLESS = "while True:\n    pass"
LEAVES = "import os\n\nos._exit(0)"


def the_class():
    """The students of the demo class.

    Returns
    -------
    list of Student
    """
    lesson = LESSONS[-1]
    right = {lesson: reference(lesson)}
    first = next(iter(right[lesson]))

    def instead(source):
        return {lesson: right[lesson] | {first: source}}

    return [
        Student("ada", "the author's own answers", _each(reference)),
        Student("emmy", "right in other ways", _each(other_right_answers, 0)),
        Student("grace", "right in other ways again", _each(other_right_answers, 1)),
        Student("blaise", "handed in untouched", _each(lambda _: {})),
        Student("carl", "the first half of each lesson", _each(first_half)),
        Student("pierre", "typical misconceptions", _each(misconceptions, 0)),
        Student("sofia", "other misconceptions", _each(misconceptions, 1)),
        Student("thomas", "more misconceptions", _each(misconceptions, 3)),
        Student("robin", "a half-finished homework", {lesson: HOMEWORK}),
        Student("piet", "the same homework under other names", {lesson: _renamed(HOMEWORK)}),
        Student("chris-broken-file", "the file ends in the middle", right, _half_a_download),
        Student("dana-empty-file", "the file is empty", right, _empty_file),
        Student("eli-wrong-name", "the file has another name", right, _wrong_name),
        Student("fay-old-format", "right, in notebook format 3", right, _old_format),
        Student("gus-pasted-twice", "right, a test cell is there twice", right, _pasted_twice),
        Student("hal-deleted-test", "right, a test cell was deleted", right, _deleted),
        Student("ivy-retyped-test", "right, a test became text", right, _retyped),
        Student(
            "jo-skips-tests", "untouched, its tests tagged to be skipped", {lesson: {}}, _skipped
        ),
        Student("kim-schema-99", "right, metadata of schema version 99", right, _from_the_future),
        Student("lou-endless-cell", "a cell that never ends", instead(ENDLESS)),
        Student("max-leaves", "a cell that ends the process", instead(LEAVES)),
    ]


def submit(folder, release=RELEASE):
    """Write the class's submissions.

    Parameters
    ----------
    folder : ClassFolder
        Gets the submissions; old ones are replaced.
    release : Path
        The folder of the released lessons.
    """
    shutil.rmtree(folder.submitted, ignore_errors=True)
    for student in the_class():
        for lesson, answers in student.answers.items():
            notebook = nbformat.read(notebook_path(release, lesson), as_version=4)
            exercises.fill_in(notebook, answers)
            path = notebook_path(folder.submitted / student.id, lesson)
            path.parent.mkdir(parents=True)
            (student.spoil or _hand_in)(notebook, path)


def run(root=DEMO, jobs=None):
    """Make the class, grade it, print the marks, write the feedback and the class report.

    Returns
    -------
    int
        The exit status of the grading.
    """
    from course.grading.grade import grade_class
    from course.reports.feedback import write_feedback
    from course.reports.report import write_report

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
    folder = ClassFolder(root)
    shutil.rmtree(folder.root, ignore_errors=True)
    folder.root.mkdir(parents=True)
    submit(folder)
    status = grade_class(folder, LESSONS, jobs=jobs, timeout=TIMEOUT) or write_feedback(folder)
    if status == 0:
        report = write_report(folder).relative_to(folder.root)
        rows = read_grades(folder)
        print_marks(console, rows)
        print_reasons(console, rows)
        root = folder.root
        shown = root.relative_to(REPO) if root.is_relative_to(REPO) else root
        console.print(
            f"\nMarks:    {shown}/grades.csv, and nbgrader's own {shown}/gradebook.db\n"
            f"Feedback: {shown}/feedback/STUDENT/index.html, for example "
            f"{shown}/feedback/pierre/index.html\n"
            f"Report:   {shown}/{report}"
        )
    return status


def print_marks(console, rows):
    """Print a table of students by lessons, with totals."""
    points, most = defaultdict(float), defaultdict(float)
    for row in rows:
        points[row["student"], row["lesson"]] += float(row["points"])
        most[row["lesson"]] = max(
            most[row["lesson"]],
            sum(
                float(r["max_points"])
                for r in rows
                if (r["student"], r["lesson"]) == (row["student"], row["lesson"])
            ),
        )
    table = Table(title="Marks of the demo class")
    table.add_column("student")
    table.add_column("what was handed in")
    for lesson in LESSONS:
        table.add_column(f"{lesson}\nof {most[lesson]:g}", justify="right")
    table.add_column("total", justify="right")
    for student in the_class():
        earned = {lesson: points[student.id, lesson] for lesson in student.answers}
        cells = [f"{earned[lesson]:g}" if lesson in earned else "-" for lesson in LESSONS]
        table.add_row(student.id, student.about, *cells, f"{sum(earned.values()):g}")
    console.print(table)


def print_reasons(console, rows, most=3):
    """Print why marks were lost: the first messages of each student."""
    lost = defaultdict(dict)
    for row in rows:
        if row["status"] not in ("passed", "manual") and row["message"]:
            lost[row["student"]].setdefault(row["message"], row)
    console.print("\nWhy marks were lost (open questions wait for a reader):")
    for student, reasons in lost.items():
        console.print(f"\n[bold]{student}[/bold]")
        for message, row in list(reasons.items())[:most]:
            console.print(f"  {row['cell']} ({row['status']}): {message}", markup=False)
        if len(reasons) > most:
            console.print(f"  ... and {len(reasons) - most} more")
