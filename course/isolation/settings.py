"""What isolation is told by those who use it, and how a warm process hears of it."""

import dataclasses
import json
from dataclasses import dataclass, field

from course.isolation.allowed import Limits


@dataclass(frozen=True)
class Settings:
    """What the notebooks that are run have around them.

    Parameters
    ----------
    root : str
        The folder that their modules are imported from.
    visible : tuple of str
        The files and folders below it that submissions can read, these modules of course included.
    libraries : tuple of str
        Packages whose public classes, functions and exceptions both sides know by name.
    together : dict
        By the name of a module, others that a warm process imports too where it imports that one.
    pictures : str, optional
        The dotted name of a function that is called with whether pictures are drawn, if its module
        is imported.
    limits : Limits
    way_out : str
        What the user may do where there is no sandbox.
    more : str
        A sentence on where there is more about that.
    """

    root: str
    visible: tuple[str, ...]
    libraries: tuple[str, ...]
    together: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: str | None = None
    limits: Limits = field(default_factory=Limits)
    way_out: str = "take only submissions that you trust, without a sandbox"
    more: str = ""


@dataclass(frozen=True)
class Kind:
    """What kind of warm process a notebook needs.

    Parameters
    ----------
    setup : tuple of str
        The lesson's setup cells.
    confine : str
        ``"bwrap"`` or ``"none"``.
    native : bool
        Whether each process does its own imports.
    settings : Settings
    """

    setup: tuple[str, ...]
    confine: str
    native: bool
    settings: Settings


@dataclass(frozen=True)
class Order:
    """What a warm process is told at its start, and what each pair is told besides."""

    setup: tuple[str, ...]
    scratch: str
    confined: bool
    native: bool
    settings: Settings
    render: bool = False
    user: int = 0
    gate: tuple[int, ...] = ()

    def to_json(self) -> str:
        """A line for `from_json`."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Order":
        """The order that was written down."""
        order = json.loads(text)
        told = order["settings"]
        settings = Settings(**{**told, "limits": Limits(**told["limits"])})
        return cls(**{**order, "settings": settings})

    def pair(self, text: str | bytes) -> "Order":
        """The order for a pair, of which `text` says in JSON whether it draws, and its user."""
        return dataclasses.replace(self, **json.loads(text))
