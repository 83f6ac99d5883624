"""Answers to what was done: facts for the one person who did it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import (
    Finding,
    Level,
    Medium,
    Mode,
    Outcome,
    PingState,
    ReportKind,
    ReviewState,
    Severity,
    Suggestion,
)


@dataclass(frozen=True, slots=True)
class Received:
    """A message was stored, or had been already; `detection_id` names the burst that it opened or joined."""

    stored: bool
    detection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """A change was made; `subject` is the row it concerns, `changed` the columns that moved."""

    subject: str
    changed: tuple[str, ...] = ()
    detections: int = 0
    """Open detections of the customers concerned after counting again."""


@dataclass(frozen=True, slots=True)
class Forgot:
    """How much one run of forgetting took."""

    texts: int
    rows: int
    names: int


@dataclass(frozen=True, slots=True)
class Denied:
    """Understood and not allowed; `reason` is a key of words, and it was recorded."""

    reason: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRecorded:
    """A report is in; what the reporter is told at once."""

    report_id: int
    incident_id: int
    customer_id: int
    customer: str
    kind: ReportKind
    severity: Severity
    group: str
    medium: Medium | None
    joined: bool
    """It joined an incident that was open already."""
    again: bool
    """The same words were filed a moment ago: this is that report."""
    ping_id: int | None
    called: tuple[str, ...]
    """Names of those who were called now; empty with a ping_id: the alert channel, or a bundle, carries it."""
    nobody_on_call: bool
    withdraw_until: datetime
    missing: tuple[str, ...]
    """What would help and was not said: customer, group, severity, burden, quote."""
    detailed: bool = False
    """It was there already and says more now."""
    reached: bool = True
    """False: no channel and nobody in the company could be told; the reporter has to hear that."""


@dataclass(frozen=True, slots=True)
class ReportTakenBack:
    """A report was withdrawn; the record keeps that it was filed."""

    report_id: int
    incident_id: int
    incident_lapsed: bool


@dataclass(frozen=True, slots=True)
class PingAnswered:
    """An acknowledgement or resolution; `first` False: somebody else was first, nothing changed."""

    ping_id: int
    state: PingState
    first: bool
    by: str
    """The name of who has it."""
    at: datetime | None
    customer: str
    outcome: Outcome | None
    helped: tuple[str, ...]
    """For the acknowledger alone: the accounts that asked for help, so that nobody is left alone."""
    incident_id: int
    note: str = ""
    """The words with which it was resolved just now, for whoever said them."""


@dataclass(frozen=True, slots=True)
class VerdictRecorded:
    """A verdict stands, or waits for a second person."""

    incident_id: int
    review_id: int
    customer: str
    finding: Finding
    state: ReviewState
    suggestion: Suggestion
    severity: Severity
    category: str
    points: float
    """Given now; 0 while it waits, and for every finding but confirmed."""
    weight: float
    factor: float
    taken_back: float
    rights_only: bool
    """Only the use of a right was confirmed: it counts no points by itself (S0-32)."""
    points_before: float
    points_after: float
    level_before: Level
    level_after: Level
    threshold: bool


@dataclass(frozen=True, slots=True)
class OverrideRecorded:
    team: str
    name: str
    start: datetime
    end: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ModeChanged:
    team: str
    mode: Mode
    changed: bool


@dataclass(frozen=True, slots=True)
class DrillBegun:
    """A practice call is on its way to these people."""

    drill_id: int
    team: str
    zone: str
    called: tuple[str, ...]
    nobody_on_call: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class DrillAnswered:
    """To whoever pressed: it was seen; `first` False: it had ended before, `by` somebody or by itself."""

    drill_id: int
    first: bool
    by: str
    seconds: int


@dataclass(frozen=True, slots=True)
class DigestWritten:
    """Digests that were put on their way, `team:week`."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepsTaken:
    """What one look at the due pings did, and when the next is due."""

    steps: int
    next_due: datetime | None


Recorded = (
    Received
    | Applied
    | Forgot
    | Denied
    | ReportRecorded
    | ReportTakenBack
    | PingAnswered
    | VerdictRecorded
    | OverrideRecorded
    | ModeChanged
    | DrillBegun
    | DrillAnswered
    | DigestWritten
    | StepsTaken
)
