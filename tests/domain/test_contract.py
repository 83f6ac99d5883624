"""The earliest end of a contract: never within paid time, in every zone, on every kind of day (rules.md 6, T17)."""

import sys
import zoneinfo
from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.domain.contract import earliest_end, last_paid_day
from bot.domain.model import Contract, ContractEnd, EndKnown
from bot.domain.policy import StandingRule

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
TICK = timedelta(microseconds=1)
STALE = StandingRule().paid_stale
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
PAID = date(2026, 11, 30)
ZONES = sorted(zoneinfo.available_timezones())
SEED = 20231210


def end_after(last: date, zone: str) -> datetime:
    end = earliest_end(Contract(paid_through=last, paid_as_of=NOW.date()), zone, NOW, STALE)
    assert (end.known, end.last_day, end.zone) == (EndKnown.KNOWN, last, zone)
    assert end.at is not None
    assert end.at.tzinfo is UTC
    return end.at


@pytest.mark.req("S0-43")
@pytest.mark.parametrize(
    ("last", "zone", "end"),
    [
        (date(2026, 11, 30), "Asia/Tokyo", "2026-11-30T15:00:00"),
        (date(2026, 12, 31), "Asia/Tokyo", "2026-12-31T15:00:00"),
        (date(2028, 2, 29), "Asia/Tokyo", "2028-02-29T15:00:00"),
        (date(2026, 12, 31), "Pacific/Kiritimati", "2026-12-31T10:00:00"),
        (date(2026, 12, 31), "Etc/GMT+12", "2027-01-01T12:00:00"),
        (date(2026, 10, 24), "Europe/Berlin", "2026-10-24T22:00:00"),
        (date(2026, 3, 28), "Asia/Beirut", "2026-03-28T22:00:00"),
        (date(2026, 9, 5), "America/Santiago", "2026-09-06T04:00:00"),
        (date(1919, 3, 30), "America/Toronto", "1919-03-31T04:30:00"),
        (date(2026, 10, 24), "Asia/Beirut", "2026-10-24T22:00:00"),
        (date(2026, 4, 4), "America/Santiago", "2026-04-05T04:00:00"),
        (date(2010, 11, 6), "America/St_Johns", "2010-11-07T03:30:00"),
        (date(2026, 10, 31), "America/Havana", "2026-11-01T04:00:00"),
        (date(2026, 10, 24), "Atlantic/Azores", "2026-10-25T00:00:00"),
        (date(2011, 12, 29), "Pacific/Apia", "2011-12-30T10:00:00"),
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00"),
        (date(1993, 8, 20), "Pacific/Kwajalein", "1993-08-21T12:00:00"),
        (date(1867, 10, 18), "America/Juneau", "1867-10-19T08:57:41"),
    ],
    ids=[
        "month",
        "year",
        "leap day",
        "first place of the new year",
        "last place of the new year",
        "change in the small hours after",
        "no midnight",
        "no midnight, in spring of the south",
        "23:30 to 00:30",
        "back over midnight: the second one",
        "back over midnight, in autumn of the south",
        "00:01 back to 23:01",
        "midnight twice on one date: the first one",
        "midnight twice at 01:00",
        "the next day was left out",
        "the last day itself was left out",
        "the dateline moved",
        "a whole day lived twice: after the second",
    ],
)
def test_the_contract_may_end_when_the_last_paid_day_is_over_for_good(last: date, zone: str, end: str) -> None:
    assert end_after(last, zone) == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.req("S0-43")
@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        (Contract(), (EndKnown.NO_DATE, None)),
        (Contract(paid_as_of=date(2026, 11, 20)), (EndKnown.NO_DATE, None)),
        (Contract(paid_through=date.max, paid_as_of=date(2026, 11, 20)), (EndKnown.NO_DATE, None)),
        (Contract(paid_through=PAID), (EndKnown.STALE, PAID)),
        (Contract(paid_through=PAID, paid_as_of=date(2026, 10, 10)), (EndKnown.STALE, PAID)),
    ],
    ids=["nothing known", "only who looked", "without end", "entered nobody knows when", "entered 41 days ago"],
)
def test_what_nobody_knows_for_sure_is_no_end(contract: Contract, expected: tuple[EndKnown, date | None]) -> None:
    known, last = expected
    assert earliest_end(contract, "Asia/Tokyo", NOW, STALE) == ContractEnd(known, None, last, "Asia/Tokyo")


