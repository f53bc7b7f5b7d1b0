"""The shape of the code: sizes, what a lesson may import, and that `docs/architecture.md` is true."""

import ast

import pytest

from course.paths import LESSONS, REPO
from scripts import rooms

CODE = [
    path
    for folder in ("course", "utils", "scripts", "benchmarks")
    for path in sorted((REPO / folder).rglob("*.py"))
    if path.name not in ("lesson.py", "answers.py")
]
FILE, CLASS, FUNCTION = 400, 200, 50


def too_long(name, text):
    """What is longer in a file than a reader should have to keep in mind."""
    if (lines := len(text.splitlines())) > FILE:
        yield f"{name} has {lines} lines, more than {FILE}"
    for node in ast.walk(ast.parse(text)):
        limit = {ast.ClassDef: CLASS, ast.FunctionDef: FUNCTION}.get(type(node))
        if limit and (lines := node.end_lineno - node.lineno + 1) > limit:
            yield f"{name}: {node.name} has {lines} lines, more than {limit}"


def test_no_file_class_or_function_is_too_long():
    texts = {path.relative_to(REPO): path.read_text(encoding="utf-8") for path in CODE}
    problems = [problem for name, text in texts.items() for problem in too_long(name, text)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n" * 401, "has 401 lines"),
        ("def f():\n" + "    x = 1\n" * 50, "f has 51 lines"),
        ("class C:\n" + "    x = 1\n" * 200, "C has 201 lines"),
    ],
)
def test_what_is_too_long_is_named(text, says):
    (problem,) = too_long("a.py", text)
    assert says in problem


def imported(path):
    """The modules of the course that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_answers_and_inputs_of_a_lesson_import_only_the_oracle_of_the_course():
    """import-linter does not see them: a folder whose name begins with a digit is no module."""
    files = sorted(LESSONS.glob("*/*.py"))
    assert files
    rooms = {
        (path.name, ".".join(module.split(".")[:2]))
        for path in files
        for module in imported(path)
        if module.split(".")[0] == "course"
    }
    assert rooms == {("answers.py", "course.oracle"), ("inputs.py", "course.oracle")}


def test_the_picture_of_the_rooms_shows_their_contracts():
    assert rooms.PICTURE.read_text(encoding="utf-8") == rooms.draw(), (
        "run .venv/bin/python scripts/rooms.py"
    )


def test_every_room_of_the_contracts_exists_and_says_what_it_is_for_in_a_line():
    for layer in rooms.layers():
        for room in layer:
            sentence = rooms.purpose(room)
            assert sentence.endswith("."), room
            assert len(sentence) <= 116 / len(layer), f"{room}: too long for its box"
