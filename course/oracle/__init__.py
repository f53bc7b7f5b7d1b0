"""What each exercise's answers and inputs are, and when two results are alike.

What the files of a lesson are written with comes from here: `answers.py` marks its answers (see
`bank`), `inputs.py` says what its functions may be called with (see `inputs`).
"""

from course.oracle.bank import equivalent, right, wrong
from course.oracle.inputs import alike, cases, plainly

__all__ = ["alike", "cases", "equivalent", "plainly", "right", "wrong"]
