"""An honest student beside hostile neighbours: the same marks in each run?

`python -m benchmarks.neighbours [RUNS [LESSON]]` grades a class of nine on two cores again and
again: one honest student, and eight who start sixty spinning processes in sessions of their own,
take all the memory there is, fill sockets, or fork without end. It prints each run's time, and how
many runs gave the honest student other marks than alone.
"""

import csv
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.grading import _hand_in, _quiet
from benchmarks.measure import seconds
from course import demo

SPINS = """
import os
for _ in range(60):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
"""
HOGS = "hog = [bytearray(b'x') * 10**8 for _ in range(10**4)]"
FORKS = """
import os
while True:
    try:
        os.fork()
        os.setsid()
    except OSError:
        pass
"""
SOCKETS = """
import os, socket
for _ in range(100):
    if os.fork() == 0:
        kept = []
        while True:
            try:
                kept += socket.socketpair()
            except OSError:
                pass
            for end in kept[-2:]:
                end.setblocking(False)
                try:
                    while True:
                        end.send(bytes(60_000))
                except BlockingIOError:
                    pass
"""
WAITS = "\nimport time\ntime.sleep(20)\n"
NEIGHBOURS = [
    SPINS + WAITS,
    HOGS,
    FORKS,
    SPINS + SPINS,
    SOCKETS + WAITS,
    SPINS + WAITS,
    FORKS,
    HOGS,
]


def beside(root, lesson, hostile, **how):
    """The honest student's rows, graded among hostile ones whose first answer is such a text."""
    answers = demo.reference(lesson)
    attacked = next(iter(answers))
    # One comes before the honest one, the others with it and after it.
    names = [f"{'z' * (n > 0)}{n}-hostile" for n in range(len(hostile))]
    students = {
        name: {**answers, attacked: text} for name, text in zip(names, hostile, strict=True)
    }
    _hand_in(root, lesson, {"honest": answers, **students})
    _quiet(root, lesson, **how)
    with open(root / "grades.csv", newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["student"] == "honest"]


def one_run(lesson, hostile, jobs):
    """How long it took, and the honest student's rows."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        how = {"jobs": jobs, "timeout": 5, "second_tries": 60}
        took = seconds(lambda: rows.extend(beside(Path(folder), lesson, hostile, **how)))
    return took, rows


def main(runs=20, lesson="02_kmeans"):
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))
    _, alone = one_run(lesson, [], 1)
    other = 0
    for run in range(runs):
        jobs = (2, 9)[run % 2]
        took, rows = one_run(lesson, NEIGHBOURS, jobs)
        other += rows != alone
        points = sum(float(row["points"]) for row in rows)
        same = "as alone" if rows == alone else "OTHER MARKS"
        print(f"run {run + 1}: {took:.0f} s, {jobs} jobs, {points:g} points, {same}", flush=True)
        for row, right in zip(rows, alone, strict=True):
            if row != right:
                print(f"    {row['cell']}: {row['status']} {row['message']}")
    print(f"{other} of {runs} runs gave the honest student other marks than alone")
    return other


if __name__ == "__main__":
    sys.exit(min(1, main(*map(int, sys.argv[1:2]), *sys.argv[2:3])))
