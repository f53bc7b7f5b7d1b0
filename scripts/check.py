"""What can be known of a change without running the course. `make check` calls it.

A line a step; what a step said follows where it fails.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = ["python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
FRESH_RELEASE = (
    "tests/authoring/test_release.py::test_the_committed_release_is_what_nbgrader_makes_today"
)
LINES = 40

# The slow ones first, so that nothing waits for them at the end.
STEPS = {
    "types (mypy)": ["mypy"],
    "lessons, source/ and README are sound and fresh": [
        "python",
        "-m",
        "course",
        "build",
        "--check",
    ],
    "release/ is fresh": [*PYTEST, FRESH_RELEASE],
    "sizes, rooms and docs": [*PYTEST, "tests/course/test_architecture.py"],
    "rooms import only what is below them (import-linter)": ["lint-imports"],
    "code (ruff check)": ["ruff", "check", "."],
    "form (ruff format)": ["ruff", "format", "--check", "."],
}


def check(step):
    """Run one step.

    Returns
    -------
    tuple of (bool, float, str)
        Whether all is well, the seconds it took, and what it said.
    """
    began = time.monotonic()
    program, *arguments = STEPS[step]
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=REPO,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode == 0, time.monotonic() - began, done.stdout


def shortened(said, command):
    """The first lines that a step said, and how to see the others."""
    lines = said.strip("\n").splitlines()
    rest = len(lines) - LINES
    more = [f"... {rest} lines more: .venv/bin/{' '.join(command)}"] if rest > 0 else []
    return "\n".join(f"     {line}" for line in lines[:LINES] + more)


def main():
    """Run all steps side by side; the exit status is 1 if one of them fails."""
    sound = True
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for step, (well, seconds, said) in zip(STEPS, pool.map(check, STEPS), strict=True):
            print(f"{'ok  ' if well else 'FAIL'} {seconds:5.1f} s  {step}", flush=True)
            if not well:
                print(shortened(said, STEPS[step]), flush=True)
            sound &= well
    return int(not sound)


if __name__ == "__main__":
    sys.exit(main())
