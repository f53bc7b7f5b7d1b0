"""The student's side: runs the cells of a submission, and answers the checker's requests.

Nothing here is trusted once the first cell has run.
"""

import base64
import builtins
import contextlib
import io
import json
import linecache
import random
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import traitlets
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course.isolation.calls import Link
from course.isolation.channel import Channel, HungUp, WireError
from course.isolation.names import Names
from course.isolation.settings import Order

MAX_CELL_OUTPUT = 5_000_000
MAX_OUTPUTS = 1_000
MAX_TRACEBACK = 60
MAX_LINE = 5_000
TOO_DEEP = (
    "Python cannot compile this cell: an expression in it has too many parts, or is nested too "
    "deeply. Take it apart, or write a loop."
)


class Outputs(list[Any]):
    """The outputs of one cell, in nbformat's terms and within a limit."""

    left = MAX_CELL_OUTPUT

    def add(self, output: dict[str, Any]) -> None:
        """Appends an output unless the cell has had its share."""
        text = json.dumps(output, default=_as_text)
        self.left -= len(text)
        if self.left >= 0 and len(self) < MAX_OUTPUTS:
            self.append(json.loads(text))

    def stream(self, name: str, text: str) -> None:
        """Appends text to the last output where it is of the same stream."""
        if self and self[-1].get("name") == name:
            self.left -= len(text)
            if self.left >= 0:
                self[-1]["text"] += text
        else:
            self.add({"output_type": "stream", "name": name, "text": text})

    def error(self, name: str, text: str, lines: list[str]) -> None:
        """Appends an error."""
        self.add({"output_type": "error", "ename": name, "evalue": text, "traceback": lines})


def _as_text(value: Any) -> str:
    """A picture's bytes as notebooks hold them, anything else in words."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


class _Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs, self._name = outputs, name

    def writable(self) -> bool:
        return True

    def write(self, text: Any) -> int:
        self._outputs.stream(self._name, str(text))
        return len(text)


class _Publisher(DisplayPublisher):
    outputs = traitlets.Any()

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **kwargs: Any) -> None:
        if self.outputs is not None:
            output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
            self.outputs.add(output)

    def clear_output(self, wait: bool = False) -> None:
        if self.outputs is not None:
            self.outputs.clear()


class _Hook(DisplayHook):
    outputs = traitlets.Any()

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        if self.outputs is not None:
            self.outputs.add(
                {
                    "output_type": "execute_result",
                    "data": format_dict,
                    "metadata": md_dict or {},
                    "execution_count": None,
                }
            )


class Shell(InteractiveShell):
    """IPython in this process: magics, displays and tracebacks as in a notebook, but no kernel."""

    display_pub_class: Any = traitlets.Type(_Publisher)
    displayhook_class: Any = traitlets.Type(_Hook)
    outputs = traitlets.Any()
    ended = False

    def enable_gui(self, gui: Any = None) -> None:
        """There is no window here."""

    def ask_exit(self) -> None:
        """`exit()` in a cell."""
        self.ended = True

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        lines = [str(line)[:MAX_LINE] for line in stb[-MAX_TRACEBACK:]]
        self.outputs.error(etype.__name__, str(evalue), lines)


def make_shell() -> Shell:
    """The shell, before the fork."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    return Shell.instance(config=config)


class Student(Link):
    """The student's end of the boundary."""

    def __init__(self, channel: Channel, names: Names, shell: Shell, render: bool) -> None:
        super().__init__(channel, names)
        self.shell = shell
        self.render = render

    def handlers(self) -> dict[str, Callable[..., Any]]:
        """Beyond a link's: the notebook's names."""
        return {
            **super().handlers(),
            "has": self.on_has,
            "name": self.on_name,
            "seed": self.on_seed,
        }

    def on_has(self, name: Any) -> bool:
        """Whether the notebook defines a name."""
        return name in self.shell.user_ns

    def on_name(self, name: Any) -> Any:
        """What a name of the notebook means."""
        return self.out(self.shell.user_ns[name])

    def on_seed(self, seed: Any) -> None:
        """Seeds the generators that libraries share: no test depends on what ran before it."""
        random.seed(seed)
        np.random.seed(seed)
        if "keras" in sys.modules:
            sys.modules["keras"].utils.set_random_seed(seed)

    def from_library(self, module: Any, name: Any) -> Any:
        """A function or class of a library by its name."""
        value = self.names.find(module, name)
        if value is None:
            raise WireError(f"there is no {module}.{name} here")
        return value

    def serve_forever(self) -> NoReturn:
        """Answers until the checker hangs up."""
        while True:
            message = self.channel.receive()
            if message[0] == "cell":
                outputs, ended = self.run_cell(message[1])
                try:
                    self.channel.send(["outputs", outputs, ended])
                except WireError:
                    self.channel.send(["outputs", [], ended])
            else:
                try:
                    answer = self.serve(message)
                    self.channel.send(answer)
                except WireError as error:
                    self.channel.send(["raise", *self.describe(error)])

    def run_cell(self, source: str) -> tuple[list[Any], bool]:
        """The outputs of a cell, and whether it asked to end the process."""
        shell: Any = self.shell
        outputs = Outputs()
        shell.outputs = shell.display_pub.outputs = shell.displayhook.outputs = outputs
        streams = _Stream(outputs, "stdout"), _Stream(outputs, "stderr")
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            try:
                shell.run_cell(source, store_history=False, silent=False)
            except Exception as error:  # IPython's own, before the cell ran
                name = type(error).__name__
                text = TOO_DEEP if isinstance(error, RecursionError | MemoryError) else str(error)
                outputs.error(name, text, [f"{name}: {text}"])
            self._close_figures()
        return list(outputs), shell.ended

    def _close_figures(self) -> None:
        """Ends a cell as a notebook does, which draws its open figures and closes them."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        with contextlib.suppress(Exception):
            if self.render:
                from matplotlib_inline.backend_inline import flush_figures

                flush_figures()
            pyplot.close("all")


def _nobody(prompt: object = "") -> NoReturn:
    """In place of `input`."""
    raise EOFError("input() has nobody to ask here: give the value in the cell instead")


def main(sock: socket.socket, shell: Shell, order: Order, ready: Callable[[], None]) -> None:
    """The student's process, from fork to end.

    Parameters
    ----------
    sock : socket.socket
        To the checker.
    shell : Shell
    order : Order
        Says whether figures are drawn.
    ready : callable
        Is called when all is there; from then on the submission's files can be imported.
    """
    linecache.checkcache()
    if "matplotlib" in sys.modules:
        import matplotlib

        matplotlib.use("module://matplotlib_inline.backend_inline" if order.render else "agg")
    module, _, switch = (order.settings.pictures or "").rpartition(".")
    if module in sys.modules:
        getattr(sys.modules[module], switch)(order.render)
    builtins.input = _nobody
    ready()
    sys.path.insert(0, "")
    with contextlib.suppress(HungUp):
        names = Names(order.settings.libraries)
        Student(Channel(sock), names, shell, order.render).serve_forever()
