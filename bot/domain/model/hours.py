"""One span of support hours on a wall clock."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from `opens` to `closes` on the wall clock of the zone that reads it; `closes` 24:00 is time.max."""

    opens: time
    closes: time


Week = tuple[tuple[Hours, ...], ...]
"""One entry for Monday to Sunday, each with any number of spans."""
