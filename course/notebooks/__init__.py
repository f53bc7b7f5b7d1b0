"""Notebooks: what a cell is, submissions read without trust, what each graded cell earned."""
