"""What the user sees of a class being graded."""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Report = Callable[[str], None]


@contextlib.contextmanager
def progress(total: int) -> Iterator[Report]:
    """A function to tell of each submission with: a bar in a terminal, else a line each."""
    console = Console(stderr=True)
    if not console.is_terminal:
        width, done = len(str(total)), 0

        def line(text: str) -> None:
            nonlocal done
            done += 1
            print(f"[{done:>{width}}/{total}] {text}", flush=True)

        yield line
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.description}"), console=console) as bar:
        task = bar.add_task("", total=total)
        yield lambda text: bar.update(task, advance=1, description=escape(text))
