"""What may come in, in the past tense; every time is an aware datetime."""

from bot.domain.events.duties import (
    DigestDue,
    DigestWanted,
    EscalationsDue,
    HearingSeen,
    Looked,
    PersonUnheard,
    PostFailed,
    RetentionDue,
)
from bot.domain.events.incidents import IncidentReviewed, ReportDetailed, ReportFiled, ReportWithdrawn, ReviewSeconded
from bot.domain.events.messages import (
    AuthorLookedUp,
    FileFetched,
    FileLost,
    MessageDeleted,
    MessagePosted,
    MessageRedacted,
)
from bot.domain.events.people import (
    ContactAssigned,
    CustomersImported,
    CustomersMerged,
    CustomerSplit,
    GroupSeen,
    MemberSeen,
    ModeSet,
    OverrideSet,
    TeamsApplied,
    TeamSetUp,
)
from bot.domain.events.pings import DrillSeen, DrillWanted, OutageEnded, PingAcknowledged, PingResolved

Event = (
    MessagePosted
    | MessageDeleted
    | MessageRedacted
    | AuthorLookedUp
    | FileFetched
    | FileLost
    | TeamsApplied
    | TeamSetUp
    | GroupSeen
    | MemberSeen
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
    | DrillWanted
    | DrillSeen
    | RetentionDue
    | EscalationsDue
    | DigestDue
    | DigestWanted
    | PostFailed
    | PersonUnheard
    | HearingSeen
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
    "DrillSeen",
    "DrillWanted",
    "EscalationsDue",
    "Event",
    "FileFetched",
    "FileLost",
    "GroupSeen",
    "HearingSeen",
    "IncidentReviewed",
    "Looked",
    "MemberSeen",
    "MessageDeleted",
    "MessagePosted",
    "MessageRedacted",
    "ModeSet",
    "OutageEnded",
    "OverrideSet",
    "PersonUnheard",
    "PingAcknowledged",
    "PingResolved",
    "PostFailed",
    "ReportDetailed",
    "ReportFiled",
    "ReportWithdrawn",
    "RetentionDue",
    "ReviewSeconded",
    "TeamSetUp",
    "TeamsApplied",
]
