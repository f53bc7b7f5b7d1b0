"""What a worker does: one submission, from its files to a notebook with its cells run."""

import hashlib
import json
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course import scratch
from course.gradebook.class_folder import Submission
from course.grading.intake import take
from course.notebooks.files import UnreadableSubmission, copy_extras, extras, notebooks_in
from course.notebooks.verdict import (
    TRIED_ONCE,
    TRIED_TWICE,
    normalise,
    one_line,
    remark,
    stopped_by_limits,
)
from course.paths import notebook_path

# Part of every fingerprint: count it up when the same submission may get other marks than before.
GRADER = "2"
SECOND_TRY = "a first try, beside others, was stopped by a limit, and all was run again alone"


@dataclass(frozen=True)
class Outcome:
    """What came of a submission, as a worker hands it back.

    Attributes
    ----------
    submission : Submission
    fingerprint : str
        What its marks depend on; empty where the grading failed.
    notebook : str, optional
        With its cells run, in JSON.
    refusal : tuple of str, optional
        In place of it: why it gets no marks, as a kind and a sentence.
    fault : str, optional
        In place of both: how the grading itself failed. `details` are for the log.
    stopped : int
        How many of its cells were stopped by a limit.
    """

    submission: Submission
    fingerprint: str = ""
    notebook: str | None = None
    refusal: tuple[str, str] | None = None
    fault: str | None = None
    details: str = ""
    stopped: int = 0

    def tried_once(self) -> "Outcome":
        """The same, and it says that it was tried but once."""
        notebook = nbformat.from_dict(json.loads(self.notebook or "{}"))
        remark(notebook, TRIED_ONCE)
        return replace(self, notebook=json.dumps(notebook))


def work(
    submission: Submission, source: Path, how: Mapping[str, Any], again: bool = False
) -> Outcome:
    """Grades one submission; never raises.

    Parameters
    ----------
    submission : Submission
    source : path-like
        The folder of the lessons' source notebooks.
    how : mapping
        What `course.authoring.running.run` takes besides.
    again : bool
        Whether this is a second try.

    Returns
    -------
    Outcome
    """
    try:
        own = fingerprint(submission, source)
        try:
            notebook = _executed(submission, source, how)
        except UnreadableSubmission as reason:
            return Outcome(submission, own, refusal=("SubmissionMissing", str(reason)))
        if again:
            remark(notebook, TRIED_TWICE)
            notebook.metadata.mended = [*notebook.metadata.mended, SECOND_TRY]
        stopped = len(stopped_by_limits(notebook))
        return Outcome(submission, own, json.dumps(notebook), stopped=stopped)
    except Exception as error:
        details = "".join(traceback.format_exception(error))
        said = getattr(error, "details", "")
        details += said and f"\n{said}\n"
        return Outcome(submission, fault=fault(error), details=details)


def _executed(submission: Submission, source: Path, how: Mapping[str, Any]) -> NotebookNode:
    from course.authoring.running import run  # a run with nothing to grade does without

    taken = take(submission.folder, submission.lesson, source)
    with scratch.folder("submission-") as folder:
        copy_extras(submission.folder, folder)
        copy_extras(Path(source) / submission.lesson, folder, own_parts=0)
        executed = normalise(run(taken.notebook, cwd=folder, needed=taken.needed, **how))
    executed.metadata.mended = taken.notes
    return executed


def fault(error: Exception) -> str:
    """A sentence on a failure of the grader's own."""
    return one_line(f"This submission could not be graded: {type(error).__name__}: {error}")


def fingerprint(submission: Submission, source: Path) -> str:
    """What a submission's marks depend on, as a short text: its files, then the lesson's."""
    return f"{own_fingerprint(submission)}-{lesson_fingerprint(submission.lesson, source)}"


def own_fingerprint(submission: Submission) -> str:
    """The part of the fingerprint that is the student's."""
    digest = hashlib.sha256()
    _add_notebooks(digest, submission)
    _add_extras(digest, extras(submission.folder))
    return digest.hexdigest()


def lesson_fingerprint(lesson: str, source: Path) -> str:
    """The part of the fingerprint that is the same for all submissions of a lesson."""
    digest = hashlib.sha256(GRADER.encode())
    _add_extras(digest, extras(Path(source) / lesson, own_parts=0))
    digest.update(notebook_path(source, lesson).read_bytes())
    return digest.hexdigest()


def _add_notebooks(digest: "hashlib._Hash", submission: Submission) -> None:
    """Adds the notebook, and others that lie beside it, for it may be one of these that counts."""
    expected = f"{submission.lesson}.ipynb"
    try:
        found = notebooks_in(submission.folder, expected)
    except UnreadableSubmission as reason:
        found = {expected: str(reason)}
    for name, content in found.items():
        if name != expected:
            digest.update(repr((name, len(content))).encode())
        digest.update(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))


def _add_extras(digest: "hashlib._Hash", files: Iterable[tuple[Path, bytes]]) -> None:
    for name, content in files:
        digest.update(repr((str(name), len(content))).encode())
        digest.update(content)
