"""nbgrader's parts one by one: what a command asks for, without all that lies beside it.

`import nbgrader` loads four server extensions, and with them JupyterHub, the exchange and all of
nbgrader's commands: seconds that no command of ours needs. Where nbgrader is not loaded yet, a
package of its name stands in for it here. It finds nbgrader's modules where they are; whoever asks
it for anything else gets the real package, loaded there and then. Nothing of nbgrader is changed,
and its own commands, which load it before us, never meet this. Importing this module does it.
"""

import importlib
import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

PACKAGES = ("nbgrader", "nbgrader.auth")


class _Package(ModuleType):
    """A package before its `__init__.py` has run."""

    def __getattr__(self, name: str) -> Any:
        if name == "__version__":  # asked for while parts load, when the real package could not
            return importlib.import_module(f"{self.__name__}._version").__version__
        if name.startswith("__"):
            raise AttributeError(name)
        if find_spec(f"{self.__name__}.{name}"):
            return importlib.import_module(f"{self.__name__}.{name}")
        if find_spec(f"{self.__name__}.base"):
            base = importlib.import_module(f"{self.__name__}.base")
            if hasattr(base, name):
                return getattr(base, name)
        assert self.__spec__ is not None and self.__spec__.loader is not None
        self.__class__ = ModuleType  # type: ignore[assignment]
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def _stand_in() -> None:
    for name in PACKAGES:
        if name in sys.modules:
            return
        spec = find_spec(name)
        if spec is None:
            return
        package = module_from_spec(spec)
        package.__class__ = _Package
        sys.modules[name] = package
        parent, _, own = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], own, package)


_stand_in()
