"""nbgrader's many words go to a file."""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

LOG = logging.getLogger("course.authoring")
LOG.propagate = False


class _File(logging.FileHandler):
    """A file of messages; where the disk is full, the user hears of it otherwise."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Says nothing."""


@contextlib.contextmanager
def quiet(path: Path) -> Iterator[None]:
    """nbgrader's messages go to the file `path` meanwhile, not to the terminal."""
    handler = _File(path, delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    handler.setLevel(logging.WARNING)
    loggers = [LOG, logging.getLogger("traitlets"), logging.getLogger("tornado.application")]
    before = [(logger.propagate, list(logger.handlers)) for logger in loggers]
    for logger in loggers:
        logger.propagate = False
        logger.handlers = [handler]
    try:
        with warnings.catch_warnings():
            # Of its database, too; SQLAlchemy names whoever called it.
            warnings.filterwarnings("ignore", module=r"(nbgrader|course|sqlalchemy|alembic)\b")
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        for logger, (propagate, handlers) in zip(loggers, before, strict=True):
            logger.propagate, logger.handlers = propagate, handlers
        handler.close()
