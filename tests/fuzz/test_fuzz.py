"""Hostile bytes where trusted code reads them: messages, archives, notebooks, pages.

Each reader gets anything at all, and valid input that was damaged. It may only return what its
documentation says, or refuse with its own exception. ``make test`` does this for a while, and
``make fuzz`` for as long as you like. An input that broke a reader is left in ``corpus/``: commit it
with the repair, for all that lies there is tried first each time.
"""

import contextlib
import html.parser
import io
import json
import os
import random
import tarfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from course.isolation import archive
from course.isolation.channel import WireError, pack, unpack
from course.isolation.names import Names
from course.isolation.references import References
from course.isolation.values import READERS
from course.notebooks.assembling import assemble
from course.notebooks.cells import grade_id
from course.notebooks.reading import UnreadableSubmission, parse_submission
from course.paths import RELEASE, SOURCE, notebook_path
from course.reports.safe_html import clean
from tests.notebooks.test_assembling import CELLS

CORPUS = Path(__file__).parent / "corpus"
TRIES = settings(
    max_examples=int(os.environ.get("FUZZ", 400)),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@contextlib.contextmanager
def kept(kind, data):
    """Leaves what breaks a reader in the corpus; of several the smallest, which comes last."""
    try:
        yield
    except Exception:
        (CORPUS / kind / "found.bin").write_bytes(data)
        raise


@st.composite
def damaged(draw, valid):
    """Bytes of a valid input, some of them changed, cut, doubled or put in."""
    data = bytearray(draw(valid))
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(1, 6))):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 64)))
        part = data[start:end]
        data[start:end] = chance.choice(
            (bytes(chance.randbytes(len(part))), b"", bytes(part) * 2, chance.randbytes(3))
        )
    return bytes(data)


# --- messages --------------------------------------------------------------------------------------

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=6)
    | st.binary(max_size=24)
    | st.sampled_from(["float64", "<U3", "<f8", "O", "S0", "V8", "PCG64", "MT19937", "0xff", "C"])
)
TAGGED = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.builds(
            lambda tag, rest: [tag, *rest],
            st.sampled_from([*sorted(READERS), "ref", "yours", "lib"]),
            st.lists(inner, max_size=7),
        )
    ),
    max_leaves=20,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.tuples(inner, inner)
        | st.builds(lambda rows: np.zeros((rows, 2)), st.integers(0, 3))
    ),
    max_leaves=8,
)


def references():
    return References(Names(["numpy", "sklearn"]))


def read_message(data):
    """What the checker does with what the student's process sends."""
    with kept("messages", data), contextlib.suppress(WireError):
        references().taken(unpack(data))


@TRIES
@given(st.binary(max_size=200))
def test_a_message_may_be_any_bytes(data):
    read_message(data)


@TRIES
@given(TAGGED)
def test_a_message_may_be_any_tagged_data(tagged):
    read_message(pack(tagged))


@TRIES
@given(damaged(VALUES.map(lambda value: pack(references().out(value)))))
def test_a_message_may_be_damaged(data):
    read_message(data)


# --- archives --------------------------------------------------------------------------------------

MEMBER = st.tuples(
    st.sampled_from(["a", "b/c", "../out", "/tmp/out", "a/../../out", "", ".", "a\0b", "é"])
    | st.text(max_size=8),
    st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE,
                     tarfile.FIFOTYPE, tarfile.CHRTYPE]),
    st.binary(max_size=40),
)  # fmt: skip


def packed(members):
    handle = io.BytesIO()
    with tarfile.open(fileobj=handle, mode="w") as tar:
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "../out"
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            with contextlib.suppress(ValueError, UnicodeError):
                tar.addfile(info, io.BytesIO(content))
    return handle.getvalue()


def read_archive(data, folder):
    """What is unpacked stays in its folder, and is plain files only."""
    inside = folder / "inside"
    inside.mkdir(parents=True, exist_ok=True)
    with kept("archives", data):
        try:
            with tarfile.open(fileobj=io.BytesIO(data)) as tar:
                archive.extract(tar, inside)
        except (ValueError, OSError, tarfile.TarError):
            pass
        assert [each.name for each in folder.iterdir()] == ["inside"]
        assert not any(each.is_symlink() or each.is_fifo() for each in inside.rglob("*"))


@TRIES
@given(members=st.lists(MEMBER, max_size=4))
def test_an_archive_may_hold_anything(members, tmp_path_factory):
    read_archive(packed(members), tmp_path_factory.mktemp("archive"))


