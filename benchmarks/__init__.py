"""Measurements of the course, each beside its peer in the same run."""
