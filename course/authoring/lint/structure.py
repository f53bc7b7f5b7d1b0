"""The lesson as a whole: its setup, its ids, and that each exercise has its test."""

from collections import Counter

from course.authoring.lint.rules import Breaches, Cells, rule
from course.notebooks.cells import exercise_of, former_ids


@rule
def setup_comes_first(cells: Cells) -> Breaches:
    first = next((cell for cell in cells if cell.is_code), None)
    if first is None or not (first.is_tagged_setup and first.is_locked):
        yield (
            first,
            "the first code cell must be the setup: tagged `setup`, locked, with a grade id.",
        )
    if first is not None and "NotSolvedYet" not in first.source:
        yield first, "the setup must import `NotSolvedYet` from utils: unsolved exercises raise it."
    for cell in cells:
        if cell.is_tagged_setup and not cell.is_locked:
            yield cell, "a setup cell must be locked."


@rule
def ids_are_unique(cells: Cells) -> Breaches:
    for grade_id, count in Counter(cell.id for cell in cells if cell.id).items():
        if count > 1:
            last = [cell for cell in cells if cell.id == grade_id][-1]
            yield last, f"the grade id `{grade_id}` is given to {count} cells."
    for node_id, count in Counter(cell.node.get("id") for cell in cells).items():
        if node_id and count > 1:
            last = [cell for cell in cells if cell.node.get("id") == node_id][-1]
            yield last, f"the cell id `{node_id}` is given to {count} cells."


@rule
def former_ids_are_free(cells: Cells) -> Breaches:
    """`was` moves marks: it must say from where, and only once."""
    taken = {cell.id: "is that of another cell" for cell in cells if cell.id}
    for cell in cells:
        said = cell.node.metadata.get("was")
        if said is None:
            continue
        names = former_ids(cell.node)
        if not cell.id or len(names) != len(said if isinstance(said, list) else [said]):
            yield cell, '`was` is for a cell with a grade id, and is its former id: `was="old_id"`.'
        for name in names:
            if name in taken:
                yield cell, f"`was` names `{name}`, which {taken[name]}."
            taken[name] = "another cell's `was` names, too"


@rule
def exercises_are_whole(cells: Cells) -> Breaches:
    """Each solution has its test, each test its solution, with the names of the contract."""
    solutions = {cell.id for cell in cells if cell.is_solution and not cell.is_manual}
    tested = set()
    for cell in cells:
        if not cell.nbgrader:
            continue
        if not cell.id:
            yield cell, "has nbgrader metadata without a grade id."
        elif cell.is_test:
            name = exercise_of(cell.id)
            tested.add(name)
            if name not in solutions:
                yield cell, f"tests `{name}`, but no solution cell before it has that grade id."
        elif cell.is_manual and not cell.id.startswith("explain_"):
            yield cell, "an open question's grade id must start with `explain_`."
    for cell in cells:
        if cell.id in solutions - tested:
            yield cell, f"no test cell has the grade id `test_{cell.id}`."
