"""What is no notebook is refused with a reason."""

import json
import os

import nbformat
import pytest

from course.notebooks.reading import UnreadableSubmission, read_submission


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"a": "\xff"}', "not text in UTF-8"),
        (b"[]", "not a notebook"),
        (b'{"nbformat": 4, "cells": 3}', "no cells"),
        (b'{"nbformat": 5, "cells": []}', "newer"),
        (b'{"nbformat": "x", "cells": []}', "not a notebook"),
        (b'{"nbformat": 3, "worksheets": 7}', "old format 3"),
        (json.dumps({"nbformat": 4, "cells": [{}] * 2001}).encode(), "more than 2000 cells"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "a.ipynb"
    path.write_bytes(content)
    with pytest.raises(UnreadableSubmission, match=reason):
        read_submission(path)


def test_a_misnamed_notebook_is_named_in_the_reason(tmp_path):
    (tmp_path / "mine.ipynb").write_text("{}")
    with pytest.raises(UnreadableSubmission, match=r"only `mine\.ipynb`.*must be `a\.ipynb`"):
        read_submission(tmp_path / "a.ipynb")


def test_links_pipes_and_folders_are_no_notebooks(tmp_path, right):
    nbformat.write(right, tmp_path / "real.ipynb")
    (tmp_path / "link.ipynb").symlink_to("real.ipynb")
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    for name, reason in [("link", "link"), ("pipe", "plain file"), ("folder", "plain file")]:
        with pytest.raises(UnreadableSubmission, match=reason):
            read_submission(tmp_path / f"{name}.ipynb")
