"""Commands that are killed: `make kills` kills sixty, and says what was lost and what was left.

What is killed is the driver, a worker, all processes of a run, or these with the run's reaper. Then
all processes must be gone within five seconds and, where the reaper was not killed, all scratch.
The same command given again must end as if it had never been killed, and leave no scratch.
"""

import argparse
import contextlib
import csv
import ctypes
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from course.demo import reference
from course.gradebook.class_folder import ClassFolder
from course.gradebook.database import recorded_marks
from course.notebooks.exercises import fill_in
from course.paths import RELEASE, REPO, notebook_path

LESSON = "01_mixture_sampling"
COMMANDS = ("grade", "feedback", "mark", "export")
TARGETS = ("driver", "worker", "all", "reaper, too")
SUBREAPER = 36


@dataclass(frozen=True)
class Trial:
    """A command that was killed."""

    command: str
    target: str
    after: float  # seconds from its start
    processes: float | None  # seconds until all had ended; None where some had not
    scratch: float | None
    swept: bool  # whether nothing was left after the next run
    same: bool  # whether the next run ended like one that was not killed

    @property
    def sound(self):
        """Whether it lost nothing and left nothing."""
        may_stay = self.target == "reaper, too"
        gone = self.processes is not None and (may_stay or self.scratch is not None)
        return gone and self.swept and self.same


