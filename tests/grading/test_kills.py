"""Commands that are killed, and two on one folder. `make kills` kills sixty."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course import scratch
from course.cli import main
from course.gradebook.class_folder import ClassFolder, exclusive
from course.paths import REPO, CourseError


def test_killed_commands_lose_nothing_and_leave_nothing():
    words = ["3", "--of", "grade", "--students", "2", "--patience", "60"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", *words],
        cwd=REPO,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "3 commands killed: 0 lost or left something." in done.stdout


@pytest.fixture
def run():
    """A function that starts a process with a run of its own, and gives its scratch folder."""
    started = []

    def start(base, more="", mark=""):
        program = f"from course import scratch\nprint(scratch.own(), flush=True)\n{more}\ninput()"
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "TMPDIR": str(base), "PYTHONPATH": str(REPO)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def base():
    """A folder whose name is short enough for sockets."""
    with scratch.folder("b-") as folder:
        yield Path(folder)


def until(condition):
    """Waits until it holds; the test's own time limit is whoever runs it."""
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_the_scratch_of_a_run_goes_with_its_process_however_that_ends(base, run):
    process, folder = run(base)
    assert folder.parent == base and folder.is_dir()
    process.communicate("\n")
    assert not folder.exists()
    process, folder = run(base)
    process.kill()
    assert until(lambda: not folder.exists())


def test_what_a_killed_run_was_writing_goes_with_it(base, run, tmp_path):
    more = (
        "from pathlib import Path\n"
        f"half = scratch.beside(Path({str(tmp_path)!r})); where = half.__enter__()\n"
        f"lock = scratch.held(Path({str(tmp_path / '.lock')!r})); lock.__enter__()\n"
        "(where / 'part').write_text('half')\nprint(flush=True)"
    )
    process, folder = run(base, more)
    process.stdout.readline()
    assert len(list(tmp_path.iterdir())) == 2
    process.kill()
    assert until(lambda: not folder.exists())
    assert list(tmp_path.iterdir()) == []


def test_a_worker_ends_with_its_driver_and_the_reaper_with_both_ends_others(base, run):
    driver, folder = run(base)
    worker, _ = run(base, f"scratch.join({str(folder)!r})\nprint(flush=True)")
    worker.stdout.readline()
    bystander, _ = run(base)
    driver.kill()
    worker.wait()
    assert bystander.poll() is None


def test_the_next_run_sweeps_what_reapers_could_not_and_nothing_else(base, run, tmp_path):
    running, alive = run(base)
    dead = base / "grading-4194999-dead"  # no process has such a number
    dead.mkdir()
    (dead / "submission").write_text("of last week")
    noted = tmp_path / "half"
    noted.mkdir()
    (dead / f"{scratch.BESIDE}1").symlink_to(noted)
    semaphore = Path("/dev/shm/sem.loky-4194999-left")
    semaphore.touch()
    others = [base / "grading-note", base / "grading-1-x-y", base / "other"]
    for folder in others:
        folder.mkdir()
    linked = base / "grading-4194998-link"
    linked.symlink_to(tmp_path)
    scratch.sweep(base)
    assert alive.is_dir() and running.poll() is None
    assert not dead.exists() and not noted.exists() and not semaphore.exists()
    assert all(folder.is_dir() for folder in others) and linked.is_symlink()


def test_a_table_is_whole_or_as_it_was(tmp_path):
    table = tmp_path / "grades.csv"
    table.write_text("old")
    with pytest.raises(RuntimeError), scratch.whole(table) as file:
        file.write("new")
        raise RuntimeError
    assert table.read_text() == "old"
    with scratch.whole(table) as file:
        file.write("new")
    assert table.read_text() == "new" and list(tmp_path.iterdir()) == [table]


@pytest.mark.parametrize("command", ["grade", "feedback", "report", "export", "mark table.csv"])
def test_two_commands_on_one_folder_exclude_each_other(command, tmp_path, monkeypatch, capfd):
    """The other is this process: what is at work is told apart by the lock, not by its process."""
    words = [*command.split(), "--root", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["course", *words])
    with scratch.held(ClassFolder(tmp_path).lock) as held, pytest.raises(SystemExit) as end:
        assert held
        main()
    assert end.value.code == 1
    said = capfd.readouterr().err
    assert f"Another command is at work on {tmp_path}: nothing was done." in said
    assert "Traceback" not in said


def test_the_lock_of_a_run_that_is_no_more_is_nobodys(tmp_path):
    folder = ClassFolder(tmp_path)
    folder.lock.touch()
    assert exclusive(lambda folder: folder.lock.exists())(folder)
    assert not folder.lock.exists()
    done = exclusive(lambda folder: exclusive(lambda folder: None)(folder))
    with pytest.raises(CourseError, match="Another command"):
        done(folder)
    assert not folder.lock.exists()
