"""Classes and functions that both sides know by name: the public ones of some packages."""

import sys
import types
from collections.abc import Collection
from typing import Any

import numpy as np

MAX_CLAIMS = 100

# Of these a proxy never claims to be one: they always travel as copies.
PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, np.ndarray,
         np.generic, type(None), type)  # fmt: skip
# Python's own classes that have their public name in `types`.
TYPES: dict[type, str] = {
    getattr(types, name): name
    for name in ("FunctionType", "MethodType", "BuiltinFunctionType", "GeneratorType")
}


class Names:
    """What both sides know by name.

    Parameters
    ----------
    packages : collection of str
    """

    def __init__(self, packages: Collection[str]) -> None:
        self.packages = frozenset(packages)

    def _known(self, module: str) -> bool:
        return module.partition(".")[0] in self.packages

    def find(self, module: Any, name: Any) -> Any:
        """A public object of a package that has been imported; None where there is none."""
        if not isinstance(module, str) or not isinstance(name, str) or not self._known(module):
            return None
        found = sys.modules.get(module)
        for part in name.split("."):
            found = getattr(found, part, None)
        return found

    def claims(self, kind: type) -> list[list[str]]:
        """The names of the classes that a class comes from, its own first, as far as public."""
        found = [["types", TYPES[kind]]] if kind in TYPES else []
        for each in kind.__mro__[:-1]:
            module = str(getattr(each, "__module__", ""))
            if self._known(module):
                found.append([module, each.__qualname__])
        return found[:MAX_CLAIMS]

    def known_class(self, claimed: Any, base: type | None = None) -> Any:
        """The first of the claimed classes that this side knows, or None."""
        if not isinstance(claimed, list):
            return None
        for item in claimed:
            if not (isinstance(item, list) and len(item) == 2):
                continue
            found = self.find(*item)
            if not isinstance(found, type):
                continue
            if base is None and issubclass(found, PLAIN):
                return None
            if base is None or issubclass(found, base):
                return found
        return None
