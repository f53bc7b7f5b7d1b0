"""nbgrader's converters, quietly: the course as they see it, and what they say when they fail."""

import datetime
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory

from course.authoring.quiet import LOG
from course.notebooks.times import UnclearTime, handed_in
from course.paths import CourseError
from course.settings import COURSE, course_zone, nbgrader_settings


class Course(CourseDirectory):
    """A class's folder: submissions and gradebook in it, the lessons' sources anywhere."""

    def __init__(self, root: str | Path, source: str | Path, **kwargs: Any) -> None:
        super().__init__(root=str(root), log=LOG, config=nbgrader_settings(), **kwargs)
        self.course_id = COURSE
        self.source_directory = str(source)

    def get_existing_timestamp(self, dest_path: str | Path) -> datetime.datetime | None:
        """When the submission was handed in; None where its file does not say so."""
        try:
            return handed_in(dest_path, course_zone)
        except UnclearTime as reason:
            LOG.warning("%s: %s", dest_path, reason)
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
