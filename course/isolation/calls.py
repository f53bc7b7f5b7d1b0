"""Calls across the trust boundary.

Each side of a channel has a `Link`. What is not data crosses as a reference; on the other side a
proxy stands for it, which turns a call or an attribute into a request. While one side waits for an
answer it serves the requests of the other, so that a student's function can call back a function
that a test gave it.

The two sides are not equals. `Link` lets the other side do anything with what it was given;
`course.isolation.checker.Judge` is the side that must not be fooled, and narrows that down.
"""

import functools
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from course.isolation import errors, generators
from course.isolation.channel import Channel, WireError
from course.isolation.effects import MAX_PRINTED, observed
from course.isolation.names import Names
from course.isolation.proxies import SPECIAL, Proxy, there_of
from course.isolation.references import References

MAX_NESTING = 24
MAX_WARNINGS = 50

NUMPY_ERRORS: dict[str, Any] = dict(np.geterr())


class Link(References):
    """One end of the boundary.

    Parameters
    ----------
    channel : course.isolation.channel.Channel
    names : course.isolation.names.Names
        What both sides know by name.
    """

    def __init__(self, channel: Channel, names: Names) -> None:
        super().__init__(names)
        self.channel = channel
        self.nesting = 0

    # Asking.

    def request(self, message: Any) -> Any:
        """What the other side answers, or the error that it raises."""
        return self.taken(self._ask(message))

    def _ask(self, message: Any) -> Any:
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

    def call(
        self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any], report: str = ""
    ) -> Any:
        """Calls an object of the other side, and passes on what the call did besides returning.

        It gets copies of its arguments, which stay as they are here. Only random generators go on
        from where the call left theirs.

        Parameters
        ----------
        number : int
            Of the object.
        args, kwargs : tuple and dict
        report : str
            ``"arguments"`` for what the call made of its copies, in place of its result;
            ``"memory"`` for the result and what it took.
        """
        given = [*args, *kwargs.values()]
        errstate: dict[str, Any] = dict(np.geterr())
        outcome = self._ask(
            [
                "call",
                number,
                [self.out(value) for value in args],
                [[name, self.out(value)] for name, value in kwargs.items()],
                [[key, value] for key, value in errstate.items() if NUMPY_ERRORS[key] != value],
                report,
            ]
        )
        if not isinstance(outcome, list) or len(outcome) != 6:
            raise WireError("the answer to a call is damaged")
        for value in given:
            if issubclass(type(value), Proxy):
                there_of(value).may_have_changed()
        succeeded, result, drawn, warned, printed, peak = outcome
        for place, value in drawn:
            generators.catch_up(given[place], self.taken(value))
        if printed:
            sys.stdout.write(str(printed)[:MAX_PRINTED])
        for claims, text in warned[:MAX_WARNINGS]:
            category = self.names.known_class(claims, Warning) or UserWarning
            warnings.warn(str(text)[: errors.MAX_TEXT], category, stacklevel=3)
        if not succeeded:
            raise self.error(*result)
        result = self.taken(result)
        return (result, peak) if report == "memory" else result

    def error(self, claimed: Any, arguments: Any, text: Any) -> Exception:
        """The other side's error, of the nearest class that is known here."""
        return errors.rebuild(claimed, text, self.names, lambda: self.taken(arguments))

    # Answering.

    def serve(self, message: Any) -> list[Any]:
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

    def describe(self, error: BaseException) -> list[Any]:
        """An error for the other side: its classes, its arguments where they are data, its text."""
        return errors.describe(error, self.names, self.out)

    def handlers(self) -> dict[str, Callable[..., Any]]:
        """What the other side may ask for, each by a function whose answer is plain data."""
        return {
            "call": self.on_call,
            "attribute": self.on_attribute,
            "set": self.on_set,
            "special": self.on_special,
        }

    def on_call(self, number: Any, args: Any, kwargs: Any, numpy_errors: Any, report: Any) -> Any:
        """Calls an object of mine."""
        function = self.mine(number, "call")
        values = [self.taken(value) for value in (*args, *(value for _, value in kwargs))]
        names = [str(name) for name, _ in kwargs]
        named = dict(zip(names, values[len(args) :], strict=True))
        errstate = {str(key): str(value) for key, value in numpy_errors}
        call = functools.partial(function, *values[: len(args)], **named)
        done = observed(call, errstate, report == "memory")
        if done.failure is not None:
            result = self.describe(done.failure)
        else:
            result = self.out(values if report == "arguments" else done.result)
        drawn = [
            [place, self.out(value)]
            for place, value in enumerate(values)
            if isinstance(value, generators.KINDS)
        ]
        warned = done.warned[:MAX_WARNINGS]
        return [
            done.failure is None,
            result,
            drawn,
            [[self.names.claims(item.category), str(item.message)] for item in warned],
            done.printed,
            done.peak,
        ]

    def on_attribute(self, number: Any, name: Any) -> Any:
        """An attribute of an object of mine."""
        return self.out(getattr(self.mine(number, "attribute", name), str(name)))

    def on_set(self, number: Any, name: Any, value: Any) -> None:
        """Sets an attribute of an object of mine."""
        setattr(self.mine(number, "set", name), str(name), self.taken(value))

    def on_special(self, number: Any, name: Any, *args: Any) -> Any:
        """A special method of an object of mine."""
        value = self.mine(number, "special", name)
        if name not in SPECIAL:
            raise WireError("there is no such special method")
        if name == "__iter__":
            return self.out(iter(value))
        given = (self.taken(part) for part in args)
        return self.out(getattr(type(value), name)(value, *given))
