"""Time in a replay: the clock follows the export, pings take their steps between messages, somebody may answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeVar

from bot.domain.access import DUTY
from bot.domain.events import EscalationsDue, Event, ModeSet, PingAcknowledged, PingResolved, TeamsApplied
from bot.domain.model import Mode, PingState, Role, Rota, Staff, Team
from bot.domain.notices import Notice, Received
from bot.domain.questions import Answer, DueAsked, DueShown, Question
from bot.intake import Intake

A = TypeVar("A", bound=Answer)
SOURCE: Final = "replay"
ACTOR: Final = "cli:replay"
SHORTEST: Final = timedelta(minutes=1)
"""No step of a ping waits less than this (the pack's smallest wait)."""
PRETEND: Final = ("replay::supervisor1", "replay::supervisor2", "replay::lead")
"""Accounts of the pretend people: of no chat, so that nobody waits for their answer."""


@dataclass(frozen=True, slots=True)
class Pretend:
    """Who is called where a team has nobody to call: names of two supervisors and a lead, on a zone's wall clock."""

    names: tuple[str, str, str]
    zone: str
    team: str
    """What a team is called that the export's reader had to make up."""


class FollowingClock:
    """Stands at the oldest message that is not stored yet, so that nothing is judged from its future."""

    def __init__(self) -> None:
        self.now = datetime(1970, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def asked(intake: Intake, question: Question, kind: type[A]) -> A:
    """The answer, which is of this kind."""
    answer = await intake.ask(question)
    if not isinstance(answer, kind):
        raise TypeError(answer)
    return answer


async def on_duty(teams: Sequence[Team], pretend: Pretend, intake: Intake) -> None:
    """Write the teams with somebody to call, and go live (rules.md 9)."""
    ready = tuple(team if _callable(team) else _with_pretend(team, pretend) for team in teams)
    await intake.submit(TeamsApplied(teams=ready, source=SOURCE, actor=ACTOR))
    for team in ready:
        await intake.submit(ModeSet(actor=ACTOR, team=team.name, mode=Mode.LIVE))


def _callable(team: Team) -> bool:
    return team.rota is not None or any(set(person.roles) & DUTY for person in team.staff)


def _with_pretend(team: Team, pretend: Pretend) -> Team:
    roles = (Role.SUPERVISOR, Role.SUPERVISOR, Role.LEAD)
    listed = zip(PRETEND, pretend.names, roles, strict=True)
    people = tuple(Staff(account, name, (role,)) for account, name, role in listed)
    rota = Rota(team.zone or pretend.zone, PRETEND[:1], date(2000, 1, 1))
    return replace(team, staff=team.staff + people, rota=rota)


class Watch:
    """Takes what is due between two messages. Asks the rows only after something was noticed."""

    def __init__(self, intake: Intake, clock: FollowingClock, ack: int | None) -> None:
        """`ack`: minutes after which whoever was called last answers; None: nobody ever does."""
        self._intake = intake
        self._clock = clock
        self._ack = None if ack is None else timedelta(minutes=ack)
        self._awake = True
        self.shortest = SHORTEST if self._ack is None else min(SHORTEST, self._ack)

    def saw(self, notice: Notice) -> None:
        """A message that opened or joined a burst may have opened a ping."""
        if isinstance(notice, Received) and notice.detection_id is not None:
            self._awake = True

    async def until(self, at: datetime) -> None:
        """Let everything happen that is due by `at`, each at its own time."""
        while self._awake:
            following = self._next(await asked(self._intake, DueAsked(rounds=self._ack is not None), DueShown))
            if following is None:
                self._awake = False
                return
            when, events = following
            if when > at:
                return
            self._clock.now = max(self._clock.now, when)
            for event in events:
                await self._intake.submit(event)

    def _next(self, shown: DueShown) -> tuple[datetime, list[Event]] | None:
        """What happens first: answers before steps of the same moment."""
        events = self._answers(shown, self._ack) if self._ack is not None else []
        if shown.next_due is not None:
            events.append((shown.next_due, EscalationsDue()))
        if not events:
            return None
        first = min(when for when, _ in events)
        return first, [event for when, event in events if when == first]

    def _answers(self, shown: DueShown, after: timedelta) -> list[tuple[datetime, Event]]:
        """Whoever was called last takes it, and says that it is dealt with when asked for the outcome."""
        found: list[tuple[datetime, Event]] = []
        for round in shown.rounds:
            ping = round.ping
            if ping.state is PingState.ACKNOWLEDGED and ping.asked_at is not None:
                found.append((ping.asked_at, PingResolved(actor=ping.acked_by, ping_id=ping.id)))
            elif ping.state is not PingState.ACKNOWLEDGED and round.called:
                answer = PingAcknowledged(actor=round.called[-1], ping_id=ping.id)
                found.append((round.began_at + after, answer))
        return found
