"""When a digest is due, in every zone and over the turn of the year, and which customers it tells of."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.digest import Due, Round, caught_up, improving, latest_due, recovering, toward, worst_round
from bot.domain.model import (
    ASKED,
    ContractEnd,
    CustomerLine,
    EndKnown,
    HabitScore,
    Level,
    Notification,
    Pace,
    Ping,
    PingState,
    Points,
    RoundReason,
    Severity,
    Share,
    Standing,
)
from bot.domain.policy import DigestRule

RULE = DigestRule()
WEEK = timedelta(days=7)
ZONES = (
    "Asia/Tokyo", "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns",
    "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "America/Santiago", "Asia/Gaza", "Pacific/Kiritimati",
)  # fmt: skip
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def at(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]


@pytest.mark.req("S0-43")
@pytest.mark.parametrize("zone", ZONES)
def test_every_year_has_its_52_or_53_digests_each_on_monday_at_nine(zone: str) -> None:
    """T15: looked at every thirteen hours, one digest a week, none twice, none left out, none early."""
    now, end = at(zone, 2024, 1, 1), at(zone, 2031, 1, 1)
    seen: dict[str, datetime] = {}
    while now < end:
        due = latest_due(RULE, zone, now)
        assert due.at <= now < due.at + WEEK + timedelta(hours=2)
        assert seen.setdefault(due.week, due.at) == due.at
        now += timedelta(hours=13)
    written = [moment for moment in seen.values() if moment >= at(zone, 2024, 1, 1)]
    local = [moment.astimezone(ZoneInfo(zone)) for moment in written]
    assert {(moment.weekday(), moment.time()) for moment in local} == {(0, time(9))}
    mondays = Counter((date(2024, 1, 1) + timedelta(days=n)).year for n in range(0, 7 * 366, 7))
    assert Counter(moment.year for moment in local) == {year: mondays[year] for year in range(2024, 2031)}
    assert set(Counter(moment.year for moment in local).values()) == {52, 53}


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ((2026, 12, 21), "2026-W52"), ((2026, 12, 28), "2026-W53"), ((2027, 1, 3), "2026-W53"),
        ((2027, 1, 4), "2027-W01"), ((2024, 12, 30), "2025-W01"), ((2029, 12, 31), "2030-W01"),
        ((2028, 1, 3), "2028-W01"),
    ],
)  # fmt: skip
def test_weeks_over_the_turn_of_the_year_are_iso_weeks(day: tuple[int, int, int], week: str) -> None:
    assert latest_due(RULE, "Asia/Tokyo", at("Asia/Tokyo", *day, 9)).week == week


def test_never_a_second_early() -> None:
    due = at("Asia/Tokyo", 2026, 11, 23, 9)
    assert latest_due(RULE, "Asia/Tokyo", due - timedelta(seconds=1)).week == "2026-W47"
    assert latest_due(RULE, "Asia/Tokyo", due) == Due("2026-W48", due, due - WEEK)


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 9), 7 * 24 - 1), ((2026, 11, 2), 7 * 24 + 1), ((2026, 11, 9), 7 * 24)]
)
def test_in_new_york_it_is_nine_by_the_clock_on_the_wall(day: tuple[int, int, int], hours: int) -> None:
    due = latest_due(RULE, "America/New_York", at("America/New_York", *day, 12))
    assert due.at == at("America/New_York", *day, 9)
    assert due.at - due.since == timedelta(hours=hours)


def test_an_hour_that_the_clock_skips_is_due_when_it_goes_on() -> None:
    """No zone skips Monday at nine in our years, so the rule is moved to where one does."""
    rule = DigestRule(weekday=6, at=time(2, 30))
    due = latest_due(rule, "America/New_York", at("America/New_York", 2026, 3, 8, 12))
    assert due.at.astimezone(ZoneInfo("America/New_York")).time() == time(3, 30)
    assert latest_due(rule, "America/New_York", due.at - timedelta(seconds=1)).week == "2026-W09"


def test_an_hour_that_comes_twice_is_due_once() -> None:
    rule = DigestRule(weekday=6, at=time(1, 30))
    first = at("America/New_York", 2026, 11, 1, 1, 30).astimezone(UTC)
    for later in (timedelta(0), timedelta(minutes=59), timedelta(hours=1), timedelta(hours=5)):
        assert latest_due(rule, "America/New_York", first + later).at == first


@settings(max_examples=300, deadline=None)
@given(
    minutes=st.integers(0, 7 * 366 * 24 * 60), zone=st.sampled_from(ZONES), weekday=st.integers(0, 6),
    clock=st.times(),
)  # fmt: skip
def test_due_is_the_latest_moment_that_has_come(minutes: int, zone: str, weekday: int, clock: time) -> None:
    now = at("UTC", 2024, 1, 1) + timedelta(minutes=minutes)
    rule = DigestRule(weekday=weekday, at=clock.replace(second=0, microsecond=0, fold=0))
    due = latest_due(rule, zone, now)
    assert due.since < due.at <= now
    assert latest_due(rule, zone, due.at) == due
    assert latest_due(rule, zone, due.at - timedelta(microseconds=1)).at == due.since
    assert now - due.at < WEEK + timedelta(hours=25)


@pytest.mark.parametrize(
    ("written", "since"),
    [
        ((), (2026, 12, 28)), (("2026-W53",), (2026, 12, 28)), (("2026-W50", "2026-W51"), (2026, 12, 14)),
        (("2027-W09",), (2026, 12, 28)),
    ],
)  # fmt: skip
def test_what_was_missed_is_told_of_too(written: tuple[str, ...], since: tuple[int, int, int]) -> None:
    due = latest_due(RULE, "Asia/Tokyo", at("Asia/Tokyo", 2027, 1, 5, 12))
    whole = caught_up(due, written, RULE, "Asia/Tokyo")
    assert (whole.week, whole.at, whole.since) == ("2027-W01", due.at, at("Asia/Tokyo", *since, 9))


def test_every_moment_belongs_to_one_digest() -> None:
    first = latest_due(RULE, "Asia/Tokyo", NOW)
    second = latest_due(RULE, "Asia/Tokyo", NOW + WEEK)
    for moment in (first.since, first.at, first.at + timedelta(microseconds=1), second.at):
        assert first.covers(moment) + second.covers(moment) == (moment != first.since)


def ping(state: PingState = PingState.RESOLVED, acked: int | None = 90) -> Ping:
    return Ping(
        1, 1, "", 1, state, Severity.HIGH, (), (), False, NOW, NOW, 2, RoundReason.FIRST, 1, None, "", minute(acked),
        None, None, None, 0, 0,
    )  # fmt: skip


def minute(number: int | None) -> datetime | None:
    return None if number is None else NOW + timedelta(minutes=number)


def calls(*taken: tuple[int, int, int]) -> list[Notification]:
    """(round, step, minute)"""
    return [Notification(1, n, r, s, "", NOW + timedelta(minutes=m), False, "") for n, (r, s, m) in enumerate(taken)]


ONE, TWO = [(1, 0, 0), (1, 1, 5), (1, 2, 15)], [(2, 0, 60), (2, 1, 65)]


@pytest.mark.parametrize(
    ("taken", "state", "expected"),
    [
        ([*ONE, *TWO], PingState.RESOLVED, (0, 3, 60)),
        ([*ONE, *TWO], PingState.TRIGGERED, (60, 2, 90)),
        ([*ONE[:2], *TWO], PingState.RESOLVED, (60, 2, 90)),
        ([(1, 0, 0), (1, 1, 0), (1, 2, 0)], PingState.RESOLVED, (0, 1, 90)),
        ([(1, 0, 0), (1, ASKED, 60)], PingState.ACKNOWLEDGED, (0, 1, 90)),
        ([(1, 0, 0), (1, 0, 0), (1, 0, 3)], PingState.RESOLVED, (0, 1, 90)),
        ([], PingState.RESOLVED, (0, 0, 90)),
    ],
)  # fmt: skip
def test_how_long_people_had_to_wait(
    taken: list[tuple[int, int, int]], state: PingState, expected: tuple[int, int, int]
) -> None:
    """The worst round counts, the open one first; neither critical calls at once nor the question for the outcome."""
    began, steps, answered = expected
    assert worst_round(ping(state), calls(*taken)) == Round(NOW + timedelta(minutes=began), steps, minute(answered))


def line(
    name: str = "A", points: float = 5, before: float = 6, level: Level = Level.WATCH, was: Level = Level.WATCH,
    pace: float = 0, threshold: bool = False, crosses: date | None = None, shares: bool = True,
) -> CustomerLine:  # fmt: skip
    given = Points(1, 1, NOW, NOW, points, "other", points, Severity.LOW, 1, "", "")
    standing = Standing(
        NOW, "Asia/Tokyo", points, level, (Share(given, points),) if shares else (), (), HabitScore(1, 1, 90), False,
        threshold, Pace(pace, 28, crosses, None),
    )  # fmt: skip
    end = ContractEnd(EndKnown.NO_DATE, None, None, "Asia/Tokyo")
    return CustomerLine(1, name, standing, before, was, end, "", None, None, (1,))


@pytest.mark.req("S0-36")
def test_time_alone_makes_it_better() -> None:
    assert improving(line())
    assert improving(line(level=Level.CLEAR, was=Level.WATCH)), "the week that brings it back to clear"
    assert not improving(line(level=Level.CLEAR, was=Level.CLEAR)), "not for a year after"
    assert not improving(line(pace=0.1))
    assert not improving(line(threshold=True))
    assert not improving(line(level=Level.REVIEW))
    assert not improving(line(points=0, level=Level.CLEAR, shares=False)), "taken back is our correction"


def test_nobody_is_told_of_on_both_sides_and_the_nearest_comes_first() -> None:
    lines = [
        line("clear", 1, 1, Level.CLEAR, Level.CLEAR), line("back", 3, 4), line("up", 7, 2, Level.CONCERN, pace=1),
        line("over", 9, 9, Level.REVIEW, threshold=True), line("most", 30, 31, Level.REVIEW),
        line("fast", 2, 0, Level.CLEAR, Level.CLEAR, pace=2, crosses=date(2026, 12, 1)), line("further", 4, 8),
    ]  # fmt: skip
    assert [one.name for one in toward(lines)] == ["over", "most", "up", "fast"]
    assert [one.name for one in recovering(lines)] == ["further", "back"]
    assert toward(reversed(lines)) == toward(lines)
    same = [replace(line("same", pace=1), customer_id=id) for id in (3, 1, 2)]
    assert [one.customer_id for one in toward(same)] == [1, 2, 3]