@pytest.mark.req("S0-43")
def test_an_entry_grows_old_at_the_customers_midnight() -> None:
    """Entered on 10-11: 40 days old all through 11-20 in Tokyo, 41 from its midnight, when Honolulu has still 11-20."""
    entered = Contract(paid_through=PAID, paid_as_of=date(2026, 10, 11))
    midnight = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

    def known(now: datetime, zone: str = "Asia/Tokyo") -> EndKnown:
        return earliest_end(entered, zone, now, STALE).known

    assert (known(midnight - TICK), known(midnight)) == (EndKnown.KNOWN, EndKnown.STALE)
    assert known(midnight, "Pacific/Honolulu") is EndKnown.KNOWN
    assert known(datetime(2026, 10, 1, tzinfo=UTC)) is EndKnown.KNOWN


def last_day_by_trying(year: int, month: int, anchor: int) -> date:
    """The oracle of contract months: the next one begins on its anchor, or on the last day there is."""
    year, month = divmod(year * 12 + month, 12)
    for day in range(anchor, 0, -1):
        try:
            return date.fromisoformat(f"{year:04}-{month + 1:02}-{day:02}") - DAY
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def end_by_waiting(last: date, zone: str) -> datetime:
    """The oracle of the end: look at the customer's clock every quarter of an hour, minute and second, and take the
    instant after the last one at which it shows the paid day or an earlier one."""
    local = ZoneInfo(zone)
    begin = datetime(last.year, last.month, last.day, tzinfo=UTC) + 8 * HOUR

    def latest(start: datetime, step: timedelta, looks: int) -> datetime:
        return max(at for at in (start + n * step for n in range(looks)) if at.astimezone(local).date() <= last)

    return latest(latest(latest(begin, HOUR / 4, 160), HOUR / 60, 16), SECOND, 61) + SECOND


def offset(at: datetime, local: ZoneInfo) -> timedelta | None:
    return at.astimezone(local).utcoffset()


@cache
def changes() -> tuple[list[tuple[date, str]], list[tuple[date, str]]]:
    """The local day before each change of a clock since 1990 that a look every four weeks finds, and its zone; all of
    them, and those within an hour of midnight."""
    every, nightly = list[tuple[date, str]](), list[tuple[date, str]]()
    looks = [datetime(1990, 1, 1, tzinfo=UTC) + n * 28 * DAY for n in range(535)]
    for zone in ZONES:
        local = ZoneInfo(zone)
        for look, following in pairwise(looks):
            old = offset(look, local)
            if offset(following, local) != old:
                seconds = range((following - look) // SECOND)
                passed = bisect_left(seconds, True, key=lambda s: offset(look + s * SECOND, local) != old)  # noqa: B023
                before = (look + (passed - 1) * SECOND).astimezone(local)
                every.append((before.date(), zone))
                if before.hour in (23, 0):
                    nightly.append(every[-1])
    return every, nightly


def by_month(random: Random) -> tuple[date, str]:
    """A contract month of 2024 to 2030 with an anchor, mostly one of those that some months lack."""
    anchor = random.choice((1, 15, 29, 30, 31, random.randint(1, 31)))
    year, month = random.randint(2024, 2030), random.randint(1, 12)
    last = last_paid_day(year, month, anchor)
    assert last == last_day_by_trying(year, month, anchor), (year, month, anchor)
    return last, random.choice(ZONES)


def by_change(random: Random) -> tuple[date, str]:
    """A last paid day about a change of a clock, half of them near midnight."""
    day, zone = random.choice(random.choice(changes()))
    return day - random.randint(0, 1) * DAY, zone


def agree(contracts: int) -> None:
    sys.stdout.write(f"seed {SEED}\n")
    random = Random(SEED)
    kinds: tuple[Callable[[Random], tuple[date, str]], ...] = (by_month, by_month, by_change)
    for number in range(contracts):
        last, zone = kinds[number % len(kinds)](random)
        local, end = ZoneInfo(zone), end_after(last, zone)
        story = (SEED, number, last, zone, end)
        assert end == end_by_waiting(last, zone), story
        assert (end - TICK).astimezone(local).date() <= last, story
        later = (end + hours * HOUR for hours in (0, 0.25, 0.5, 0.75, 1, 2, 3, 24, 48))
        assert all(at.astimezone(local).date() > last for at in later), story


@pytest.mark.req("S0-43")
def test_contracts_of_every_kind_end_when_the_customers_calendar_says() -> None:
    agree(6_000)


@pytest.mark.soak
@pytest.mark.req("S0-43")
def test_a_hundred_thousand_contracts_end_when_the_customers_calendar_says() -> None:
    """T17: all IANA zones, 2024 to 2030, leap years, anchors that some months lack; 50,000 more about changes of a
    clock."""
    agree(150_000)
