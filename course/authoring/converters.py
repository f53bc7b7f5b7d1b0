"""nbgrader's converters, quietly: the course as they see it, and what they say when they fail."""

import datetime
import logging
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbgrader import utils
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from course.authoring.quiet import LOG
from course.notebooks.files import TIMESTAMP
from course.paths import CourseError
from course.settings import COURSE, nbgrader_settings


class Course(CourseDirectory):
    """A class's folder: submissions and gradebook in it, the lessons' sources anywhere."""

    def __init__(self, root: str | Path, source: str | Path, **kwargs: Any) -> None:
        super().__init__(root=str(root), log=LOG, config=nbgrader_settings(), **kwargs)
        self.course_id = COURSE
        self.source_directory = str(source)

    def get_existing_timestamp(self, dest_path: str | Path) -> datetime.datetime | None:
        """When the submission was handed in; None where its file does not say so."""
        path = Path(dest_path) / TIMESTAMP
        try:
            if not stat.S_ISREG(path.lstat().st_mode) or path.stat().st_size > 1000:
                return None
            return utils.parse_utc(path.read_text(encoding="utf-8").strip() or None)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, OverflowError, TypeError):
            LOG.warning("%s cannot be read as a time", path)
            return None


class _Captured(logging.Handler):
    """Keeps what nbgrader logs, which is all it tells about a failure."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += record.getMessage() + "\n"


def start(converter: BaseConverter, failure: Callable[[str], str]) -> None:
    """Runs a converter; `CourseError(failure(what it logged))` if it fails."""
    captured = _Captured()
    LOG.addHandler(captured)
    try:
        converter.start()
    except (Exception, SystemExit) as error:
        raise CourseError(failure(captured.text or repr(error))) from error
    finally:
        LOG.removeHandler(captured)


def last_line(log: str) -> str:
    """What nbgrader said last before it gave up."""
    return log.strip().splitlines()[-1] if log.strip() else "nbgrader gave no reason"
