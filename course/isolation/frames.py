"""Pandas' frames, series and indexes as tagged data; pandas is imported only where they occur."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from course.isolation.channel import WireError

Part = Callable[[Any], Any]


def writer(kind: type) -> Callable[[Any, Part], Any] | None:
    """How objects of a class are written (see `course.isolation.values`); None if not pandas'."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not hasattr(pandas, "DataFrame"):
        return None
    if issubclass(kind, pandas.DataFrame):
        return _write_frame
    if issubclass(kind, pandas.Series):
        return _write_series
    return _write_index if issubclass(kind, pandas.Index) else None


def _write_frame(frame: Any, part: Part) -> Any:
    columns = [part(np.asarray(frame.iloc[:, place])) for place in range(frame.shape[1])]
    return ["frame", part(np.asarray(frame.index)), part(np.asarray(frame.columns)), *columns]


def _write_series(series: Any, part: Part) -> Any:
    return [
        "series",
        part(series.name),
        part(np.asarray(series.index)),
        part(np.asarray(series)),
    ]


def _write_index(index: Any, part: Part) -> Any:
    return ["index", part(index.name), part(np.asarray(index))]


def _read_frame(rest: Any, part: Part) -> Any:
    import pandas

    index, names, *columns = (_array(part(each)) for each in rest)
    frame = pandas.DataFrame(dict(enumerate(columns)), index=index)
    frame.columns = names
    return frame


def _read_series(rest: Any, part: Part) -> Any:
    import pandas

    name, index, data = map(part, rest)
    return pandas.Series(_array(data), index=_array(index), name=name)


def _read_index(rest: Any, part: Part) -> Any:
    import pandas

    name, data = map(part, rest)
    return pandas.Index(_array(data), name=name)


def _array(value: Any) -> Any:
    if not isinstance(value, np.ndarray):
        raise WireError("a frame is made of arrays")
    return value


READERS: dict[str, Callable[[Any, Part], Any]] = {
    "frame": _read_frame,
    "series": _read_series,
    "index": _read_index,
}
