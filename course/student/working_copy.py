"""A student's copy of a released lesson: made once, refreshed where untouched, never overwritten.

Students' machines run this file before anything is installed: it needs the standard library only.
"""

import json
import shutil
from itertools import count
from pathlib import Path


def bring(lesson: str, newest: Path, work: Path) -> str:
    """Make or refresh a student's copy of a lesson; what was worked on is never overwritten.

    Parameters
    ----------
    lesson : str
    newest : Path
        The released notebook.
    work : Path
        The folder of the copies.

    Returns
    -------
    str
        What was done.
    """
    mine = work / lesson / f"{lesson}.ipynb"
    given = work / ".released" / f"{lesson}.ipynb"
    if not mine.exists():
        _copy(newest, mine)
        said = "copied."
    elif given.exists() and given.read_bytes() == newest.read_bytes():
        return f"{lesson}: your copy is kept."
    elif _same_text(mine, newest):
        said = "your copy is kept."
    elif _same_text(mine, given):
        _copy(newest, mine)
        said = "a newer version replaces your copy, in which you had changed nothing."
    else:
        beside = _name_beside(mine, given)
        _copy(newest, beside)
        said = (
            f"your work is kept, and a newer version is beside it as '{beside.name}'. To hand that "
            f"in, copy your answers over and give it the name '{mine.name}'."
        )
    _copy(newest, given)
    return f"{lesson}: {said}"


def updates(work: Path, lesson: str) -> list[Path]:
    """The newer versions of a lesson that lie beside a student's work, in order."""
    return sorted((work / lesson).glob(f"{lesson} (updated*).ipynb"))


def _copy(source, target):
    """Copy a file so that the target is never half written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, half)
    half.replace(target)


def _same_text(one, other):
    """Whether two notebooks have the same cells; outputs do not count. False if unreadable."""
    try:
        return _cells(one) == _cells(other)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _cells(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def _name_beside(mine, given):
    """Where a newer release may go: a free name, or an older release that nobody worked on."""
    for number in count(1):
        again = "" if number == 1 else f" {number}"
        beside = mine.with_name(f"{mine.stem} (updated{again}).ipynb")
        if not beside.exists() or _same_text(beside, given):
            return beside
