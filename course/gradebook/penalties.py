"""Brings the gradebook's times and penalties up to date with what they depend on.

Grading sets them, too. But marks given by a person, a due date, an extension, a mended
`timestamp.txt` may come later.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from course.authoring.quiet import LOG
from course.gradebook.class_folder import ClassFolder, Submission
from course.gradebook.database import change, select
from course.notebooks.times import UnclearTime, handed_in
from course.settings import course_zone, nbgrader_settings

# The gradebook's files keep an interval as the time so long after this.
EPOCH = datetime(1970, 1, 1)

TIMES = """
    select submitted_assignment.id, assignment.name, submitted_assignment.student_id,
        submitted_assignment.timestamp
    from submitted_assignment
    join assignment on submitted_assignment.assignment_id = assignment.id
"""
# What each notebook earned, all at once: the gradebook has no index by which to find one's grades.
EARNED = """(
    select notebook_id, sum(coalesce(manual_score, auto_score, 0.0)
        + coalesce(extra_credit, 0.0)) as score
    from grade group by notebook_id
)"""
LATE = f"""
    select submitted_notebook.id, submitted_assignment.student_id,
        submitted_notebook.late_submission_penalty, submitted_assignment.timestamp,
        assignment.duedate, submitted_assignment.extension, coalesce(earned.score, 0.0)
    from submitted_notebook
    join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
    join assignment on submitted_assignment.assignment_id = assignment.id
    left join {EARNED} as earned on earned.notebook_id = submitted_notebook.id
"""
NEW_TIME = "update submitted_assignment set timestamp = :timestamp where id = :id"
NEW_PENALTY = "update submitted_notebook set late_submission_penalty = :penalty where id = :id"

Place = tuple[str, str]


def as_time(value: Any) -> datetime | None:
    """A time as the gradebook has it: text in a file, a time on a server."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def unclear_times(folder: ClassFolder) -> dict[Place, str]:
    """Of which submissions, by lesson and student, it is not clear when they came, and why.

    All others get their time into the gradebook.
    """
    unclear, changes = {}, []
    for entry, lesson, student, recorded in select(folder, TIMES):
        place = Submission(student, lesson, folder.submitted / student / lesson)
        if not place.folder.is_dir():
            continue
        try:
            time = handed_in(place.folder, course_zone)
        except UnclearTime as reason:
            time, unclear[lesson, student] = None, str(reason)
        if time != as_time(recorded):
            changes.append({"id": entry, "timestamp": time and time.isoformat(" ", "microseconds")})
    change(folder, NEW_TIME, changes)
    return unclear


def penalise(folder: ClassFolder) -> dict[Place, str]:
    """Set all penalties by the marks, times, due dates and extensions as they are now.

    Returns
    -------
    dict
        As from `unclear_times`: their penalties are undecided, and nothing is taken off.
    """
    unclear = unclear_times(folder)
    changes = []
    plugin: Callable[..., float | None] | None = None
    for entry, student, recorded, time, due, extension, score in select(folder, LATE):
        penalty, late = None, _seconds_late(time, due, extension)
        if late > 0:
            plugin = plugin or _plugin()
            penalty = plugin(student, score, late)
        if penalty is not None:
            penalty = min(max(penalty, 0.0), score)
        if penalty != recorded:
            changes.append({"id": entry, "penalty": penalty})
    change(folder, NEW_PENALTY, changes)
    return unclear


def _seconds_late(time: Any, due: Any, extension: Any) -> float:
    time, due = as_time(time), as_time(due)
    if time is None or due is None:
        return 0.0
    if isinstance(extension, str):
        extension = datetime.fromisoformat(extension) - EPOCH
    late: timedelta = time - due - (extension or timedelta())
    return max(0.0, late.total_seconds())


def _plugin() -> Callable[..., float | None]:
    """What `nbgrader_config.py` has for late work; most classes that one exports do without."""
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=nbgrader_settings(), log=LOG)
    step.init_plugin()
    penalty: Callable[..., float | None] = step.plugin_inst.late_submission_penalty
    return penalty
