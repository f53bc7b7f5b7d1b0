"""What stands for an object of the other side: calls and attributes become requests."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# The special methods that are asked for on the other side.
SPECIAL = (
    "__array__", "__bool__", "__contains__", "__delitem__", "__enter__", "__exit__", "__float__",
    "__getitem__", "__index__", "__int__", "__iter__", "__len__", "__next__", "__setitem__",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class There:
    """Where a proxy's object is, by its number at the link's other end, and what is known of it."""

    link: Any
    number: int
    name: str
    known_class: Any
    signature: list[tuple[str, int, bool, Any]] | None


class Proxy:
    """An object of the other side; see `_proxy_class` for what it can do."""

    __slots__ = ("__weakref__", "_there")
    by_reference = True
    _there: There

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__doc__", "__qualname__"):
            raise AttributeError(f"'{self._there.name}' object has no attribute '{name}'")
        return self._there.link.request(["attribute", self._there.number, name])

    def __setattr__(self, name: str, value: Any) -> None:
        link = self._there.link
        link.request(["set", self._there.number, name, link.out(value)])

    def __repr__(self) -> str:
        return f"<{self._there.name}>"

    def __bool__(self) -> bool:
        raise TypeError(f"a {self._there.name} is neither true nor false")

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"a {self._there.name} of the other side cannot be copied")

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return self._there.known_class or type(self)


class _ArrayLike(np.lib.mixins.NDArrayOperatorsMixin):
    """Arithmetic and comparisons on a copy of the data, here: nothing is asked of the object."""

    __slots__ = ()
    _there: There

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        link = self._there.link
        return np.asarray(link.request(["special", self._there.number, "__array__"]), dtype=dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        plain = [np.asarray(part) if isinstance(part, _ArrayLike) else part for part in inputs]
        return getattr(ufunc, method)(*plain, **kwargs)

    def __bool__(self) -> bool:
        return bool(np.asarray(self))


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
    body: dict[str, Any] = {
        name: _forwarded(name) for name in specials if name not in ("__array__", "__bool__")
    }
    if callable_:
        body |= {
            "__call__": _call,
            "__peak_memory__": _peak_memory,
            "__signature__": property(_signature),
        }
    bases = (_ArrayLike, Proxy) if "__array__" in specials else (Proxy,)
    return type("Proxy", bases, {"__slots__": (), **body})


def _forwarded(name: str) -> Callable[..., Any]:
    def special(self: Any, *args: Any) -> Any:
        link = self._there.link
        return link.request(["special", self._there.number, name, *map(link.out, args)])

    special.__name__ = name
    return special


def _call(self: Any, /, *args: Any, **kwargs: Any) -> Any:
    return self._there.link.call(self._there.number, args, kwargs)


def _peak_memory(self: Any, *args: Any) -> Any:
    return self._there.link.call(self._there.number, args, {}, measure=True)


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
