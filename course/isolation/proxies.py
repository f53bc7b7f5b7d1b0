"""What stands for an object of the other side: calls and attributes become requests.

What NumPy takes for an array never gets here: it crosses as a copy (see `course.isolation.values`).
So a proxy refuses to be one, and what it says of its length it is held to.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

# The special methods that are asked for on the other side.
SPECIAL = (
    "__bool__", "__contains__", "__delitem__", "__enter__", "__exit__", "__float__",
    "__getitem__", "__index__", "__int__", "__iter__", "__len__", "__next__", "__setitem__",
)  # fmt: skip


@dataclass(eq=False, slots=True)
class There:
    """Where a proxy's object is, by its number at the link's other end, and what is known of it.

    Of a method, `owner` is its object. `length` is what the object last said of its own, until a
    call that has to do with it.
    """

    link: Any
    number: int
    name: str
    known_class: Any
    signature: list[tuple[str, int, bool, Any]] | None
    length: Any = None
    owner: Any = field(default=None)

    def may_have_changed(self) -> None:
        """A call has to do with the object."""
        self.length = None
        if self.owner is not None:
            self.owner.length = None


class Proxy:
    """An object of the other side; see `_proxy_class` for what it can do."""

    __slots__ = ("__weakref__", "_there")
    __array_ufunc__ = None
    by_reference = True
    _there: There

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__doc__", "__qualname__"):
            raise AttributeError(f"'{self._there.name}' object has no attribute '{name}'")
        value = self._there.link.request(["attribute", self._there.number, name])
        if issubclass(type(value), Proxy):
            there_of(value).owner = self._there
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        link = self._there.link
        link.request(["set", self._there.number, name, link.out(value)])
        self._there.may_have_changed()

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise TypeError(f"a {self._there.name} is not an array")

    def __repr__(self) -> str:
        return f"<{self._there.name}>"

    def __bool__(self) -> bool:
        raise TypeError(f"a {self._there.name} is neither true nor false")

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"a {self._there.name} of the other side cannot be copied")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return self._there.known_class or type(self)


def make_proxy(there: There, callable_: bool, specials: Any) -> Any:
    """A proxy for an object that can be called or not, with some of the `SPECIAL` methods."""
    kinds = tuple(special for special in SPECIAL if special in specials)
    proxy: Any = object.__new__(_proxy_class(callable_, kinds))
    object.__setattr__(proxy, "_there", there)
    return proxy


def there_of(proxy: Any) -> There:
    """Where a proxy's object is."""
    there: There = object.__getattribute__(proxy, "_there")
    return there


@functools.cache
def _proxy_class(callable_: bool, specials: tuple[str, ...]) -> type:
    """The class of proxies whose objects have just these special methods."""
    body: dict[str, Any] = {name: _forwarded(name) for name in specials if name != "__bool__"}
    if callable_:
        body |= {
            "__call__": _call,
            "__arguments_after__": _arguments_after,
            "__peak_memory__": _peak_memory,
            "__signature__": property(_signature),
        }
    if "__len__" in specials and "__next__" not in specials:
        body |= {"__len__": _length, "__iter__": _items}
    return type("Proxy", (Proxy,), {"__slots__": (), **body})


def _forwarded(name: str) -> Callable[..., Any]:
    def special(self: Any, *args: Any) -> Any:
        link = self._there.link
        answer = link.request(["special", self._there.number, name, *map(link.out, args)])
        if name in ("__setitem__", "__delitem__", "__enter__", "__exit__"):
            self._there.may_have_changed()
        return answer

    special.__name__ = name
    return special


def _length(self: Any) -> Any:
    length = self._there.link.request(["special", self._there.number, "__len__"])
    self._there.length = length
    return length


def _items(self: Any) -> Iterator[Any]:
    """The items of an object with a length: as many as it has said, so that none can hide."""
    there, given = self._there, 0
    for item in there.link.request(["special", there.number, "__iter__"]):
        yield item
        given += 1
    if there.length is not None and there.length != given:
        raise TypeError(f"a {there.name} says that it has {there.length} items, and gives {given}")


def _call(self: Any, /, *args: Any, **kwargs: Any) -> Any:
    self._there.may_have_changed()
    return self._there.link.call(self._there.number, args, kwargs)


def _arguments_after(self: Any, /, *args: Any, **kwargs: Any) -> Any:
    return self._there.link.call(self._there.number, args, kwargs, report="arguments")


def _peak_memory(self: Any, *args: Any) -> Any:
    return self._there.link.call(self._there.number, args, {}, report="memory")


def _signature(self: Any) -> Any:
    if self._there.signature is None:
        raise AttributeError("__signature__")
    import inspect

    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect._ParameterKind(kind),
                default=default if has_default else inspect.Parameter.empty,
            )
            for name, kind, has_default, default in self._there.signature
        ]
    )
