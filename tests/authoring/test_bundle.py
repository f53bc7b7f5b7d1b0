"""The students' zip file: all they need, nothing of the instructor, the same bytes each time."""

import json
import os
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest
from packaging.requirements import Requirement

from course.authoring import bundle
from course.authoring.release import leaks
from course.notebooks.cells import HIDDEN, SOLUTION, strip_region
from course.oracle import bank
from course.paths import RELEASE, REPO, SOURCE, CourseError, lesson_file, notebook_path
from course.student import lab

LESSONS = list(lab.released())
LONG_LINE = 30


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    path = bundle.bundle(tmp_path_factory.mktemp("dist"))
    assert path.name == "clustering-course.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {
            name.removeprefix("clustering-course/"): archive.read(name)
            for name in archive.namelist()
        }


def source_of(lesson):
    return nbformat.read(notebook_path(SOURCE, lesson), as_version=4)


def long_lines(text):
    return {line.strip() for line in text.split("\n") if len(line.strip()) >= LONG_LINE}


def visible_text():
    """What students may read: the sources without solutions and hidden tests, and `utils`."""
    texts = [path.read_text(encoding="utf-8") for path in (REPO / "utils").rglob("*.py")]
    for lesson in LESSONS:
        for cell in source_of(lesson).cells:
            if not (cell.cell_type == "markdown" and cell.metadata.get("nbgrader")):
                texts.append(strip_region(strip_region(cell.source, SOLUTION), HIDDEN))
    return "\n".join(texts)


def secret_lines(lesson):
    """Every long line of the solutions, the hidden tests and the bank of answers."""
    secret = set().union(*(long_lines(cell.source) for cell in source_of(lesson).cells))
    if lesson_file(lesson, "answers.py").exists():
        for answer in bank.load(lesson):
            secret |= long_lines(answer.source) | long_lines(answer.says or "")
    visible = visible_text()
    return {line for line in secret if line not in visible}


def test_it_holds_these_kinds_of_files_and_no_other(files):
    allowed = re.compile(
        r"released/Welcome\.md|released/(\d\d_\w+)/\1\.ipynb|working_copy\.py|utils/[\w/]+\.(py|js|css|npz|md)"
        r"|settings/[\w/]+\.json|README\.md|LICENSE(-LESSONS)?|start\.py|requirements\.txt"
        r"|constraints\.txt"
    )
    assert [name for name in files if not allowed.fullmatch(name)] == []


def test_it_holds_every_released_lesson_as_it_is(files):
    assert LESSONS
    for lesson in LESSONS:
        name = f"released/{lesson}/{lesson}.ipynb"
        assert files[name] == notebook_path(RELEASE, lesson).read_bytes()


def test_it_holds_utils_with_its_data_but_no_build_script(files):
    assert "utils/__init__.py" in files and "utils/data/faces.npz" in files
    assert "utils/data/README.md" in files, "the licences of the data travel with it"
    assert not any("build" in name or "__pycache__" in name for name in files)


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_solution_no_hidden_test_and_no_answer_is_in_it(files, lesson):
    released = nbformat.reads(files[f"released/{lesson}/{lesson}.ipynb"].decode(), as_version=4)
    assert leaks(source_of(lesson), released) == []
    secret = secret_lines(lesson)
    assert len(secret) > 10, "the search would prove nothing"
    for name, data in files.items():
        if not name.endswith(".npz"):
            # A notebook's lines stand in JSON strings: they are searched for in both spellings.
            text = data.decode()
            found = [s for s in secret if s in text or json.dumps(s)[1:-1] in text]
            assert found == [], name


def test_no_marker_of_the_instructor_is_in_it(files):
    for name, data in files.items():
        # Only the licence names the folder, to say what it covers.
        if name != "LICENSE-LESSONS" and not name.endswith(".npz"):
            for mark in (b"BEGIN SOLUTION", b"BEGIN HIDDEN", b"answers.py", b"course.lessons"):
                assert mark not in data, name


def test_the_same_course_gives_the_same_bytes(tmp_path):
    one, two = (bundle.bundle(tmp_path / name).read_bytes() for name in "ab")
    assert one == two


def test_a_release_that_leaks_is_refused(tmp_path):
    lesson = LESSONS[0]
    notebook = source_of(lesson)
    path = notebook_path(tmp_path / "release", lesson)
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match=rf"{lesson}.*shows the instructor's line"):
        bundle.bundle(tmp_path, release=tmp_path / "release")
    assert not list(tmp_path.glob("*.zip"))


def test_the_constraints_pin_all_that_the_students_need(files):
    pins = [Requirement(line) for line in files["constraints.txt"].decode().splitlines()]
    assert all(len(pin.specifier) == 1 and not pin.extras and not pin.url for pin in pins)
    wanted = [Requirement(line).name for line in files["requirements.txt"].decode().splitlines()]
    here = {pin.name for pin in pins if pin.marker is None or pin.marker.evaluate()}
    assert "numpy" in wanted and set(wanted) <= here
    assert "sphinx" not in wanted
    lock = (REPO / "requirements.lock").read_text()
    assert len(pins) == len(re.findall(r"^[a-z0-9]", lock, flags=re.M))


