"""The tables of docs/COMPATIBILITY.md: what may differ from the original. The tests that compare read them there."""

import re

from .sentinel import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "COMPATIBILITY.md"


def listed_in_compatibility(heading):
    """The first two cells of each row under a heading, in their order; the first without its backquotes."""
    table = DOCUMENT.read_text().split(heading + "\n")[1].split("\n#")[0]
    rows = [re.match(r"\| `([^`]+)` \| ([^|]*?) ?\|", line) for line in table.splitlines()]
    return [(row[1], row[2]) for row in rows if row]
