"""What is no data, as a reference: the number of an entry in the sender's table, or a name."""

import types
from typing import Any

from course.isolation.channel import WireError
from course.isolation.names import Names
from course.isolation.proxies import SPECIAL, Proxy, There, make_proxy, there_of
from course.isolation.values import read, write

MAX_OBJECTS = 100_000
MAX_SPAN = 100


class References:
    """The objects that one end of a link has given away, and those that it was given.

    It is a book for `course.isolation.values`.

    Parameters
    ----------
    names : Names
        What both sides know by name.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.table: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.proxies: dict[int, Any] = {}
        self.library: dict[int, tuple[Any, Any]] = {}

    # What a kind of end decides for itself.

    def allows(self, value: Any, action: str, name: Any) -> bool:
        """Whether the other side may do `action` to `value`."""
        return True

    def library_name(self, value: Any) -> tuple[str, str] | None:
        """Module and name of a function or class that the other side is to take from there."""
        return None

    def from_library(self, module: Any, name: Any) -> Any:
        """A function or class of a library by its name."""
        raise WireError("names are not taken from this side")

    # Giving.

    def out(self, value: Any) -> Any:
        """A value for the other side."""
        return write(value, self)

    def write(self, value: Any) -> Any:
        """A reference to an object that is no data."""
        if issubclass(type(value), Proxy):
            there = there_of(value)
            if there.link is not self:
                raise WireError("an object of another submission")
            return ["yours", there.number]
        if id(value) in self.library:
            return self.library[id(value)][1]
        if isinstance(value, types.ModuleType | types.FrameType | types.CodeType):
            raise WireError(f"a {type(value).__name__} cannot be sent")
        named = self.library_name(value)
        if named is not None:
            data = ["lib", *named]
            self.library[id(value)] = (value, data)
            return data
        kind = type(value)
        return [
            "ref",
            self._number(value),
            str(getattr(value, "__name__", kind.__name__))[:MAX_SPAN],
            self.names.claims(kind),
            callable(value),
            [name for name in SPECIAL if hasattr(kind, name)],
            self._describe_signature(value),
        ]

    def _number(self, value: Any) -> int:
        number = self.numbers.get(id(value))
        if number is None:
            if len(self.table) >= MAX_OBJECTS:
                raise WireError("there are too many objects")
            number = self.numbers[id(value)] = len(self.table)
            self.table.append(value)
        return number

    def _describe_signature(self, value: Any) -> Any:
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

    # Taking.

    def taken(self, data: Any) -> Any:
        """A value of the other side's."""
        return read(data, self)

    def read(self, data: Any) -> Any:
        """The object of a reference."""
        tag, *rest = data
        if tag == "ref" and len(rest) == 6:
            return self._proxy(*rest)
        if tag == "yours" and len(rest) == 1:
            return self.mine(rest[0], "return")
        if tag == "lib" and len(rest) == 2:
            value = self.from_library(*rest)
            self.library[id(value)] = (value, data)
            return value
        raise WireError("the message has no meaning")

    def mine(self, number: Any, action: str, name: Any = None) -> Any:
        """The object of my table; `WireError` if the other side may not do this to it."""
        if type(number) is not int or not 0 <= number < len(self.table):
            raise WireError("there is no such object")
        value = self.table[number]
        if not self.allows(value, action, name):
            raise WireError(f"this is not allowed with a {type(value).__name__}")
        return value

    def _proxy(
        self, number: Any, name: Any, claimed: Any, callable_: Any, specials: Any, signature: Any
    ) -> Any:
        if type(number) is not int:
            raise WireError("the message has no meaning")
        if number not in self.proxies:
            if signature is not None:
                signature = [
                    (str(part), int(kind), bool(has), self.taken(default))
                    for part, kind, has, default in signature
                ]
            known_class = self.names.known_class(claimed)
            there = There(self, number, str(name)[:MAX_SPAN], known_class, signature)
            self.proxies[number] = make_proxy(there, bool(callable_), specials)
        return self.proxies[number]
