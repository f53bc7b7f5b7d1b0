"""Sees that a command starts JupyterLab, and that the first lesson runs: try_lab.py make lab"""

import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

SECONDS = 120


def lab_answers(command):
    """Whether JupyterLab, started as its user starts it, shows the page whose address it prints."""
    with tempfile.TemporaryFile() as said:
        lab = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        try:
            for _ in range(SECONDS):
                time.sleep(1)
                if lab.poll() is not None:
                    break
                address = re.search(rb"http://127\.0\.0\.1:\d+/lab\S*", printed(said))
                if address and shows_lab(address.group().decode()):
                    return True
            sys.stdout.write(printed(said).decode(errors="replace"))
            return False
        finally:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.wait()


def printed(file):
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0)


def shows_lab(address):
    try:
        return b"jupyter-config-data" in urllib.request.urlopen(address, timeout=10).read()
    except OSError:
        return False


def stops_at_first_exercise(lesson):
    """Whether a lesson runs, and up to where a student has to write something."""
    words = ["--to", "notebook", "--execute", "--stdout", lesson]
    command = [".venv/bin/jupyter", "nbconvert", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    good = done.returncode != 0 and "NotSolvedYet" in done.stderr
    if not good:
        print(done.stderr)
    return good


if not lab_answers(sys.argv[1:]):
    sys.exit("JupyterLab does not answer.")
first = min(glob.glob("lessons/[0-9]*/*.ipynb") + glob.glob("work/[0-9]*/*.ipynb"))
if not stops_at_first_exercise(first):
    sys.exit(f"{first} does not run up to its first exercise.")
print(f"JupyterLab answers, and {first} runs up to its first exercise.")
