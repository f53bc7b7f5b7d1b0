"""What can go wrong besides a cell's own error: the cell is stopped, or the grading fails."""

from course.paths import CourseError


class CellFailure(Exception):
    """Why a cell has no outcome of its own, and the pair that met it is of no more use."""

    def __init__(self, ename: str, reason: str) -> None:
        super().__init__(reason)
        self.ename = ename
        self.reason = reason


class InternalFault(CourseError):
    """The grading's own failure: nothing follows from it about the submission.

    Parameters
    ----------
    reason : str
        A sentence.
    details : str
        What the processes said, for the log.
    wall : bool
        Whether it is the sandbox that could not be built.
    """

    def __init__(self, reason: str, details: str = "", wall: bool = False) -> None:
        super().__init__(reason)
        self.details = details
        self.wall = wall


def last_line(text: str) -> str:
    """The last line of a traceback, which says what went wrong."""
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else ""
