"""Which form a pressed button asks for, where a platform has forms."""

from dataclasses import dataclass
from typing import Final

from adapters.chat.buttons import number_of
from bot.domain.model import Finding

FINDINGS: Final = frozenset(finding.value for finding in Finding)


@dataclass(frozen=True, slots=True)
class Detail:
    """More about a report."""

    report: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict on an incident, with the finding that was pressed."""

    incident: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Second:
    """A second opinion on the verdict that stands."""

    incident: int
    agrees: bool


Wanted = Detail | Verdict | Second


def wanted(action: str, subject: str) -> Wanted | None:
    """The form of this button; None for one that does something at once, or was tampered with."""
    id = number_of(subject, "report" if action == "detail" else "incident")
    if id is None:
        return None
    if action in FINDINGS:
        return Verdict(id, Finding(action))
    if action in ("agree", "disagree"):
        return Second(id, action == "agree")
    return Detail(id) if action == "detail" else None
