"""The nouns of the house, one a file, gathered here for import."""

from bot.domain.model.audit import AuditEntry
from bot.domain.model.customer import Contact, Contract, Customer, CustomerKind, CustomerRecord
from bot.domain.model.detection import Detection, DetectionState, Kind, Outage
from bot.domain.model.message import Known, Membership, NewMessage, Platform, Print, Speaker, Spoken, Trace
from bot.domain.model.rota import Override, Rota, Turn
from bot.domain.model.severity import Severity
from bot.domain.model.standing import ContractEnd, EndKnown, HabitScore, Level, Pace, Points, Share, Standing
from bot.domain.model.team import Role, Staff, Team

__all__ = [
    "AuditEntry",
    "Contact",
    "Contract",
    "ContractEnd",
    "Customer",
    "CustomerKind",
    "CustomerRecord",
    "Detection",
    "DetectionState",
    "EndKnown",
    "HabitScore",
    "Kind",
    "Known",
    "Level",
    "Membership",
    "NewMessage",
    "Outage",
    "Override",
    "Pace",
    "Platform",
    "Points",
    "Print",
    "Role",
    "Rota",
    "Severity",
    "Share",
    "Speaker",
    "Spoken",
    "Staff",
    "Standing",
    "Team",
    "Trace",
    "Turn",
]
