"""What a run tells at its end: what was graded, and which marks became others."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.history import Change
from course.gradebook.table import Row, total
from course.grading.standing import Standing
from course.notebooks.verdict import one_line, points_text

MOST = 10


@dataclass(frozen=True)
class Told:
    """What a run has done, or would do.

    Attributes
    ----------
    folder : ClassFolder
    stands : mapping of Submission to Standing
        How each submission stood before.
    rows : mapping of Submission to list of Row
        Of what was graded.
    failures : mapping of Submission to str
        Why the grading itself failed.
    changes : sequence of Change
    differences : mapping of str to list of str
        How lessons differ from what was graded before.
    vanished : sequence of str
        Whose marks left the table, for nothing else of them was left.
    """

    folder: ClassFolder
    stands: Mapping[Submission, Standing]
    rows: Mapping[Submission, list[Row]]
    failures: Mapping[Submission, str]
    changes: Sequence[Change]
    differences: Mapping[str, list[str]]
    vanished: Sequence[str] = ()

    def tell(self, asked: int, seconds: float) -> None:
        """Of a run that has written its marks."""
        print(
            f"{len(self.rows)} submissions graded in {seconds:.0f} s, "
            f"{asked - len({*self.rows, *self.failures})} unchanged, "
            f"{len(self.failures)} could not be graded. Marks: {self.folder.grades}"
        )
        self._tell_changes()
        if self.changes:
            print(f"Old and new marks side by side: {self.folder.changes}")
        self._tell_problems()

    def foretell(self) -> None:
        """Of a run that has written nothing."""
        self._tell_changes()
        changed = {(each.student, each.lesson) for each in self.changes}
        for submission, rows in self.rows.items():
            before = self.stands[submission].rows
            if not before:
                print(f"{submission}: {total(rows)}, graded for the first time")
            elif (submission.student, submission.lesson) in changed:
                print(
                    f"{submission}: {total(before)} before, {total(rows)} then{_gain(before, rows)}"
                )
                for each in self.changes:
                    if (each.student, each.lesson) == (submission.student, submission.lesson):
                        print(f"    {_line(each)}")
        same = len(self.stands) - len(changed)
        print(f"Nothing was written. {same} submissions keep their marks or are new.")
        self._tell_problems()

    def _tell_changes(self) -> None:
        for lesson, lines in self.differences.items():
            for line in lines:
                print(f"{lesson}, {line}")
        again = [each for each in self.rows if self.stands[each].rows]
        sums = [_sum(self.rows[each]) - _sum(self.stands[each].rows) for each in again]
        touched = {(each.student, each.lesson) for each in self.changes}
        if touched:
            print(
                f"Other marks than before in {len(touched)} submissions: "
                f"{sum(each > 0 for each in sums)} gain, {sum(each < 0 for each in sums)} lose."
            )
        _name("Wait to be marked by hand again", (e for e in self.changes if "waits" in e.reason))
        _name("Marks by hand were lowered", (e for e in self.changes if "lowered" in e.reason))

    def _tell_problems(self) -> None:
        lost = [each for each, its in self.stands.items() if its.lost and each in self.rows]
        if lost:
            print(
                f"The gradebook did not hold {len(lost)} submissions that were graded before: they "
                "were graded again, with the marks by hand that the history has. Due dates and "
                "extensions have to be set again.",
                file=sys.stderr,
            )
        gone = [each for each in self.stands if each.folder.parent.parent != self.folder.submitted]
        gone += [each for each in self.stands if not each.folder.is_dir()]
        if gone:
            print(
                f"Gone from submitted/, with their marks kept: {_listed(map(str, gone))}. To take "
                f"a student out: python -m course withdraw STUDENT --root {self.folder}",
                file=sys.stderr,
            )
        if self.vanished:
            print(
                f"No longer in grades.csv, for neither submitted/, autograded/ nor the gradebook "
                f"has anything of it: {_listed(self.vanished)}. The marks are in "
                f"{self.folder.changes}",
                file=sys.stderr,
            )
        for submission, reason in self.failures.items():
            print(f"{submission}: {reason}", file=sys.stderr)
        if self.failures:
            print(f"What happened in full: {self.folder.log}", file=sys.stderr)


def _sum(rows: Iterable[Row]) -> float:
    return sum(float(row["points"]) for row in rows)


def _gain(before: Iterable[Row], after: Iterable[Row]) -> str:
    gain = _sum(after) - _sum(before)
    return f" ({'gains' if gain > 0 else 'loses'} {points_text(abs(gain))})" if gain else ""


def _line(change: Change) -> str:
    def points(value: float | None, most: float | None) -> str:
        return "-" if value is None or most is None else f"{points_text(value)}/{points_text(most)}"

    old = points(change.old_points, change.old_max)
    new = points(change.new_points, change.new_max)
    return f"{change.cell}: {old} before, {new} then: {change.reason}"


def _name(what: str, changes: Iterable[Change]) -> None:
    named = [one_line(f"{each.student} {each.lesson} {each.cell}") for each in changes]
    if named:
        print(f"{what}: {_listed(named)}.")


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
