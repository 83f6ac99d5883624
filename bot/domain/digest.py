"""When a digest is due, and which customers it tells of: toward the threshold, or recovering (rules.md 6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import CustomerLine, Level
from bot.domain.policy import DigestRule

NOTHING = 0.05
"""Fewer points than this are shown as 0.0 and told of no more."""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Due:
    """The latest digest that was due: `week` is the ISO week of that day, `since` when the one before was due."""

    week: str
    at: datetime
    since: datetime


def latest_due(rule: DigestRule, zone: str, now: datetime) -> Due:
    """The last due moment that has come, on the wall clock of `zone`; a skipped hour is due when the clock goes on."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() - timedelta(days=(local.weekday() - rule.weekday) % 7)
    if _moment(day, rule, zone) > now:
        day -= WEEK
    year, week, _ = day.isocalendar()
    return Due(f"{year}-W{week:02}", _moment(day, rule, zone), _moment(day - WEEK, rule, zone))


def _moment(day: date, rule: DigestRule, zone: str) -> datetime:
    return datetime.combine(day, rule.at, ZoneInfo(zone)).astimezone(UTC)


def improving(line: CustomerLine) -> bool:
    """Points fall and nothing new was confirmed while the pace is measured: on the way back (S0-36)."""
    return (
        line.standing.pace.per_day == 0
        and not line.standing.threshold
        and line.standing.level < Level.REVIEW
        and line.standing.points < line.before
    )


def toward(lines: Iterable[CustomerLine]) -> tuple[CustomerLine, ...]:
    """Customers on watch or above, or at a pace that leads there; whoever is nearest to the threshold first."""
    found = [line for line in lines if not improving(line) and _counts(line)]
    return tuple(sorted(found, key=lambda x: (not x.standing.threshold, -x.standing.points, x.name, x.customer_id)))


def recovering(lines: Iterable[CustomerLine]) -> tuple[CustomerLine, ...]:
    """Customers on the way back, those who came furthest first."""
    found = [line for line in lines if improving(line) and line.before >= NOTHING]
    return tuple(sorted(found, key=lambda x: (x.standing.points - x.before, x.name, x.customer_id)))


def _counts(line: CustomerLine) -> bool:
    standing = line.standing
    return standing.threshold or standing.level > Level.CLEAR or standing.pace.crosses_on is not None
