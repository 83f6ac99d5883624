"""A ping: the call to a person on duty, which goes on until somebody answers (rules.md 7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.model.severity import Severity


class PingState(StrEnum):
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    """Every step was taken and nobody answered; the leads were told."""
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """How a ping ended."""

    HANDLED = "handled"
    """Somebody took over or stood by; said by a person."""
    JUDGED = "judged"
    """A verdict on its incident."""
    OUTAGE = "outage"
    """Many write the same: one notice stands for all."""
    WITHDRAWN = "withdrawn"
    """Its only sign was withdrawn, or a recount no longer finds it."""
    MERGED = "merged"
    """The customer was merged into another with an open ping of its own."""


class RoundReason(StrEnum):
    """Why a round of calls began."""

    FIRST = "first"
    SEVERITY = "severity"
    DANGER = "danger"
    QUIET = "quiet"
    NO_OUTCOME = "no_outcome"


@dataclass(frozen=True, slots=True)
class Ping:
    """One customer has one open ping at most; `due_at` says when something must happen next, in UTC."""

    id: int
    customer_id: int
    team: str
    incident_id: int
    state: PingState
    severity: Severity
    categories: tuple[str, ...]
    dangers: tuple[str, ...]
    automatic: bool
    """Only machines saw anything so far."""
    opened_at: datetime
    last_sign_at: datetime
    round: int
    reason: RoundReason
    step: int
    """The step of the escalation policy that is taken next; past the last: exhausted."""
    due_at: datetime | None
    acked_by: str
    acked_at: datetime | None
    asked_at: datetime | None
    """When the acknowledger was asked for the outcome."""
    resolved_at: datetime | None
    outcome: Outcome | None
    sent: int
    """Notifications made so far; the n-th has the outbox key `ping:{id}:{n}`."""
    version: int
    """Every change is a compare-and-set on this number."""
    waiting_since: datetime | None = None
    """Since when nobody answers, or had not before the last answer: rounds in between do not make it younger."""
    recovered: bool = False
    """Opened by what was said while the bot was away and was read from history later."""
    note: str | None = None
    """How it ended, in the words of whoever said that it is dealt with; never on a card, told to those who ask why."""

    @property
    def open(self) -> bool:
        return self.state is not PingState.RESOLVED


ASKED: Final = -1
"""The step of a notification that only asks how it ended."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One call that a ping made: to whom, when, in which round and step."""

    ping_id: int
    n: int
    round: int
    step: int
    target: str
    """An account; "" where only the channel could be told."""
    at: datetime
    automatic: bool
    key: str
    """The outbox key of the post that carries it: its own, or that of a bundle."""
    reason: RoundReason = RoundReason.FIRST
    """Why the round began that it belongs to."""
    unheard: bool = False
    """It was shown, but nothing rang: the person was in Do Not Disturb, or is gone from the platform."""

    @property
    def asked(self) -> bool:
        """It asked the acknowledger for the outcome: no step of the escalation policy."""
        return self.step == ASKED
