"""What comes with a submission is unpacked as plain files below its folder, and nothing else is."""

import io
import tarfile

import pytest

from course.isolation.archive import extract


def archive_of(*members):
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(content), "/etc/passwd"
            archive.addfile(info, io.BytesIO(content))
    written.seek(0)
    return tarfile.open(fileobj=written)


def test_plain_files_are_written_with_their_folders(tmp_path):
    with archive_of(
        ("data.csv", tarfile.REGTYPE, b"1,2\n"), ("a/b/ü c.txt", tarfile.REGTYPE, b"")
    ) as archive:
        extract(archive, tmp_path)
    assert (tmp_path / "data.csv").read_bytes() == b"1,2\n"
    assert (tmp_path / "a/b/ü c.txt").read_bytes() == b""


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../../x"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    with (
        archive_of((name, tarfile.REGTYPE, b"x")) as archive,
        pytest.raises(ValueError, match="leads out of its folder"),
    ):
        extract(archive, tmp_path / "inside")
    assert not list(tmp_path.rglob("x"))


@pytest.mark.parametrize(
    "kind",
    [
        *(tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE),
        tarfile.DIRTYPE,
    ],
)
def test_what_is_no_plain_file_is_refused(tmp_path, kind):
    with (
        archive_of(("x", kind, b"")) as archive,
        pytest.raises(ValueError, match="is not a plain file"),
    ):
        extract(archive, tmp_path)
    assert not list(tmp_path.iterdir())
