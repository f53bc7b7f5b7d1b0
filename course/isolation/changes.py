"""What a call did to its arguments: those of the caller are brought up to date in place."""

from typing import Any

import numpy as np

from course.isolation import generators
from course.isolation.channel import pack

CONTAINERS = (np.ndarray, list, tuple, dict, set, *generators.KINDS)


def mutable(value: Any) -> bool:
    """Whether a call may have changed this argument."""
    return isinstance(value, CONTAINERS) or hasattr(type(value), "_update_inplace")


def changed(after: Any, before: Any) -> bool:
    """Whether a value that was written twice is another the second time."""
    return pack(after) != pack(before)


def update(old: Any, new: Any) -> None:
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
    elif any(isinstance(old, kind) and isinstance(new, kind) for kind in generators.KINDS):
        generators.catch_up(old, new)
    elif hasattr(old, "_update_inplace") and type(old) is type(new):
        old._update_inplace(new)


def _merged(old: Any, new: Any) -> Any:
    if len(old) != len(new):
        return new
    return [_kept(before, after) for before, after in zip(old, new, strict=True)]


def _kept(old: Any, new: Any) -> Any:
    """`old` brought up to date where it is a container, else `new`."""
    if type(old) is not type(new) or not isinstance(old, CONTAINERS):
        return new
    if isinstance(old, np.ndarray) and (old.size, old.dtype) != (new.size, new.dtype):
        return new
    update(old, new)
    return old
