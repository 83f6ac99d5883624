"""The nouns of the house, one a file, gathered here for import."""

from bot.domain.model.actor import Actor
from bot.domain.model.audit import AuditEntry
from bot.domain.model.customer import Contact, Contract, Customer, CustomerKind, CustomerRecord
from bot.domain.model.detection import Detection, DetectionState, Kind, Outage
from bot.domain.model.digest import CountLine, CustomerLine, Digest, PingLine, WaitLine
from bot.domain.model.drill import Drill
from bot.domain.model.file import Attachment, FileState, KeptFile, NewFile, WantedFile
from bot.domain.model.hours import Hours, Week
from bot.domain.model.incident import (
    Finding,
    Incident,
    IncidentState,
    Opinion,
    Reach,
    Review,
    ReviewState,
    Sign,
    SignKind,
    Suggestion,
)
from bot.domain.model.message import Hearing, Known, Membership, NewMessage, Platform, Print, Speaker, Spoken, Trace
from bot.domain.model.ping import ASKED, Notification, Outcome, Ping, PingState, RoundReason
from bot.domain.model.post import Destination, MessageRef, Priority, Sent
from bot.domain.model.report import Medium, Report, ReportKind
from bot.domain.model.rota import Override, Rota, Turn
from bot.domain.model.severity import Severity
from bot.domain.model.standing import ContractEnd, EndKnown, HabitScore, Level, Pace, Points, Share, Standing
from bot.domain.model.team import Mode, Role, Staff, Team, is_group

__all__ = [
    "ASKED",
    "Actor",
    "Attachment",
    "CountLine",
    "CustomerLine",
    "Digest",
    "Drill",
    "PingLine",
    "WaitLine",
    "Opinion",
    "AuditEntry",
    "Contact",
    "Contract",
    "ContractEnd",
    "Customer",
    "CustomerKind",
    "CustomerRecord",
    "Destination",
    "Detection",
    "DetectionState",
    "EndKnown",
    "FileState",
    "Finding",
    "HabitScore",
    "Hearing",
    "Hours",
    "Incident",
    "IncidentState",
    "KeptFile",
    "Kind",
    "Known",
    "Level",
    "Medium",
    "Membership",
    "MessageRef",
    "NewFile",
    "NewMessage",
    "Mode",
    "Notification",
    "Outage",
    "Outcome",
    "Override",
    "Pace",
    "Ping",
    "PingState",
    "Platform",
    "Points",
    "Print",
    "Priority",
    "Reach",
    "Report",
    "ReportKind",
    "Review",
    "ReviewState",
    "Role",
    "Rota",
    "RoundReason",
    "Sent",
    "Severity",
    "Share",
    "Sign",
    "SignKind",
    "Speaker",
    "Spoken",
    "Staff",
    "Standing",
    "Suggestion",
    "Team",
    "Trace",
    "Turn",
    "WantedFile",
    "Week",
    "is_group",
]
