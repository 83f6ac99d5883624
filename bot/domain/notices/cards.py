"""What is posted into chats: facts for everybody who may read the place; put into words at the door."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import (
    ContractEnd,
    Digest,
    Hearing,
    Outcome,
    PingState,
    Reach,
    ReportKind,
    RoundReason,
    Severity,
    SignKind,
    Standing,
)


@dataclass(frozen=True, slots=True)
class SignFacts:
    """A sign as a card shows it; quotes are keys (`message:12`, `report:3`) whose texts are read when it is sent."""

    kind: SignKind
    ref: int
    at: datetime
    severity: Severity
    category: str
    group: str
    danger: str
    report_kind: ReportKind | None
    window: str
    count: int
    place: str
    quotes: tuple[str, ...]
    live: bool
    source: str = ""
    """`platform:workspace:channel:message` of the latest message of it."""


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """An incident as a card shows it. Nobody who reported is named (rules.md 8)."""

    incident_id: int
    customer_id: int
    customer: str
    team: str
    zone: str
    """For every clock time on the card."""
    severity: Severity
    """As the verdict that stands gave it, else as suspected."""
    categories: tuple[str, ...]
    dangers: tuple[str, ...]
    opened_at: datetime
    last_sign_at: datetime
    signs: tuple[SignFacts, ...]
    """The latest, at most five."""
    more: int
    """Signs that are not among them."""
    reach: Reach
    outage_id: int | None
    finding: str
    """Of the verdict that stands; "" = not judged."""
    state: str = ""
    """suspected, judged or lapsed."""


@dataclass(frozen=True, slots=True)
class PingFacts:
    """A ping as a card shows it."""

    ping_id: int
    incident: IncidentFacts
    state: PingState
    round: int
    reason: RoundReason
    opened_at: datetime
    called: tuple[str, ...]
    """Names of those who were called in this round so far."""
    next_at: datetime | None
    """When the next step follows if nobody answers, or the leads are called again; None: nobody is called any more."""
    acked_by: str
    acked_at: datetime | None
    resolved_at: datetime | None
    outcome: Outcome | None
    recovered: bool = False
    """Found after an outage of the bot itself."""
    unheard: tuple[str, ...] = ()
    """Names of those called in this round for whom nothing rang (Do Not Disturb, or gone from the platform)."""
    severity: Severity = Severity.MEDIUM
    """Of the ping: the gravest that it was called for, in whichever incident."""


@dataclass(frozen=True, slots=True)
class PingOpened:
    """The first call of a round."""

    ping: PingFacts


@dataclass(frozen=True, slots=True)
class PingEscalated:
    """A later step: nobody answered so far."""

    ping: PingFacts
    step: int


@dataclass(frozen=True, slots=True)
class PingExhausted:
    """Every step was taken; the leads are called, again and again while it is grave."""

    ping: PingFacts
    times: int


@dataclass(frozen=True, slots=True)
class PingSettled:
    """Acknowledged or resolved: the card of every call changes into this."""

    ping: PingFacts


@dataclass(frozen=True, slots=True)
class OutcomeAsked:
    """The acknowledger is asked how it ended; without an answer the next step follows."""

    ping: PingFacts
    until: datetime


@dataclass(frozen=True, slots=True)
class PingsBundled:
    """More automatic pings than one person can take in an hour, in one card (rules.md 7)."""

    bundle_id: int
    team: str
    pings: tuple[PingFacts, ...]


@dataclass(frozen=True, slots=True)
class HelpComing:
    """To the reporter directly: somebody has it."""

    ping_id: int
    name: str
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class IncidentNoted:
    """A card that calls nobody: a machine's legal threat alone, or another team's incident with the same customer."""

    incident: IncidentFacts
    other_team: bool = False


@dataclass(frozen=True, slots=True)
class MorningListed:
    """What the night held back (rules.md 7), at the opening of the desk."""

    team: str
    zone: str
    since: datetime
    incidents: tuple[IncidentFacts, ...]


@dataclass(frozen=True, slots=True)
class OutageNoticed:
    """Many write the same: an outage? One notice for all."""

    outage_id: int
    team: str
    zone: str
    at: datetime
    customers: int
    quotes: tuple[str, ...]
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SecondWanted:
    """A grave verdict waits for a second uninvolved person."""

    incident: IncidentFacts
    finding: str
    provisional: bool
    """Decided by one person: a lead or decision maker has to confirm."""
    settled: str = ""
    """final or disputed, once somebody answered; "" while it waits."""
    severity: Severity | None = None
    """As the verdict gave it; None: as suspected (posts put before verdicts said theirs)."""
    categories: tuple[str, ...] = ()
    """As the verdict gave them."""


@dataclass(frozen=True, slots=True)
class ThresholdReached:
    """A customer reached the threshold of article 16; people decide."""

    customer_id: int
    customer: str
    team: str
    standing: Standing
    end: ContractEnd
    clause: str


@dataclass(frozen=True, slots=True)
class PhoneCalled:
    """A call of a ping for a phone service outside: ids only, for nobody knows who reads it there."""

    kind: str
    """opened, escalated or exhausted."""
    ping_id: int
    round: int
    step: int
    """From 1; exhausted: one more than there are steps."""
    severity: Severity
    at: datetime


@dataclass(frozen=True, slots=True)
class DrillCalled:
    """A practice call, marked as such, to whoever is on call."""

    drill_id: int
    team: str
    zone: str
    at: datetime
    until: datetime
    called: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrillEnded:
    """The same card afterwards, and what whoever asked for it is told: who saw it, after how many seconds."""

    drill_id: int
    team: str
    zone: str
    at: datetime
    called: tuple[str, ...]
    by: str
    """"" = nobody, in all these seconds."""
    seconds: int


@dataclass(frozen=True, slots=True)
class DigestReady:
    digest: Digest


@dataclass(frozen=True, slots=True)
class PostLost:
    """Something could not be delivered and never will be; `what` is its key, `reason` a key of words."""

    what: str
    reason: str
    channel: str
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class HearingNoticed:
    """What a platform keeps from us, or gives again: `trouble` is a key of words for errors, "" = it does again."""

    platform: str
    matter: Hearing
    trouble: str
    at: datetime
    zone: str


Posted = (
    PingOpened
    | PingEscalated
    | PingExhausted
    | PingSettled
    | OutcomeAsked
    | PingsBundled
    | HelpComing
    | IncidentNoted
    | MorningListed
    | OutageNoticed
    | SecondWanted
    | ThresholdReached
    | PhoneCalled
    | DrillCalled
    | DrillEnded
    | DigestReady
    | PostLost
    | HearingNoticed
)
