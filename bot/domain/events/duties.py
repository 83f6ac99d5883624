"""What time or the house itself brings: steps, digests, forgetting, posts that failed, looks that are recorded."""

from dataclasses import dataclass

from bot.domain.model import Hearing


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionDue:
    """Time to forget what nothing is tied to (rules.md 4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationsDue:
    """Time to take every step that is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDue:
    """Time to write every digest that is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWanted:
    """Somebody wants a team's digest now, into the leads' channel."""

    actor: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFailed:
    """A post could not be delivered and never will be: somebody else has to be told."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUnheard:
    """A call stands where it belongs, but these of the people whom it calls hear nothing of it now: they are
    in Do Not Disturb, or gone from the platform."""

    key: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingSeen:
    """What a connection found of one thing that hearing a platform takes: `trouble` is a key of words for errors, "" =
    nothing is wrong with it."""

    platform: str
    matter: Hearing
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Somebody asked a question whose asking is itself recorded: something restricted was shown, or refused."""

    actor: str
    question: str
    subject: str
    refused: str = ""
    """Why it was refused; "" = it was shown."""
