"""Calls across the trust boundary.

Each side of a channel has a `Link`. What is not data crosses as the number of an entry in the
sender's table; on the other side a `Proxy` stands for it, which turns a call or an attribute into a
request. While one side waits for an answer it serves the requests of the other, so that a
student's function can call back a function that a test gave it.

The two sides are not equals. `Link` lets the other side do anything with what it was given;
`course.isolation.checker.Judge` is the side that must not be fooled, and narrows that down.
"""

import contextlib
import functools
import io
import sys
import tracemalloc
import types
import warnings

import numpy as np

from course.isolation.wire import WireError, pack, read, update, write

MAX_NESTING = 24
MAX_OBJECTS = 100_000
MAX_TEXT = 20_000
MAX_PRINTED = 1_000_000
MAX_WARNINGS = 50
MAX_SPAN = 100

NUMPY_ERRORS = np.geterr()

# Packages whose public classes, functions and exceptions both sides know by name.
LIBRARIES = {
    "builtins", "collections", "dask", "functools", "itertools", "keras", "math", "matplotlib",
    "numbers", "numpy", "operator", "pandas", "scipy", "sklearn", "statistics", "tensorflow",
    "types", "umap", "utils",
}  # fmt: skip
# Of these a proxy never claims to be one: they always travel as copies.
PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, np.ndarray,
         np.generic, type(None), type)  # fmt: skip
SPECIAL = (
    "__array__", "__bool__", "__contains__", "__delitem__", "__enter__", "__exit__", "__float__",
    "__getitem__", "__index__", "__int__", "__iter__", "__len__", "__next__", "__setitem__",
)  # fmt: skip


class StudentError(Exception):
    """An error of the student's own kind, or one that would end the checker."""


# What stands for an object of the other side.


class Proxy:
    """An object of the other side; see `_proxy_class` for what it can do."""

    __slots__ = ("__weakref__", "_there")
    by_reference = True

    def __getattr__(self, name):
        if name.startswith("__") and name not in ("__name__", "__doc__", "__qualname__"):
            raise AttributeError(f"'{self._there.name}' object has no attribute '{name}'")
        return self._there.link.request(["attribute", self._there.number, name])

    def __setattr__(self, name, value):
        link = self._there.link
        link.request(["set", self._there.number, name, link.out(value)])

    def __repr__(self):
        return f"<{self._there.name}>"

    def __bool__(self):
        raise TypeError(f"a {self._there.name} is neither true nor false")

    def __reduce_ex__(self, protocol):
        raise TypeError(f"a {self._there.name} of the other side cannot be copied")

    @property
    def __class__(self):
        return self._there.known_class or type(self)


class _There:
    """Where a proxy's object is, and what is known of it."""

    def __init__(self, link, number, name, known_class, signature):
        self.link = link
        self.number = number
        self.name = name
        self.known_class = known_class
        self.signature = signature


class _ArrayLike(np.lib.mixins.NDArrayOperatorsMixin):
    """Arithmetic and comparisons on a copy of the data, here: nothing is asked of the object."""

    __slots__ = ()

    def __array__(self, dtype=None, copy=None):
        link = self._there.link
        return np.asarray(link.request(["special", self._there.number, "__array__"]), dtype=dtype)

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [np.asarray(part) if isinstance(part, _ArrayLike) else part for part in inputs]
        return getattr(ufunc, method)(*plain, **kwargs)

    def __bool__(self):
        return bool(np.asarray(self))


def _call(self, /, *args, **kwargs):
    return self._there.link.call(self._there.number, args, kwargs)


def _peak_memory(self, *args):
    return self._there.link.call(self._there.number, args, {}, measure=True)


def _signature(self):
    if self._there.signature is None:
        raise AttributeError("__signature__")
    import inspect

    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect._ParameterKind(kind),
                default=inspect.Parameter.empty if not has_default else default,
            )
            for name, kind, has_default, default in self._there.signature
        ]
    )


def _forwarded(name):
    def special(self, *args):
        link = self._there.link
        return link.request(["special", self._there.number, name, *map(link.out, args)])

    special.__name__ = name
    return special


