"""The commands behind the course: build, release, grade, feedback."""
