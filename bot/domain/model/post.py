"""Something to say in a chat: facts for one place, sent once, in order, and changed in place later."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Priority(IntEnum):
    """What is sent first when much waits."""

    CRITICAL = 0
    PING = 1
    NORMAL = 2
    LOW = 3


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a post goes: into a channel, calling these people there; without a channel directly to the person."""

    channel: str = ""
    """`platform:workspace:channel`; must be inside (no outsider can read it) when it is sent."""
    people: tuple[str, ...] = ()
    """Accounts, `platform:workspace:id`."""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that the platform has: enough to change it later."""

    channel: str
    """`platform:workspace:channel` in which it really stands, a direct channel included."""
    id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A post that reached its chat."""

    key: str
    ref: MessageRef
    at: datetime
