"""The rows of the house as SQLModel tables."""

from storage.tables.base import table_of
from storage.tables.customers import ContactRow, CustomerRow, CustomerRuleRow
from storage.tables.detections import DetectionMessageRow, DetectionRow, OutageRow
from storage.tables.drills import DrillRow
from storage.tables.files import FileRow
from storage.tables.incidents import IncidentRow, PointsRow, ReportRow, ReviewRow, SignRow
from storage.tables.keeping import AuditHeadRow, AuditRow, EpochRow, KeyRow
from storage.tables.messages import MessageRow, PlaceRow
from storage.tables.outbox import OutboxRow
from storage.tables.pings import BundleRow, DigestRow, NotificationRow, OverrideRow, PingRow, SwitchRow
from storage.tables.presence import LeaseRow, ToldRow
from storage.tables.teams import StaffRow, TeamRow

__all__ = [
    "AuditHeadRow",
    "AuditRow",
    "BundleRow",
    "ContactRow",
    "CustomerRow",
    "CustomerRuleRow",
    "DetectionMessageRow",
    "DetectionRow",
    "DigestRow",
    "DrillRow",
    "EpochRow",
    "FileRow",
    "IncidentRow",
    "KeyRow",
    "LeaseRow",
    "MessageRow",
    "NotificationRow",
    "OutageRow",
    "OutboxRow",
    "OverrideRow",
    "PingRow",
    "PlaceRow",
    "PointsRow",
    "ReportRow",
    "ReviewRow",
    "SignRow",
    "StaffRow",
    "SwitchRow",
    "TeamRow",
    "ToldRow",
    "table_of",
]
