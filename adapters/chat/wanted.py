"""Which form a pressed button asks for, where a platform has forms."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from adapters.chat.buttons import number_of
from adapters.chat.filled import STRANGE
from bot.domain.events import ReportFiled
from bot.domain.model import Finding

FORM: Final = "form"
"""The action of a button that opens the form of a report."""
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


def form_of(
    action: str, subject: str, actor: str, start_of: Callable[[str, str], ReportFiled]
) -> ReportFiled | Wanted | None:
    """The form that a pressed button asks for: a report that begins like this, or one of those above; None for one that
    does something at once. `start_of` reads what the button of a report kept, for this actor."""
    if action != FORM:
        return wanted(action, subject)
    with contextlib.suppress(*STRANGE):
        return start_of(subject, actor)
    return None
