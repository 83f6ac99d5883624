"""What may come in, in the past tense; every time is an aware datetime."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import CustomerRecord, Membership, Platform, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted:
    """One wording of one message; the same identity (platform, workspace, channel, message_id, edit) counts once."""

    platform: Platform
    workspace: str
    channel: str
    message_id: str
    edit: str = ""
    """"" for the first wording, else the platform's mark of the edit; `sent_at` stays that of the first wording."""
    author: str
    home: str = ""
    """The workspace that the author belongs to; "" means `workspace`."""
    author_name: str = ""
    membership: Membership = Membership.OUTSIDER
    mail: str = ""
    """A mail address of the author that the platform verified or the company listed."""
    text: str
    sent_at: datetime
    thread: str = ""
    """The id of the thread's first message; "" outside threads."""
    reply_to: str = ""
    mentions: tuple[str, ...] = ()
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted:
    """A message was taken back; it still counts (rules.md 2), its text goes after the policy's hours."""

    platform: Platform
    workspace: str
    channel: str
    message_id: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRedacted:
    """A person of the company emptied a text at once; hash and audit entry stay (rules.md 4)."""

    platform: Platform
    workspace: str
    channel: str
    message_id: str
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorLookedUp:
    """The roles of an author whose messages wait as unattributed are now known."""

    platform: Platform
    workspace: str
    """Where the author wrote."""
    author: str
    membership: Membership
    home: str = ""
    """The workspace that the author belongs to; "" means `workspace`."""
    author_name: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsApplied:
    """The teams of a file become rows; teams and people that the same source no longer names are ended."""

    teams: tuple[Team, ...]
    source: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersImported:
    """Customers of a file become rows; a customer is recognised by name within the same source."""

    records: tuple[CustomerRecord, ...]
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAssigned:
    """An account belongs to this customer from now on and for all stored messages; counts are computed again."""

    account: str
    customer_id: int
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMerged:
    """Two customers are one; `undo` parts them again. Counts are computed again."""

    customer_id: int
    into: int
    actor: str
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageEnded:
    """A person says that the outage is over (rules.md 3)."""

    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDue:
    """Time to forget what nothing is tied to (rules.md 4)."""


Event = (
    MessagePosted
    | MessageDeleted
    | MessageRedacted
    | AuthorLookedUp
    | TeamsApplied
    | CustomersImported
    | ContactAssigned
    | CustomersMerged
    | OutageEnded
    | RetentionDue
)