@functools.cache
def _proxy_class(callable_, specials):
    """The class of proxies whose objects have just these special methods."""
    body = {name: _forwarded(name) for name in specials if name not in ("__array__", "__bool__")}
    if callable_:
        body |= {
            "__call__": _call,
            "__peak_memory__": _peak_memory,
            "__signature__": property(_signature),
        }
    bases = (_ArrayLike, Proxy) if "__array__" in specials else (Proxy,)
    return type("Proxy", bases, {"__slots__": (), **body})


# The two ends.


class Link:
    """One end of the boundary.

    Parameters
    ----------
    channel : course.isolation.wire.Channel
    """

    def __init__(self, channel):
        self.channel = channel
        self.table = []
        self.numbers = {}
        self.proxies = {}
        self.library = {}
        self.nesting = 0

    # Asking.

    def out(self, value):
        """A value for the other side."""
        return write(value, self)

    def request(self, message):
        """What the other side answers, or the error that it raises."""
        return read(self._ask(message), self)

    def _ask(self, message):
        """As `request`, but the answer is left as it was written."""
        self.channel.send(message)
        while True:
            answer = self.channel.receive()
            kind = answer[0] if isinstance(answer, list) and answer else None
            if kind == "ok" and len(answer) == 2:
                return answer[1]
            if kind == "raise" and len(answer) == 4:
                raise self.error(*answer[1:])
            self.channel.send(self.serve(answer))

    def call(self, number, args, kwargs, measure=False):
        """Calls an object of the other side, and passes on what the call did besides returning."""
        given = [*args, *kwargs.values()]
        outcome = self._ask(
            [
                "call",
                number,
                [self.out(value) for value in args],
                [[name, self.out(value)] for name, value in kwargs.items()],
                [[key, value] for key, value in np.geterr().items() if NUMPY_ERRORS[key] != value],
                measure,
            ]
        )
        if not isinstance(outcome, list) or len(outcome) != 7:
            raise WireError("the answer to a call is damaged")
        succeeded, result, same, changed, warned, printed, peak = outcome
        for place, value in changed:
            update(given[place], read(value, self))
        if printed:
            sys.stdout.write(str(printed)[:MAX_PRINTED])
        for claims, text in warned[:MAX_WARNINGS]:
            category = known_class(claims, Warning) or UserWarning
            warnings.warn(str(text)[:MAX_TEXT], category, stacklevel=3)
        if not succeeded:
            raise self.error(*result)
        result = read(result, self) if same is None else given[same]
        return (result, peak) if measure else result

    # Answering.

    def serve(self, message):
        """The answer to a request, as plain data."""
        self.nesting += 1
        try:
            if self.nesting > MAX_NESTING:
                raise WireError("functions call each other back too deeply")
            if not isinstance(message, list) or not message or not isinstance(message[0], str):
                raise WireError("the request has no meaning")
            handler = self.handlers().get(message[0])
            if handler is None:
                raise WireError("the request has no meaning")
            return ["ok", handler(*message[1:])]
        except Exception as error:
            return ["raise", *self.describe(error)]
        finally:
            self.nesting -= 1

    def handlers(self):
        """What the other side may ask for, each by a function whose answer is plain data."""
        return {
            "call": self.on_call,
            "attribute": self.on_attribute,
            "set": self.on_set,
            "special": self.on_special,
        }

    def mine(self, number, action, name=None):
        """The object of my table; `WireError` if the other side may not do this to it."""
        if type(number) is not int or not 0 <= number < len(self.table):
            raise WireError("there is no such object")
        value = self.table[number]
        if not self.allows(value, action, name):
            raise WireError(f"this is not allowed with a {type(value).__name__}")
        return value

    def allows(self, value, action, name):
        """Whether the other side may do `action` to `value`."""
        return True

    def on_call(self, number, args, kwargs, numpy_errors, measure):
        """Calls an object of mine."""
        function = self.mine(number, "call")
        raw = [*args, *(value for _, value in kwargs)]
        values = [read(value, self) for value in raw]
        names = [str(name) for name, _ in kwargs]
        split = len(args)
        printed = _Bounded()
        result, peak, failure = None, None, None
        with (
            warnings.catch_warnings(record=True) as warned,
            np.errstate(**{str(key): str(value) for key, value in numpy_errors}),
            contextlib.redirect_stdout(printed),
        ):
            warnings.simplefilter("always")
            call = functools.partial(
                function, *values[:split], **dict(zip(names, values[split:], strict=True))
            )
            try:
                if measure:
                    result, peak = measured(call)
                else:
                    result = call()
            except Exception as error:
                failure = error
            except (SystemExit, KeyboardInterrupt, GeneratorExit) as error:
                failure = StudentError(f"{type(error).__name__}: {_text(error)}")
        same = next(
            (i for i, value in enumerate(values) if value is result and _mutable(value)), None
        )
        after = ((place, self.out(v)) for place, v in enumerate(values) if _mutable(v))
        changed = [[place, data] for place, data in after if not _same(data, raw[place])]
        if failure is not None:
            result = self.describe(failure)
        else:
            result = self.out(result) if same is None else None
        return [
            failure is None,
            result,
            same,
            changed,
            [[claims(item.category), str(item.message)] for item in warned[:MAX_WARNINGS]],
            printed.getvalue(),
            peak,
        ]

    def on_attribute(self, number, name):
        """An attribute of an object of mine."""
        return self.out(getattr(self.mine(number, "attribute", name), str(name)))

    def on_set(self, number, name, value):
        """Sets an attribute of an object of mine."""
        setattr(self.mine(number, "set", name), str(name), read(value, self))

    def on_special(self, number, name, *args):
        """A special method of an object of mine."""
        value = self.mine(number, "special", name)
        if name not in SPECIAL:
            raise WireError("there is no such special method")
        if name == "__array__":
            return self.out(np.array(value))
        given = (read(part, self) for part in args)
        return self.out(getattr(type(value), name)(value, *given))

    # References, for `wire.write` and `wire.read`.

    def write(self, value):
        """A reference to an object that is no data."""
        if issubclass(type(value), Proxy):
            there = object.__getattribute__(value, "_there")
            if there.link is not self:
                raise WireError("an object of another submission")
            return ["yours", there.number]
        if id(value) in self.library:
            return self.library[id(value)][1]
        if isinstance(value, types.ModuleType | types.FrameType | types.CodeType):
            raise WireError(f"a {type(value).__name__} cannot be sent")
        named = self.library_name(value)
        if named is not None:
            return self._remember(value, ["lib", *named])
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.table) >= MAX_OBJECTS:
                raise WireError("there are too many objects")
            number = self.numbers[id(value)] = len(self.table)
            self.table.append(value)
        kind = type(value)
        return [
            "ref",
            number,
            str(getattr(value, "__name__", kind.__name__))[:MAX_SPAN],
            claims(kind),
            callable(value),
            [name for name in SPECIAL if hasattr(kind, name)],
            self._describe_signature(value),
        ]

    def _remember(self, value, data):
        self.library[id(value)] = (value, data)
        return data

    def library_name(self, value):
        """Module and name of a function or class that the other side is to take from there."""
        return None

    def _describe_signature(self, value):
        if not isinstance(value, types.FunctionType):
            return None
        import inspect

        try:
            parameters = inspect.signature(value).parameters.values()
            described = []
            for each in parameters:
                has_default = each.default is not each.empty
                default = each.default if has_default else None
                if not isinstance(default, bool | int | float | str | types.NoneType):
                    default = None
                described.append([each.name, int(each.kind), has_default, self.out(default)])
            return described[:MAX_SPAN]
        except Exception:
            return None

    def read(self, data):
        """The object of a reference."""
        tag, *rest = data
        if tag == "ref" and len(rest) == 6:
            return self._proxy(*rest)
        if tag == "yours" and len(rest) == 1:
            return self.mine(rest[0], "return")
        if tag == "lib" and len(rest) == 2:
            value = self.from_library(*rest)
            self._remember(value, data)
            return value
        raise WireError("the message has no meaning")

    def from_library(self, module, name):
        """A function or class of a library by its name."""
        raise WireError("names are not taken from this side")

    def _proxy(self, number, name, claimed, callable_, specials, signature):
        if type(number) is not int:
            raise WireError("the message has no meaning")
        known = self.proxies.get(number)
        if known is not None:
            return known
        kinds = tuple(special for special in SPECIAL if special in specials)
        proxy = object.__new__(_proxy_class(bool(callable_), kinds))
        if signature is not None:
            signature = [
                (str(part), int(kind), bool(has), read(default, self))
                for part, kind, has, default in signature
            ]
        there = _There(self, number, str(name)[:MAX_SPAN], known_class(claimed), signature)
        object.__setattr__(proxy, "_there", there)
        self.proxies[number] = proxy
        return proxy

    # Errors.

    def describe(self, error):
        """An error for the other side: its classes, its arguments where they are data, its text."""
        try:
            arguments = self.out(error.args)
        except Exception:
            arguments = ["t"]
        return [claims(type(error)), arguments, _text(error)]

    def error(self, claimed, arguments, text):
        """The other side's error, of the nearest class that is known here."""
        text = str(text)[:MAX_TEXT]
        kind = known_class(claimed, Exception) or StudentError
        with contextlib.suppress(Exception):
            error = kind(*read(arguments, self))
            if str(error) == text:
                return error
        body = {"__str__": lambda self: text, "__init__": lambda self: None}
        body |= {"__module__": kind.__module__}
        try:
            return type(kind.__name__, (kind,), body)()
        except Exception:
            return StudentError(text)