# --- notebooks -------------------------------------------------------------------------------------

LESSON = "01_mixture_sampling"
RELEASED = notebook_path(RELEASE, LESSON).read_bytes()


@pytest.fixture(scope="module")
def lesson():
    return nbformat.read(notebook_path(SOURCE, LESSON), as_version=4)


def read_notebook(data, lesson):
    """Any file becomes the lesson with somebody's text in it, or is refused in a sentence."""
    with kept("notebooks", data):
        try:
            submission = parse_submission(data)
        except UnreadableSubmission as refusal:
            assert str(refusal).endswith((".", "!", "?")) and "\n" not in str(refusal)
            return
        notebook, _ = assemble(lesson, submission)
        graded = {grade_id(cell) for cell in lesson.cells if grade_id(cell)}
        assert graded <= {grade_id(cell) for cell in notebook.cells}
        json.dumps(notebook, ensure_ascii=False).encode()


@TRIES
@given(data=st.binary(max_size=100))
@example(data=b"[" * 100_000)
@example(data=b'{"cells":' * 20_000)
@example(data=b'{"cells": [{"cell_type": "code", "source": [[[]]]}], "nbformat": 1e999}')
@example(data=b"\xff\xfe{\x00}\x00")
def test_a_notebook_may_be_any_bytes(data, lesson):
    read_notebook(data, lesson)


@TRIES
@given(cells=st.lists(CELLS, max_size=6))
def test_a_notebook_may_hold_any_cells(cells, lesson):
    text = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    read_notebook(text.encode("utf-8", "surrogatepass"), lesson)


@settings(TRIES, max_examples=TRIES.max_examples // 8)
@given(data=damaged(st.just(RELEASED)))
def test_a_notebook_may_be_damaged(data, lesson):
    read_notebook(data, lesson)


# --- pages -----------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["<", ">", "</", "/>", "=", '"', "'", "`", "&", "&#x", "&colon;", "<!--", "-->", "<![CDATA[", "]]>",
     "script", "style", "svg", "math", "mtext", "mglyph", "annotation-xml", "foreignObject", "iframe",
     "noscript", "template", "textarea", "title", "form", "select", "table", "a", "img", "base", "meta",
     "href", "src", "srcset", "onerror", "onload", "style", "class", "id", "name", "for", "formaction",
     "javascript:", "JaVa\tScript:", "data:text/html,", "data:image/png;base64,", "//x", " ", "\n", "\0",
     "nbgrader_cell", "full-credit", "alert(1)", "x", "é", "\u202e"]
)  # fmt: skip
HARMFUL = {"script", "style", "iframe", "object", "embed", "base", "meta", "link", "form", "input",
           "button", "textarea", "select", "svg", "math", "noscript", "template", "title"}  # fmt: skip


class _Harm(html.parser.HTMLParser):
    """What in a page a browser would run, load or take for the page's own."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in HARMFUL:
            self.found.append(tag)
        for name, value in attrs:
            value = "".join((value or "").lower().split())
            if name.startswith("on") or name in ("style", "srcset", "formaction", "name", "for"):
                self.found.append(name)
            if name in ("href", "src") and value.startswith(("javascript:", "data:text", "//")):
                self.found.append(value)


def read_page(data):
    """A cleaned page holds nothing harmful, and is clean already."""
    with kept("pages", data):
        cleaned = clean(data.decode("utf-8", "replace"))
        assert not _Harm(cleaned).found
        assert clean(cleaned) == cleaned


@TRIES
@given(st.lists(PIECES, max_size=30).map("".join))
def test_a_page_may_hold_anything(page):
    read_page(page.encode("utf-8", "replace"))


@TRIES
@given(
    damaged(
        st.just(
            b'<p class="x">a <a href="https://b.c/d">link</a> <img src="data:image/png;base64,AA"></p>'
        )
    )
)
def test_a_page_may_be_damaged(data):
    read_page(data)


# --- what broke them once ----------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(CORPUS.rglob("*.bin")), ids=lambda file: file.stem)
def test_what_broke_a_reader_once(file, lesson, tmp_path):
    data = file.read_bytes()
    match file.parent.name:
        case "messages":
            read_message(data)
        case "archives":
            read_archive(data, tmp_path)
        case "notebooks":
            read_notebook(data, lesson)
        case "pages":
            read_page(data)
