"""What people file and judge."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import Finding, Medium, Opinion, ReportKind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled:
    """Somebody of ours reports; nothing but `text` is needed, and for `now` not even that (rules.md 5)."""

    actor: str
    kind: ReportKind = ReportKind.REPORT
    text: str = ""
    customer_id: int | None = None
    """None: the channel's customer, else who wrote last in it, else somebody still to be named."""
    place: str = ""
    """`platform:workspace:channel` in which it was filed."""
    message_id: str = ""
    """The platform's id of the message in `place` that it is about."""
    group: str = ""
    severity: Severity | None = None
    burden: int = 0
    medium: Medium | None = None
    occurred_at: datetime | None = None
    quote: str = ""
    call_from: datetime | None = None
    call_to: datetime | None = None
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDetailed:
    """The reporter says more: what is given replaces what was not said, what was said stays in the audit."""

    actor: str
    report_id: int
    text: str = ""
    customer_id: int | None = None
    group: str = ""
    severity: Severity | None = None
    burden: int = 0
    medium: Medium | None = None
    occurred_at: datetime | None = None
    quote: str = ""
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWithdrawn:
    """The reporter takes a report back, within the policy's minutes; None: the last one."""

    actor: str
    report_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReviewed:
    """A person's verdict with its reason and the three answers (S1-6); None of categories: those of the signs."""

    actor: str
    incident_id: int
    finding: Finding
    reason: str
    demand_valid: Opinion = Opinion.UNCLEAR
    means_acceptable: Opinion = Opinion.UNCLEAR
    environment_harmed: Opinion = Opinion.UNCLEAR
    severity: Severity | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSeconded:
    """A second uninvolved person agrees with the verdict or does not."""

    actor: str
    incident_id: int
    agrees: bool
    reason: str = ""
    review_id: int | None = None
    """The verdict that the person saw; refused if another one stands by now."""
