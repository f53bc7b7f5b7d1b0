"""The commands behind the course: build, release, grade, feedback."""

import sys

# jsonschema imports it, if it is there, to check internationalised addresses: it makes a grammar
# first, which takes 0.7 s. No notebook holds such an address.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
