"""How a measurement is taken: ours and the peer's in turn, the ratio of each pair."""

import re
import resource
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass
class Figure:
    """One line of the results.

    Attributes
    ----------
    what : str
    ours, peer : float
        Medians, in `unit`.
    unit : str
    ratio : float
        Median of ours / peer, pair by pair.
    target : str
        What the ratio should be, such as ``"<= 3"``.
    """

    what: str
    ours: float
    peer: float
    unit: str
    ratio: float
    target: str

    @property
    def reached(self):
        """Whether the ratio is on the right side of the target; None where there is none."""
        if not self.target:
            return None
        sign, bound = self.target.split()
        return self.ratio <= float(bound) if sign == "<=" else self.ratio >= float(bound)

    def as_dict(self):
        """Plain values, for JSON."""
        return asdict(self) | {"reached": self.reached}


def side_by_side(what, ours, peer, target="", runs=3):
    """Time two functions in turn.

    Parameters
    ----------
    what : str
    ours, peer : callable
        Called without arguments.
    target : str
        See `Figure`; the ratio is ours / peer in seconds.
    runs : int

    Returns
    -------
    Figure
    """
    pairs = [(seconds(ours), seconds(peer)) for _ in range(runs)]
    return Figure(
        what,
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
        "s",
        statistics.median(a / b for a, b in pairs),
        target,
    )


def seconds(function):
    """Wall time of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def peak_megabytes():
    """The largest resident set of this process so far.

    Read from Linux's own account where there is one: `ru_maxrss` would still hold the size of the
    process that started this one.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024
