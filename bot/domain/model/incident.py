"""An incident: one event with its signs, and what people found it to be."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.model.severity import Severity


class IncidentState(StrEnum):
    SUSPECTED = "suspected"
    """Nobody has judged it yet (S0-4)."""
    JUDGED = "judged"
    LAPSED = "lapsed"
    """Every sign of it was withdrawn or no longer holds; marked, never deleted."""


class Reach(StrEnum):
    """How far the word of an incident went when it opened (rules.md 7)."""

    PING = "ping"
    CARD = "card"
    """Shown in the alert channel, nobody called: a machine's legal threat alone."""
    MORNING = "morning"
    """At night: it stands on the card of the next opening."""
    DIGEST = "digest"
    LISTED = "listed"
    """Found later, or the team only monitors."""


class SignKind(StrEnum):
    REPORT = "report"
    DETECTION = "detection"


@dataclass(frozen=True, slots=True)
class Sign:
    """One report or detection on its way into an incident."""

    kind: SignKind
    ref: int
    """The report's or detection's number."""
    customer_id: int
    team: str
    at: datetime
    severity: Severity
    category: str
    danger: str
    """A kind of danger named by the pack's groups (such as body); "" for none."""
    live: bool = True
    """False once the report was withdrawn or the detection no longer holds."""
    recovered: bool = False
    """Just now read from history; kept with the ping that it opens, not with the sign."""

    @property
    def automatic(self) -> bool:
        """A machine's sign; a person's word is never bundled, held back or silenced."""
        return self.kind is SignKind.DETECTION


@dataclass(frozen=True, slots=True)
class Incident:
    """One event in time with one customer; it belongs to the team whose channel had the first sign (rules.md 5)."""

    id: int
    customer_id: int
    team: str
    opened_at: datetime
    last_sign_at: datetime
    severity: Severity
    categories: tuple[str, ...]
    dangers: tuple[str, ...]
    state: IncidentState
    reach: Reach
    outage_id: int | None
    edition: str
    pack_hash: str
    zone: str


class Opinion(StrEnum):
    """To one of the three questions of a review (S1-6)."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Finding(StrEnum):
    """What a person found an incident to be (rules.md 5)."""

    CONFIRMED = "confirmed"
    LEGITIMATE = "legitimate"
    MISUNDERSTANDING = "misunderstanding"
    UNDETERMINED = "undetermined"
    DISMISSED = "dismissed"


class Suggestion(StrEnum):
    """What the matrix of the three answers suggests; a person decides (S1-18, S1-19)."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    LEGITIMATE = "legitimate"
    OPEN = "open"


class ReviewState(StrEnum):
    FINAL = "final"
    AWAITING_SECOND = "awaiting_second"
    """Severity high or more: no points before a second uninvolved person agrees."""
    PROVISIONAL = "provisional"
    """Decided by one person; no points until a lead or decision maker who was not that person confirms."""
    DISPUTED = "disputed"
    """The second person disagrees: it has to be judged anew."""


@dataclass(frozen=True, slots=True)
class Review:
    """One verdict; a later one stands above it and the earlier stays as history."""

    id: int
    incident_id: int
    at: datetime
    reviewer: str
    finding: Finding
    reason: str
    demand_valid: Opinion
    means_acceptable: Opinion
    environment_harmed: Opinion
    severity: Severity
    categories: tuple[str, ...]
    state: ReviewState
    second: str
    second_at: datetime | None
    edition: str
    pack_hash: str
    second_reason: str | None = None
    """What the second person said to it."""
