"""What becomes of a submission's marks when it is graded again: decided here, written elsewhere.

A mark or comment given by hand belongs to the text of the answer. The same text keeps it, whatever
else has changed; another text waits for a reader again, who is told what the answer before was
given; a text that was marked once gets its mark back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from course.gradebook.class_folder import Submission
from course.gradebook.database import Score
from course.gradebook.history import Change, Given, Past
from course.notebooks.cells import grade_id, graded_cells, known_cells, points_of, renamed
from course.notebooks.exercises import judged
from course.notebooks.verdict import points_text

TAKEN_OUT = "taken out of the lesson"


@dataclass(frozen=True)
class Before:
    """What stands of a submission, from the gradebook and from `autograded/`.

    Attributes
    ----------
    scores : mapping of str to Score
        Of its graded cells; `max_score` is what a cell was worth when it was graded.
    comments : mapping of str to str
        Of a person.
    answers : mapping of str to str
        The digests of the answers that the marks are for; empty where that is not known any more.
    past : Past
        What was given for earlier answers.
    """

    scores: Mapping[str, Score] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    past: Past = field(default_factory=list)

    def given(self, cell: str) -> Given:
        """What a person gave for the cell's answer, as it stands in the gradebook."""
        score = self.scores.get(cell, Score(0.0, None, None))
        comment = self.comments.get(cell)
        return Given(score.manual_score, score.extra_credit, comment, score.max_score)

    def unknown(self, gone: bool = False) -> Past:
        """What a person gave or took back that the history has not yet.

        Where the answers are `gone`, a mark that is not there was not taken back.
        """
        found = []
        for cell in dict.fromkeys([*self.scores, *self.comments]):
            answer, given = self.answers.get(cell, ""), self.given(cell)
            last = _last(self.past, cell, answer) or Given()
            if given != last.within(given.max_points) and (given or (last and not gone)):
                found.append((cell, answer, given))
        return found


def before(
    source: NotebookNode,
    notebook: NotebookNode | None,
    scores: Mapping[str, Score],
    comments: Mapping[str, str | None],
    past: Past,
) -> Before:
    """What stands of a submission, with its cells called as in the lesson of today.

    Parameters
    ----------
    source : NotebookNode
        The lesson's source notebook.
    notebook : NotebookNode, optional
        The submission's graded notebook.
    scores, comments, past
        As in `Before`, with the names of any time.
    """
    now = renamed(source)

    def called(cell: str) -> str:
        return now.get(cell, cell)

    worth, answers = {}, {}
    if notebook is not None:
        worth = {called(grade_id(cell) or ""): points_of(cell) for cell in graded_cells(notebook)}
        answers = {called(cell): answer for cell, answer in judged(notebook).items()}
    else:
        marked = {cell for cell, each in scores.items() if each.manual_score is not None}
        answers = {called(cell): answer for cell, answer, _ in past if cell in marked}
    return Before(
        {
            called(cell): Score(
                worth.get(called(cell), each.max_score),
                each.auto_score,
                each.manual_score,
                each.extra_credit,
            )
            for cell, each in scores.items()
            if notebook is None or called(cell) in worth
        },
        {called(cell): comment for cell, comment in comments.items() if comment},
        answers,
        [(called(cell), answer, given) for cell, answer, given in past],
    )


@dataclass(frozen=True)
class Decided:
    """What a cell is to have in the gradebook.

    Attributes
    ----------
    score : Score
    comment : str, optional
        Of a person.
    kept : bool
        Whether the points are those of the grading before, of which none are taken away.
    earlier : str
        What an earlier answer was given, where this one waits for a reader.
    """

    score: Score
    comment: str | None = None
    kept: bool = False
    earlier: str = ""


