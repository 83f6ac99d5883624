"""Questions of people on duty and of leads; the actor decides what may be shown."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.model import (
    ContractEnd,
    Customer,
    CustomerLine,
    Digest,
    Incident,
    KeptFile,
    Mode,
    Notification,
    Opinion,
    Outage,
    Override,
    Ping,
    Points,
    Review,
    Standing,
    Suggestion,
    Turn,
)
from bot.domain.notices import Denied, IncidentFacts, PingFacts
from bot.domain.questions.everyday import DetectionStory


@dataclass(frozen=True, slots=True)
class OnCallAsked:
    """Who is on call; "" = the actor's own team."""

    actor: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class OnCallShown:
    team: str
    zone: str
    at: datetime
    turn: Turn | None
    """None: nobody is on call."""
    name: str
    second: str
    """The name of the second person; "" for nobody."""
    following: tuple[tuple[str, Turn], ...]
    """The next turns with names."""
    overrides: tuple[tuple[str, Override], ...]
    """Running and coming ones with names."""
    instead: tuple[str, ...]
    """Names of those who are called while nobody is on call."""


@dataclass(frozen=True, slots=True)
class StandingAsked:
    actor: str
    customer_id: int


@dataclass(frozen=True, slots=True)
class StandingShown:
    customer: Customer
    standing: Standing
    end: ContractEnd
    incidents: tuple[tuple[Incident, Review | None], ...]
    """Latest first, with the verdict that stands."""
    complaints: int
    """Legitimate complaints: never points."""
    waited: int
    """How often they repeated themselves because they waited for us."""


@dataclass(frozen=True, slots=True)
class StatusAsked:
    """What goes on; for one customer, or for a team ("" = the actor's own)."""

    actor: str
    team: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class StatusShown:
    team: str
    zone: str
    mode: Mode
    pings: tuple[PingFacts, ...]
    undecided: tuple[IncidentFacts, ...]
    """Those of `pings` and others."""
    outages: tuple[Outage, ...]
    more_pings: int = 0
    """Open ones that are not among `pings`."""
    more_undecided: int = 0
    """Others that are not among `undecided`, and nobody is called for."""
    takes: frozenset[int] = frozenset()
    """Those of `pings` that the asker may take."""
    customer: Customer | None = None
    """Whom alone it is about, where one was asked for."""
    standing: Standing | None = None
    """Of that customer, for those who may read it."""


@dataclass(frozen=True, slots=True)
class DigestAsked:
    """A team's digest as of now, for the asker alone."""

    actor: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class DigestShown:
    digest: Digest


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """What there is to judge about an incident; None: of the gravest the one that waited longest."""

    actor: str
    incident_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewShown:
    incident: IncidentFacts
    answers: tuple[Opinion, Opinion, Opinion]
    """Of the verdict that stands; unclear where there is none."""
    suggestion: Suggestion
    history: tuple[Review, ...]
    alone: bool
    """Nobody uninvolved is left: the asker would decide alone, provisionally."""
    quotes: tuple[tuple[str, str], ...]
    """(key, text) of what is still kept."""
    pings: tuple[Ping, ...] = ()
    """Those that called somebody for it, with the words in which they ended."""


@dataclass(frozen=True, slots=True)
class WhyAsked:
    """Why something is as it is: `detection:4`, `incident:9`, `ping:3`, `customer:5`."""

    actor: str
    subject: str


@dataclass(frozen=True, slots=True)
class WhyShown:
    """Everything that a decision rested on; only what the subject has is filled."""

    subject: str
    at: datetime
    zone: str
    edition: str
    pack_hash: str
    current_edition: str
    detection: DetectionStory | None = None
    """The detection asked about; of an incident or a ping the newest one that it still rests on."""
    needed: int = 0
    """Messages that the window asks for."""
    minutes: int = 0
    """Length of the window."""
    incident: IncidentFacts | None = None
    ping: Ping | None = None
    calls: tuple[tuple[str, Notification], ...] = ()
    """Names and calls, in order."""
    customer: Customer | None = None
    standing: Standing | None = None
    end: ContractEnd | None = None
    review: Review | None = None
    points: tuple[Points, ...] = ()
    lapsed: bool = False
    """A detection that a recount no longer finds, or that went on in another."""
    files: tuple[KeptFile, ...] = ()
    """What hung on its messages, those of all live signs; never the bytes."""
    pings: tuple[Ping, ...] = ()
    """Of an incident, those that called somebody for it, with the words in which they ended."""


@dataclass(frozen=True, slots=True)
class NextAsked:
    """What most waits for the asker."""

    actor: str


@dataclass(frozen=True, slots=True)
class NextShown:
    """`kind`: ping, outcome, second, confirm, judge, or "" when nothing waits."""

    kind: str
    subject: str
    incident: IncidentFacts | None
    ping: PingFacts | None
    since: datetime | None
    more: int
    zone: str


@dataclass(frozen=True, slots=True)
class DueAsked:
    """When the next step of any ping is due; with `rounds` also who is being called."""

    rounds: bool = True


@dataclass(frozen=True, slots=True)
class OpenRound:
    """The round that an open ping is in."""

    ping: Ping
    began_at: datetime
    called: tuple[str, ...]
    """Accounts, in the order in which they were called."""


@dataclass(frozen=True, slots=True)
class DueShown:
    next_due: datetime | None
    rounds: tuple[OpenRound, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordAsked:
    """Everything that happened, for replay."""


@dataclass(frozen=True, slots=True)
class PingStory:
    """A ping with its calls, names beside accounts."""

    ping: PingFacts
    calls: tuple[tuple[str, Notification], ...]


@dataclass(frozen=True, slots=True)
class RecordShown:
    incidents: tuple[IncidentFacts, ...]
    pings: tuple[PingStory, ...]
    standings: tuple[StandingShown, ...]
    digests: tuple[Digest, ...]
    """Of every team, as of now."""
    supposed: tuple[CustomerLine, ...]
    """How customers would stand if people confirmed everything that is suspected: no finding, a supposition."""


DutyQuestion = (
    OnCallAsked
    | StandingAsked
    | StatusAsked
    | DigestAsked
    | ReviewAsked
    | WhyAsked
    | NextAsked
    | DueAsked
    | RecordAsked
)
DutyAnswer = (
    OnCallShown
    | StandingShown
    | StatusShown
    | DigestShown
    | ReviewShown
    | WhyShown
    | NextShown
    | DueShown
    | RecordShown
    | Denied
)
