"""What a student needs, and nothing else, as one zip file."""

import json
import re
import tomllib
import zipfile
from pathlib import Path

import nbformat

from course.authoring.release import leaks
from course.paths import RELEASE, REPO, SOURCE, CourseError, notebook_path
from course.student import lab, working_copy

DIST = REPO / "dist"
NAME = "clustering-course"
README = REPO / "docs" / "students.md"
START = REPO / "scripts" / "start.py"
# The zip format knows no earlier date.
LONG_AGO = (1980, 1, 1, 0, 0, 0)
NOT_FOR_STUDENTS = {"build.py", "__pycache__", ".ipynb_checkpoints"}


def bundle(to: Path = DIST, release: Path = RELEASE, source: Path = SOURCE) -> Path:
    """Write `clustering-course.zip`; the same course gives the same bytes.

    Parameters
    ----------
    to : Path
        The folder that gets it.
    release, source : Path
        The folders of the students' and of the instructors' notebooks. The latter are only read to
        prove that nothing of theirs is in the former.

    Returns
    -------
    Path
        The zip file.

    Raises
    ------
    CourseError
        If no lesson is released, or if a released one holds something of the instructor's.
    """
    target = Path(to) / f"{NAME}.zip"
    files = contents(release, source)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".part")
    with zipfile.ZipFile(half, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{NAME}/{name}", LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    half.replace(target)
    return target


def contents(release: Path = RELEASE, source: Path = SOURCE) -> dict[str, bytes]:
    """What goes into the bundle.

    Returns
    -------
    dict of str to bytes
        The files by their names.
    """
    lessons = lab.released(release)
    files = {}
    for lesson, path in lessons.items():
        check(lesson, path, notebook_path(source, lesson))
        files[f"released/{lesson}/{lesson}.ipynb"] = path.read_bytes()
    for path in (REPO / "utils").rglob("*"):
        parts = path.relative_to(REPO).parts
        if path.is_file() and not NOT_FOR_STUDENTS.intersection(parts):
            files["/".join(parts)] = path.read_bytes()
    texts = {
        "README.md": README.read_text(encoding="utf-8"),
        "released/Welcome.md": lab.welcome(release),
        "requirements.txt": requirements(),
        "constraints.txt": constraints(),
        "start.py": START.read_text(encoding="utf-8"),
        "working_copy.py": Path(working_copy.__file__).read_text(encoding="utf-8"),
        **{name: (REPO / name).read_text(encoding="utf-8") for name in licences()},
        **{f"settings/{n}": json.dumps(v, indent=2) + "\n" for n, v in lab.SETTINGS.items()},
    }
    return files | {name: text.encode() for name, text in texts.items()}


def check(lesson: str, released: Path, source: Path) -> None:
    """Refuse a released lesson that holds something of its source's.

    Raises
    ------
    CourseError
    """
    if not source.exists():
        raise CourseError(f"{lesson}: there is no {source} to check the released lesson against.")
    notebooks = (nbformat.read(path, as_version=4) for path in (source, released))
    problems = leaks(*notebooks)
    if problems:
        raise CourseError(
            f"{lesson}: the released lesson does not fit its source: {problems[0]} "
            "Run `python -m course build` and `python -m course release`."
        )


def _project():
    return tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def licences() -> list[str]:
    """The names of the licence files."""
    return _project()["license-files"]


def requirements() -> str:
    """The packages that a student needs, in pip's format."""
    return "\n".join(_project()["dependencies"]) + "\n"


def constraints(lock: Path = REPO / "requirements.lock") -> str:
    """The exact versions of the lock, with their markers, in pip's format for constraints."""
    pins = re.findall(
        r"^([\w.-]+)(?:\[[^\]]*\])?(==[^\s;\\]+)(?: *(;[^\\\n]+?))? *\\?$",
        Path(lock).read_text(encoding="utf-8"),
        flags=re.M,
    )
    return "".join(f"{name}{version} {marker}".rstrip() + "\n" for name, version, marker in pins)
