"""The files beside a notebook: packed by the grader, unpacked where the notebook is run."""

import io
import itertools
import os
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import IO, Any

from course.isolation.allowed import Limits

# What is handed over leaves room in a submission's scratch folder.
MAX_BYTES = 200_000_000
MAX_FILES = 10_000


def pack(folder: str | os.PathLike[str], limits: Limits) -> IO[bytes]:
    """The files of a folder, as an open file that a pair can be given.

    Parameters
    ----------
    folder : path-like
    limits : Limits
        Those of the scratch folder; files that would take more than half of what it holds are left
        out.
    """
    handle = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the caller)
    entries = 0
    with tarfile.open(fileobj=handle, mode="w") as archive:
        for path in itertools.islice(sorted(Path(folder).rglob("*")), MAX_FILES):
            if not path.is_file() or path.is_symlink():
                continue
            info = tarfile.TarInfo(str(path.relative_to(folder)))
            info.size = path.stat().st_size
            entries += len(Path(info.name).parts)
            if entries <= limits.scratch_files // 2 and handle.tell() + info.size <= MAX_BYTES:
                archive.addfile(info, io.BytesIO(path.read_bytes()))
    handle.flush()
    return handle


def unpack(files: Any, folder: Path) -> None:
    """Makes `folder` the working directory, with the submission's files in it."""
    folder.mkdir(parents=True)
    os.chdir(folder)
    content = os.pread(files.fileno(), os.fstat(files.fileno()).st_size, 0)
    files.close()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        extract(archive, folder)


def extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Writes the files of an archive below `folder`; there must be nothing but plain files.

    The same as `extractall(filter="data")`, which Python has since 3.11.4, would do with them.

    Parameters
    ----------
    archive : tarfile.TarFile
    folder : Path

    Raises
    ------
    ValueError
        If a member is no plain file, or if its name leads out of `folder`.
    """
    for member in archive:
        name = PurePosixPath(member.name)
        if not member.isreg():
            raise ValueError(f"{name} in the archive is not a plain file")
        if name.is_absolute() or ".." in name.parts:
            raise ValueError(f"{name} in the archive leads out of its folder")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.extractfile(member).read())  # type: ignore[union-attr]
