"""Answers of different students that are nearly the same text: a hint to look, not a verdict.

Names that a student chose, comments, docstrings and spacing do not count. Neither does what
everybody has: the lines of the released stub, of the author's solution, and those that many share.
"""

import builtins
import io
import keyword
import tokenize
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

ALIKE = 90
SHORTEST = 80
FEWEST_LINES = 4
LONGEST = 20_000
COMMON = 1 / 3
SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}


@dataclass(frozen=True)
class Group:
    """Students whose answers to one exercise are nearly the same.

    Attributes
    ----------
    students : tuple of str
        The two most alike come first.
    similarity : float
        Of those two, in percent.
    """

    students: tuple[str, ...]
    similarity: float


def groups(answers: Mapping[str, str], known: Sequence[str] = (), code: bool = True) -> list[Group]:
    """Find nearly identical answers to one exercise.

    Parameters
    ----------
    answers : dict of str to str
        The text of each student.
    known : sequence of str
        Texts that everybody has or may have: the stub, the author's solution, the setup cell.
    code : bool
        Whether the answers are Python; else they are compared word by word.

    Returns
    -------
    list of Group
        The most alike first.
    """
    distinct = _distinct(answers, known, code)
    fewest = FEWEST_LINES if code else 1
    students = [
        student
        for student, text in distinct.items()
        if len(text) >= SHORTEST and text.count("\n") + 1 >= fewest
    ]
    if len(students) < 2:
        return []
    texts = [distinct[student] for student in students]
    ratios = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32)
    np.fill_diagonal(ratios, 0)
    _, labels = connected_components(csr_array(ratios > 0), directed=False)
    found = []
    for label in np.flatnonzero(np.bincount(labels) > 1):
        members = np.flatnonzero(labels == label)
        inside = ratios[np.ix_(members, members)]
        pair = members[list(np.unravel_index(np.argmax(inside), inside.shape))]
        rest = [each for each in members if each not in pair]
        names = tuple(students[each] for each in (*sorted(pair), *rest))
        found.append(Group(names, float(inside.max())))
    return sorted(found, key=lambda group: (-group.similarity, group.students))


def _distinct(answers, known, code):
    """What is left of each answer without what everybody has."""
    names = set(dir(builtins)).union(*(_names(text) for text in known))
    lines = {
        student: _code_lines(text, names) if code else _prose_lines(text)
        for student, text in answers.items()
    }
    given = {
        line
        for text in known
        for line in (_code_lines(text, names) if code else _prose_lines(text))
    }
    counts = Counter(line for own in lines.values() for line in set(own))
    most = max(3, COMMON * len(answers))
    return {
        student: "\n".join(line for line in own if line not in given and counts[line] <= most)
        for student, own in lines.items()
    }


def _tokens(text):
    """Python's tokens up to the first that is none."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(text[:LONGEST]).readline)
    except (tokenize.TokenError, SyntaxError, ValueError, SystemError):  # the last from 3.13's own
        return


def _names(text):
    """What a text calls, or takes something from: not a student's to choose."""
    tokens = list(_tokens(text))
    return {
        one.string
        for one, after in pairwise(tokens)
        if one.type == tokenize.NAME and after.string in ("(", ".")
    }


def _code_lines(text, names):
    """The logical lines, with `_` for each name that is none of `names`."""
    lines, line = [], []
    for token in _tokens(text):
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            docstring = len(line) == 1 and line[0].lstrip("rRbBfFuU")[:1] in ("'", '"')
            if line and not docstring:
                lines.append(" ".join(line))
            line = []
        elif token.type not in SKIPPED:
            chosen = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
            attribute = bool(line) and line[-1] == "."
            line.append(
                "_" if chosen and not attribute and token.string not in names else token.string
            )
    return lines


def _prose_lines(text):
    words = " ".join(text[:LONGEST].casefold().split())
    return [
        sentence.strip() for sentence in words.replace("? ", ". ").split(". ") if sentence.strip()
    ]


def also_alike(
    found: Mapping[tuple[str, str], Sequence[Group]],
) -> dict[frozenset[str], list[tuple[str, str]]]:
    """In which exercises each pair of students is alike.

    Parameters
    ----------
    found : dict of (str, str) to list of Group
        By lesson and exercise.

    Returns
    -------
    dict of frozenset to list of (str, str)
    """
    pairs: dict[frozenset[str], list[tuple[str, str]]] = defaultdict(list)
    for place, alike in found.items():
        for group in alike:
            for number, one in enumerate(group.students):
                for other in group.students[number + 1 :]:
                    pairs[frozenset((one, other))].append(place)
    return dict(pairs)
