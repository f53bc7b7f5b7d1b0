"""Nearly identical answers of a class, as the report shows them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode
from rapidfuzz.distance import LCSseq

from course.gradebook.results import Handed
from course.notebooks.cells import known_cells, setup_cells
from course.reports import similar

Place = tuple[str, str]
Lines = list[tuple[str, bool]]


@dataclass(frozen=True)
class Alike:
    """Nearly identical answers as the page shows them."""

    lesson: str
    title: str
    students: tuple[str, ...]
    similarity: float
    columns: tuple[Lines, Lines]
    elsewhere: tuple[str, ...]


def alike(
    handed: Mapping[Place, Handed],
    notebooks: Mapping[str, NotebookNode],
    titles: Mapping[Place, str],
) -> list[Alike]:
    """Nearly identical answers, those of pairs that are alike in most exercises first.

    Parameters
    ----------
    handed : dict of (str, str) to course.gradebook.results.Handed
    notebooks : dict of str to NotebookNode
        The lessons' sources.
    titles : dict of (str, str) to str

    Returns
    -------
    list of Alike
    """
    answers: dict[Place, dict[str, str]] = defaultdict(dict)
    for (student, lesson), each in handed.items():
        for name, text in each.cells.items() if not each.refused else ():
            if (lesson, name) in titles:
                answers[lesson, name][student] = text
    found = {place: _groups(place, own, notebooks[place[0]]) for place, own in answers.items()}
    pairs = similar.also_alike(found)
    shown = []
    for place, groups in found.items():
        for group in groups:
            one, other = group.students[:2]
            elsewhere = [each for each in pairs[frozenset((one, other))] if each != place]
            own = answers[place]
            shown.append(
                Alike(
                    lesson=place[0],
                    title=titles[place],
                    students=group.students,
                    similarity=group.similarity,
                    columns=side_by_side(own[one], own[other]),
                    elsewhere=tuple(
                        f"{lesson} {titles[lesson, name]}" for lesson, name in elsewhere
                    ),
                )
            )
    return sorted(shown, key=lambda each: (-len(each.elsewhere), -each.similarity))


def _groups(place: Place, own: Mapping[str, str], source: NotebookNode) -> list[similar.Group]:
    solution = known_cells(source)[place[1]]
    known = [solution.source, *(cell.source for cell in setup_cells(source))]
    return similar.groups(own, known, solution.cell_type == "code")


def side_by_side(one: str, other: str) -> tuple[Lines, Lines]:
    """Two texts as lists of (line, whether the other has it too)."""
    left, right = one.splitlines(), other.splitlines()
    # As `difflib` would have it, whose time grows with the square of lines that are all the same.
    steps = LCSseq.opcodes([line.strip() for line in left], [line.strip() for line in right])
    same = [step for step in steps if step.tag == "equal"]
    same_one = {place for step in same for place in range(step.src_start, step.src_end)}
    same_other = {place for step in same for place in range(step.dest_start, step.dest_end)}
    return (
        [(line, number in same_one) for number, line in enumerate(left)],
        [(line, number in same_other) for number, line in enumerate(right)],
    )
