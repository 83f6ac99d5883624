"""Messages as platforms tell of them."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.model import Attachment, FileState, Membership, Platform


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
    recovered: bool = False
    """Read from the platform's history after a gap; nobody brought it when it was said."""
    files: tuple[Attachment, ...] = ()
    """What hangs on it; bytes are fetched after the message is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFetched:
    """The bytes of a file that was wanted have arrived."""

    file_id: int
    """The row's number."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLost:
    """A file that was wanted will not come; `why`: gone, refused or too_large."""

    file_id: int
    why: FileState


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
