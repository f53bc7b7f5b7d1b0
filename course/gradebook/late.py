"""The penalty for late work, the way nbgrader has it: a plugin of `AssignLatePenalties`.

A lesson's due date and a student's extension stand in the gradebook, when a submission was handed
in stands in its `timestamp.txt`. Without a due date nobody is late.
"""

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float

DAY = 24 * 60 * 60


class PerDay(LateSubmissionPlugin):  # type: ignore[misc]
    """Takes a share of the marks for each day that has begun since the due date.

    Named in `nbgrader_config.py`::

        c.AssignLatePenalties.plugin_class = "course.gradebook.late.PerDay"
        c.PerDay.share = 0.1
    """

    share = Float(0.1, help="The share of the marks that each day costs.").tag(config=True)
    grace_minutes = Float(10, help="So much later than the due date is not late.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take off; None where it is not late."""
        late = total_seconds_late - 60 * self.grace_minutes
        if late <= 0:
            return None
        return min(1.0, self.share * math.ceil(late / DAY)) * score
