"""Questions of the command line and of replay, and the shapes of their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.model import Customer, Detection, Outage, Platform, Spoken, Team


@dataclass(frozen=True, slots=True)
class CustomersAsked:
    """All customers, merged ones included."""

    counted: bool = False
    """Also how many messages each has, which takes reading them all."""


@dataclass(frozen=True, slots=True)
class TeamsAsked:
    """The teams as the rows know them."""


@dataclass(frozen=True, slots=True)
class AuthorsAsked:
    """Whose messages still wait as unattributed on a platform (rules.md 1): they are to be looked up."""

    platform: Platform


@dataclass(frozen=True, slots=True)
class DetectionsAsked:
    """Every open detection with its messages and the customer's habit."""


@dataclass(frozen=True, slots=True)
class ProgressAsked:
    """How far the stored messages reach."""


@dataclass(frozen=True, slots=True)
class ReachAsked:
    """How far the stored messages of each watched channel of a platform's workspace reach."""

    platform: str
    workspace: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A watched channel's id and the time of its newest stored message; None: nothing is stored yet."""

    channel: str
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class ReachShown:
    channels: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class WhomAsked:
    """Whom a report from this place, about this message, would be about if nobody is named."""

    place: str
    """`platform:workspace:channel`; "" for none"""
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class WhomShown:
    customer_id: int | None
    """None: somebody still to be named."""


@dataclass(frozen=True, slots=True)
class Habit:
    """Bursts and distinct days (customer's zone) with signs, in the days up to a detection: shown, never detected."""

    days: int
    bursts: int
    distinct_days: int


@dataclass(frozen=True, slots=True)
class DetectionStory:
    """A detection as a person reads it."""

    detection: Detection
    customer: Customer
    messages: tuple[Spoken, ...]
    habits: tuple[Habit, ...]


@dataclass(frozen=True, slots=True)
class DetectionsShown:
    """All open detections by time, and the outages they point to."""

    stories: tuple[DetectionStory, ...]
    outages: tuple[Outage, ...]


@dataclass(frozen=True, slots=True)
class CustomersShown:
    customers: tuple[Customer, ...]
    messages: Mapping[int, int] = field(default_factory=dict)
    """Customer → how many are stored, if it was asked for."""


@dataclass(frozen=True, slots=True)
class TeamsShown:
    teams: tuple[Team, ...]


@dataclass(frozen=True, slots=True)
class AuthorsShown:
    accounts: tuple[str, ...]
    """`platform:workspace:id`, the workspace being that in which they wrote."""


@dataclass(frozen=True, slots=True)
class ProgressShown:
    newest: datetime | None
    """Time of the newest stored message."""
    messages: int


EverydayQuestion = CustomersAsked | TeamsAsked | AuthorsAsked | DetectionsAsked | ProgressAsked | ReachAsked | WhomAsked
EverydayAnswer = CustomersShown | TeamsShown | AuthorsShown | DetectionsShown | ProgressShown | ReachShown | WhomShown
