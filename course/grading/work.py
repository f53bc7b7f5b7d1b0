"""What a worker does: one submission, from its files to a notebook with its cells run."""

import functools
import hashlib
import json
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course.authoring.running import run
from course.notebooks.assembling import assemble
from course.notebooks.reading import (
    UnreadableSubmission,
    copy_extras,
    extra_files,
    parse_submission,
    read_bytes,
)
from course.notebooks.verdict import normalise, one_line
from course.paths import notebook_path

# Part of every fingerprint: count it up when the same submission may get other marks than before.
GRADER = "2"


@dataclass(frozen=True)
class Submission:
    """A student's folder for one lesson."""

    student: str
    lesson: str
    folder: Path

    def __str__(self):
        return one_line(f"{self.student} {self.lesson}")


@dataclass
class Outcome:
    """What came of a submission, as a worker hands it back.

    Either `notebook`, in JSON, or `failure`, a kind and a sentence, with `details` where that is
    the grader's own failure.
    """

    submission: Submission
    notebook: str | None = None
    fingerprint: str | None = None
    failure: tuple | None = None
    details: str | None = None


def work(submission, source, how):
    """Grades one submission; never raises.

    Parameters
    ----------
    submission : Submission
    source : path-like
        The folder of the lessons' source notebooks.
    how : dict
        What `course.isolation.run.run` takes besides.

    Returns
    -------
    Outcome
    """
    outcome = Outcome(submission)
    try:
        outcome.fingerprint = fingerprint(submission, source)
        original = _parsed(notebook_path(source, submission.lesson).read_text(encoding="utf-8"))
        try:
            student = parse_submission(_content(submission), f"{submission.lesson}.ipynb")
        except UnreadableSubmission as reason:
            outcome.failure = ("SubmissionMissing", str(reason))
            return outcome
        notebook, notes = assemble(original, student)
        with tempfile.TemporaryDirectory(prefix="submission-") as folder:
            copy_extras(submission.folder, folder)
            copy_extras(Path(source) / submission.lesson, folder)
            executed = normalise(run(notebook, cwd=folder, **how))
        executed.metadata.mended = notes
        outcome.notebook = json.dumps(executed)
    except Exception as error:
        outcome.fingerprint = None
        outcome.failure = ("GradingFailed", failed(error))
        said = getattr(error, "details", "")
        outcome.details = "".join(traceback.format_exception(error)) + (said and f"\n{said}\n")
    return outcome


def failed(error):
    """A sentence on a failure of the grader's own."""
    return one_line(f"This submission could not be graded: {type(error).__name__}: {error}")


@functools.lru_cache(maxsize=1)
def _parsed(text):
    """A lesson's notebook, which is only read: submissions come lesson by lesson."""
    return nbformat.reads(text, as_version=4)


def _content(submission):
    if submission.folder.parent.is_symlink():
        raise UnreadableSubmission("The student's folder is a symbolic link.")
    return read_bytes(submission.folder / f"{submission.lesson}.ipynb")


def fingerprint(submission, source):
    """What a submission's marks depend on, as a short text."""
    digest = hashlib.sha256(GRADER.encode())
    try:
        digest.update(_content(submission))
    except UnreadableSubmission as reason:
        digest.update(str(reason).encode("utf-8", "replace"))
    for folder in (submission.folder, Path(source) / submission.lesson):
        for name in extra_files(folder):
            content = (folder / name).read_bytes()
            digest.update(repr((str(name), len(content))).encode())
            digest.update(content)
    digest.update(notebook_path(source, submission.lesson).read_bytes())
    return digest.hexdigest()
