"""Support hours: what counts as our time over nights, weekends, holidays, closing days and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import LONGEST, Hours, SupportCalendar, is_open, next_opening, support_minutes

TOKYO = ZoneInfo("Asia/Tokyo")
DESK = (Hours(time(9), time(18)),)
ALWAYS = (Hours(time(0), time.max),)
OFFICE = SupportCalendar(
    zone="Asia/Tokyo",
    week=(DESK,) * 5 + ((), ()),
    closed_days=frozenset({(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}),
    holidays=frozenset({date(2026, 11, 3), date(2026, 11, 23)}),
)


def tokyo(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


def around_the_clock(zone: str) -> SupportCalendar:
    return SupportCalendar(zone=zone, week=(ALWAYS,) * 7)


@pytest.mark.req("S0-8")
@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (tokyo(11, 19, 10), tokyo(11, 19, 10, 30), 30),
        (tokyo(11, 19, 8, 30), tokyo(11, 19, 9, 15), 15),
        (tokyo(11, 19, 17, 50), tokyo(11, 19, 23), 10),
        (tokyo(11, 19, 17, 50), tokyo(11, 20, 9, 10), 20),
        (tokyo(11, 20, 17), tokyo(11, 24, 10), 120),
        (tokyo(11, 2, 17), tokyo(11, 4, 10), 120),
        (tokyo(12, 28, 17), tokyo(1, 4, 10, year=2027), 120),
        (tokyo(11, 21), tokyo(11, 23), 0),
        (tokyo(11, 19, 9), tokyo(11, 19, 18), 540),
    ],
    ids=["in hours", "before", "evening", "night", "long weekend", "holiday", "new year", "weekend", "day"],
)
def test_minutes_of_support(start: datetime, end: datetime, minutes: float) -> None:
    assert support_minutes(OFFICE, start, end) == minutes
    assert support_minutes(OFFICE, start.astimezone(UTC), end.astimezone(UTC)) == minutes


def test_nothing_passes_backwards() -> None:
    at = tokyo(11, 19, 10)
    assert support_minutes(OFFICE, at, at) == 0.0
    assert support_minutes(OFFICE, at, at - timedelta(hours=1)) == 0.0


def test_seconds_count_in_parts_of_a_minute() -> None:
    at = tokyo(11, 19, 10)
    assert support_minutes(OFFICE, at, at + timedelta(seconds=90)) == 1.5


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (tokyo(11, 19, 8, 59), False),
        (tokyo(11, 19, 9), True),
        (tokyo(11, 19, 17, 59), True),
        (tokyo(11, 19, 18), False),
        (tokyo(11, 21, 12), False),
        (tokyo(11, 23, 12), False),
        (tokyo(12, 29, 12), False),
        (tokyo(12, 28, 12), True),
    ],
)
def test_open_from_the_first_minute_and_no_longer_at_the_last(at: datetime, answer: bool) -> None:
    assert is_open(OFFICE, at) is answer


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        (tokyo(11, 19, 9), tokyo(11, 19, 9)),
        (tokyo(11, 19, 17, 59), tokyo(11, 19, 17, 59)),
        (tokyo(11, 19, 3), tokyo(11, 19, 9)),
        (tokyo(11, 19, 18), tokyo(11, 20, 9)),
        (tokyo(11, 20, 18), tokyo(11, 24, 9)),
        (tokyo(12, 28, 18), tokyo(1, 4, 9, year=2027)),
    ],
    ids=["opening", "open", "before", "closing", "long weekend", "new year"],
)
def test_the_next_opening(at: datetime, opening: datetime) -> None:
    assert next_opening(OFFICE, at) == next_opening(OFFICE, at.astimezone(UTC)) == opening
    found = next_opening(OFFICE, at)
    assert found is not None
    assert found.tzinfo is UTC


def test_the_next_opening_is_looked_for_a_year_ahead() -> None:
    spring = SupportCalendar("Asia/Tokyo", (DESK,) * 7, frozenset((m, d) for m in range(1, 13) for d in range(1, 32)))
    once = SupportCalendar("Asia/Tokyo", spring.week, spring.closed_days - {(4, 1)})
    assert next_opening(spring, tokyo(4, 2)) is None
    assert next_opening(once, tokyo(4, 2)) == tokyo(4, 1, 9, year=2027)


def test_hours_that_a_clock_change_leaves_out_open_nothing() -> None:
    early = SupportCalendar("Europe/Berlin", ((Hours(time(2, 30), time(3)),),) * 7)
    at = datetime(2026, 3, 29, tzinfo=UTC)
    assert next_opening(early, at) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_lunch_break_and_night_shift_over_midnight() -> None:
    shifts = (Hours(time(0), time(6)), Hours(time(9), time(12)), Hours(time(13), time(18)), Hours(time(22), time.max))
    desk = SupportCalendar(zone="Asia/Tokyo", week=(shifts,) * 7)
    assert support_minutes(desk, tokyo(11, 19, 11), tokyo(11, 19, 14)) == 120
    assert support_minutes(desk, tokyo(11, 19, 21), tokyo(11, 20, 7)) == 8 * 60
    assert is_open(desk, tokyo(11, 19, 23, 59))
    assert is_open(desk, tokyo(11, 20))
    assert not is_open(desk, tokyo(11, 20, 12, 30))


def test_a_clock_change_makes_a_day_of_23_and_of_25_hours() -> None:
    berlin, desk = ZoneInfo("Europe/Berlin"), around_the_clock("Europe/Berlin")
    spring, autumn = datetime(2026, 3, 29, tzinfo=berlin), datetime(2026, 10, 25, tzinfo=berlin)
    assert support_minutes(desk, spring, spring + timedelta(days=1)) == 23 * 60
    assert support_minutes(desk, autumn, autumn + timedelta(days=1)) == 25 * 60


def test_hours_are_wall_clock_on_both_sides_of_a_clock_change() -> None:
    desk = SupportCalendar(zone="America/New_York", week=(DESK,) * 7)
    for day in (date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1)):
        midnight = datetime.combine(day, time(0), ZoneInfo("America/New_York"))
        assert support_minutes(desk, midnight, midnight + timedelta(days=1)) == 540
    assert is_open(desk, datetime(2026, 3, 7, 14, 30, tzinfo=UTC))
    assert is_open(desk, datetime(2026, 3, 8, 13, 30, tzinfo=UTC))
    assert not is_open(desk, datetime(2026, 3, 7, 13, 30, tzinfo=UTC))


def test_a_clock_set_forward_at_midnight_leaves_neither_gap_nor_overlap() -> None:
    desk = around_the_clock("America/Sao_Paulo")
    start = datetime(2018, 11, 3, 3, tzinfo=UTC)
    assert support_minutes(desk, start, start + timedelta(days=3)) == 3 * 24 * 60


def test_a_day_that_a_zone_skipped_is_not_counted_twice() -> None:
    desk = SupportCalendar(zone="Pacific/Apia", week=(DESK,) * 7)
    start = datetime(2011, 12, 29, 0, 0, tzinfo=ZoneInfo("Pacific/Apia"))
    assert support_minutes(desk, start, datetime(2012, 1, 1, tzinfo=ZoneInfo("Pacific/Apia"))) == 2 * 540


def test_a_desk_that_never_opens_has_no_minutes() -> None:
    never = SupportCalendar(zone="Asia/Tokyo", week=((),) * 7)
    assert support_minutes(never, tokyo(1, 1), tokyo(12, 31)) == 0.0
    assert not is_open(never, tokyo(11, 19, 10))
    assert next_opening(never, tokyo(1, 1)) is None


def test_a_span_of_years_costs_a_year() -> None:
    start = tokyo(1, 4)
    century = support_minutes(OFFICE, start, start + timedelta(days=36500))
    assert century == support_minutes(OFFICE, start, start + LONGEST) > 200 * 540


def test_a_naive_datetime_is_refused() -> None:
    naive = tokyo(11, 19).replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        is_open(OFFICE, naive)
    with pytest.raises(ValueError, match="naive"):
        support_minutes(OFFICE, tokyo(11, 19), naive)
    with pytest.raises(ValueError, match="naive"):
        next_opening(OFFICE, naive)


ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia")
SHIFTS = (Hours(time(0), time(2, 30)), Hours(time(9), time(17, 30)), Hours(time(23), time.max))


@given(
    zone=st.sampled_from(ZONES),
    since=st.integers(0, 17 * 365 * 24),
    hours=st.integers(0, 100),
)
def test_minutes_are_the_open_minutes_counted_one_by_one(zone: str, since: int, hours: int) -> None:
    desk = SupportCalendar(zone=zone, week=(SHIFTS,) * 5 + ((), DESK), closed_days=frozenset({(12, 30)}))
    start = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(hours=since)
    end = start + timedelta(hours=hours)
    halves = sum(is_open(desk, start + timedelta(minutes=30 * half)) for half in range(2 * hours))
    assert support_minutes(desk, start, end) == 30 * halves


@given(zone=st.sampled_from(ZONES), since=st.integers(0, 17 * 365 * 48))
def test_the_next_opening_is_the_first_open_half_hour(zone: str, since: int) -> None:
    desk = SupportCalendar(zone=zone, week=(SHIFTS,) * 5 + ((), DESK), closed_days=frozenset({(12, 30)}))
    start = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * since)
    halves = (start + timedelta(minutes=30 * half) for half in range(2 * 24 * 8))
    assert next_opening(desk, start) == next(at for at in halves if is_open(desk, at))
