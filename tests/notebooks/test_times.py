"""When a submission was handed in: plainly said, or asked about."""

import os
from datetime import datetime

import pytest

from course.notebooks.times import UnclearTime, handed_in

HALF_PAST_FIVE = datetime(2027, 1, 31, 17, 30)


def nobody():
    """The course has no zone."""


def berlin():
    return "Europe/Berlin"


def read(folder, content, zone=nobody):
    if isinstance(content, str):
        content = content.encode()
    (folder / "timestamp.txt").write_bytes(content)
    return handed_in(folder, zone)


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-31 17:30:00 UTC",  # as nbgrader's own exchange writes it
        "2027-01-31 17:30:00.000000 UTC\n",
        "2027-01-31T17:30Z",
        "2027-01-31T17:30:00.0000000Z",
        "2027-01-31 18:30:00 +0100",
        "2027-01-31 18:30+01:00",
        "2027-01-31 18:30 +01",
        "2027-01-31 09:30 -0800",
        "2027-01-31 18:30 Europe/Berlin",
        "\ufeff2027-01-31 17:30:00 GMT\r\n",
        "2027-01-31 17:30:00 UTC".encode("utf-16"),
    ],
)
def test_a_time_with_its_zone_is_plain(tmp_path, text):
    assert read(tmp_path, text) == HALF_PAST_FIVE


@pytest.mark.parametrize("text", ["2027-01-31 18:30", "2027-01-31T18:30:00 CET"])
def test_the_course_may_have_a_zone(tmp_path, text):
    assert read(tmp_path, text, berlin) == HALF_PAST_FIVE
    with pytest.raises(UnclearTime):
        read(tmp_path, text)


def test_the_hour_that_comes_twice(tmp_path):
    """Where nothing says which of the two, it is the first, which is in favour of the student."""
    first, second = datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30)
    assert read(tmp_path, "2026-10-25 02:30 CEST", berlin) == first
    assert read(tmp_path, "2026-10-25 02:30 CET", berlin) == second
    assert read(tmp_path, "2026-10-25 02:30", berlin) == first


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "",
        "01.02.2027 18:30 UTC",
        "01/02/2027 18:30 UTC",
        "2027-01-31",
        "2027-01-31 UTC",
        "2027-01-31 18:30 PST",
        "2027-01-31 18:30 CET",
        "2027-01-31 18:30",
        "2027-13-31 18:30 UTC",
        "2027-01-31 25:30 UTC",
        "2027-01-31 18:30 +9900",
        "2027-01-31 18:30 Europe/Nowhere",
        "2027-01-31 18:30 Europe/../../../etc/hostname",
        "2027-01-31 18:30 /etc/localtime",
        "2027-01-31 18:30 UTC or so",
        "0001-01-01 00:00 +0100",
        "9999-12-31 23:59 -0100",
        "1706722200",
        b"\xff not a time",
        b"2\x000\x002\x007\x00",
        b"2027-01-31 18:30 UTC" + b" " * 2000,
    ],
)
def test_what_is_not_plain_is_asked_about(tmp_path, text):
    with pytest.raises(UnclearTime, match=r"Write it like 2027-01-31 18:30:00 \+0100\.$") as told:
        read(tmp_path, text)
    assert len(str(told.value)) < 250 and str(told.value).isprintable()


@pytest.mark.parametrize("text", ["2027-01-31 18:30 PST", "2027-01-31 18:30 CEST"])
def test_another_zones_name_is_not_the_courses(tmp_path, text):
    with pytest.raises(UnclearTime):
        read(tmp_path, text, berlin)


def test_without_a_file_nothing_is_said(tmp_path):
    assert handed_in(tmp_path, nobody) is None


def test_only_a_plain_file_is_read(tmp_path):
    path = tmp_path / "timestamp.txt"
    path.symlink_to("/etc/hostname")
    with pytest.raises(UnclearTime):
        handed_in(tmp_path, nobody)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnclearTime, match="not a plain file"):
        handed_in(tmp_path, nobody)
    path.unlink()
    path.mkdir()
    with pytest.raises(UnclearTime):
        handed_in(tmp_path, nobody)
