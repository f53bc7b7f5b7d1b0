"""Values as plain tagged data, the only form in which they cross the trust boundary.

Numbers, strings, bytes and None stand for themselves; everything else is a list that starts with a
tag. What is not data (a function, a model, an iterator) is written by a *book*, which turns it into
a reference; see `course.isolation.references`.

A writer gets a value, a function that writes its parts, and the book; a reader gets what comes
after the tag, and a function that reads its parts.
"""

import array
import types
from collections import deque, namedtuple
from collections.abc import Callable
from typing import Any, Literal, Protocol

import numpy as np

from course.isolation import frames, generators
from course.isolation.channel import MAX_MESSAGE, WireError

MAX_DEPTH = 60
ARRAY_KINDS = "biufcSUmM"
CONVERSIONS = ("__array__", "__array_interface__", "__array_struct__")

Part = Callable[[Any], Any]


class Book(Protocol):
    """Who turns what is no data into references, and back."""

    def write(self, value: Any) -> Any:
        """A reference to `value`."""

    def read(self, data: Any) -> Any:
        """The object of a reference."""


def write(value: Any, book: Book, depth: int = 0) -> Any:
    """A value as plain tagged data.

    Parameters
    ----------
    value : object
        A subclass of a plain type counts as that type: whatever it overrides stays behind.
    book : Book
        What is not data becomes a reference of its.
    depth : int
        How deeply `value` is nested in another.

    Raises
    ------
    WireError
        If the value is nested too deeply, refers to itself or is too large.
    """
    if depth > MAX_DEPTH:
        raise WireError(f"it is nested more than {MAX_DEPTH} deep, or contains itself")
    kind = type(value)
    if value is None or kind in (bool, float, bytes, str):
        return value
    if kind is int:
        return _write_int(value)
    if getattr(kind, "by_reference", False):
        return book.write(value)
    inner = depth + 1
    if kind is list or kind is tuple:
        return ["l" if kind is list else "t", *[write(item, book, inner) for item in value]]
    if kind is dict:
        return ["d", *[[write(k, book, inner), write(v, book, inner)] for k, v in value.items()]]
    for base, writer in WRITERS:
        if issubclass(kind, base):
            return writer(value, lambda part: write(part, book, inner), book)
    frame_writer = frames.writer(kind)
    if frame_writer is not None:
        return frame_writer(value, lambda part: write(part, book, inner))
    taken = _as_array(value)
    return book.write(value) if taken is None else write(taken, book, inner)


def read(data: Any, book: Book, depth: int = 0) -> Any:
    """The value of plain tagged data.

    Parameters
    ----------
    data : object
        As `course.isolation.channel.unpack` gives it.
    book : Book
        Resolves references.
    depth : int
        How deeply `data` is nested in other data.

    Raises
    ------
    WireError
        If `data` is not of this format.
    """
    if not isinstance(data, list):
        return data
    if depth > MAX_DEPTH or not data or not isinstance(data[0], str):
        raise WireError("the message has no meaning")
    tag, *rest = data
    reader = READERS.get(tag)
    if reader is None:
        return book.read(data)
    try:
        return reader(rest, lambda part: read(part, book, depth + 1))
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"a value of kind '{tag}' is damaged: {type(error).__name__}") from None


# Plain values and containers.


def _write_int(value: int) -> Any:
    return value if -(2**63) <= value < 2**64 else ["int", hex(value)]


def _write_range(value: range, part: Part, book: Book) -> Any:
    return ["range", *[_write_int(end) for end in (value.start, value.stop, value.step)]]


def _write_slice(value: slice, part: Part, book: Book) -> Any:
    return ["slice", part(value.start), part(value.stop), part(value.step)]


def _write_complex(value: complex, part: Part, book: Book) -> Any:
    plain = complex(value)
    return ["c", plain.real, plain.imag]


def _write_tuple(value: tuple[Any, ...], part: Part, book: Book) -> Any:
    items = [part(item) for item in tuple.__iter__(value)]
    fields = getattr(type(value), "_fields", None)
    if isinstance(fields, tuple) and len(fields) == len(items):
        return ["named", type(value).__name__, list(fields), *items]
    return ["t", *items]


def _write_dict(value: dict[Any, Any], part: Part, book: Book) -> Any:
    return ["d", *[[part(key), part(item)] for key, item in dict.items(value)]]


def _read_named(rest: Any, part: Part) -> Any:
    name, fields, *items = rest
    if any(hasattr(np.ndarray, field) or hasattr(tuple, field) for field in fields):
        return tuple(map(part, items))  # it would have a shape or a length of its own
    return namedtuple(str(name), [str(field) for field in fields])(*map(part, items))


# Arrays and their scalars.


