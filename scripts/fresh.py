"""Runs the README's commands on a fresh Debian 12 and 13, and prints times and sizes: make fresh

Each release is bootstrapped into a folder of its own, entered by new namespaces and `pivot_root`,
and removed afterwards. In it there are Python, make and git, a clone of this repository, and
nothing else. Needs root.
"""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

REPO = Path(__file__).resolve().parent.parent
INSIDE = Path(__file__).with_name("inside.sh")
TRY = Path(__file__).with_name("try_lab.py")
RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
PACKAGES = "python3,python3-venv,make,git,ca-certificates"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# What a machine behind a proxy needs to reach packages, handed on where it is set.
NETWORK = re.compile(
    r"(https?|no|all|ftp)_proxy|PIP_(INDEX_URL|EXTRA_INDEX_URL|CERT|TRUSTED_HOST)"
    r"|UV_(DEFAULT_INDEX|INDEX_URL|INDEX)|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Step:
    """A command in a fresh Debian.

    Attributes
    ----------
    name : str
    command : str
        For bash.
    user : str
    folder : str
        Where it runs.
    """

    name: str
    command: str
    user: str = "root"
    folder: str = "/root/course"


def steps():
    """What is run in a fresh Debian, in order."""
    student = {"user": "student", "folder": "/home/student"}
    clone = "git clone --quiet /var/tmp/course.bundle course"
    see = f"python3 /var/tmp/{TRY.name}"
    yield Step("clone", clone, folder="/root")
    yield Step("make demo", "make demo")
    yield Step("make setup, again", "make setup")
    yield Step("make lab", f"{see} make lab")
    yield Step("make bundle", "make bundle && cp dist/*.zip /var/tmp && chmod a+r /var/tmp/*.zip")
    unpack = "python3 -m zipfile -e /var/tmp/clustering-course.zip . && cd clustering-course"
    start = f"{unpack} && python3 start.py --no-lab && {see} python3 start.py"
    yield Step("a user: the students' bundle", start, **student)
    yield Step("a user: make demo", f"{clone} && cd course && make demo", **student)
    yield Step("a user: make lab", f"cd course && {see} make lab", **student)


TEST = Step("make test", "make test")


@dataclass(frozen=True)
class Took:
    """How a step went."""

    step: str
    seconds: float
    good: bool
    said: str


class Debian:
    """A fresh Debian in a folder of its own.

    Parameters
    ----------
    release : str
        Its code name.
    logs : Path
        The folder that gets a file with all that was printed.
    """

    def __init__(self, release, logs):
        self.release = release
        self.log = logs / f"{release}.log"
        self.root = Path(tempfile.mkdtemp(prefix=f"fresh-{release}-", dir="/var/tmp"))
        self.root.chmod(0o755)  # it becomes `/`

    def run(self):
        """Everything; the steps until one fails.

        Returns
        -------
        list of Took
        """
        took = [self._timed("debootstrap", self._bootstrap)]
        for step in steps():
            if not took[-1].good:
                break
            took.append(self.step(step))
        return took

    def step(self, step):
        """Run one step; how it went."""
        return self._timed(step.name, lambda: self._inside(step))

    def size(self, folder="/"):
        """What a folder in it takes on the disk, in megabytes."""
        path = self.root / folder.lstrip("/")
        done = subprocess.run(["du", "-smx", path], capture_output=True, text=True)
        return int(done.stdout.split()[0]) if done.stdout else 0

    def remove(self):
        """Nothing of it is mounted here: its mounts went with its namespaces."""
        subprocess.run(["rm", "-rf", "--one-file-system", self.root], check=False)

    def _timed(self, name, work):
        begin, where = time.monotonic(), self.log.stat().st_size if self.log.exists() else 0
        good = work() == 0
        with self.log.open(encoding="utf-8", errors="replace") as file:
            file.seek(where)
            said = file.read()
        seconds = time.monotonic() - begin
        word = "done" if good else "FAILED"
        print(f"{RELEASES[self.release]}: {name}: {word} in {seconds:.0f} s", flush=True)
        return Took(name, seconds, good, said)

    def _bootstrap(self):
        options = ["--variant=minbase", f"--include={PACKAGES}"]
        status = self._logged(["debootstrap", *options, self.release, self.root, *mirror()])
        if status == 0:
            if CERTIFICATES.exists():
                shutil.copyfile(CERTIFICATES, self.root / CERTIFICATES.relative_to("/"))
            shutil.copy(TRY, self.root / "var/tmp")
            (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
            bundle = self.root / "var/tmp/course.bundle"
            status = self._logged(["git", "-C", REPO, "bundle", "create", bundle, "HEAD"])
            status = status or self._inside(
                Step("", "useradd --create-home --shell /bin/bash student", folder="/")
            )
        return status

    def _inside(self, step):
        network = {name: value for name, value in os.environ.items() if NETWORK.fullmatch(name)}
        words = [f"{name}={value}" for name, value in network.items()]
        namespaces = ["--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
        place = [self.root, step.user, step.folder, step.command, *words]
        return self._logged(["unshare", *namespaces, "sh", INSIDE, *place])

    def _logged(self, words):
        with self.log.open("a", encoding="utf-8") as file:
            stdio = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": subprocess.STDOUT}
            return subprocess.run(list(map(str, words)), check=False, **stdio).returncode


def mirror():
    """The address from which this machine takes Debian's packages, in a list; else none."""
    files = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("debian.*")]
    for path in files:
        with contextlib.suppress(OSError):
            found = re.search(r"^(?:URIs:|deb)\s+(https?://\S+/debian)/?\s", path.read_text(), re.M)
            if found:
                return [found.group(1)]
    return []


def summary(debians, results):
    """A table of times, and one line of sizes for each release."""
    table = Table("seconds", *(RELEASES[each.release] for each in debians), title="A fresh machine")
    for name in dict.fromkeys(took.step for found in results for took in found):
        cells = [next((took for took in found if took.step == name), None) for found in results]
        shown = [f"{c.seconds:.1f}" + ("" if c.good else " FAILED") if c else "-" for c in cells]
        table.add_row(name, *shown)
    for what, folder in (("all of it, MB", "/"), (".venv, MB", "/root/course/.venv")):
        table.add_row(what, *(str(each.size(folder)) for each in debians))
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("releases", nargs="*", default=list(RELEASES), help=", ".join(RELEASES))
    parser.add_argument("--tests", help="the release on which `make test` is run, too")
    parser.add_argument("--keep", action="store_true", help="leave the folders there")
    options = parser.parse_args()
    if unknown := {*options.releases, *filter(None, [options.tests])} - {*RELEASES}:
        parser.error(
            f"there is no {', '.join(sorted(unknown))}: it is one of {', '.join(RELEASES)}"
        )
    if os.geteuid() != 0:
        sys.exit("make fresh: it makes a Debian and enters it, as root: run 'sudo make fresh'.")
    logs = REPO / ".cache" / "fresh"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    debians = [Debian(release, logs) for release in options.releases]
    try:
        with ThreadPoolExecutor(len(debians)) as pool:
            results = list(pool.map(Debian.run, debians))
        for each, found in zip(
            debians, results, strict=True
        ):  # alone, for tests have limits of time
            if each.release == options.tests and found[-1].good:
                found.append(each.step(TEST))
        Console(width=78).print(summary(debians, results))
    finally:
        for each in debians:
            if not options.keep:
                each.remove()
    bad = [(each, found[-1]) for each, found in zip(debians, results, strict=True)
           if not found[-1].good]  # fmt: skip
    for each, took in bad:
        print(f"\n{RELEASES[each.release]}: {took.step} failed. All of it: {each.log}. Its end:")
        print("\n".join(took.said.splitlines()[-60:]))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
