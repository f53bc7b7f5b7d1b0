"""JupyterLab for a student: a working copy of the released lessons, and a welcome page."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode

from course import syllabus
from course.paths import RELEASE, REPO, CourseError
from course.student.working_copy import bring, updates

WORK = REPO / "work"

# JupyterLab as a student needs it: of nbgrader only Validate, no news, Markdown shown as a page.
# Each file goes into a folder that JUPYTER_CONFIG_PATH names.
SETTINGS = {
    "labconfig/page_config.json": {
        "disabledExtensions": {
            "@jupyter/nbgrader:assignment-list": True,
            "@jupyter/nbgrader:course-list": True,
            "@jupyter/nbgrader:create-assignment": True,
            "@jupyter/nbgrader:formgrader": True,
            "@jupyter/nbgrader:menu": True,
            "@jupyterlab/apputils-extension:announcements": True,
            "jupyterlab-jupytext": True,
        }
    },
    "labconfig/default_setting_overrides.json": {
        "@jupyterlab/docmanager-extension:plugin": {
            "defaultViewers": {"markdown": "Markdown Preview"}
        }
    },
    # Of what it does, the terminal shows the address and warnings.
    "jupyter_server_config.json": {
        "LabApp": {"log_level": "WARN"},
        "ServerApp": {
            "log_level": "WARN",
            "jpserver_extensions": {
                "nbgrader.server_extensions.validate_assignment": True,
                "nbgrader.server_extensions.assignment_list": False,
                "nbgrader.server_extensions.course_list": False,
                "nbgrader.server_extensions.formgrader": False,
                "jupytext": False,
            },
        },
    },
    "nbgrader_config.json": {"Execute": {"timeout": 300}},
}

WELCOME = """\
# Clustering and mixture models

Open a lesson with a click, read, and run one cell after the other with **Shift + Enter**.

{lessons}

## Exercises

- Replace the line `raise NotSolvedYet` by your code, run the cell, then run the test cell below it.
  No message means that the visible checks pass. The checks that grade your work try other data too.
- Leave the names of functions, the test cells and the names of the files as they are.
- Save with **Ctrl + S** (on a Mac **Cmd + S**).

## Validate before you hand in

The button **Validate** above an open lesson runs the whole notebook from its top in a fresh Python
and lists the checks that fail. An exercise that you have not solved counts as failed, so does one
that only worked because of a cell that you deleted since. It may take a minute.

## Hand in

Hand in the saved notebook of the lesson, for example `{example}`, in the way that your instructor
asks for. Do not rename it. You may hand in work that is not finished: every test cell earns its own
points.
"""


def released(release: Path = RELEASE) -> dict[str, Path]:
    """The released lessons in order.

    Parameters
    ----------
    release : Path

    Returns
    -------
    dict of str to Path
        The notebook of each lesson by its id.

    Raises
    ------
    CourseError
        If there is none.
    """
    found = {path.stem: path for path in sorted(Path(release).glob("[0-9]*/*.ipynb"))}
    found = {lesson: path for lesson, path in found.items() if path.parent.name == lesson}
    if not found:
        raise CourseError(f"No lesson is in {release}: run `python -m course release` first.")
    return found


def heading(notebook: NotebookNode) -> str:
    """The first heading of a notebook: its title."""
    for cell in notebook.cells:
        found = re.search(r"^#+ +(.+)$", cell.source, flags=re.M)
        if cell.cell_type == "markdown" and found:
            return found.group(1).strip()
    raise CourseError("The notebook has no heading: begin its first text with `# Title`.")


def welcome(release: Path = RELEASE, work: Path | None = None) -> str:
    """The welcome page, in Markdown; its links are relative to the folder of the lessons.

    Newer versions of lessons that lie beside a student's work in `work` are linked, too.
    """
    lessons = released(release)
    about = syllabus.entries()
    links = []
    for lesson, path in lessons.items():
        link = f"- [{heading(nbformat.read(path, as_version=4))}]({lesson}/{lesson}.ipynb)"
        entry = about.get(lesson)
        links.append(f"{link}: {entry.idea} About {entry.minutes} minutes." if entry else link)
        for beside in updates(work, lesson) if work else ():
            links.append(f"  - [A newer version]({quote(f'{lesson}/{beside.name}')}) of it.")
    return WELCOME.format(lessons="\n".join(links), example=f"{next(iter(lessons))}.ipynb")


def prepare(release: Path = RELEASE, work: Path = WORK) -> list[str]:
    """Make or refresh a student's working copy of the released lessons.

    Work is never overwritten: a lesson that was worked on stays as it is, and a newer release of it
    is put beside it under another name.

    Parameters
    ----------
    release, work : Path
        The folders of the released lessons and of the copy.

    Returns
    -------
    list of str
        What was done, a sentence for each lesson.

    Raises
    ------
    CourseError
        If no lesson is released.
    """
    work = Path(work)
    sentences = [bring(lesson, path, work) for lesson, path in released(release).items()]
    (work / "Welcome.md").write_text(welcome(release, work), encoding="utf-8")
    return sentences


def write_settings(folder: str | Path) -> None:
    """Write JupyterLab's settings for students into a folder for JUPYTER_CONFIG_PATH."""
    for name, values in SETTINGS.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def start(arguments: Sequence[str] = (), work: Path = WORK) -> int:
    """Run JupyterLab on a student's working copy until it is stopped.

    Parameters
    ----------
    arguments : sequence of str
        Handed on to JupyterLab, such as ``--no-browser``.
    work : Path
        As `prepare` has made it.

    Returns
    -------
    int
        JupyterLab's exit status.
    """
    work = Path(work)
    settings = work / ".settings"
    write_settings(settings)
    search = [str(settings), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    environment = os.environ | {"JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, search))}
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={work}",
        "--LabApp.default_url=/lab/tree/Welcome.md",
        *arguments,
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Only root's own machine or container is concerned; Jupyter refuses without this.
        command.append("--allow-root")
    # Ctrl-C is JupyterLab's to answer: it asks whether to stop.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(command, cwd=work, env=environment).returncode
    finally:
        signal.signal(signal.SIGINT, before)
