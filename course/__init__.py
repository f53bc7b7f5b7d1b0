"""The commands behind the course: build, release, grade, feedback."""

from course.light import lighten

lighten()