def _text(error):
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:
        return ""


def _mutable(value):
    kinds = (np.ndarray, list, dict, set, tuple, np.random.Generator, np.random.RandomState)
    return isinstance(value, kinds) or hasattr(type(value), "_update_inplace")


def _same(after, before):
    return pack(after) == pack(before)


class _Bounded(io.StringIO):
    """What a call prints, up to a limit."""

    def write(self, text):
        if self.tell() < MAX_PRINTED:
            super().write(text)
        return len(text)


def measured(call):
    """What `call()` returns, and the bytes that it held at most beyond what there was before.

    Tracing is taken out of the callee's reach meanwhile.
    """
    handles = {name: getattr(tracemalloc, name) for name in ("start", "stop", "get_traced_memory")}
    off_limits = ("start", "stop", "reset_peak", "clear_traces")
    kept = {name: getattr(tracemalloc, name) for name in off_limits}
    handles["start"]()
    try:
        for name in off_limits:
            setattr(tracemalloc, name, _nothing)
        before, _ = handles["get_traced_memory"]()
        result = call()
        _, peak = handles["get_traced_memory"]()
    finally:
        for name, function in kept.items():
            setattr(tracemalloc, name, function)
        handles["stop"]()
    return result, peak - before


def _nothing(*args):
    return None


# Classes by name.

# Python's own that have their public name in `types`.
TYPES = {
    getattr(types, name): name
    for name in ("FunctionType", "MethodType", "BuiltinFunctionType", "GeneratorType")
}


def claims(kind):
    """The names of the classes that a class comes from, its own first, as far as public."""
    found = [["types", TYPES[kind]]] if kind in TYPES else []
    for each in kind.__mro__[:-1]:
        module = str(getattr(each, "__module__", ""))
        if module.partition(".")[0] in LIBRARIES:
            found.append([module, each.__qualname__])
    return found[:MAX_SPAN]


def known_class(claimed, base=None):
    """The first of the claimed classes that this side knows, or None."""
    if not isinstance(claimed, list):
        return None
    for item in claimed:
        if not (isinstance(item, list) and len(item) == 2):
            continue
        found = find(*item)
        if not isinstance(found, type):
            continue
        if base is None and issubclass(found, PLAIN):
            return None
        if base is None or issubclass(found, base):
            return found
    return None


def find(module, name):
    """A public object of a library that has been imported; None where there is none."""
    if not isinstance(module, str) or not isinstance(name, str):
        return None
    if module.partition(".")[0] not in LIBRARIES:
        return None
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found
