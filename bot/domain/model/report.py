"""What one person filed: a report, a cry for help (`now`), or a phone call."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.model.severity import Severity


class ReportKind(StrEnum):
    REPORT = "report"
    NOW = "now"
    """One word: somebody is needed at once; everything else is asked later (S3-2)."""
    CALL = "call"
    """A phone call noted by hand (S0-26)."""


class Medium(StrEnum):
    """How it was said (S0-38)."""

    CHAT = "chat"
    MAIL = "mail"
    PHONE = "phone"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Report:
    """One filing; what was not said is empty or None. The text is a person's own words and personal data."""

    id: int
    """0 until it is stored."""
    incident_id: int
    customer_id: int
    team: str
    reporter: str
    kind: ReportKind
    filed_at: datetime
    occurred_at: datetime | None
    text: str | None
    quote: str | None
    group: str
    """One of the plain groups of the pack, or ""."""
    category: str
    severity: Severity
    burden: int
    """1 to 5, the agent's own view (S0-6); 0 = not said."""
    medium: Medium | None
    call_from: datetime | None = None
    call_to: datetime | None = None
    place: str = ""
    """`platform:workspace:channel` in which it was filed."""
    message_id: int | None = None
    """The stored message that it is about."""
    named: tuple[str, ...] = ()
    """Accounts of our people that the report names: they judge nothing about it."""
    withdrawn_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it happened, as far as it was said; else when it was filed."""
        return self.occurred_at or self.filed_at
