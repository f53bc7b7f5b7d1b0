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

import sys

# jsonschema imports it, if it is there, to check internationalised addresses: it makes a grammar
# first, which takes 0.7 s. No notebook holds such an address.
sys.modules.setdefault("rfc3987_syntax", None)
