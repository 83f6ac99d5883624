"""Who is on call: turns that meet to the second in every zone, people who stand in, and who comes next."""

import sys
import zoneinfo
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Override, Rota, Turn
from bot.domain.oncall import on_call, second, turn

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
A, B, C, GUEST = "slack:T01:UA", "slack:T01:UB", "slack:T01:UC", "slack:T01:UGUEST"
TOKYO = ZoneInfo("Asia/Tokyo")
BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
WEEKLY = Rota("Asia/Tokyo", (A, B, C), date(2026, 11, 2))
ODD_ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "America/Asuncion", "America/Havana", "America/New_York", "America/Nuuk",
    "America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Kathmandu", "Asia/Tokyo",
    "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Pacific/Apia", "Pacific/Chatham",
)  # fmt: skip


def tokyo(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


def override(account: str, start: datetime, end: datetime, made_at: datetime = BEFORE, id: int = 1) -> Override:
    return Override(id, "導入", account, start, end, C, made_at)


# A rotation on the wall clock.


@pytest.mark.parametrize(
    ("at", "account", "start", "end"),
    [
        (tokyo(11, 2), A, tokyo(11, 2), tokyo(11, 9)),
        (tokyo(11, 9, 8, 59), A, tokyo(11, 2), tokyo(11, 9)),
        (tokyo(11, 9), B, tokyo(11, 9), tokyo(11, 16)),
        (tokyo(11, 21), C, tokyo(11, 16), tokyo(11, 23)),
        (tokyo(11, 23, 9, 1), A, tokyo(11, 23), tokyo(11, 30)),
    ],
    ids=["first", "last minute", "second", "third", "first again"],
)
def test_members_take_turns(at: datetime, account: str, start: datetime, end: datetime) -> None:
    for instant in (at, at.astimezone(UTC)):
        found = turn(WEEKLY, instant)
        assert found == Turn(account, start, end)
        assert found.start.tzinfo is found.end.tzinfo is UTC


def test_nobody_before_the_first_turn_and_without_members() -> None:
    assert turn(WEEKLY, tokyo(11, 2) - SECOND) is None
    assert turn(WEEKLY, tokyo(1, 1)) is None
    assert turn(Rota("Asia/Tokyo", (), date(2026, 11, 2)), tokyo(11, 3)) is None


def test_one_member_hands_over_to_themselves() -> None:
    alone = Rota("Asia/Tokyo", (A,), date(2026, 11, 2), days=1)
    assert turn(alone, tokyo(11, 5)) == Turn(A, tokyo(11, 5), tokyo(11, 6))


def test_a_naive_datetime_is_refused() -> None:
    naive = tokyo(11, 3).replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        turn(WEEKLY, naive)
    with pytest.raises(ValueError, match="naive"):
        on_call(None, (), naive)


def test_a_hand_over_that_does_not_exist_is_at_the_transition() -> None:
    nightly = Rota("Europe/Berlin", (A, B), date(2026, 3, 28), time(2, 30), days=1)
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert turn(nightly, change) == Turn(B, change, datetime(2026, 3, 30, 0, 30, tzinfo=UTC))
    assert turn(nightly, change - SECOND) == Turn(A, datetime(2026, 3, 28, 1, 30, tzinfo=UTC), change)


def test_a_hand_over_that_exists_twice_is_the_first() -> None:
    nightly = Rota("Europe/Berlin", (A, B), date(2026, 10, 24), time(2, 30), days=1)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert turn(nightly, first - SECOND) == Turn(A, datetime(2026, 10, 24, 0, 30, tzinfo=UTC), first)
    for later in (0, 1, 2):
        assert turn(nightly, first + later * HOUR) == Turn(B, first, datetime(2026, 10, 26, 1, 30, tzinfo=UTC))


def test_the_end_of_a_day_that_comes_twice_hands_over_once() -> None:
    nightly = Rota("America/Havana", (A, B), date(2026, 10, 31), time(0, 30), days=1)
    first = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    starts = {found.start for hours in range(24) if (found := turn(nightly, first + hours * HOUR))}
    assert starts == {first}


def test_a_turn_that_a_skipped_day_leaves_without_length_is_nobodys() -> None:
    midnight = Rota("Pacific/Apia", (A, B, C), date(2011, 12, 29), time(0), days=1)
    skipped = datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert turn(midnight, skipped - SECOND) == Turn(A, skipped - DAY, skipped)
    assert turn(midnight, skipped) == Turn(C, skipped, skipped + DAY)


# T15: every zone and transition.


@dataclass(frozen=True)
class Clock:
    """A zone as spans of one offset each: when they begin (the first: long ago), and how far ahead of UTC they are."""

    zone: str
    begins: tuple[datetime, ...]
    offsets: tuple[timedelta, ...]

    def first(self, wall: datetime) -> datetime:
        """The first instant at which this clock shows `wall` or later; the sentence itself, span by span."""
        for index, (begins, offset) in enumerate(zip(self.begins, self.offsets, strict=True)):
            shows = max(begins, (wall - offset).replace(tzinfo=UTC))
            if index + 1 == len(self.begins) or shows < self.begins[index + 1]:
                return shows
        raise AssertionError("the last span has no end")

    def wall(self, at: datetime) -> datetime:
        return (at + self.offsets[bisect_right(self.begins, at) - 1]).replace(tzinfo=None)


def clock(zone: str) -> Clock:
    """The clock of a zone from 2023 to 2031, by asking each day and closing in on each change to the second."""
    info, at = ZoneInfo(zone), datetime(2023, 1, 1, tzinfo=UTC)

    def offset(instant: datetime) -> timedelta:
        return instant.astimezone(info).utcoffset() or timedelta(0)

    begins, offsets = [datetime(1900, 1, 1, tzinfo=UTC)], [offset(at)]
    while at.year < 2032:
        before, at = at, at + DAY
        if offset(at) != offsets[-1]:
            after = at
            while after - before > SECOND:
                middle = before + (after - before) // SECOND // 2 * SECOND
                before, after = (middle, after) if offset(middle) == offsets[-1] else (before, middle)
            begins.append(after)
            offsets.append(offset(after))
    return Clock(zone, tuple(begins), tuple(offsets))


def hand_overs(around: Clock, change: int) -> set[datetime]:
    """Wall times in, at both ends of and just beside what a change leaves out or repeats."""
    at = around.begins[change]
    low, high = sorted((at + around.offsets[change + step]).replace(tzinfo=None) for step in (-1, 0))
    minute = timedelta(minutes=1)
    return {low - minute, low, low + (high - low) / 2, high - minute, high}


def check(around: Clock, rota: Rota, since: datetime, until: datetime) -> int:
    """Walks from `since` to `until`: no gap, no overlap, one hand-over at each boundary; answers how many."""

    def boundary(number: int) -> datetime:
        return around.first(datetime.combine(rota.starts_on + timedelta(days=number * rota.days), rota.handover))

    found, number = turn(rota, since), 0
    assert found is not None
    while boundary(number + 1) <= since:
        number += 1
    passed = 0
    while True:
        assert found == Turn(rota.members[number % len(rota.members)], boundary(number), boundary(number + 1))
        assert found.start < found.end
        assert turn(rota, found.start) == turn(rota, found.end - SECOND) == found
        if found.end > until:
            return passed
        following = turn(rota, found.end)
        assert following is not None
        assert following.start == found.end
        found, number, passed = following, number + 1, passed + 1


def check_zones(zones: Iterable[str]) -> tuple[int, int, int]:
    """Zones, their transitions of 2024-2030, and hand-overs that were walked through."""
    count, transitions, passed = 0, 0, 0
    for zone in zones:
        around, count = clock(zone), count + 1
        weekly = Rota(zone, (A, B, C), date(2024, 1, 1), time(9))
        passed += check(around, weekly, datetime(2024, 1, 3, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC))
        for change, at in enumerate(around.begins):
            if not 2024 <= at.year <= 2030:
                continue
            transitions += 1
            for wall in hand_overs(around, change):
                day = wall.date()
                for days, back in ((1, 2), (7, 7)):
                    rota = Rota(zone, (A, B, C), day - timedelta(days=back), wall.time(), days)
                    passed += check(around, rota, at - 30 * HOUR, at + 30 * HOUR)
    return count, transitions, passed


def test_turns_meet_to_the_second_in_a_sample_of_zones() -> None:
    count, transitions, passed = check_zones(sorted({*ODD_ZONES, *sorted(zoneinfo.available_timezones())[::40]}))
    assert count >= 30
    assert transitions >= 150
    assert passed >= 365 * count + 10 * transitions


@pytest.mark.soak
def test_turns_meet_to_the_second_in_every_zone() -> None:
    count, transitions, passed = check_zones(sorted(zoneinfo.available_timezones()))
    sys.stdout.write(f"\nT15: {count} zones, {transitions} transitions, {passed} hand-overs: gap 0 s, overlap 0 s\n")
    assert count >= 590
    assert transitions >= 2500


@given(
    zone=st.sampled_from(ODD_ZONES),
    days=st.integers(1, 366),
    count=st.integers(1, 5),
    handover=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    hours=st.integers(-1000, 90_000),
)
def test_a_turn_is_the_one_found_by_counting_all(zone: str, days: int, count: int, handover: time, hours: int) -> None:
    rota = Rota(zone, tuple(f"slack:T01:U{number}" for number in range(count)), date(2020, 2, 29), handover, days)
    at = datetime(2020, 2, 29, tzinfo=UTC) + hours * HOUR
    begins = datetime.combine(rota.starts_on, handover)
    number, wall = -1, at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    while begins <= wall:
        begins, number = begins + days * DAY, number + 1
    found = turn(rota, at)
    # Within a day of a boundary the clock may have been changed: T15 above is about that.
    if begins - wall > DAY and (number < 0 or wall - (begins - days * DAY) > DAY):
        assert (found.account if found else None) == (rota.members[number % count] if number >= 0 else None)
    assert found is None or found.start <= at < found.end


# People who stand in.


def test_somebody_stands_in_for_an_evening() -> None:
    evening = [override(GUEST, tokyo(11, 4, 18), tokyo(11, 4, 22))]
    assert on_call(WEEKLY, evening, tokyo(11, 4, 17)) == Turn(A, tokyo(11, 2), tokyo(11, 4, 18))
    assert on_call(WEEKLY, evening, tokyo(11, 4, 18)) == Turn(GUEST, tokyo(11, 4, 18), tokyo(11, 4, 22), True)
    assert on_call(WEEKLY, evening, tokyo(11, 4, 22)) == Turn(A, tokyo(11, 4, 22), tokyo(11, 9))


def test_the_override_made_last_wins_and_an_older_one_comes_back_after_it() -> None:
    day = override(B, tokyo(11, 4, 0), tokyo(11, 5, 0), made_at=tokyo(11, 3), id=1)
    night = override(C, tokyo(11, 4, 18), tokyo(11, 4, 22), made_at=tokyo(11, 3, 10), id=2)
    for both in ([day, night], [night, day]):
        assert on_call(WEEKLY, both, tokyo(11, 4, 12)) == Turn(B, tokyo(11, 4, 0), tokyo(11, 4, 18), True)
        assert on_call(WEEKLY, both, tokyo(11, 4, 20)) == Turn(C, tokyo(11, 4, 18), tokyo(11, 4, 22), True)
        assert on_call(WEEKLY, both, tokyo(11, 4, 23)) == Turn(B, tokyo(11, 4, 22), tokyo(11, 5, 0), True)


def test_of_two_made_at_once_the_higher_id_wins() -> None:
    both = [override(account, tokyo(11, 4), tokyo(11, 5), id=id) for id, account in ((7, B), (6, C))]
    found = on_call(WEEKLY, both, tokyo(11, 4, 12))
    assert found is not None
    assert found.account == B


def test_an_override_holds_over_a_hand_over_and_without_a_rota() -> None:
    both_weeks = [override(GUEST, tokyo(11, 5), tokyo(11, 12))]
    whole = Turn(GUEST, tokyo(11, 5), tokyo(11, 12), True)
    assert on_call(WEEKLY, both_weeks, tokyo(11, 10)) == on_call(None, both_weeks, tokyo(11, 10)) == whole
    assert on_call(None, both_weeks, tokyo(11, 12)) is None
    assert on_call(None, (), tokyo(11, 12)) is None


def test_an_override_that_ends_before_it_begins_changes_nothing() -> None:
    wrong = [override(GUEST, tokyo(11, 5), tokyo(11, 4)), override(GUEST, tokyo(11, 6), tokyo(11, 6))]
    assert on_call(WEEKLY, wrong, tokyo(11, 4, 12)) == turn(WEEKLY, tokyo(11, 4, 12))


BASE = datetime(2026, 3, 28, tzinfo=UTC)
DAILY = Rota("Europe/Berlin", (A, B, C), date(2026, 3, 20), time(2, 30), days=1)
OVERRIDES = st.lists(
    st.builds(
        lambda id, account, start, length, made: Override(
            id, "導入", account, BASE + start * HOUR / 2, BASE + (start + length) * HOUR / 2, C, BASE - made * HOUR
        ),
        id=st.integers(1, 1000),
        account=st.sampled_from((A, B, C, GUEST)),
        start=st.integers(-20, 150),
        length=st.integers(-5, 80),
        made=st.integers(0, 3),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


def naive(overrides: Iterable[Override], at: datetime) -> tuple[str, int, datetime | None]:
    """Who, by which override, in which turn: the rule read aloud."""
    covering = [one for one in overrides if one.start <= at < one.end]
    if covering:
        winner = max(covering, key=lambda one: (one.made_at, one.id))
        return winner.account, winner.id, None
    whose = turn(DAILY, at)
    assert whose is not None
    return whose.account, 0, whose.start


@given(overrides=OVERRIDES, minutes=st.lists(st.integers(0, 72 * 60), min_size=1, max_size=10))
def test_overrides_leave_no_gap_and_no_overlap(overrides: list[Override], minutes: list[int]) -> None:
    for at in (BASE + timedelta(minutes=each) for each in minutes):
        found = on_call(DAILY, overrides, at)
        assert found is not None
        assert found.start <= at < found.end
        expected = naive(overrides, at)
        assert (found.account, found.override) == (expected[0], expected[1] > 0)
        inside = [edge for one in overrides for edge in (one.start, one.end) if found.start <= edge < found.end]
        for moment in (found.start, found.end - SECOND, *inside):
            assert naive(overrides, moment) == expected
            assert on_call(DAILY, overrides, moment) == found
        assert naive(overrides, found.start - SECOND) != expected != naive(overrides, found.end)
        following = on_call(DAILY, overrides, found.end)
        assert following is not None
        assert following.start == found.end


# Who comes next.


@pytest.mark.parametrize(
    ("stands_in", "next_in_line"),
    [(None, B), (A, B), (B, C), (C, A), (GUEST, B)],
    ids=["nobody", "themselves", "the next", "the last", "a guest"],
)
def test_the_second_follows_whoever_is_on_call(stands_in: str | None, next_in_line: str) -> None:
    overrides = [override(stands_in, tokyo(11, 2), tokyo(11, 9))] if stands_in else []
    assert second(WEEKLY, overrides, tokyo(11, 4)) == next_in_line


def test_the_second_is_never_the_one_on_call() -> None:
    alone = Rota("Asia/Tokyo", (A,), date(2026, 11, 2))
    assert second(alone, (), tokyo(11, 4)) is None
    assert second(alone, [override(GUEST, tokyo(11, 2), tokyo(11, 9))], tokyo(11, 4)) == A


def test_without_a_rotation_or_anybody_on_call_there_is_no_second() -> None:
    early = [override(GUEST, tokyo(10, 1), tokyo(10, 9))]
    assert second(None, early, tokyo(10, 4)) is None
    assert second(WEEKLY, (), tokyo(10, 4)) is None
    assert second(WEEKLY, early, tokyo(10, 4)) == A