class Bench:
    """A class before each of the commands, and what they come to where nobody kills them."""

    def __init__(self, folder, commands, students, patience):
        # What our descendants leave behind is ours then, so that none is overlooked.
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
        self.folder, self.patience = folder, patience
        self.scratch = folder / "tmp"
        self.scratch.mkdir()
        self.drivers = []
        self.before, self.ends, self.seconds = {}, {}, {}
        root = folder / "class"
        _hand_in(root, students)
        for command in commands:
            self.before[command] = folder / f"before-{command}"
            shutil.copytree(root, self.before[command])
            process, began = self.start(command, root), time.monotonic()
            if process.wait() != 0:
                raise RuntimeError(f"{command} fails where nobody kills it")
            self.seconds[command] = time.monotonic() - began
            self.ends[command] = _end(command, root)
            if command == "grade":
                _fill_in_marks(root)

    def start(self, command, root):
        """The command as a process that has begun its work."""
        words = [sys.executable, "-m", "course", command, "--root", str(root)]
        words += [str(root / "marks.csv")] if command == "mark" else []
        words += ["--jobs", "2"] if command == "grade" else []
        process = subprocess.Popen(
            words,
            cwd=REPO,
            env={**os.environ, "TMPDIR": str(self.scratch)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.drivers.append(process.pid)
        while not os.listdir(self.scratch) and process.poll() is None:
            time.sleep(0.01)
        return process

    def trial(self, command, target, share):
        """Kills a command after this share of the time that it takes; None if it was too late."""
        root = self.folder / "killed"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.before[command], root)
        process, began = self.start(command, root), time.monotonic()
        time.sleep(share * self.seconds[command])
        while not (victims := _victims(process.pid, target)) and process.poll() is None:
            time.sleep(0.01)
        after = time.monotonic() - began
        if process.poll() is not None or not victims:
            return None
        while victims:
            for victim in victims:
                with contextlib.suppress(OSError):
                    os.kill(victim, signal.SIGKILL)
            victims = _victims(process.pid, target) if target in TARGETS[2:] else []
        killed = time.monotonic()
        process.wait()  # without one of its workers a run goes on to its end
        if target == "worker":
            killed = time.monotonic()
        processes, scratch = self._until_gone(root, killed)
        again = self.start(command, root).wait()
        swept = None not in self._until_gone(root, time.monotonic())
        same = again == 0 and _end(command, root) == self.ends[command]
        return Trial(command, target, after, processes, scratch, swept, same)

    def _until_gone(self, root, began):
        """The seconds until no process, and until no scratch was there; None for never."""
        processes = scratch = None
        while None in (processes, scratch):
            waited = time.monotonic() - began
            if waited > self.patience:
                break
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            if processes is None and not _descendants(os.getpid()):
                processes = waited
            if scratch is None and not self._left(root):
                scratch = waited
            time.sleep(0.02)
        return processes, scratch

    def _left(self, root):
        names = re.compile(f"loky-({'|'.join(map(str, self.drivers))})-")
        shared = [name for name in os.listdir("/dev/shm") if names.search(name)]
        return [*os.listdir(self.scratch), *shared, *root.rglob(".*")]


def _hand_in(root, students):
    released = nbformat.read(notebook_path(RELEASE, LESSON), as_version=4)
    for number in range(students):
        answers = dict(list(reference(LESSON).items())[number:])
        path = notebook_path(root / "submitted" / f"s{number}", LESSON)
        path.parent.mkdir(parents=True)
        nbformat.write(fill_in(nbformat.from_dict(released), answers), path)


def _fill_in_marks(root):
    """Half a point by hand for each answer that waits for a reader."""
    with (root / "grades.csv").open(newline="") as file:
        waiting = [row for row in csv.DictReader(file) if row["status"] == "manual"]
    with (root / "marks.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["student", "lesson", "cell", "points", "comment"])
        writer.writeheader()
        for row in waiting:
            given = {"points": "0.5", "comment": f"Read, {row['student']}."}
            writer.writerow({**{key: row[key] for key in ("student", "lesson", "cell")}, **given})


def _end(command, root):
    """What a command comes to."""
    folder = ClassFolder(root)
    end = [folder.grades.read_text(), recorded_marks(folder)]
    for made in {"export": folder.export, "feedback": folder.feedback}.get(command, root).glob("*"):
        pages = [made] if made.is_file() and command == "export" else made.glob("*.html")
        end += [path.read_text() for path in sorted(pages)]
    return end


def _processes():
    """The parent and the words of each process that is at work."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            state, parent = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[:2]
            if state not in "ZX":
                words = Path(f"/proc/{name}/cmdline").read_bytes().decode(errors="replace")
                found[int(name)] = int(parent), words
    return found


def _descendants(of, processes=None):
    processes = processes or _processes()
    children = [pid for pid, (parent, _) in processes.items() if parent == of]
    return [*children, *(each for child in children for each in _descendants(child, processes))]


def _victims(driver, target):
    processes = _processes()
    if target == "driver":
        return [driver]
    if target == "worker":
        descendants = _descendants(driver, processes)
        return [pid for pid in descendants if "popen_loky" in processes[pid][1]][:1]
    tree = [driver, *_descendants(driver, processes)]
    if target == "reaper, too":
        tree += [pid for pid in _descendants(os.getpid(), processes) if pid not in tree]
    return [pid for pid in tree if pid in processes]


def plan(number, commands):
    """So many commands and what is to be killed of each, all kinds as often."""
    for index in range(number):
        command = commands[index % len(commands)]
        # Only `grade` has workers.
        targets = TARGETS if command == "grade" else [each for each in TARGETS if each != "worker"]
        yield command, targets[index // len(commands) % len(targets)]


def main():
    """Kills commands; the exit status is 1 if one lost or left something."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("number", type=int, nargs="?", default=60)
    parser.add_argument("--of", nargs="*", choices=COMMANDS, default=COMMANDS)
    parser.add_argument("--students", type=int, default=4)
    parser.add_argument("--patience", type=float, default=5, help="seconds until all is gone")
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    trials, draw = [], random.Random(wish.seed)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        bench = Bench(Path(folder), wish.of, wish.students, wish.patience)
        for command, target in plan(wish.number, wish.of):
            while (trial := bench.trial(command, target, draw.uniform(0, 0.8))) is None:
                pass
            trials.append(trial)
            print(len(trials), "" if trial.sound else "LOST OR LEFT", trial, flush=True)
    unsound = [trial for trial in trials if not trial.sound]
    for what in ("processes", "scratch"):
        taken = [getattr(each, what) for each in trials if getattr(each, what) is not None]
        print(
            f"{what}: gone after {sorted(taken)[len(taken) // 2]:.2f} s, {max(taken):.2f} at most"
        )
    print(f"{len(trials)} commands killed: {len(unsound)} lost or left something.")
    return int(bool(unsound))


if __name__ == "__main__":
    sys.exit(main())
