"""How patient the Courier is with a chat, in numbers."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Courtesy:
    """The lease is longer than a look and a send together (reliability D3)."""

    lease: timedelta = timedelta(seconds=30)
    timeout: float = 10.0
    """Seconds for one call of a chat."""
    first_wait: timedelta = timedelta(seconds=1)
    """After the first failure; doubled with each until `longest_wait`."""
    longest_wait: timedelta = timedelta(seconds=60)
    longest_rate_limit: timedelta = timedelta(hours=1)
    """What a chat asks for beyond this is not believed."""
    give_up_after: timedelta = timedelta(hours=24)
    """For what calls nobody; a call is tried until its ping is answered."""
    fewest_tries: int = 10
    """Before giving up, so that a house that was switched off for a day still tries."""
    broken_after: int = 6
    """Tries that ended in an error which no chat raises on purpose: such a post would hold up its line for ever."""
    unconnected_wait: timedelta = timedelta(seconds=60)
    unconnected_after: timedelta = timedelta(minutes=10)
    """A platform that is not connected for so long is not coming: somebody is told."""
    in_flight: int = 16
    poll: float = 1.0
    """Seconds until the next look when nobody wakes the Courier, for what other replicas put."""
    shortest_sleep: float = 0.05
