"""The data-only format that values cross the trust boundary in, and its limits.

A message is msgpack. Numbers, strings, bytes and None stand for themselves; everything else is a
list that starts with a tag. Nothing in it can name code to be run, so a hostile message is at worst
a wrong value or a `WireError`.

What is not data (a function, a model, an iterator) is written by a *book*, which turns it into a
reference; see `course.isolation.link`.
"""

import math
import select
import struct
import sys
import time
from collections import namedtuple

import msgpack
import numpy as np

MAX_MESSAGE = 128 * 2**20
MAX_ITEMS = 2_000_000
MAX_DEPTH = 60
ARRAY_KINDS = "biufcSUmM"
BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
PERMUTED = ("PCG64", "PCG64DXSM")
LENGTH = struct.Struct("!I")
CHUNK = 2**18


class WireError(Exception):
    """A value that cannot be sent, or bytes that are no message."""


class Silence(BaseException):
    """The other side did not answer in time. No `except Exception` in a test swallows it."""


class HungUp(BaseException):
    """The other side is gone."""


# Messages on a socket.


class Channel:
    """Whole messages over a socket, each at its deadline at the latest.

    Parameters
    ----------
    sock : socket.socket
    limit : int
        Most bytes that a message of the other side may have.
    """

    def __init__(self, sock, limit=MAX_MESSAGE):
        self.sock = sock
        self.limit = limit
        self.deadline = math.inf
        self._received = bytearray()
        sock.setblocking(False)

    def send(self, message):
        """Sends plain data (`pack`ed here); `Silence` or `HungUp` if that fails."""
        data = pack(message)
        view = memoryview(LENGTH.pack(len(data)) + data)
        while view:
            self._check()
            try:
                view = view[self.sock.send(view) :]
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except OSError:
                raise HungUp from None

    def receive(self):
        """The next message as plain data; `Silence`, `HungUp` or `WireError` if there is none."""
        (size,) = LENGTH.unpack(self._exactly(LENGTH.size))
        if size > self.limit:
            raise WireError(f"a message of {size / 2**20:.0f} MB is over the limit")
        return unpack(self._exactly(size))

    def _exactly(self, size):
        while len(self._received) < size:
            self._check()
            try:
                data = self.sock.recv(CHUNK)
            except BlockingIOError:
                self._wait(select.POLLIN)
                continue
            except OSError:
                raise HungUp from None
            if not data:
                raise HungUp
            self._received += data
        found = self._received[:size]
        del self._received[:size]
        return found

    def _check(self):
        if time.monotonic() >= self.deadline:
            raise Silence

    def _wait(self, event):
        poll = select.poll()
        poll.register(self.sock, event)
        left = self.deadline - time.monotonic()
        poll.poll(None if left == math.inf else max(0, math.ceil(left * 1000)))

    def close(self):
        """Closes the socket."""
        self.sock.close()


def pack(message):
    """Bytes of plain tagged data."""
    try:
        data = msgpack.packb(message, unicode_errors="surrogatepass")
    except (ValueError, OverflowError, TypeError, RecursionError) as error:
        raise WireError(f"it cannot be written down: {error}") from None
    if len(data) > MAX_MESSAGE:
        raise WireError(f"it is over the limit of {MAX_MESSAGE // 2**20} MB")
    return data


def unpack(data):
    """Plain tagged data of bytes."""
    try:
        return msgpack.unpackb(
            data,
            use_list=True,
            strict_map_key=False,
            unicode_errors="surrogatepass",
            max_array_len=MAX_ITEMS,
            max_map_len=MAX_ITEMS,
            max_ext_len=0,
        )
    except (ValueError, msgpack.exceptions.UnpackException, RecursionError, MemoryError) as error:
        raise WireError(f"the message cannot be read: {type(error).__name__}") from None


# Values as tagged data.


def write(value, book, depth=0):
    """A value as plain tagged data.

    Parameters
    ----------
    value : object
        A subclass of a plain type counts as that type: whatever it overrides stays behind.
    book : object
        Its ``write(value)`` turns what is not data into a reference.

    Raises
    ------
    WireError
        If the value is nested too deeply, refers to itself or is too large.
    """
    if depth > MAX_DEPTH:
        raise WireError(f"it is nested more than {MAX_DEPTH} deep, or contains itself")
    kind = type(value)
    if value is None or kind in (bool, float, bytes):
        return value
    if kind is str:
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
    if issubclass(kind, np.ndarray):
        return _write_array(np.ndarray.view(value, np.ndarray), value.flags, book, depth)
    if issubclass(kind, np.generic):
        return _write_scalar(value, book)
    if issubclass(kind, np.random.Generator | np.random.RandomState):
        return _write_random(value)
    if issubclass(kind, np.dtype):
        return ["dtype", value.str] if value.kind in ARRAY_KINDS else book.write(value)
    if issubclass(kind, set | frozenset):
        items = (set if issubclass(kind, set) else frozenset).__iter__(value)
        tag = "s" if issubclass(kind, set) else "f"
        return [tag, *[write(item, book, inner) for item in items]]
    if issubclass(kind, complex):
        return ["c", complex(value).real, complex(value).imag]
    if issubclass(kind, range):
        return ["range", *[_write_int(part) for part in (value.start, value.stop, value.step)]]
    if issubclass(kind, slice):
        return [
            "slice",
            *[write(part, book, inner) for part in (value.start, value.stop, value.step)],
        ]
    if value is Ellipsis:
        return ["..."]
    return _write_other(value, book, inner)


