"""What was filled into a form, or kept by it, becomes an event; platforms differ only in how they ask."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.domain.events import Event, IncidentReviewed, ReportDetailed, ReportFiled, ReviewSeconded
from bot.domain.model import Customer, CustomerKind, Finding, Medium, Opinion, ReportKind, Severity

QUESTIONS: Final = ("demand_valid", "means_acceptable", "environment_harmed")
Said = Mapping[str, str]
"""Field → what it says: choices by their value, moments in seconds since 1970; what is empty is left out."""
STRANGE: Final = (ValueError, KeyError, TypeError, OverflowError, IndexError)
"""What reading the fields of a form, or what it kept, ends with that this version did not make."""
_AT: Final = {
    "report.group": "group", "report.burden": "burden", "report.future": "occurred", "report.call_order": "call_to",
    "review.category": "finding", "review.reason": "reason", "report.customer_known": "customer",
}  # fmt: skip
"""Where in a form a refusal of the core stands; all others stand at the first field."""


def kept_of(start: ReportFiled) -> dict[str, str]:
    """Everything that a report form can start with but its text, as `filed` reads it."""
    told = {
        "kind": start.kind.value, "place": start.place, "message": start.message_id,
        "customer": str(start.customer_id or ""), "group": start.group, "burden": str(start.burden or ""),
        "severity": start.severity.key if start.severity else "", "quote": start.quote,
        "medium": start.medium.value if start.medium else "",
        "occurred": str(int(start.occurred_at.timestamp())) if start.occurred_at else "",
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def event_of(kind: str, kept: Said, said: Said, actor: str) -> Event:
    """What was filled into a form of this kind, which `kept` what it is about; one of STRANGE for any other form."""
    match kind:
        case "report":
            return filed({**kept, **said}, actor)
        case "detail":
            return detailed(int(kept["report"]), said, actor)
        case "review":
            return reviewed(int(kept["incident"]), {**said, **kept}, actor)
        case "second":
            return seconded(int(kept["incident"]), int(kept["review"]), kept["agrees"] == "1", said, actor)
    raise ValueError(kind)


def filed(said: Said, actor: str) -> ReportFiled:
    """A report; ValueError or TypeError for what no form of ours can have said."""
    kind = ReportKind(said.get("kind") or "report")
    medium = said.get("medium") or ("phone" if kind is ReportKind.CALL else "")
    return ReportFiled(
        actor=actor, kind=kind, text=said.get("text", ""), place=said.get("place", ""),
        message_id=said.get("message", ""), group=said.get("group", ""), burden=int(said.get("burden") or 0),
        customer_id=int(said["customer"]) if said.get("customer") else None, severity=_severity(said),
        medium=Medium(medium) if medium else None, quote=_whole(said, "quote"), occurred_at=_moment(said, "occurred"),
        call_from=_moment(said, "call_from"), call_to=_moment(said, "call_to"),
    )  # fmt: skip


def detailed(report: int, said: Said, actor: str) -> ReportDetailed:
    """More about a report of one's own."""
    more = filed(said, actor)
    return ReportDetailed(
        actor=actor, report_id=report, text=more.text, customer_id=more.customer_id, group=more.group,
        severity=more.severity, burden=more.burden, medium=more.medium, occurred_at=more.occurred_at, quote=more.quote,
    )  # fmt: skip


def reviewed(incident: int, said: Said, actor: str) -> IncidentReviewed:
    """A verdict with the three answers and its reason (S1-6)."""
    demand, means, environment = (Opinion(said.get(key) or "unclear") for key in QUESTIONS)
    return IncidentReviewed(
        actor=actor, incident_id=incident, finding=Finding(said["finding"]), reason=said.get("reason", ""),
        demand_valid=demand, means_acceptable=means, environment_harmed=environment, severity=_severity(said),
    )  # fmt: skip


def seconded(incident: int, review: int, agrees: bool, said: Said, actor: str) -> ReviewSeconded:
    """A second opinion about the verdict that the person saw."""
    return ReviewSeconded(
        actor=actor, incident_id=incident, agrees=agrees, reason=said.get("reason", ""), review_id=review
    )


def refused_at(key: str, fields: Sequence[str]) -> str:
    """The field at which a refusal of the core stands that has this key; "" for a form without fields."""
    at = "call_from" if key == "report.future" and "call_from" in fields else _AT.get(key, "")
    return at if at in fields else next(iter(fields), "")


def known(customers: Sequence[Customer]) -> list[Customer]:
    """Those whom a person would look for: not merged, not somebody still to be named; by name."""
    living = (c for c in customers if c.merged_into is None)
    told = (c for c in living if c.kind is not CustomerKind.UNKNOWN or c.name or c.contacts)
    return sorted(told, key=lambda c: (c.label.casefold(), c.id))


def looked_for(customers: Sequence[Customer], typed: str) -> list[Customer]:
    """Whom somebody means who types into a list of customers: by name, account or number."""
    wanted = typed.strip().casefold()
    return [c for c in known(customers) if wanted in f"{c.label} {' '.join(c.contacts)} #{c.id}".casefold()]


def _severity(said: Said) -> Severity | None:
    return Severity.named(said["severity"]) if said.get("severity") else None


def _moment(said: Said, key: str) -> datetime | None:
    return datetime.fromtimestamp(int(said[key]), UTC) if said.get(key) else None


def _whole(said: Said, key: str) -> str:
    """A text that stood in several fields."""
    return "".join(said[one] for one in sorted(said) if one == key or one.startswith(f"{key}_"))
