"""When a digest is due, and which customers it tells of: toward the threshold, or recovering (rules.md 6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.model import ASKED, CustomerLine, Level, Notification, Ping, PingState
from bot.domain.policy import DigestRule

WEEK: Final = timedelta(days=7)
UNANSWERED: Final = (PingState.TRIGGERED, PingState.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Due:
    """The latest digest that was due: `week` is the ISO week of that day, `since` when the one before was due."""

    week: str
    at: datetime
    since: datetime

    def covers(self, at: datetime) -> bool:
        """Whether something that happened at `at` is told of in this digest: in no other one, however late it is."""
        return self.since < at <= self.at


def latest_due(rule: DigestRule, zone: str, now: datetime) -> Due:
    """The last due moment that has come, on the wall clock of `zone`; a skipped hour is due when the clock goes on."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() - timedelta(days=(local.weekday() - rule.weekday) % 7)
    if _moment(day, rule, zone) > now:
        day -= WEEK
    year, week, _ = day.isocalendar()
    return Due(f"{year}-W{week:02}", _moment(day, rule, zone), _moment(day - WEEK, rule, zone))


def as_of(rule: DigestRule, zone: str, now: datetime) -> Due:
    """The last seven days, asked for between two digests."""
    return Due(latest_due(rule, zone, now).week, now, now - WEEK)


def caught_up(due: Due, written: Sequence[str], rule: DigestRule, zone: str) -> Due:
    """The digest that is due, going back to the last one `written` (ISO weeks), so that no week falls between two."""
    if not written:
        return due
    year, week = max(written).split("-W")
    last = _moment(date.fromisocalendar(int(year), int(week), rule.weekday + 1), rule, zone)
    return replace(due, since=min(due.since, last))


def _moment(day: date, rule: DigestRule, zone: str) -> datetime:
    return datetime.combine(day, rule.at, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a ping's calls: the steps that followed each other, and when somebody had it at the latest."""

    began_at: datetime
    steps: int
    answered_at: datetime | None
    top: int = field(default=0, compare=False)
    """The furthest step that it reached, from 1."""


def worst_round(ping: Ping, calls: Iterable[Notification]) -> Round:
    """Since nobody answers, else the latest of those rounds that took most steps. Steps that were taken at one instant
    (critical) made nobody wait, and asking the acknowledger how it ended is no step; rounds that begin while nobody
    has answered yet go on with the same wait."""
    calls = [call for call in calls if call.step != ASKED]
    since = ping.waiting_since
    waited = [call for call in calls if since is not None and call.at >= since]
    rounds = _rounds(ping, [call for call in calls if call not in waited], since or ping.acked_at)
    if since is not None and waited:
        times = {call.at for call in waited}
        rounds.insert(0, Round(since, len(times), ping.acked_at, max(call.step for call in waited) + 1))
    if not rounds:
        return Round(ping.opened_at, 0, ping.acked_at)
    return rounds[0] if ping.state in UNANSWERED else max(rounds, key=lambda one: one.steps)


def _rounds(ping: Ping, calls: Iterable[Notification], answered: datetime | None) -> list[Round]:
    """The rounds of these calls, latest first; an earlier one was over when the next began."""
    steps: dict[int, dict[int, datetime]] = {}
    for call in calls:
        steps.setdefault(call.round, {}).setdefault(call.step, call.at)
    rounds: list[Round] = []
    for round in sorted(steps, reverse=True):
        times = set(steps[round].values())
        rounds.append(Round(min(times), len(times), answered, max(steps[round]) + 1))
        answered = min(times)
    return rounds


def improving(line: CustomerLine) -> bool:
    """On the way back (S0-36): nothing was confirmed while the pace is measured, and time alone lowers the points of
    a customer who was on watch or above; told of last in the week that brings it back to clear. Points that were
    taken back are our correction, nobody's improvement."""
    standing = line.standing
    return (
        standing.pace.per_day == 0
        and bool(standing.shares)
        and not standing.threshold
        and standing.level < Level.REVIEW
        and max(standing.level, line.level_before) > Level.CLEAR
    )


def toward(lines: Iterable[CustomerLine]) -> tuple[CustomerLine, ...]:
    """Customers on watch or above, or at a pace that leads there; whoever is nearest to the threshold first."""
    found = [line for line in lines if not improving(line) and _counts(line)]
    return tuple(sorted(found, key=lambda x: (not x.standing.threshold, -x.standing.points, x.name, x.customer_id)))


def recovering(lines: Iterable[CustomerLine]) -> tuple[CustomerLine, ...]:
    """Customers on the way back, those who came furthest first."""
    found = [line for line in lines if improving(line)]
    return tuple(sorted(found, key=lambda x: (x.standing.points - x.before, x.name, x.customer_id)))


def _counts(line: CustomerLine) -> bool:
    standing = line.standing
    return standing.threshold or standing.level > Level.CLEAR or standing.pace.crosses_on is not None
