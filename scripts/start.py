"""Set the course up, the first time, then start JupyterLab: python3 start.py

A newer version may be unpacked over an older one: the work in `lessons` is kept.
"""

import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin", "python")
READY = os.path.join(VENV, "ready.txt")
# Those for which all packages of the course are there.
PYTHONS = ("3.13", "3.12", "3.11")


def main(arguments):
    if not is_ready():
        set_up(python())
    bring_lessons()
    if "--no-lab" not in arguments:
        sys.exit(start_lab(arguments))
    print("The course is set up. To start it: python3 start.py")


def is_ready():
    """Whether .venv holds these very packages, for a course in this very folder."""
    try:
        with open(READY, encoding="utf-8") as file:
            return file.read() == fingerprint()
    except OSError:
        return False


def fingerprint():
    with open(os.path.join(HERE, "constraints.txt"), encoding="utf-8") as file:
        return HERE + "\n" + file.read()


def python():
    """The command of a Python that fits: this one, or another that is installed."""
    this = ".".join(map(str, sys.version_info[:2]))
    if this in PYTHONS:
        return sys.executable
    for version in PYTHONS:
        found = shutil.which("python" + version)
        if found and works(found):
            return found
    sys.exit(
        "This course needs Python 3.11, 3.12 or 3.13, and this is Python " + this + ": install "
        "one of them from python.org, and run start.py with that."
    )


def works(command):
    """Whether it is a Python: a version manager has commands for versions that it has not."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run([command, "-c", ""], **quiet).returncode == 0


def set_up(command):
    print("Setting the course up in .venv, this once: some 3 minutes, and 3 GB of disk ...")
    sys.stdout.flush()
    run(
        [command, "-m", "venv", VENV],
        "Python cannot make a virtual environment here. On Debian and Ubuntu, "
        "'sudo apt install python3-venv' mends that. Then run start.py again.",
    )
    run(
        [
            *(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("-r", os.path.join(HERE, "requirements.txt")),
            *("-c", os.path.join(HERE, "constraints.txt")),
        ],
        "The packages could not be installed; the lines above say why. Often it is the network or "
        "a full disk. Then run start.py again.",
    )
    where = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(where, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    # Python reads a .pth file at its start: so every notebook finds utils.
    with open(os.path.join(packages, "clustering_course.pth"), "w", encoding="utf-8") as file:
        file.write(HERE + "\n")
    with open(READY, "w", encoding="utf-8") as file:
        file.write(fingerprint())


def bring_lessons():
    """Put the released lessons where students work; what they worked on is never overwritten."""
    from pathlib import Path

    from working_copy import bring

    released, lessons = Path(HERE) / "released", Path(HERE) / "lessons"
    for path in sorted(released.glob("*/*.ipynb")):
        print(bring(path.stem, path, lessons))
    (lessons / "Welcome.md").write_bytes((released / "Welcome.md").read_bytes())


def run(command, sentence):
    """Run a command; end with a sentence where it fails."""
    if subprocess.run(command).returncode != 0:
        sys.exit(sentence)


def start_lab(arguments):
    lessons = os.path.join(HERE, "lessons")
    environment = dict(os.environ)
    settings = [os.path.join(HERE, "settings"), environment.get("JUPYTER_CONFIG_PATH")]
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, settings))
    command = [PYTHON, "-m", "jupyterlab", "--ServerApp.root_dir=" + lessons]
    command += ["--LabApp.default_url=/lab/tree/Welcome.md", *arguments]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    print("JupyterLab opens in your browser, or at an address below. Ctrl + C ends it.", flush=True)
    lab = subprocess.Popen(command, cwd=lessons, env=environment)
    while True:
        try:
            return lab.wait()
        except KeyboardInterrupt:
            # JupyterLab got it too, and asks whether to stop.
            pass


if __name__ == "__main__":
    main(sys.argv[1:])
