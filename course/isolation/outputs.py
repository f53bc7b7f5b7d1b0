"""Outputs of cells in a notebook's form; those of a student's process may be made up."""

import math
from typing import Any

from nbformat.v4 import new_output

from course.notebooks.cells import clean_text

MAX_CELL_OUTPUT = 5_000_000
MAX_NOTEBOOK_OUTPUT = 30_000_000
MAX_OUTPUTS = 1_000
MAX_ERROR = 10_000
MAX_NAME = 200
MAX_TRACEBACK = 100
BUNDLES = ("display_data", "execute_result")


def error_output(ename: str, reason: str) -> Any:
    """An error of ours, as a cell's only output."""
    return new_output("error", ename=ename, evalue=reason, traceback=[f"{ename}: {reason}"])


def well_formed(output: Any) -> list[Any]:
    """The output in nbformat's form, in a list; none where it is not one."""
    try:
        kind = output["output_type"]
        if kind == "stream":
            name = "stderr" if output["name"] == "stderr" else "stdout"
            return [new_output("stream", name=name, text=_clean(str(output["text"])))]
        if kind == "error":
            return [
                new_output(
                    "error",
                    ename=_clean(str(output["ename"]))[:MAX_NAME],
                    evalue=_clean(str(output["evalue"]))[:MAX_ERROR],
                    traceback=[
                        _clean(str(line))[:MAX_ERROR]
                        for line in output["traceback"][-MAX_TRACEBACK:]
                    ],
                )
            ]
        if kind in BUNDLES:
            bundle = {
                "data": _clean(dict(output["data"])),
                "metadata": _clean(dict(output["metadata"])),
            }
            extra = {"execution_count": None} if kind == "execute_result" else {}
            return [new_output(kind, **bundle, **extra)]
    except (KeyError, TypeError, ValueError, IndexError, RecursionError):
        pass
    return []


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, int | float | bool | None) else str(value)


class Share:
    """How much a notebook's cells may still say."""

    def __init__(self) -> None:
        self.left = MAX_NOTEBOOK_OUTPUT

    def kept(self, outputs: Any) -> list[Any]:
        """Outputs in a form that a file can hold, and of no more than a notebook's share."""
        kept = []
        for output in outputs[:MAX_OUTPUTS] if isinstance(outputs, list) else []:
            size = len(repr(output))
            self.left -= size
            if size <= MAX_CELL_OUTPUT and self.left >= 0:
                kept.extend(well_formed(output))
        return kept
