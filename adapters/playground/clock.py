"""The town's clock: it goes as the machine's does, and can be moved on; never back."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import digest
from bot.domain.calendar import SupportCalendar, is_open, next_opening
from bot.domain.policy import Policy
from bot.ports import Clock

NINE: Final = time(9, 0)
QUARTER: Final = 6
"""Hours of the longest stretch that a move of the clock takes at once."""
WEEK: Final = timedelta(days=7)
SPANS: Final = {"minute": timedelta(minutes=1), "ten": timedelta(minutes=10), "day": timedelta(days=1)}


class TownClock:
    """A Clock; `base` is the machine's."""

    def __init__(self, base: Clock, start: datetime) -> None:
        self._base = base
        self._ahead = start - base()

    def __call__(self) -> datetime:
        return self._base() + self._ahead

    @property
    def ahead(self) -> float:
        """Seconds before the machine's clock."""
        return self._ahead.total_seconds()

    def to(self, at: datetime) -> None:
        """Move on; a time that is over changes nothing."""
        self._ahead += max(at - self(), timedelta(0))


def target(to: str, now: datetime, zone: str) -> datetime | None:
    """Where a button of the clock leads: minute, ten, day, monday (the next one at 09:00 in `zone`); else None."""
    if to in SPANS:
        return now + SPANS[to]
    if to != "monday":
        return None
    local = now.astimezone(ZoneInfo(zone))
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), NINE, ZoneInfo(zone))
    while monday <= local:
        monday += WEEK
    return monday.astimezone(UTC)


def morning(calendar: SupportCalendar, now: datetime) -> datetime:
    """An hour after the desk opens on the day of `now`, or on the first day from then on that it opens."""
    midnight = datetime.combine(now.astimezone(ZoneInfo(calendar.zone)).date(), time.min, ZoneInfo(calendar.zone))
    return (next_opening(calendar, midnight) or now) + timedelta(hours=1)


def next_stop(policy: Policy, now: datetime) -> datetime:
    """The next moment after `now` at which time brings something besides the steps of pings: the desk opens, a digest
    is due, a quarter of the day is over (UTC)."""
    zone = ZoneInfo(policy.calendar.zone)
    local = now.astimezone(zone)
    hour = datetime.combine(local.date(), time(local.hour // QUARTER * QUARTER), zone)
    stops = [
        (hour.astimezone(UTC) + timedelta(hours=QUARTER)),
        digest.latest_due(policy.digest, zone.key, now + WEEK).at,
    ]
    if not is_open(policy.calendar, now):
        stops.append(next_opening(policy.calendar, now) or now)
    return min((stop for stop in stops if stop > now), default=now + timedelta(hours=QUARTER))
