"""The commands behind the course: build, release, grade, feedback."""

import sys

# jsonschema imports them, if they are there, to check internationalised addresses and durations: a
# grammar that takes 0.7 s to make, and a library for dates. No notebook holds either.
for name in ("rfc3987_syntax", "isoduration"):
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]