def decide(
    notebook: NotebookNode, earned: Mapping[str, float | None], old: Before, keep_best: bool
) -> dict[str, Decided]:
    """What each cell of a newly graded notebook is to have.

    Parameters
    ----------
    notebook : NotebookNode
    earned : mapping of str to float
        What each graded cell earned by itself; None where a person marks it.
    old : Before
    keep_best : bool
        Whether no cell may lose of its points by being graded again.
    """
    cells, answers = known_cells(notebook), judged(notebook)
    return {
        name: _decided(name, answers[name], points_of(cells[name]), earned, old, keep_best)
        for name in answers
    }


def _decided(
    name: str,
    answer: str,
    worth: float,
    earned: Mapping[str, float | None],
    old: Before,
    keep_best: bool,
) -> Decided:
    same = old.answers.get(name) == answer
    given, last = old.given(name), _last(old.past, name, answer)
    if not same or (last and given == last.within(given.max_points)):
        # Of a mark that had to be lowered, what was given at first.
        given = last or Given()
    given = given.within(worth)
    auto = earned.get(name)
    kept = False
    if keep_best and auto is not None and name in old.scores:
        best = _share(old.scores[name], worth)
        kept = best > auto
        auto = max(best, auto)
    score = Score(worth, auto, given.points, given.extra)
    waits = name in earned and auto is None and given.points is None
    return Decided(score, given.comment, kept, _earlier(name, old) if waits else "")


def _share(score: Score, worth: float) -> float:
    """The same part of `worth` points that a cell had of those that it was worth."""
    points = score.auto_score if score.manual_score is None else score.manual_score
    if not points or not score.max_score:
        return 0.0
    return min(worth, points if worth == score.max_score else points / score.max_score * worth)


def _earlier(name: str, old: Before) -> str:
    given = [what for cell, _, what in old.past if cell == name and what.points is not None]
    stands = old.given(name)
    return str(stands if stands.points is not None else given[-1] if given else "")


def _last(past: Past, cell: str, answer: str) -> Given | None:
    """What was given last for an answer."""
    found = [given for name, digest, given in past if (name, digest) == (cell, answer)]
    return found[-1] if found else None


def changes(
    submission: Submission, old: Before, notebook: NotebookNode, new: Mapping[str, Decided]
) -> list[Change]:
    """What becomes other marks than before; nothing where it is graded for the first time."""
    if not old.scores:
        return []
    answers, found = judged(notebook), []
    for name in (grade_id(cell) or "" for cell in graded_cells(notebook)):
        was, decided = old.scores.get(name), new[name]
        same = old.answers.get(name) == answers.get(name)
        each = _change(submission, name, was, decided.score, _reason(was, decided, same))
        if each.differs or _waits_again(was, decided):
            found.append(each)
    return found


def taken_out(
    submission: Submission, old: Before, cells: Collection[str], reason: str = TAKEN_OUT
) -> list[Change]:
    """The marks that go with these cells."""
    return [
        _change(submission, cell, score, None, reason)
        for cell, score in old.scores.items()
        if cell in cells
    ]


def _change(
    submission: Submission, cell: str, was: Score | None, now: Score | None, reason: str
) -> Change:
    return Change(
        student=submission.student,
        lesson=submission.lesson,
        cell=cell,
        old_points=was.score if was else None,
        old_max=was.max_score if was else None,
        new_points=now.score if now else None,
        new_max=now.max_score if now else None,
        reason=reason,
    )


def _waits_again(was: Score | None, new: Decided) -> bool:
    return bool(was and was.manual_score is not None and new.earlier)


def _reason(was: Score | None, new: Decided, same: bool) -> str:
    if was is None:
        return "new in the lesson"
    if not same:
        again = ": waits to be marked by hand again" if _waits_again(was, new) else ""
        return f"another answer{again}"
    if was.max_score != new.score.max_score:
        lowered = was.manual_score is not None and was.manual_score > new.score.max_score
        return (
            f"worth {points_text(new.score.max_score)} instead of {points_text(was.max_score)}"
            + (": the mark by hand was lowered to that" if lowered else "")
        )
    return "graded again"
