"""From a class's submissions to its marks.

============  =====================================================================
``intake``    reads a submission and rebuilds it as a clean notebook
``run``       runs a notebook's cells
``verdict``   says what each graded cell earned, and why
``work``      does these three for one submission, in a process of its own
``record``    writes the outcome to nbgrader's gradebook and ``autograded/``
``grade``     does all that for a class, side by side
``plugins``   the same pieces for nbgrader's own commands
============  =====================================================================
"""
