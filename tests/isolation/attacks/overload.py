"""To overload the grader's own readers: parsers, analyses, what copies files.

Nothing here needs to be run to do its harm. The limits must refuse it before anything is made of
it, or it is as if it were not there.
"""

import json
import os

from tests.isolation.attacks import NOTHING, Batch, cell_of, replace

batch = Batch("to overload", rest="right", at="draw")
REFUSED = {"status": "missing", "everywhere": True}


def with_json(notebook, text):
    """The notebook's bytes with a JSON text somewhere in its metadata."""
    notebook["metadata"]["widgets"] = "HERE"
    return json.dumps(notebook).encode().replace(b'"HERE"', text)


def add(notebook, text, kind="code"):
    """Appends a cell of the student's own."""
    cell = {"cell_type": kind, "metadata": {}, "source": text}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    notebook["cells"].append(cell)


@batch.file(says="clear its outputs", **REFUSED)
def millions_of_dictionaries(notebook, folder, known):
    """15 MB of `{}` in the metadata, which took 2.5 GB."""
    return with_json(notebook, b"[" + b"{}," * 5_000_000 + b"1]")


@batch.file(says="clear its outputs", **REFUSED)
def millions_of_numbers_in_outputs(notebook, folder, known):
    """An output that is an array of ten million numbers."""
    return with_json(notebook, b"[" + b"1," * 10_000_000 + b"1]")


@batch.file(says="clear its outputs", **REFUSED)
def millions_of_texts(notebook, folder, known):
    """Eight million empty texts."""
    return with_json(notebook, b"[" + b'"",' * 8_000_000 + b'""]')


@batch.file(says="clear its outputs", **REFUSED)
def a_text_without_end(notebook, folder, known):
    """A text of escaped quotation marks that never ends, so that a search may begin anew at each."""
    return b'{"cells": "' + b'\\"' * 20_000_000 + b"\\"


@batch.file(says="nested more than", **REFUSED)
def brackets_in_brackets(notebook, folder, known):
    """Half a million brackets in each other."""
    return with_json(notebook, b"[" * 400_000 + b"]" * 400_000)


@batch.file(says="not valid JSON", **REFUSED)
def a_number_of_millions_of_digits(notebook, folder, known):
    """A number that takes hours to be read."""
    return with_json(notebook, b"9" * 20_000_000)


@batch.file(says="larger than 50 MB", **REFUSED)
def a_file_of_a_terabyte(notebook, folder, known):
    """A sparse file that says it has a terabyte."""
    with open(folder / f"{folder.name}.ipynb", "wb") as file:
        file.truncate(2**40)
    return NOTHING


@batch.file(says="more than 2000 cells", **REFUSED)
def cells_without_number(notebook, folder, known):
    """A hundred thousand empty cells."""
    notebook["cells"] += [{}] * 100_000


@batch.file(says="old format 3", **REFUSED)
def an_old_format_that_is_none(notebook, folder, known):
    """What claims to be in nbformat 3 is upgraded by a library that trusts it."""
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": [None] * 100_000}]}).encode()


@batch.file(says="symbolic link", **REFUSED)
def a_neighbour_s_notebook(notebook, folder, known):
    """The notebook is a link to that of a student who has full marks."""
    name = f"{folder.name}.ipynb"
    (folder / name).symlink_to(f"../../0-full/{folder.name}/{name}")
    return NOTHING


@batch.file(notes="more than 200,000 characters")
def a_tuple_of_millions(notebook, folder, known):
    """6 MB of `1,1,1,...`, which took 3.3 GB to be parsed and were kept."""
    add(notebook, "x = (" + "1," * 3_000_000 + ")")


@batch.file(notes="more than 200,000 characters")
def calls_in_a_chain(notebook, folder, known):
    """1.8 MB of calls in a chain, which held a worker for 100 seconds."""
    add(notebook, "x" + ".f()" * 450_000)


@batch.file()
def attributes_in_a_chain(notebook, folder, known):
    """A chain of 400 attributes, on which the analysis overflowed: never graded, in no run."""
    add(notebook, "def unused(x):\n    return x" + ".y" * 400)


@batch.file()
def just_below_the_limit(notebook, folder, known):
    """Cells of 199,000 characters that are hard to parse, one of each kind."""
    for text in ("x = " + "-" * 199_000 + "1", "x = (" + "1," * 99_000 + ")", "f" + "()" * 99_000):
        add(notebook, f"if False:\n    {text}")


@batch.file(notes="more than 5,000 lines")
def blank_lines(notebook, folder, known):
    """Eight thousand blank lines, twice: comparing them was quadratic."""
    add(notebook, "\n" * 8_000)
    add(notebook, "\n" * 8_000, "markdown")


@batch.file(status="error", says="Take it apart")
def a_sum_of_thousands(notebook, folder, known):
    """A sum of 3,000 terms: too deep for the compiler, and said to have ended the process."""
    replace(notebook, "draw", f"def draw(n, rng):\n    return {' + '.join(['n'] * 3000)}")


@batch.file(notes="none of the lesson's")
def ids_without_end(notebook, folder, known):
    """Cells with ids of a megabyte, and a thousand ids that there are not."""
    for number in range(1000):
        add(notebook, "")
        name = f"{number}" * (1 if number else 1_000_000)
        notebook["cells"][-1]["metadata"] = {"nbgrader": {"grade_id": name}}


@batch.file()
def hostile_neighbours_of_its_own(notebook, folder, known):
    """The notebook is sound, but hundreds lie beside it, some of them no notebooks at all."""
    for number in range(300):
        (folder / f"{number:03}.ipynb").write_bytes(b"[" + b"{}," * 20_000)
    (folder / "000.ipynb").write_bytes(b"[" * 10_000_000)
    os.mkfifo(folder / "001 pipe.ipynb")
    (folder / "002 zero.ipynb").symlink_to("/dev/zero")


@batch.file()
def files_that_are_none(notebook, folder, known):
    """Beside the notebook: a pipe, links in and out, a loop of links, thousands of files, deep ones."""
    os.mkfifo(folder / "timestamp.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "zero.bin").symlink_to("/dev/zero")
    (folder / "round").symlink_to(".")
    (folder / "root").symlink_to("/")
    (folder / "secret.txt").symlink_to(known["file"])
    for number in range(3000):
        (folder / f"{number}.txt").write_text("")
    deep = folder
    for _ in range(60):
        deep /= "deep"
    deep.mkdir(parents=True)


@batch.file()
def pictures_that_are_none(notebook, folder, known):
    """An open answer with ten thousand pictures pasted in, none of which is one."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {
                f"{number}.png": {"image/png": "<script>" * 20} for number in range(10_000)
            }
            break


@batch.file()
def sources_that_are_no_texts(notebook, folder, known):
    """Cells whose text is a tree, a number, a list of everything."""
    for source in (7, None, [["x"], {"y": 1}, 3, "z = 1\n"], {"a": "b"}):
        add(notebook, "")
        notebook["cells"][-1]["source"] = source
    notebook["cells"] += [None, 3, "x", []]


@batch.file(notes="had been made a")
def a_solution_that_says_it_is_text(notebook, folder, known):
    """What limits a text would not limit code: the type that counts is the lesson's."""
    cell_of(notebook, "draw")["cell_type"] = "markdown"
