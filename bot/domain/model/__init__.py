"""The nouns of the house, one a file, gathered here for import."""

from bot.domain.model.audit import AuditEntry
from bot.domain.model.customer import Contact, Contract, Customer, CustomerKind, CustomerRecord
from bot.domain.model.detection import Detection, DetectionState, Kind, Outage
from bot.domain.model.message import Known, Membership, NewMessage, Platform, Print, Speaker, Spoken, Trace
from bot.domain.model.team import Role, Staff, Team

__all__ = [
    "AuditEntry",
    "Contact",
    "Contract",
    "Customer",
    "CustomerKind",
    "CustomerRecord",
    "Detection",
    "DetectionState",
    "Kind",
    "Known",
    "Membership",
    "NewMessage",
    "Outage",
    "Platform",
    "Print",
    "Role",
    "Speaker",
    "Spoken",
    "Staff",
    "Team",
    "Trace",
]
