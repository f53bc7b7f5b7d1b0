"""When a submission was handed in: what its `timestamp.txt` says. Nothing is guessed."""

import codecs
import os
import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

TIMESTAMP = "timestamp.txt"
MAX_BYTES = 1000
EXAMPLE = "2027-01-31 18:30:00 +0100"

TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:T| +)(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) *(\S+)?", re.ASCII)
OFFSET = re.compile(r"([+-])(\d\d)(?::?(\d\d))?", re.ASCII)
PLACE = re.compile(r"[A-Z]\w+(?:/[A-Z][\w+-]+)+", re.ASCII)


class UnclearTime(ValueError):
    """A `timestamp.txt` that is not plainly a time; its text says why and what to write."""


def handed_in(folder: str | Path, own_zone: Callable[[], str | None]) -> datetime | None:
    """When the submission in `folder` was handed in, in UTC without a zone, as nbgrader has it.

    Parameters
    ----------
    folder : path-like
    own_zone : callable
        Gives the zone of times that have none, such as ``Europe/Berlin``; None where these are not
        to be understood. It is asked only if need be.

    Returns
    -------
    datetime, optional
        None where there is no `timestamp.txt`.

    Raises
    ------
    UnclearTime
        If it is no plain file, or its text is not plainly a time with a zone.
    """
    path = Path(folder) / TIMESTAMP
    if not os.path.lexists(path):
        return None
    try:
        text = _text(path)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnclearTime(f"{TIMESTAMP} cannot be read ({reason}). {_advice()}") from None
    try:
        found = TIME.fullmatch(text)
        if found is None:
            raise ValueError
        date, time, zone = found.groups()
        moment = datetime.fromisoformat(f"{date} {time}")
        return _placed(moment, zone, own_zone).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, KeyError, OverflowError, OSError):
        said = f"says {text[:60]!r}" if text else "is empty"
        raise UnclearTime(
            f"{TIMESTAMP} {said}, which is not plainly a time with its zone. {_advice()}"
        ) from None


def _advice() -> str:
    return f"Write it like {EXAMPLE}."


def _text(path: Path) -> str:
    """The file's text. Windows writes it in UTF-16 or begins it with a mark, which says which."""
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    )
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("it is not a plain file")
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise OSError("it is too long")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig").strip()


def _placed(moment: datetime, zone: str | None, own_zone: Callable[[], str | None]) -> datetime:
    """`moment` in its zone; a `ValueError` or `KeyError` where the zone is not plain."""
    if zone in ("Z", "UTC", "GMT"):
        return moment.replace(tzinfo=UTC)
    if zone is not None and (offset := OFFSET.fullmatch(zone)):
        return moment.replace(tzinfo=_offset(*offset.groups()))
    if zone is not None and PLACE.fullmatch(zone):
        return moment.replace(tzinfo=ZoneInfo(zone))
    own = own_zone()
    if own is None:
        raise ValueError
    here = moment.replace(tzinfo=ZoneInfo(own))
    # PST alone may be many zones, but not where the course's own zone goes by this name. In the
    # hour that comes twice it also says which of the two it is.
    for one in (here, here.replace(fold=1)):
        if zone in (None, one.tzname()):
            return one
    raise ValueError


def _offset(sign: str, hours: str, minutes: str | None) -> tzinfo:
    ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(ahead if sign == "+" else -ahead)
