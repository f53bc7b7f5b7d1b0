"""In an unpacked students' bundle: sets it up, and sees that JupyterLab and a lesson run."""

import glob
import os
import signal
import subprocess
import sys
import time
import urllib.request

LAB = "http://127.0.0.1:8899/lab?token=fresh"


def lab_answers():
    """Whether JupyterLab, started as a student starts it, shows its page."""
    words = ["--no-browser", "--port=8899", "--IdentityProvider.token=fresh"]
    lab = subprocess.Popen([sys.executable, "start.py", *words], start_new_session=True)
    try:
        for _ in range(120):
            try:
                return "jupyter-config-data" in urllib.request.urlopen(LAB).read().decode()
            except OSError:
                time.sleep(1)
        return False
    finally:
        os.killpg(lab.pid, signal.SIGKILL)


def stops_at_first_exercise(lesson):
    """Whether a lesson runs, and up to where a student has to write something."""
    words = ["--to", "notebook", "--execute", "--stdout", lesson]
    command = [".venv/bin/jupyter", "nbconvert", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode != 0 and "NotSolvedYet" in done.stderr


subprocess.run([sys.executable, "start.py", "--no-lab"], check=True)
if not lab_answers():
    sys.exit("JupyterLab does not answer.")
first = min(glob.glob("lessons/*/*.ipynb"))
if not stops_at_first_exercise(first):
    sys.exit(f"{first} does not run up to its first exercise.")
print("JupyterLab answers, and the first lesson runs up to its first exercise.")