def _write_other(value, book, inner):
    """Subclasses of plain types, pandas' objects, and what is no data at all."""
    kind = type(value)
    if issubclass(kind, bool | int):
        return _write_int(int.__int__(value))
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, bytes | bytearray):
        return bytes(value)
    if issubclass(kind, tuple):
        items = [write(item, book, inner) for item in tuple.__iter__(value)]
        fields = getattr(type(value), "_fields", None)
        if isinstance(fields, tuple) and len(fields) == len(items):
            return ["named", type(value).__name__, list(fields), *items]
        return ["t", *items]
    if issubclass(kind, list):
        return ["l", *[write(item, book, inner) for item in list.__iter__(value)]]
    if issubclass(kind, dict):
        pairs = dict.items(value)
        return ["d", *[[write(k, book, inner), write(v, book, inner)] for k, v in pairs]]
    pandas = sys.modules.get("pandas")
    if pandas is not None and hasattr(pandas, "DataFrame"):
        if issubclass(kind, pandas.DataFrame):
            columns = [_write_column(value.iloc[:, i], book, inner) for i in range(value.shape[1])]
            index, names = (
                _write_column(part, book, inner) for part in (value.index, value.columns)
            )
            return ["frame", index, names, *columns]
        if issubclass(kind, pandas.Series):
            return [
                "series",
                write(value.name, book, inner),
                _write_column(value.index, book, inner),
                _write_column(value, book, inner),
            ]
        if issubclass(kind, pandas.Index):
            return [
                "index",
                write(value.name, book, inner),
                _write_column(value, book, inner),
            ]
    return book.write(value)


def _write_int(value):
    return value if -(2**63) <= value < 2**64 else ["int", hex(value)]


def _write_column(column, book, depth):
    return write(np.asarray(column), book, depth)


def _write_array(array, flags, book, depth):
    if array.dtype.kind == "O":
        items = [write(item, book, depth + 1) for item in array.ravel().tolist()]
        return ["o", list(array.shape), *items]
    if array.dtype.kind not in ARRAY_KINDS:
        raise WireError(f"an array of the type {array.dtype} is not supported")
    if array.nbytes > MAX_MESSAGE:
        raise WireError(f"an array of {array.nbytes / 2**20:.0f} MB is over the limit")
    order = "F" if flags.fnc else "C"
    dtype = array.dtype.newbyteorder("=").str
    data = array.astype(dtype, copy=False).tobytes(order)
    return ["a", dtype, list(array.shape), order, bool(flags.writeable), data]


def _write_scalar(value, book):
    dtype = np.dtype(value.dtype)
    if dtype.kind not in ARRAY_KINDS:
        return book.write(value)
    return ["n", dtype.newbyteorder("=").str, np.asarray(value).tobytes()]


def _write_random(rng):
    """A random generator: its state, and the seed sequence that `spawn` goes on from."""
    legacy = isinstance(rng, np.random.RandomState)
    bits = rng._bit_generator if legacy else rng.bit_generator
    name = type(bits).__name__
    if name not in BIT_GENERATORS:
        raise WireError(f"a random generator of the kind {name} is not supported")
    seq = getattr(bits, "seed_seq", None)
    seed = None
    if isinstance(seq, np.random.SeedSequence):
        entropy = [seq.entropy] if seq.entropy is None else np.atleast_1d(seq.entropy).tolist()
        seed = [
            write(entropy, None),
            write(list(map(int, seq.spawn_key)), None),
            seq.pool_size,
            seq.n_children_spawned,
        ]
    state = rng.get_state(legacy=False) if legacy else bits.state
    if not legacy and name in PERMUTED:  # the usual one, and the fast way
        inner = state["state"]
        parts = hex(inner["state"]), hex(inner["inc"]), state["has_uint32"], state["uinteger"]
        return ["rng", legacy, name, seed, ["pcg", *parts]]
    return ["rng", legacy, name, seed, write(state, None)]


