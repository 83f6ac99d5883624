"""Support hours of a company: zone, weekly hours, closing days, holidays; all questions take aware datetimes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import Hours as Hours
from bot.domain.model import Week

LONGEST = timedelta(days=366)
"""No question looks further than this from its start: a span of years costs a year, and its answer is "at least"."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SupportCalendar:
    """When the desk answers (S0-8); `week` has one entry for Monday to Sunday, each with any number of spans."""

    zone: str
    week: Week
    closed_days: frozenset[tuple[int, int]] = frozenset()
    """(month, day) closed each year, such as 12-29 to 01-03."""
    holidays: frozenset[date] = field(default_factory=frozenset)


def support_minutes(calendar: SupportCalendar, start: datetime, end: datetime) -> float:
    """Minutes of support time between two instants; 0.0 when end <= start; right over DST and midnight.

    Counts `LONGEST` from the start at most.
    """
    start, end = _instant(start), _instant(end)
    end = min(end, start + LONGEST)
    total = timedelta(0)
    if start < end:
        for opens, closes in _open_spans(calendar, start, end):
            total += max(min(end, closes) - max(start, opens), timedelta(0))
    return total / _MINUTE


def is_open(calendar: SupportCalendar, at: datetime) -> bool:
    """Whether the desk is open at this instant: from the opening minute on, no longer at the closing one."""
    at = _instant(at)
    return any(opens <= at < closes for opens, closes in _open_spans(calendar, at, at))


def next_opening(calendar: SupportCalendar, at: datetime) -> datetime | None:
    """The first instant (UTC) from `at` on at which the desk is open; None if that is further off than `LONGEST`."""
    at = _instant(at)
    for end in (at + _WEEK, at + LONGEST):
        spans = ((max(opens, at), closes) for opens, closes in _open_spans(calendar, at, end))
        coming = [opens for opens, closes in spans if opens < closes and opens <= end]
        if coming:
            return min(coming)
    return None


def _instant(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a calendar cannot say what instant a naive datetime is")
    return at.astimezone(UTC)


def _open_spans(calendar: SupportCalendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans, as instants, of every day that can touch start to end."""
    zone = ZoneInfo(calendar.zone)
    # The day before as well: a clock set forward over midnight moves a closing hour into the next day.
    day, last = start.astimezone(zone).date() - _DAY, end.astimezone(zone).date()
    while day <= last:
        if (day.month, day.day) not in calendar.closed_days and day not in calendar.holidays:
            for hours in calendar.week[day.weekday()]:
                opens = datetime.combine(day, hours.opens, zone).astimezone(UTC)
                # A zone that skipped a whole day (Samoa, 2011-12-30) has no hours on it.
                if opens.astimezone(zone).date() == day:
                    yield opens, _closing(day, hours.closes, zone)
        day += _DAY


def _closing(day: date, closes: time, zone: ZoneInfo) -> datetime:
    midnight = closes == time.max
    return datetime.combine(day + _DAY if midnight else day, time.min if midnight else closes, zone).astimezone(UTC)
