"""A post on its way: facts for one place with a key that makes it single, and the order it is sent in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import Destination, MessageRef, Priority
from bot.domain.notices.cards import Posted


@dataclass(frozen=True, slots=True)
class Post:
    """Put into the outbox in the transaction that decided it; the same key is put once."""

    key: str
    """`ping:7:0`; an edit of it is `ping:7:0@3`."""
    lane: str
    """What must stay in order, such as `customer:5`; posts of one lane to one place go one after another."""
    priority: Priority
    to: Destination
    notice: Posted
    edits: str = ""
    """The key of the post whose message this changes in place."""
    quotes: tuple[str, ...] = ()
    """`message:12`, `report:3`: texts that are read when it is sent, never stored here."""
    round: str = ""
    """`ping:7`: a call that must not go out after that ping was answered."""
    at: datetime | None = None
    """Not before this instant; None: now."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed post as the Courier hands it to a chat."""

    id: int
    post: Post
    language: str
    quotes: Mapping[str, str]
    """Only those whose text is still kept."""
    ref: MessageRef | None
    """The message to change, for an edit."""
    attempt: int
    """1 for the first try."""
    doubtful: bool
    """An earlier try may have got through: look it up, and label a copy (reliability D3)."""
    lease_until: datetime
    lease: int = 0
    """The number of this claim: marks are refused once a later claim was made (fencing)."""
    since: datetime | None = None
    """Since when it could have been sent; None: unknown."""
    fault: str = ""
    """Why it cannot be sent at all, a key of words: its facts cannot be read by this version."""
