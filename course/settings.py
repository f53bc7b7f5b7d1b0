"""The one configuration that nbgrader's commands and ours share."""

import copy
from functools import cache

from traitlets.config import Config, PyFileConfigLoader

import course.light  # noqa: F401 (workers come by here before they load nbgrader)
from course.paths import REPO

# What nbgrader's preprocessors call a course without a name; a server insists on one.
COURSE = "default_course"


@cache
def _read() -> Config:
    return PyFileConfigLoader("nbgrader_config.py", path=str(REPO)).load_config()


def nbgrader_settings() -> Config:
    """What `nbgrader_config.py` says, as a traitlets `Config` that is the caller's own."""
    return copy.deepcopy(_read())


def course_zone() -> str | None:
    """The zone of times that have none, `c.Exchange.timezone`; None where nobody has set it."""
    zone = nbgrader_settings().Exchange.get("timezone")
    return str(zone) if zone else None
