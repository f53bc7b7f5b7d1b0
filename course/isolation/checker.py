"""The trusted side: runs graded cells, outside of the student's process.

This is the trust boundary. What comes in from the student is read by `course.isolation.values`, so
it is data or a proxy; what the student may ask for in return is what `Judge.allows` says.
"""

import ast
import builtins
import contextlib
import linecache
import signal
import socket
import sys
import time
import traceback
import types
import zlib
from collections.abc import Callable
from typing import Any, NoReturn

from course.isolation.calls import Link
from course.isolation.channel import Channel, HungUp, Silence, WireError
from course.isolation.effects import Printed
from course.isolation.errors import MAX_TEXT
from course.isolation.names import Names
from course.isolation.proxies import Proxy
from course.isolation.settings import Order

GRACE = 5
MAX_LINES = 40
ITERATION = ("__iter__", "__next__")
# Objects of other libraries are handed to students to be used, not only to be called.
ONLY_CALLED = {"builtins", "collections", "functools", "itertools", "operator", "types"}


class Judge(Link):
    """The checker's end of the boundary."""

    def __init__(self, channel: Channel, names: Names) -> None:
        super().__init__(channel, names)
        self.usable = names.packages - ONLY_CALLED | {"__main__"}

    def allows(self, value: Any, action: str, name: Any) -> bool:
        """A student may call what a test hands over, take an iterator's items, use an estimator."""
        if action == "return":
            return True
        if action == "call":
            return callable(value)
        if action == "special" and name in ITERATION:
            return hasattr(type(value), name)
        module = type(value).__module__.partition(".")[0]
        public = isinstance(name, str) and (action == "special" or not name.startswith("_"))
        return action in ("special", "attribute") and public and module in self.usable

    def library_name(self, value: Any) -> tuple[str, str] | None:
        """Functions and classes of libraries go by their name, for the student has them too."""
        name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
        if isinstance(value, Proxy) or not callable(value) or not isinstance(name, str):
            return None
        own = getattr(value, "__module__", None)
        for module in (own, "numpy", "scipy.special"):
            if isinstance(module, str) and self.names.find(module, name) is value:
                return module, name
        return None

    def read(self, data: Any) -> Any:
        """As `Link.read`; a library's name is taken back only if it was given away."""
        if data[0] == "lib":
            for value, sent in self.library.values():
                if sent == data:
                    return value
            raise WireError("names are not taken from students")
        return super().read(data)


class Scope(dict[str, Any]):
    """The names of a graded cell: its own, then the setup cells', then the student's."""

    def __init__(self, setup: dict[str, Any], judge: Judge) -> None:
        super().__init__(setup)
        self["__builtins__"] = builtins
        self["__name__"] = "__main__"
        self._judge = judge

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            return getattr(builtins, name)
        if name.startswith("__") or not self._judge.request(["has", name]):
            raise NameError(f"name '{name}' is not defined", name=name)
        value = self._judge.request(["name", name])
        self[name] = value
        return value


class Checker:
    """Runs setup cells and graded cells, and passes the student's cells on.

    Parameters
    ----------
    grader : course.isolation.channel.Channel
        To the process that gives the orders.
    student : course.isolation.channel.Channel
    names : course.isolation.names.Names
    """

    def __init__(self, grader: Channel, student: Channel, names: Names) -> None:
        self.grader = grader
        self.student = student
        self.judge = Judge(student, names)
        self.setup: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}

    def serve(self) -> NoReturn:
        """Carries out orders until the grader hangs up."""
        # A test that no longer ends is ended by the system, whatever it is doing.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        while True:
            order, seconds, *rest = self.grader.receive()
            self.student.deadline = time.monotonic() + seconds
            signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
            answer = self.carry_out(order, rest)
            signal.setitimer(signal.ITIMER_REAL, 0)
            try:
                self.grader.send(answer)
            except WireError as error:
                self.grader.send(["odd", str(error)])

    def carry_out(self, order: str, rest: list[Any]) -> list[Any]:
        """What is answered to an order."""
        orders: dict[str, Callable[..., Any]] = {
            "setup": self.on_setup,
            "run": self.on_run,
            "judge": self.on_judge,
        }
        try:
            return ["done", orders[order](*rest)]
        except Silence:
            return ["timeout"]
        except HungUp:
            return ["died"]
        except WireError as error:
            return ["odd", str(error)]
        except Exception as error:
            if order == "setup":
                raise
            # The student's side has had its say, and may have provoked it.
            return ["odd", f"{type(error).__name__}: {error}"[:MAX_TEXT]]

    def on_setup(self, source: str, name: str) -> list[str]:
        """Runs a setup cell here too: its names are those that tests trust."""
        _, error = execute(source, name, self.setup)
        if error is not None:
            return [f"{type(error).__name__}: {error}"]
        return []

    def on_run(self, source: str) -> list[Any]:
        """Has the student's process run a cell; its outputs, as that process tells them."""
        self.student.send(["cell", source])
        while True:
            answer = self.student.receive()
            if isinstance(answer, list) and answer[:1] == ["outputs"] and len(answer) == 3:
                return answer[1:]
            self.student.send(self.judge.serve(answer))

    def on_judge(self, source: str, name: str) -> list[Any]:
        """Runs a graded cell; its outputs."""
        printed = Printed()
        try:
            self.judge.request(["seed", zlib.crc32(name.encode())])
        except Exception as error:
            return [error_output(error)]
        with contextlib.redirect_stdout(printed):
            value, failure = execute(source, name, Scope(self.setup, self.judge))
        outputs: list[Any] = []
        if printed.getvalue():
            outputs.append({"output_type": "stream", "name": "stdout", "text": printed.getvalue()})
        if failure is not None:
            outputs.append(error_output(failure))
        elif type(value) is float:
            outputs.append(
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": repr(value)},
                    "metadata": {},
                    "execution_count": None,
                }
            )
        return outputs


def execute(source: str, name: str, scope: dict[str, Any]) -> tuple[Any, BaseException | None]:
    """Runs a cell in `scope`: the value of a last expression, and the error that ended the cell."""
    filename = f"<{name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    try:
        tree = ast.parse(source, filename)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, filename, "exec"), scope)
        if not isinstance(last, ast.Expr):
            return None, None
        return eval(compile(ast.Expression(last.value), filename, "eval"), scope), None
    except (Silence, HungUp):
        raise
    except BaseException as error:
        return None, error


def error_output(error: BaseException) -> dict[str, Any]:
    """An error as a notebook's output, with the lines of the test that it came through."""
    kind = type(error).__name__
    try:
        text = str(error)
    except Exception:
        text = ""
    # By hand: how much of a statement Python shows, and how, differs from version to version.
    frames = [
        f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}\n    {frame.line}'
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<")
    ]
    return {
        "output_type": "error",
        "ename": kind,
        "evalue": text,
        "traceback": [*frames[-MAX_LINES:], f"{kind}: {text}"],
    }


def main(grader: socket.socket, student: socket.socket, order: Order) -> None:
    """The checker's process, from fork to end.

    Parameters
    ----------
    grader, student : socket.socket
    order : Order
    """
    sys.modules["__main__"] = types.ModuleType("__main__")
    names = Names(order.settings.libraries)
    with contextlib.suppress(HungUp, BrokenPipeError):
        Checker(Channel(grader), Channel(student), names).serve()