def _as_array(value: Any) -> Any:
    """What NumPy takes for an array, as an array: a copy, which is asked for once; else None."""
    if not any(hasattr(type(value), name) for name in CONVERSIONS):
        return None
    try:
        return np.array(value)
    except Exception:
        return None


def _write_array(value: Any, part: Part, book: Book) -> Any:
    flags, array = value.flags, np.ndarray.view(value, np.ndarray)
    if array.dtype.kind == "O":
        return ["o", list(array.shape), *[part(item) for item in array.ravel().tolist()]]
    if array.dtype.kind not in ARRAY_KINDS:
        raise WireError(f"an array of the type {array.dtype} is not supported")
    if array.nbytes > MAX_MESSAGE:
        raise WireError(f"an array of {array.nbytes / 2**20:.0f} MB is over the limit")
    order: Literal["F", "C"] = "F" if flags.fnc else "C"
    dtype = array.dtype.newbyteorder("=").str
    data = array.astype(dtype, copy=False).tobytes(order)
    return ["a", dtype, list(array.shape), order, bool(flags.writeable), data]


def _write_scalar(value: Any, part: Part, book: Book) -> Any:
    dtype = np.dtype(value.dtype)
    if dtype.kind not in ARRAY_KINDS:
        return book.write(value)
    return ["n", dtype.newbyteorder("=").str, np.asarray(value).tobytes()]


def _write_dtype(value: Any, part: Part, book: Book) -> Any:
    return ["dtype", value.str] if value.kind in ARRAY_KINDS else book.write(value)


def _dtype(text: Any) -> Any:
    dtype = np.dtype(str(text))
    if dtype.kind not in ARRAY_KINDS:
        raise WireError("an array of this type is not supported")
    return dtype


def _read_array(rest: Any, part: Part) -> Any:
    dtype, shape, order, writeable, content = rest
    flat = np.frombuffer(content, dtype=_dtype(dtype)) if content else np.empty(0, _dtype(dtype))
    array = flat.reshape(shape, order="F" if order == "F" else "C").copy(order="K")
    array.flags.writeable = bool(writeable)
    return array


def _read_objects(rest: Any, part: Part) -> Any:
    shape, *items = rest
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = part(item)
    return array.reshape(shape)


def _read_scalar(rest: Any, part: Part) -> Any:
    dtype, content = rest
    (scalar,) = np.frombuffer(content, dtype=_dtype(dtype))
    return scalar


# Which writer and which reader: the first whose type a value is of, and that of the tag.

WRITERS: tuple[tuple[Any, Callable[[Any, Part, Book], Any]], ...] = (
    (np.ndarray, _write_array),
    (np.generic, _write_scalar),
    (generators.KINDS, lambda value, part, book: generators.write(value, part)),
    (np.dtype, _write_dtype),
    (set, lambda value, part, book: ["s", *map(part, set.__iter__(value))]),
    (frozenset, lambda value, part, book: ["f", *map(part, frozenset.__iter__(value))]),
    (complex, _write_complex),
    (range, _write_range),
    (slice, _write_slice),
    (types.EllipsisType, lambda value, part, book: ["..."]),
    (int, lambda value, part, book: _write_int(int.__int__(value))),
    (float, lambda value, part, book: float.__float__(value)),
    (str, lambda value, part, book: str.__str__(value)),
    ((bytes, bytearray), lambda value, part, book: bytes(value)),
    (tuple, _write_tuple),
    (list, lambda value, part, book: ["l", *map(part, list.__iter__(value))]),
    (dict, _write_dict),
    (deque, lambda value, part, book: ["deque", *map(part, deque.__iter__(value))]),
    ((array.array, memoryview), lambda value, part, book: part(np.array(value))),
)

READERS: dict[str, Callable[[Any, Part], Any]] = {
    "l": lambda rest, part: [part(item) for item in rest],
    "t": lambda rest, part: tuple(part(item) for item in rest),
    "d": lambda rest, part: {part(key): part(item) for key, item in rest},
    "s": lambda rest, part: {part(item) for item in rest},
    "f": lambda rest, part: frozenset(part(item) for item in rest),
    "deque": lambda rest, part: deque(part(item) for item in rest),
    "a": _read_array,
    "o": _read_objects,
    "n": _read_scalar,
    "c": lambda rest, part: complex(*rest),
    "int": lambda rest, part: int(rest[0], 16),
    "range": lambda rest, part: range(*map(part, rest)),
    "slice": lambda rest, part: slice(*map(part, rest)),
    "...": lambda rest, part: ...,
    "dtype": lambda rest, part: _dtype(rest[0]),
    "named": _read_named,
    "rng": generators.read,
    **frames.READERS,
}
