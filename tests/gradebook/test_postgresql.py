"""A gradebook on a real PostgreSQL server gives what one in a file gives."""

import os
import pwd
import shutil
import subprocess
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from course.gradebook import database
from course.gradebook.class_folder import ClassFolder
from course.gradebook.export import export
from course.grading.grade import grade_class
from course.paths import CourseError
from course.reports.feedback import write_feedback

ANSWERS = {
    "ada": {},
    "bob": {"double": "def double(x):\n    return 5"},
    "eve": {"double": "import os\nos._exit(0)"},
}


@pytest.fixture(scope="module")
def server():
    """Address of an empty database on a server of our own."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert binaries, "PostgreSQL is not installed (Debian: apt install postgresql)"
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    root = os.geteuid() == 0
    if root:
        shutil.chown(folder, "postgres")
    user = {"user": pwd.getpwnam("postgres").pw_uid} if root else {}

    def tool(name, *words):
        subprocess.run(
            [binaries[-1] / name, *words],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **user,
        )

    data, log = folder / "data", folder / "log"
    tool("initdb", "-D", data, "-U", "teacher", "-A", "trust", "--no-sync")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    tool("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
    try:
        tool("createdb", "-h", folder, "-U", "teacher", "marks")
        yield f"postgresql://teacher@/marks?host={folder}"
    finally:
        tool("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_the_marks_are_those_of_a_file(server, tmp_path, source, answer, hand_in, read_grades):
    roots = {name: tmp_path / name for name in ("file", "server")}
    for root in roots.values():
        for student, changes in ANSWERS.items():
            hand_in(root, student, answer(**changes))
    assert grade_class(ClassFolder(roots["file"]), source=source, jobs=1, timeout=5) == 0
    assert (
        grade_class(ClassFolder(roots["server"]), source=source, jobs=1, timeout=5, database=server)
        == 0
    )
    assert read_grades(roots["server"]) == read_grades(roots["file"])
    assert not (roots["server"] / "gradebook.db").exists()
    assert (roots["server"] / "gradebook.url").stat().st_mode & 0o077 == 0

    with Gradebook(server, "") as gradebook:
        grade = gradebook.find_grade("explain_sum", "01_sums", "01_sums", "bob")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    # A later run remembers where the gradebook is, and runs nothing again.
    before = (
        (roots["server"] / "autograded" / "ada" / "01_sums" / "01_sums.ipynb").stat().st_mtime_ns
    )
    assert grade_class(ClassFolder(roots["server"]), source=source, jobs=1) == 0
    after = (
        (roots["server"] / "autograded" / "ada" / "01_sums" / "01_sums.ipynb").stat().st_mtime_ns
    )
    assert after == before
    assert read_grades(roots["server"])["bob", "explain_sum"]["points"] == "2.5"
    assert write_feedback(ClassFolder(roots["server"]), source=source) == 0
    assert (roots["server"] / "feedback" / "bob" / "index.html").exists()
    assert exported(roots["server"], bob=2.5) == exported(roots["file"], bob=2.5)


def exported(root, **by_hand):
    """nbgrader's table of a class in which two are late, one of them with an extension."""
    folder = ClassFolder(root)
    with Gradebook(folder.gradebook_url, "") as gradebook:
        gradebook.update_or_create_assignment("01_sums", duedate=datetime(2026, 3, 1, 12))
        gradebook.find_submission("01_sums", "ada").extension = timedelta(hours=12)
        for student, points in by_hand.items():
            grade = gradebook.find_grade("explain_sum", "01_sums", "01_sums", student)
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
    for student in ("ada", "bob"):
        path = folder.submitted / student / "01_sums" / "timestamp.txt"
        path.write_text("2026-03-02 09:30:00 +0100")
    assert export(folder).late == 2
    (folder.submitted / "ada" / "01_sums" / "timestamp.txt").unlink()
    assert export(folder).late == 1
    return (folder.export / "nbgrader.csv").read_text(encoding="utf-8")


def test_a_server_that_is_not_there_is_told_in_a_sentence(
    tmp_path, source, answer, hand_in, capsys
):
    hand_in(tmp_path, "ada", answer())
    address = "postgresql://teacher:geheim@localhost:1/marks"
    assert grade_class(ClassFolder(tmp_path), source=source, database=address) == 1
    said = capsys.readouterr().err
    assert "cannot be reached" in said and "geheim" not in said and "Traceback" not in said
    assert grade_class(ClassFolder(tmp_path), source=source, database="nonsense") == 1
    assert "--db must be the address of a database" in capsys.readouterr().err


def test_a_database_of_something_else_is_left_alone(server, tmp_path):
    database.remember_gradebook(ClassFolder(tmp_path), server.replace("/marks", "/postgres"))
    engine = create_engine(ClassFolder(tmp_path).gradebook_url)
    with engine.begin() as connection:
        connection.execute(text("create table assignment (id int)"))
    with pytest.raises(CourseError, match="no complete gradebook"):
        database.check_gradebook(ClassFolder(tmp_path))
    engine.dispose()
