"""Where a customer stands, counted from the ledger of its points: level, habit, threshold, pace (rules.md 6)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import exp2, fsum, log, log2
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.model import HabitScore, Level, Pace, Points, Severity, Share, Standing
from bot.domain.policy import StandingRule

_DAY: Final = timedelta(days=1)
_ROUNDING: Final = 1e-9
"""80 % of 6 is 4.800000000000001 as floats go, and 4.8 is not below it."""


def earned(weight: float, severity: Severity, rule: StandingRule) -> tuple[float, float]:
    """The factor of this severity, and the points of an incident: weight of its worst category times factor (S0-33)."""
    factor = rule.factors[severity - 1]
    return factor, weight * factor


def standing(
    points: Iterable[Points], signs: Iterable[datetime], at: datetime, zone: str, rule: StandingRule
) -> Standing:
    """One customer's standing at the instant `at`, as it was known then (S0-33, S0-34, S0-36; rules.md 6).

    `points` are all of the customer's, those taken back too; what is confirmed after `at` does not count yet, and
    what is taken back after it still does. `signs` are the instants of the signs of incidents confirmed by `at`.
    Every datetime is aware; days and weeks are those of `zone`, a known IANA name. The work grows with the square
    of the number of points.
    """
    at, local = at.astimezone(UTC), ZoneInfo(zone)
    known = tuple(one for one in points if one.confirmed_at <= at)
    live = tuple(one for one in known if _counts(one, at))
    shares = sorted((Share(one, _worth(one, at, rule)) for one in live), key=lambda share: -share.now)
    total = fsum(share.now for share in shares)
    level = _level(known, at, rule)
    since = at - timedelta(days=rule.habit_days)
    habit = _habit((sign for sign in signs if since <= sign <= at), local, rule)
    critical = any(one.severity is Severity.CRITICAL and one.at >= since for one in live)
    habitual = habit.days >= rule.threshold_days and habit.weeks >= rule.threshold_weeks
    return Standing(
        at=at,
        zone=zone,
        points=total,
        level=level,
        shares=tuple(shares),
        taken_back=tuple(one for one in known if not _counts(one, at)),
        habit=habit,
        critical=critical,
        threshold=(level is Level.REVIEW and habitual) or critical,
        pace=_pace(live, total, level, at, local, rule),
    )


def _counts(one: Points, at: datetime) -> bool:
    return one.confirmed_at <= at and (one.taken_back_at is None or at < one.taken_back_at)


def _worth(one: Points, at: datetime, rule: StandingRule) -> float:
    """What is left at `at`; never more than was given, even if a clock dates the last sign after `at`."""
    return one.points * exp2(-max(at - one.at, timedelta(0)) / rule.half_life)


def _level(known: Sequence[Points], at: datetime, rule: StandingRule) -> Level:
    """The level after every event up to `at`. Points only fall between events, so that the lowest total of a stretch
    is the one just before the next event, and a bound is reached at an event only."""
    level, live = Level.CLEAR, list[Points]()
    for event in _events(known, at):
        level = _settled(level, _total(live, event, rule), rule)
        live = [one for one in known if _counts(one, event)]
        level = _settled(level, _total(live, event, rule), rule)
    return _settled(level, _total(live, at, rule), rule)


def _events(known: Sequence[Points], at: datetime) -> list[datetime]:
    """The instants up to `at` at which points appeared or went; what happens at one instant happens together."""
    ends = (one.taken_back_at for one in known if one.taken_back_at is not None and one.taken_back_at <= at)
    return sorted({moment.astimezone(UTC) for moment in (*(one.confirmed_at for one in known), *ends)})


def _total(live: Sequence[Points], at: datetime, rule: StandingRule) -> float:
    return fsum(_worth(one, at, rule) for one in live)


def _settled(level: Level, total: float, rule: StandingRule) -> Level:
    """The level after the total has come to this: step by step down below 80 % of each bound, or up at each bound."""
    while level > Level.CLEAR and total < rule.leave_below * _bound(level, rule) - _ROUNDING:
        level = Level(level - 1)
    while level < Level.REVIEW and total >= _bound(Level(level + 1), rule):
        level = Level(level + 1)
    return level


def _bound(level: Level, rule: StandingRule) -> float:
    return (0.0, rule.watch, rule.concern, rule.review)[level]


def _habit(signs: Iterable[datetime], local: ZoneInfo, rule: StandingRule) -> HabitScore:
    days = {sign.astimezone(local).date() for sign in signs}
    return HabitScore(len(days), len({day.isocalendar()[:2] for day in days}), rule.habit_days)


def _pace(
    live: Sequence[Points], total: float, level: Level, at: datetime, local: ZoneInfo, rule: StandingRule
) -> Pace:
    since = at - timedelta(days=rule.pace_days)
    per_day = fsum(one.points for one in live if one.confirmed_at >= since) / rule.pace_days
    crosses = None if level is Level.REVIEW else _days_to_review(total, per_day, rule)
    below = None if level is Level.CLEAR else _days_above(total, rule.leave_below * rule.watch, rule)
    return Pace(per_day, rule.pace_days, _day_in(crosses, at, local), _day_in(below, at, local))


def _days_to_review(total: float, per_day: float, rule: StandingRule) -> float | None:
    """Days until the points reach review if they come evenly; they tend to a rest where decay takes what comes:
    dP/dt = r - kP with k = ln 2 / half-life, so P(t) = r/k + (P - r/k) e^(-kt)."""
    decay = log(2) / (rule.half_life / _DAY)
    rest = per_day / decay
    return log((rest - total) / (rest - rule.review)) / decay if rest > rule.review else None


def _days_above(total: float, line: float, rule: StandingRule) -> float:
    return log2(total / line) * (rule.half_life / _DAY)


def _day_in(days: float | None, at: datetime, local: ZoneInfo) -> date | None:
    return None if days is None else (at + days * _DAY).astimezone(local).date()
