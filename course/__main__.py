import course.light  # noqa: F401 (before anything loads nbgrader)
from course.cli import main

if __name__ == "__main__":
    main()
