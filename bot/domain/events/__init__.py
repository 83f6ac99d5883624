"""What may come in, in the past tense; every time is an aware datetime."""

from bot.domain.events.duties import DigestDue, DigestWanted, EscalationsDue, Looked, PostFailed, RetentionDue
from bot.domain.events.incidents import IncidentReviewed, ReportDetailed, ReportFiled, ReportWithdrawn, ReviewSeconded
from bot.domain.events.messages import AuthorLookedUp, MessageDeleted, MessagePosted, MessageRedacted
from bot.domain.events.people import (
    ContactAssigned,
    CustomersImported,
    CustomersMerged,
    CustomerSplit,
    ModeSet,
    OverrideSet,
    TeamsApplied,
)
from bot.domain.events.pings import OutageEnded, PingAcknowledged, PingResolved

Event = (
    MessagePosted
    | MessageDeleted
    | MessageRedacted
    | AuthorLookedUp
    | TeamsApplied
    | CustomersImported
    | ContactAssigned
    | CustomersMerged
    | CustomerSplit
    | OverrideSet
    | ModeSet
    | ReportFiled
    | ReportDetailed
    | ReportWithdrawn
    | IncidentReviewed
    | ReviewSeconded
    | PingAcknowledged
    | PingResolved
    | OutageEnded
    | RetentionDue
    | EscalationsDue
    | DigestDue
    | DigestWanted
    | PostFailed
    | Looked
)

__all__ = [
    "AuthorLookedUp",
    "ContactAssigned",
    "CustomerSplit",
    "CustomersImported",
    "CustomersMerged",
    "DigestDue",
    "DigestWanted",
    "EscalationsDue",
    "Event",
    "IncidentReviewed",
    "Looked",
    "MessageDeleted",
    "MessagePosted",
    "MessageRedacted",
    "ModeSet",
    "OutageEnded",
    "OverrideSet",
    "PingAcknowledged",
    "PingResolved",
    "PostFailed",
    "ReportDetailed",
    "ReportFiled",
    "ReportWithdrawn",
    "RetentionDue",
    "ReviewSeconded",
    "TeamsApplied",
]
