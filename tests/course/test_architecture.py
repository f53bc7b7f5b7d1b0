"""The shape of the code: sizes, what a lesson may import, and that `docs/architecture.md` is true."""

import ast
import itertools
import re

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


ARCHITECTURE = (REPO / "docs" / "architecture.md").read_text(encoding="utf-8")
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#:]+)(?:#([^)]+))?\)")


def definitions(text):
    """The names that a Python file defines: functions, classes, methods and constants."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def anchors(path):
    """What a link may name within a page: its headings, in lower case and with hyphens."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "page",
    ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in REPO.glob("docs/*.md"))],
)
def test_what_a_page_links_to_exists(page):
    """A link to Python code in `[`name`](file)` means that the file defines the name."""
    path = REPO / page
    for words, to, anchor in LINK.findall(path.read_text(encoding="utf-8")):
        target = path.parent / to
        made = target.parent == REPO / "docs" and target.name in ("syllabus.md", "lessons.txt")
        assert made or target.exists(), f"{page}: {to}"
        if anchor:
            assert anchor in anchors(target), f"{page}: {to}#{anchor}"
        name = words.strip("`").rpartition(".")[2].rstrip("()")
        if target.suffix == ".py" and words.startswith("`") and not words.endswith(".py`"):
            names = {*definitions(target.read_text(encoding="utf-8")), target.stem}
            assert name in names, f"{page}: {to} defines no {name}"


def test_every_room_has_its_contract_in_words():
    told = re.findall(r"\[`(\w+)`\]", ARCHITECTURE.partition("## The walk")[0])
    assert set(told) == {room for layer in rooms.layers() for room in layer}


def test_the_walk_is_short_and_seldom_comes_back():
    walk = ARCHITECTURE.partition("### How far one walks")[2].partition("## ")[0]
    stops = re.findall(r"^\| (\d+) \| (yes)? ?\| `([^`]+)` \|", walk, re.M)
    files = [file for _, _, file in stops]
    back = [file in files[:place] for place, file in enumerate(files)]
    assert [int(number) for number, _, _ in stops] == list(range(1, len(stops) + 1))
    assert [bool(told) for _, told, _ in stops] == back
    assert all(file != next_file for file, next_file in itertools.pairwise(files))
    assert 10 < len(stops) <= 25 and sum(back) <= 10


def test_each_change_names_what_to_change_and_its_test():
    table = ARCHITECTURE.partition("## Where do I change what")[2]
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 12
    for change, place, test in rows:
        assert LINK.search(place) or "python -m course" in place, change
        assert "test" in test or "audit" in test, change


def test_every_decision_has_its_context_its_choice_and_its_price():
    text = (REPO / "docs" / "decisions.md").read_text(encoding="utf-8")
    decisions = re.split(r"^### ", text, flags=re.M)[1:]
    assert len(decisions) > 20
    for decision in decisions:
        parts = re.findall(r"^- \*\*(\w+)\.\*\* \S", decision, re.M)
        assert parts == ["Context", "Choice", "Price"], decision.splitlines()[0]
