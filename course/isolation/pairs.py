"""A pair of processes, as the grader sees it: it gives orders to the checker, and waits."""

import contextlib
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from course.isolation import checker
from course.isolation.cgroups import Group
from course.isolation.channel import Channel, HungUp, Silence, WireError
from course.isolation.faults import CellFailure, InternalFault, last_line
from course.isolation.lifeline import FAULT, READY, WALL, Listener

GRACE = 10
# How the kernel ends a process that has used up its time, or the machine's memory.
BY_LIMITS = {f"signal {number:d}" for number in (signal.SIGKILL, signal.SIGXCPU)}


class Pair:
    """A checker and a student's process.

    Parameters
    ----------
    grader : socket.socket
        To the checker.
    lifeline : socket.socket
        To the watch; see `course.isolation.inner.enter`.
    what_was_said : callable
        What the processes wrote to stderr.
    group : Group, optional
        The cgroup that the student's process is put into.
    """

    def __init__(
        self,
        grader: socket.socket,
        lifeline: socket.socket,
        what_was_said: Callable[[], str],
        group: Group | None = None,
    ) -> None:
        self.checker = Channel(grader)
        self.lifeline = Listener(lifeline)
        self.what_was_said = what_was_said
        self.group = group

    def start(self, seconds: float) -> None:
        """Waits until the student's process is ready; `InternalFault` if it never is.

        It is ready before anything of the submission is run, so what goes wrong until then is not
        the student's doing, and what goes wrong later is never told in this way.
        """
        what, text = self.lifeline.hear(seconds)
        if what in (WALL, FAULT):
            part = "sandbox" if what == WALL else "student's process"
            reason = f"The {part} could not be set up: {last_line(text)}"
            raise InternalFault(reason, text, wall=what == WALL)
        if what != READY:
            reason = f"The student's process did not get ready: {text or 'it ended'}."
            raise InternalFault(reason, self.what_was_said())

    def order(self, what: str, seconds: float, *rest: Any) -> Any:
        """What the checker answers; `CellFailure` if this pair is of no more use."""
        started = time.monotonic()
        out_of_time = CellFailure(
            "CellTimeout", f"The cell took longer than {seconds:.3g} seconds."
        )
        self.checker.deadline = started + seconds + GRACE
        try:
            with contextlib.suppress(HungUp):  # what it said before can still be read
                self.checker.send([what, float(seconds), *rest])
            answer = self.checker.receive()
        except Silence:
            raise out_of_time from None
        except HungUp:
            # A graded cell that never ends is ended by an alarm; see `Checker.serve`.
            if time.monotonic() >= started + seconds + checker.GRACE:
                raise out_of_time from None
            reason = "The checker ended unexpectedly; perhaps it was killed, or memory ran out."
            raise InternalFault(reason, self.what_was_said()) from None
        except WireError as error:
            raise CellFailure("KernelDied", f"The outcome cannot be read: {error}.") from None
        kind, *content = answer
        if kind == "done":
            return content[0]
        if kind == "timeout":
            raise out_of_time
        if kind == "odd":
            raise CellFailure("KernelDied", f"The answer cannot be used: {content[0]}.")
        if kind == "fault":
            raise InternalFault(f"The checker failed: {last_line(content[0])}", content[0])
        raise self._why_it_died()

    def _why_it_died(self) -> CellFailure:
        _, reason = self.lifeline.hear(2)
        if reason == "memory":
            return CellFailure(
                "LimitReached", "The cell used more memory than there is for a submission."
            )
        if reason.startswith("signal"):
            limited = reason in BY_LIMITS
            return CellFailure(
                "LimitReached" if limited else "KernelDied",
                f"The cell ended the Python process ({reason}).",
            )
        return CellFailure("KernelDied", "The cell ended the Python process.")

    def close(self) -> None:
        """Ends both, and whatever the student's process has started."""
        self.lifeline.close()
        self.checker.close()
        if self.group is not None:
            self.group.close()