def test_the_start_script_is_clean_and_needs_only_the_standard_library(files, tmp_path):
    script = tmp_path / "start.py"
    script.write_bytes(files["start.py"])
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(REPO / "pyproject.toml"), str(script)]
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([*ruff, *command, *config], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
    imports = re.findall(r"^\s*(?:import|from) (\w+)", script.read_text(), flags=re.M)
    own = re.findall(r"^(?:import|from) (\w+)", files["working_copy.py"].decode(), flags=re.M)
    assert set(own) <= sys.stdlib_module_names
    assert set(imports) <= sys.stdlib_module_names | {"working_copy"}


def start_as(version, files, folder, path):
    """What `start.py` says when a Python of another version runs it."""
    (folder / "start.py").write_bytes(files["start.py"])
    (folder / "constraints.txt").write_bytes(files["constraints.txt"])
    run = (
        "import sys, runpy; sys.version_info = {}; runpy.run_path('start.py', run_name='__main__')"
    )
    command = [sys.executable, "-c", run.format(version)]
    environment = {**os.environ, "PATH": str(path)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("version", [(3, 9, 1), (3, 10, 14), (3, 14, 0), (4, 0, 0)])
def test_a_python_that_does_not_fit_is_told_so_in_a_sentence(files, tmp_path, version):
    done = start_as(version, files, tmp_path, tmp_path / "nothing")
    assert done.returncode == 1
    this = f"this is Python {version[0]}.{version[1]}"
    assert f"needs Python 3.11, 3.12 or 3.13, and {this}" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_python_that_fits_is_found(files, tmp_path):
    bin = tmp_path / "bin"
    bin.mkdir()
    (bin / "python3.13").write_text("#!/bin/sh\necho not installed >&2\nexit 127\n")
    (bin / "python3.12").write_text('#!/bin/sh\n[ "$1" = -c ] && exit\necho taken: $*\nexit 1\n')
    for command in bin.iterdir():
        command.chmod(0o755)
    done = start_as((3, 14, 0), files, tmp_path, f"{bin}{os.pathsep}/bin")
    assert "not installed" not in done.stderr
    assert f"taken: -m venv {tmp_path}" in done.stdout


@pytest.fixture(scope="module")
def unpacked(files, tmp_path_factory):
    """The bundle on a student's machine; its packages are a stand-in for JupyterLab."""
    folder = tmp_path_factory.mktemp("home") / "clustering-course"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "requirements.txt").write_text("")
    (folder / "jupyterlab").mkdir()
    (folder / "jupyterlab" / "__main__.py").write_text(
        "import importlib.util, os, sys\n"
        "print('LAB', *sys.argv[1:], os.environ['JUPYTER_CONFIG_PATH'])\n"
        "print('UTILS', importlib.util.find_spec('utils').origin)\n"
    )
    return folder


def start(folder):
    python = getattr(sys, "_base_executable", sys.executable)
    return subprocess.run([python, "start.py"], cwd=folder, capture_output=True, text=True)


def test_one_command_sets_it_up_and_opens_jupyterlab_on_the_lessons(unpacked):
    done = start(unpacked)
    assert done.returncode == 0, done.stderr
    assert "Setting the course up" in done.stdout
    assert f"LAB --ServerApp.root_dir={unpacked / 'lessons'}" in done.stdout
    assert f"{unpacked / 'settings'}" in done.stdout
    assert f"UTILS {unpacked / 'utils' / '__init__.py'}" in done.stdout
    for lesson in LESSONS:
        mine = notebook_path(unpacked / "lessons", lesson)
        assert mine.read_bytes() == notebook_path(RELEASE, lesson).read_bytes()


def test_the_second_start_is_quick_and_a_newer_bundle_unpacked_over_it_keeps_the_work(unpacked):
    mine = notebook_path(unpacked / "lessons", LESSONS[0])
    work = mine.read_bytes().replace(b"NotSolvedYet", b"NotSolvedYet  # my idea")
    mine.write_bytes(work)
    newer = notebook_path(unpacked / "released", LESSONS[0])
    newer.write_bytes(newer.read_bytes().replace(b"NotSolvedYet", b"NotSolvedYet  # better"))
    done = start(unpacked)
    assert done.returncode == 0 and "Setting the course up" not in done.stdout
    assert f"{LESSONS[0]}: your work is kept, and a newer version is beside it" in done.stdout
    assert mine.read_bytes() == work
    assert mine.with_name(f"{LESSONS[0]} (updated).ipynb").read_bytes() == newer.read_bytes()
