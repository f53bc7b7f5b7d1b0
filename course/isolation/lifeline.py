"""The lifeline of a submission: what its process tells the grader before its first cell and after.

What is told is a line in JSON each, of what it is and a text. The lifeline is held by the grader
and the watch alone once the submission is ready, so nothing of the student's can write to it; where
the grader closes it, the submission is ended.
"""

import contextlib
import json
import os
import socket
import time
import traceback
from collections.abc import Iterator

READY, WALL, FAULT, ENDED = "ready", "wall", "fault", "ended"
MAX_FAILURE = 10_000


def tell(lifeline: socket.socket, what: str, text: str = "") -> None:
    """Tells the other end of a lifeline one thing."""
    with contextlib.suppress(OSError):
        lifeline.sendall(json.dumps([what, text]).encode() + b"\n")


def failure_text() -> str:
    """The traceback of the exception that is being handled, of bounded length."""
    return traceback.format_exc()[-MAX_FAILURE:]


@contextlib.contextmanager
def told(lifeline: socket.socket, what: str) -> Iterator[None]:
    """What goes wrong in here is told on the lifeline, and ends the process."""
    try:
        yield
    except BaseException:
        tell(lifeline, what, failure_text())
        os._exit(1)


class Listener:
    """The grader's end of a lifeline."""

    def __init__(self, lifeline: socket.socket) -> None:
        self.lifeline = lifeline
        self.heard = b""

    def hear(self, seconds: float) -> tuple[str | None, str]:
        """The next that is told within so many seconds; None, and why, where there is nothing."""
        deadline = time.monotonic() + seconds
        try:
            while b"\n" not in self.heard:
                self.lifeline.settimeout(max(0.01, deadline - time.monotonic()))
                more = self.lifeline.recv(MAX_FAILURE)
                if not more:
                    return None, ""
                self.heard += more
        except TimeoutError:
            return None, f"nothing was heard of it for {seconds} seconds"
        except OSError:
            return None, ""
        line, _, self.heard = self.heard.partition(b"\n")
        what, text = json.loads(line)
        return what, text

    def close(self) -> None:
        """Lets go, which ends the submission."""
        self.lifeline.close()