def read(data, book, depth=0):
    """The value of plain tagged data.

    Parameters
    ----------
    data : object
        As `unpack` gives it.
    book : object
        Its ``read(data)`` resolves references.

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


def _dtype(text):
    dtype = np.dtype(str(text))
    if dtype.kind not in ARRAY_KINDS:
        raise WireError("an array of this type is not supported")
    return dtype


def _read_array(rest, _):
    dtype, shape, order, writeable, content = rest
    flat = np.frombuffer(content, dtype=_dtype(dtype)) if content else np.empty(0, _dtype(dtype))
    array = flat.reshape(shape, order="F" if order == "F" else "C").copy(order="K")
    array.flags.writeable = bool(writeable)
    return array


def _read_objects(rest, value):
    shape, *items = rest
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        array[place] = value(item)
    return array.reshape(shape)


def _read_scalar(rest, _):
    dtype, content = rest
    (scalar,) = np.frombuffer(content, dtype=_dtype(dtype))
    return scalar


def _read_named(rest, value):
    name, fields, *items = rest
    return namedtuple(str(name), [str(field) for field in fields])(*map(value, items))


def _read_random(rest, value):
    legacy, name, seed, state = rest
    if name not in BIT_GENERATORS:
        raise WireError("a random generator of this kind is not supported")
    sequence = None
    if seed is not None:
        entropy, spawn_key, pool_size, children = seed
        entropy = value(entropy)
        sequence = np.random.SeedSequence(
            entropy if len(entropy) != 1 else entropy[0],
            spawn_key=tuple(value(spawn_key)),
            pool_size=pool_size,
            n_children_spawned=children,
        )
    if isinstance(state, list) and state[:1] == ["pcg"]:
        _, inner, increment, has, uinteger = state
        inner = {"state": int(inner, 16), "inc": int(increment, 16)}
        state = {
            "bit_generator": name,
            "state": inner,
            "has_uint32": has,
            "uinteger": uinteger,
        }
    else:
        state = value(state)
    bits = getattr(np.random, name)(0 if sequence is None else sequence)
    if not legacy:
        bits.state = state
        return np.random.Generator(bits)
    rng = np.random.RandomState(bits)
    rng.set_state(state)
    return rng


def _read_frame(rest, value):
    import pandas

    index, names, *columns = [value(part) for part in rest]
    frame = pandas.DataFrame(dict(enumerate(columns)), index=index)
    frame.columns = names
    return frame


def _read_series(rest, value):
    import pandas

    name, index, data = (value(part) for part in rest)
    return pandas.Series(data, index=index, name=name)


def _read_index(rest, value):
    import pandas

    name, data = (value(part) for part in rest)
    return pandas.Index(data, name=name)


READERS = {
    "l": lambda rest, value: [value(item) for item in rest],
    "t": lambda rest, value: tuple(value(item) for item in rest),
    "d": lambda rest, value: {value(key): value(item) for key, item in rest},
    "s": lambda rest, value: {value(item) for item in rest},
    "f": lambda rest, value: frozenset(value(item) for item in rest),
    "a": _read_array,
    "o": _read_objects,
    "n": _read_scalar,
    "c": lambda rest, value: complex(*rest),
    "int": lambda rest, value: int(rest[0], 16),
    "range": lambda rest, value: range(*map(value, rest)),
    "slice": lambda rest, value: slice(*map(value, rest)),
    "...": lambda rest, value: ...,
    "dtype": lambda rest, value: _dtype(rest[0]),
    "named": _read_named,
    "rng": _read_random,
    "frame": _read_frame,
    "series": _read_series,
    "index": _read_index,
}


# Bringing an argument up to date with what a call did to it.


def update(old, new):
    """Changes `old` in place into `new`, as far as its type lets itself be changed.

    Parameters
    ----------
    old, new : object
        The argument as it was sent, and what came back for it.
    """
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        if not old.flags.writeable:
            return
        if old.shape != new.shape and old.size == new.size:
            old.shape = new.shape
        np.copyto(old, new, casting="unsafe")
    elif isinstance(old, list) and isinstance(new, list):
        old[:] = _merged(old, new)
    elif isinstance(old, tuple) and isinstance(new, tuple):
        _merged(old, new)
    elif isinstance(old, dict) and isinstance(new, dict):
        merged = {key: _kept(old[key], new[key]) if key in old else new[key] for key in new}
        old.clear()
        old.update(merged)
    elif isinstance(old, set) and isinstance(new, set):
        old.clear()
        old.update(new)
    elif isinstance(old, np.random.Generator) and isinstance(new, np.random.Generator):
        old.bit_generator.state = new.bit_generator.state
        _spawned(old.bit_generator, new.bit_generator)
    elif isinstance(old, np.random.RandomState) and isinstance(new, np.random.RandomState):
        old.set_state(new.get_state(legacy=False))
    elif hasattr(old, "_update_inplace") and type(old) is type(new):
        old._update_inplace(new)


def _merged(old, new):
    if len(old) != len(new):
        return new
    return [_kept(before, after) for before, after in zip(old, new, strict=True)]


def _kept(old, new):
    """`old` brought up to date where it is a container, else `new`."""
    mutable = (np.ndarray, list, tuple, dict, set, np.random.Generator, np.random.RandomState)
    if type(old) is not type(new) or not isinstance(old, mutable):
        return new
    if isinstance(old, np.ndarray) and (old.size, old.dtype) != (new.size, new.dtype):
        return new
    update(old, new)
    return old


def _spawned(old, new):
    ahead = getattr(new.seed_seq, "n_children_spawned", 0) - getattr(
        old.seed_seq, "n_children_spawned", 0
    )
    if 0 < ahead <= MAX_ITEMS:
        old.seed_seq.spawn(ahead)
