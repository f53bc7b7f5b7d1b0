import io
import os
import sys

import course.light  # noqa: F401 (before anything loads nbgrader)
from course.cli import main


def in_utf8() -> None:
    """Starts anew where names of files would be read in another encoding, as under `LC_ALL=C`.

    A terminal that cannot show a letter gets it by its number.
    """
    if sys.getfilesystemencoding() != "utf-8":
        os.environ["PYTHONUTF8"] = "1"  # of workers, too
        words = ["-X", "utf8", "-m", "course", *sys.argv[1:]]
        os.execv(sys.executable, [sys.executable, *words])
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    in_utf8()
    main()
