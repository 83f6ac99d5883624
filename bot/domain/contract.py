"""When a contract could end at the earliest: after the last day that is paid for, never before it (rules.md 6)."""

import calendar
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.model import Contract, ContractEnd, EndKnown

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)


def last_paid_day(year: int, month: int, anchor_day: int) -> date:
    """The last day of the contract month that begins in this month (rules.md 6); the anchor is clamped to each month
    anew, so that a 31 comes back after February."""
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(*following, min(anchor_day, calendar.monthrange(*following)[1])) - _DAY


def earliest_end(contract: Contract, zone: str, now: datetime, stale_after: timedelta) -> ContractEnd:
    """The first instant after `paid_through` in the customer's `zone` (a known IANA name), in UTC (S0-43).

    From that instant on the local date never comes back to a paid one. Stale: nobody said when the day was entered,
    or more than `stale_after` ago, in days of `zone`; the day is still told, the instant is not. `now` is aware.
    """
    paid_through, entered = contract.paid_through, contract.paid_as_of
    # 9999-12-31 is how tables write "without end": no instant after it can be named.
    if paid_through is None or paid_through == date.max:
        return ContractEnd(EndKnown.NO_DATE, None, None, zone)
    local = ZoneInfo(zone)
    if entered is None or now.astimezone(local).date() - entered > stale_after:
        return ContractEnd(EndKnown.STALE, None, paid_through, zone)
    return ContractEnd(EndKnown.KNOWN, _first_instant_after(paid_through, local), paid_through, zone)


def _first_instant_after(day: date, local: ZoneInfo) -> datetime:
    """Midnight read with the clock's offset before and after a change: one instant on most days, and on the others
    two between which the date turns."""
    midnight = datetime.combine(day + _DAY, time.min, local)
    first, last = sorted((midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)))

    def over(at: datetime) -> bool:
        return at.astimezone(local).date() > day

    # Set back over midnight, the date turns twice, and the second time counts.
    if not over(last - _SECOND):
        return last
    seconds = range((last - first) // _SECOND + 1)
    return first + bisect_left(seconds, True, key=lambda passed: over(first + passed * _SECOND)) * _SECOND
