"""Incidents, verdicts, pings and duty come back as they were written, and only one of many may change them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from threading import Barrier
from typing import Any

import pytest
from harness import KEY, START, Harness
from sqlalchemy import event, select, text

from bot.domain.errors import NotFound, Refused, Stale
from bot.domain.events import RetentionDue
from bot.domain.model import (
    CustomerRecord,
    Finding,
    Incident,
    IncidentState,
    Medium,
    Mode,
    Notification,
    Opinion,
    Outcome,
    Override,
    Ping,
    PingState,
    Points,
    Reach,
    Report,
    ReportKind,
    Review,
    ReviewState,
    RoundReason,
    Severity,
    Sign,
    SignKind,
)
from bot.ports import UnitOfWork
from storage.database import Database
from storage.tables import IncidentRow, NotificationRow, OutboxRow, PingRow, SignRow

AT = datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YUKI = "slack:TOWN:UYUKI"
INCIDENT = Incident(
    0, 1, "サポート一課", AT, AT + TICK, Severity.HIGH, ("insult", "threat"), ("body",), IncidentState.SUSPECTED,
    Reach.PING, 7, "2026-11", "ab12", "Asia/Tokyo",
)  # fmt: skip
REPORT = Report(
    0, 1, 1, "サポート一課", YUKI, ReportKind.CALL, AT, AT - HOUR, "電話で怒鳴られた", "殺すぞ", "threat", "threat",
    Severity.CRITICAL, 5, Medium.PHONE, AT - HOUR, AT - HOUR + TICK, "slack:TOWN:support", 9, (YUKI,), AT + MINUTE,
)  # fmt: skip
BARE = Report(
    0, 1, 1, "", YUKI, ReportKind.NOW, AT, None, None, None, "", "", Severity.HIGH, 0, None,
)  # fmt: skip
REVIEW = Review(
    0, 1, AT, "slack:TOWN:ULEAD", Finding.CONFIRMED, "録音を確認した", Opinion.NO, Opinion.UNCLEAR, Opinion.YES,
    Severity.HIGH, ("threat",), ReviewState.AWAITING_SECOND, "", None, "2026-11", "ab12",
)  # fmt: skip
POINTS = Points(0, 1, AT, AT + HOUR, 0.1, "threat", 0.3, Severity.HIGH, 4.0, "2026-11", "ab12")
PING = Ping(
    0, 1, "サポート一課", 1, PingState.TRIGGERED, Severity.HIGH, ("threat",), ("body",), True, AT, AT, 1,
    RoundReason.FIRST, 0, AT + MINUTE, "", None, None, None, None, 0, 0,
)  # fmt: skip
CALL = Notification(1, 1, 1, 0, YUKI, AT, True, "ping:1:1")
OVERRIDE = Override(0, "サポート一課", YUKI, AT, AT + DAY, "slack:TOWN:ULEAD", AT - HOUR)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, KEY)
    yield opened
    opened.close()


def sign(kind: SignKind = SignKind.REPORT, ref: int = 1, **changes: Any) -> Sign:
    return replace(Sign(kind, ref, 1, "別の課", AT, Severity.MEDIUM, "insult", "body"), **changes)


def customer(uow: UnitOfWork, name: str, *accounts: str) -> int:
    return uow.customers.save(CustomerRecord(name=name, contacts=accounts, source="test"), AT).id


# What is written comes back


def test_an_incident_comes_back_as_it_was_and_changes(database: Database) -> None:
    with database.begin() as uow:
        stored = uow.incidents.save(INCIDENT)
        bare = uow.incidents.save(
            replace(INCIDENT, categories=(), dangers=(), outage_id=None, state=IncidentState.JUDGED)
        )
    assert stored == replace(INCIDENT, id=1)
    changed = replace(stored, severity=Severity.CRITICAL, last_sign_at=AT + DAY, categories=("threat",))
    with database.begin() as uow:
        assert [uow.incidents.get(id) for id in (1, 2)] == [stored, bare]
        assert uow.incidents.save(changed) == changed
    with database.begin() as uow:
        assert uow.incidents.get(1) == changed
        uow.incidents.end(1, IncidentState.LAPSED)
        assert uow.incidents.get(1).state is IncidentState.LAPSED
        with pytest.raises(NotFound, match="incident"):
            uow.incidents.get(3)


def test_incidents_are_listed_by_customer_team_state_and_time(database: Database) -> None:
    with database.begin() as uow:
        for days, team, state in (
            (3, "A", "suspected"),
            (1, "B", "suspected"),
            (2, "A", "judged"),
            (0, "A", "lapsed"),
        ):
            at = AT + days * DAY
            uow.incidents.save(replace(INCIDENT, opened_at=at, last_sign_at=at, team=team, state=IncidentState(state)))
        uow.incidents.save(replace(INCIDENT, customer_id=2, team="B", opened_at=AT + 9 * DAY))
        found = uow.incidents
        assert [i.id for i in found.all()] == [4, 2, 3, 1, 5]
        assert [i.id for i in found.of(1)] == [4, 2, 3, 1]
        assert [i.id for i in found.undecided()] == [2, 1, 5]
        assert [i.id for i in found.undecided("B")] == [2, 5]
        assert [i.id for i in found.since(AT + 2 * DAY)] == [3, 1, 5]
        assert [i.id for i in found.since(AT + 2 * DAY + TICK, "A")] == [1]
        latest = found.open_of(1)
        assert latest is not None
        assert latest.id == 1
        assert found.open_of(3) is None


def test_what_was_held_back_is_shown_once(database: Database) -> None:
    with database.begin() as uow:
        held = [uow.incidents.save(replace(INCIDENT, reach=Reach.MORNING, team="A")).id for _ in range(3)]
        uow.incidents.save(replace(INCIDENT, team="A"))
        uow.incidents.end(held[2], IncidentState.JUDGED)
        assert [i.id for i in uow.incidents.held_back("A")] == held[:2]
        uow.incidents.shown(held[:1], AT)
        assert [i.id for i in uow.incidents.held_back("A")] == held[1:2]
        assert uow.incidents.held_back("B") == []


def test_signs_come_back_by_time_and_end(database: Database) -> None:
    with database.begin() as uow:
        one, two = uow.incidents.save(INCIDENT), uow.incidents.save(INCIDENT)
        late, early = sign(at=AT + DAY), sign(SignKind.DETECTION, 1, danger="", category="")
        for incident in (one, two):
            uow.incidents.add_sign(incident.id, late)
        uow.incidents.add_sign(one.id, early)
        assert uow.incidents.signs(one.id) == [early, late]
        assert uow.incidents.with_sign(SignKind.REPORT, 1) == [one, two]
        assert uow.incidents.with_sign(SignKind.DETECTION, 1) == [one]
        worse = replace(early, severity=Severity.CRITICAL, at=AT + 2 * DAY, category="threat", danger="body")
        uow.incidents.change_sign(one.id, worse)
        assert uow.incidents.signs(one.id) == [late, worse]
        assert uow.incidents.void(SignKind.REPORT, 1) == [one.id, two.id]
        assert uow.incidents.void(SignKind.REPORT, 1) == []
        assert uow.incidents.signs(one.id) == [replace(late, live=False), worse]
        assert uow.incidents.with_sign(SignKind.REPORT, 1) == [one, two]


def test_a_report_comes_back_as_it_was_and_changes(database: Database) -> None:
    with database.begin() as uow:
        full, bare = uow.incidents.file(REPORT), uow.incidents.file(replace(BARE, filed_at=AT - TICK))
        assert (full, bare) == (replace(REPORT, id=1), replace(BARE, id=2, filed_at=AT - TICK))
    detailed = replace(bare, text="言い直した", medium=Medium.IN_PERSON, withdrawn_at=None, burden=3)
    with database.begin() as uow:
        assert uow.incidents.report(1) == full
        assert uow.incidents.reports(1) == [bare, full]
        last = uow.incidents.last_report(YUKI, AT - 2 * TICK)
        assert last == bare, "the later one was withdrawn"
        assert uow.incidents.last_report(YUKI, AT - TICK) is None
        assert uow.incidents.last_report("slack:TOWN:UOTHER", AT - DAY) is None
        uow.incidents.change_report(detailed)
        assert uow.incidents.report(2) == detailed
        for missing in (lambda: uow.incidents.report(3), lambda: uow.incidents.change_report(replace(bare, id=3))):
            with pytest.raises(NotFound, match="report"):
                missing()


def test_every_word_of_an_enumeration_comes_back(database: Database) -> None:
    with database.begin() as uow:
        for number, (state, reach, severity) in enumerate(product(IncidentState, Reach, Severity)):
            made = uow.incidents.save(replace(INCIDENT, state=state, reach=reach, severity=severity))
            assert uow.incidents.get(made.id) == made
            assert made.id == number + 1
        for kind, medium in product(ReportKind, (*Medium, None)):
            report = uow.incidents.file(replace(REPORT, kind=kind, medium=medium))
            assert uow.incidents.report(report.id) == report
        for finding, opinion, judged in product(Finding, Opinion, ReviewState):
            opinions = dict.fromkeys(("demand_valid", "means_acceptable", "environment_harmed"), opinion)
            review = uow.reviews.add(replace(REVIEW, finding=finding, state=judged, **opinions))
            assert uow.reviews.standing(1) == review
        for number, (pinged, reason, outcome) in enumerate(product(PingState, RoundReason, (*Outcome, None))):
            ping = replace(PING, customer_id=number, state=pinged, reason=reason, outcome=outcome)
            assert uow.pings.get(uow.pings.add(ping).id) == replace(ping, id=number + 1, version=1)


async def test_signs_happened_when_their_messages_were_sent(house: Harness) -> None:
    await house.customer().repeats("在庫の数が合いません", 3, MINUTE)
    with house.database.begin() as uow:
        one, two = uow.incidents.save(INCIDENT), uow.incidents.save(INCIDENT)
        said, unsaid = uow.incidents.file(REPORT), uow.incidents.file(BARE)
        assert said.occurred_at is not None
        uow.incidents.add_sign(one.id, sign(SignKind.DETECTION, 1))
        uow.incidents.add_sign(one.id, sign(SignKind.REPORT, said.id))
        uow.incidents.add_sign(one.id, sign(SignKind.REPORT, unsaid.id))
        uow.incidents.add_sign(two.id, sign(SignKind.DETECTION, 77, at=AT + DAY))
        uow.incidents.add_sign(two.id, sign(SignKind.DETECTION, 1, live=False))
        sent = [START, START + MINUTE, START + 2 * MINUTE]
        assert uow.incidents.sign_times([one.id, two.id, 99]) == {
            one.id: sorted([*sent, said.occurred_at, unsaid.filed_at]),
            two.id: [AT + DAY],
            99: [],
        }
        uow.incidents.void(SignKind.REPORT, said.id)
        assert uow.incidents.sign_times([one.id]) == {one.id: sorted([*sent, unsaid.filed_at])}
    with house.database.connect() as connection:
        connection.execute(text("DELETE FROM messages"))
    with house.database.read() as uow:
        assert uow.incidents.sign_times([one.id]) == {one.id: sorted([AT, unsaid.filed_at])}


def test_the_latest_verdict_stands_and_the_others_stay(database: Database) -> None:
    with database.begin() as uow:
        first = uow.reviews.add(REVIEW)
        again = uow.reviews.add(replace(REVIEW, finding=Finding.DISMISSED, state=ReviewState.FINAL, categories=()))
        other = uow.reviews.add(replace(REVIEW, incident_id=2, state=ReviewState.PROVISIONAL))
        disputed = uow.reviews.add(replace(REVIEW, incident_id=3))
        assert uow.reviews.waiting() == [other, disputed]
        disputed = replace(disputed, state=ReviewState.DISPUTED, second="slack:TOWN:UHEAD", second_at=AT + TICK)
        uow.reviews.change(disputed)
    with database.read() as uow:
        assert uow.reviews.standing(1) == again
        assert uow.reviews.standing(9) is None
        assert uow.reviews.history(1) == [first, again]
        assert uow.reviews.all() == {1: again, 2: other, 3: disputed}
        assert uow.reviews.waiting() == [other]


def test_points_are_taken_back_and_stay_in_the_ledger(database: Database) -> None:
    with database.begin() as uow:
        for number, points in enumerate((0.1, 0.2, 7.5)):
            given = replace(POINTS, points=points, confirmed_at=AT - number * DAY, incident_id=number // 2 + 1)
            uow.reviews.give(1, 5, given)
        uow.reviews.give(2, 6, replace(POINTS, incident_id=9))
        assert uow.reviews.take_back(1, AT + DAY, 7) == 0.1 + 0.2
        assert uow.reviews.take_back(1, AT + DAY, 7) == 0
        back = {"taken_back_at": AT + DAY}
        assert uow.reviews.ledger(1) == [
            replace(POINTS, id=3, points=7.5, confirmed_at=AT - 2 * DAY, incident_id=2),
            replace(POINTS, id=2, points=0.2, confirmed_at=AT - DAY, **back),  # type: ignore[arg-type]
            replace(POINTS, id=1, confirmed_at=AT, **back),  # type: ignore[arg-type]
        ]
        assert uow.reviews.with_points() == [1, 2]


def test_modes_and_overrides_come_back(database: Database) -> None:
    with database.begin() as uow:
        assert uow.duty.mode("A") is Mode.MONITOR
        for mode in (Mode.LIVE, Mode.MONITOR, Mode.LIVE):
            uow.duty.set_mode("A", mode, AT, YUKI)
            assert uow.duty.mode("A") is mode
        assert uow.duty.mode("B") is Mode.MONITOR
        long, short = uow.duty.add_override(OVERRIDE), uow.duty.add_override(replace(OVERRIDE, end=AT + HOUR))
        uow.duty.add_override(replace(OVERRIDE, team="B"))
        assert uow.duty.overrides("サポート一課", AT) == [long, short] == [
            replace(OVERRIDE, id=1), replace(OVERRIDE, id=2, end=AT + HOUR)
        ]  # fmt: skip
        assert uow.duty.overrides("サポート一課", AT + HOUR) == [long]


# Pings


def test_a_ping_moves_only_from_the_version_it_was_read_at(database: Database) -> None:
    with database.begin() as uow:
        ping = uow.pings.add(PING)
    assert ping == replace(PING, id=1, version=1)
    acked = replace(
        ping, state=PingState.ACKNOWLEDGED, acked_by=YUKI, acked_at=AT + TICK, asked_at=AT + HOUR, due_at=None, sent=3,
        automatic=False, version=2,
    )  # fmt: skip
    with database.begin() as uow:
        assert uow.pings.get(1) == ping
        assert uow.pings.move(acked)
    with database.begin() as uow:
        assert not uow.pings.move(replace(acked, state=PingState.EXHAUSTED))
        assert uow.pings.get(1) == acked
        with pytest.raises(NotFound, match="ping"):
            uow.pings.get(2)


def test_of_two_who_move_a_ping_at_once_one_wins(database: Database) -> None:
    with database.begin() as uow:
        ping = uow.pings.add(PING)
    for round in range(20):
        wishes = [
            replace(ping, state=state, version=ping.version + 1, round=round)
            for state in (PingState.ACKNOWLEDGED, PingState.EXHAUSTED)
        ]
        ready = Barrier(2)

        def move(wish: Ping, ready: Barrier = ready) -> bool:
            ready.wait()
            with database.begin() as uow:
                return uow.pings.move(wish)

        with ThreadPoolExecutor(2) as threads:
            won = list(threads.map(move, wishes))
        assert sorted(won) == [False, True]
        with database.read() as uow:
            ping = uow.pings.get(ping.id)
        assert ping == wishes[won.index(True)]


def test_a_customer_has_one_open_ping(database: Database) -> None:
    with database.begin() as uow:
        first = uow.pings.add(PING)
        uow.pings.add(replace(PING, customer_id=2))
    with pytest.raises(Stale), database.begin() as uow:
        uow.pings.add(PING)
    with database.begin() as uow:
        assert uow.pings.open_of(1) == first
        done = replace(first, state=PingState.RESOLVED, resolved_at=AT, outcome=Outcome.HANDLED, version=2)
        assert uow.pings.move(done)
        assert uow.pings.open_of(1) is None
        second = uow.pings.add(PING)
        assert uow.pings.of_incident(1) == uow.pings.all()
        assert [p.customer_id for p in uow.pings.open()] == [2, 1]
        assert uow.pings.open_of(1) == second


def test_pings_are_listed_by_team_and_by_when_they_were_open(database: Database) -> None:
    with database.begin() as uow:
        for number, (team, opened, resolved) in enumerate(
            (("A", 0, 1), ("A", 1, 3), ("B", 0, None), ("A", 4, 5), ("A", 5, None))
        ):
            ping = replace(PING, customer_id=number, team=team, opened_at=AT + opened * DAY)
            if resolved is not None:
                ping = replace(ping, state=PingState.RESOLVED, resolved_at=AT + resolved * DAY)
            uow.pings.add(ping)
        assert [p.id for p in uow.pings.since(AT + 2 * DAY)] == [3, 2, 4, 5]
        assert [p.id for p in uow.pings.since(AT + 2 * DAY, "A")] == [2, 4, 5]
        assert [p.id for p in uow.pings.open()] == [3, 5]
        assert [p.id for p in uow.pings.open("A")] == [5]


def test_the_longest_due_ping_comes_first(database: Database) -> None:
    due = [3, 1, 2, None, 5, 1]
    with database.begin() as uow:
        assert uow.pings.next_due() is None
        for number, minutes in enumerate(due):
            at = None if minutes is None else AT + minutes * MINUTE
            uow.pings.add(replace(PING, customer_id=number, due_at=at))
        uow.pings.add(replace(PING, customer_id=99, due_at=AT, state=PingState.RESOLVED))
        assert uow.pings.next_due() == AT + MINUTE
        assert [p.id for p in uow.pings.due(AT + 3 * MINUTE, 10)] == [2, 6, 3, 1]
        assert [p.id for p in uow.pings.due(AT + 3 * MINUTE, 2)] == [2, 6]
        assert uow.pings.due(AT + MINUTE - TICK, 10) == []


def test_a_due_ping_that_another_holds_is_skipped(database: Database) -> None:
    if database.sqlite:
        pytest.skip("SQLite has one writer at a time: nobody else can hold anything")
    with database.begin() as uow:
        for number in range(4):
            uow.pings.add(replace(PING, customer_id=number))
    with database.begin() as one, database.begin() as other:
        assert [p.id for p in one.pings.due(AT + DAY, 2)] == [1, 2]
        assert [p.id for p in other.pings.due(AT + DAY, 9)] == [3, 4]


def test_calls_are_counted_for_each_person(database: Database) -> None:
    calls = [
        replace(CALL, n=2, at=AT + MINUTE), replace(CALL, n=1), replace(CALL, n=3, at=AT + HOUR, automatic=False),
        replace(CALL, n=4, at=AT + HOUR, key="bundle:1"), replace(CALL, n=5, at=AT + HOUR, target=""),
        replace(CALL, n=1, ping_id=2, at=AT + HOUR, key="ping:2:1"),
    ]  # fmt: skip
    with database.begin() as uow:
        for call in calls:
            uow.pings.note(call)
        assert uow.pings.calls(1) == sorted(calls[:5], key=lambda call: call.n)
        assert uow.pings.automatic_calls(YUKI, AT - TICK) == 3
        assert uow.pings.automatic_calls(YUKI, AT) == 2
        assert uow.pings.automatic_calls("slack:TOWN:UOTHER", AT - DAY) == 0
    with pytest.raises(Stale), database.begin() as uow:
        uow.pings.note(CALL)


def test_a_bundle_holds_each_ping_once_until_it_is_old(database: Database) -> None:
    def bundle(ping: int, at: datetime, target: str = YUKI) -> tuple[int, int, list[int]]:
        with database.begin() as uow:
            return uow.pings.bundle(target, "A", ping, at, at - HOUR)

    assert bundle(1, AT) == (1, 0, [1])
    assert bundle(2, AT + MINUTE) == (1, 1, [1, 2])
    assert bundle(2, AT + MINUTE) == (1, 2, [1, 2]), "the card has to follow all the same"
    assert bundle(1, AT + MINUTE, "slack:TOWN:UOTHER") == (2, 0, [1])
    assert bundle(3, AT + HOUR - TICK) == (1, 3, [1, 2, 3])
    assert bundle(3, AT + HOUR) == (3, 0, [3])
    with database.begin() as uow:
        assert uow.pings.bundled(1) == (YUKI, "A", 4, [1, 2, 3])
        assert uow.pings.bundled(1) == (YUKI, "A", 5, [1, 2, 3])
        with pytest.raises(NotFound, match="bundle"):
            uow.pings.bundled(9)


def test_many_who_bundle_at_once_lose_no_ping(database: Database) -> None:
    ready = Barrier(8)

    def bundle(ping: int) -> tuple[int, int]:
        ready.wait()
        with database.begin() as uow:
            return uow.pings.bundle(YUKI, "A", ping, AT, AT - HOUR)[:2]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(bundle, range(8)))
    assert sorted(found) == [(1, version) for version in range(8)]
    with database.begin() as uow:
        assert sorted(uow.pings.bundled(1)[3]) == list(range(8))


def test_a_week_is_claimed_once(database: Database) -> None:
    ready = Barrier(4)

    def claim(week: str) -> bool:
        with database.begin() as uow:
            return uow.duty.claim_digest("A", week, AT, AT + MINUTE, posted=True)

    def race(week: str) -> bool:
        ready.wait()
        return claim(week)

    with ThreadPoolExecutor(4) as threads:
        for number in range(10, 20):
            assert sorted(threads.map(race, [f"2026-W{number}"] * 4)) == [False, False, False, True]
    assert not claim("2026-W12")
    with database.read() as uow:
        assert uow.duty.digests("A") == tuple(f"2026-W{number}" for number in range(10, 20))
        assert uow.duty.digests("B") == ()


# Customers that become one, part, and split


def belongings(uow: UnitOfWork, customer_id: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Incidents, customers of their reports, incidents with points, open pings of a customer."""
    incidents = [incident.id for incident in uow.incidents.of(customer_id)]
    reports = [report.customer_id for incident in incidents for report in uow.incidents.reports(incident)]
    pings = [ping.id for ping in uow.pings.all() if ping.customer_id == customer_id]
    return incidents, reports, [points.incident_id for points in uow.reviews.ledger(customer_id)], pings


def with_history(uow: UnitOfWork, customer_id: int) -> int:
    """A customer with an incident, a report, points and an open ping; the incident."""
    incident = uow.incidents.save(replace(INCIDENT, customer_id=customer_id)).id
    uow.incidents.file(replace(REPORT, customer_id=customer_id, incident_id=incident))
    uow.reviews.give(customer_id, 1, replace(POINTS, incident_id=incident))
    uow.pings.add(replace(PING, customer_id=customer_id, incident_id=incident))
    return incident


def test_merging_takes_everything_along_and_parting_brings_it_back(database: Database) -> None:
    with database.begin() as uow:
        one, two = customer(uow, "架空商事"), customer(uow, "架空商会")
        first = with_history(uow, one)
        uow.incidents.save(replace(INCIDENT, customer_id=two))
        epoch = uow.customers.epoch()
        uow.customers.merge(one, two)
        assert uow.customers.epoch() > epoch
        assert belongings(uow, one) == ([], [], [], [])
        assert belongings(uow, two) == ([1, 2], [two], [first], [1])
        assert uow.pings.get(1).version == 2, "who holds it still knows the old customer"
        uow.incidents.save(replace(uow.incidents.get(first), severity=Severity.CRITICAL))
        uow.reviews.give(two, 2, replace(POINTS, incident_id=first))
        later = uow.incidents.save(replace(INCIDENT, customer_id=two)).id
        uow.reviews.give(two, 3, replace(POINTS, incident_id=later))
    with database.begin() as uow:
        assert uow.customers.part(one) == two
        assert belongings(uow, one) == ([first], [one], [first, first], [1])
        assert belongings(uow, two) == ([2, later], [], [later], [])


def test_two_open_pings_do_not_merge(database: Database) -> None:
    with database.begin() as uow:
        one, two = customer(uow, "架空商事"), customer(uow, "架空商会")
        with_history(uow, one)
        with_history(uow, two)
    with pytest.raises(Stale), database.begin() as uow:
        uow.customers.merge(one, two)
    with database.read() as uow:
        assert belongings(uow, one)[3] == [1]


async def test_splitting_takes_contacts_messages_and_what_stands_on_them_alone(house: Harness) -> None:
    accounts = ("slack:TCUST:UA", "slack:TCUST:UB", "email::b@kakuu.example")
    with house.database.begin() as uow:
        old = customer(uow, "架空商事", *accounts)
    for author in ("UA", "UB"):
        await house.customer(author).says(f"{author}の話です")
    with house.database.begin() as uow:
        by_a, by_b = (s.id for s in uow.messages.spoken([1, 2]))
        moving, mixed, silent, lapsed = (uow.incidents.save(replace(INCIDENT, customer_id=old)).id for _ in range(4))
        for incident, message in ((moving, by_b), (mixed, by_b), (mixed, by_a), (silent, None), (lapsed, by_b)):
            report = replace(REPORT, incident_id=incident, customer_id=old, message_id=message)
            filed = uow.incidents.file(report)
            uow.incidents.add_sign(incident, sign(ref=filed.id, live=incident != lapsed))
        uow.incidents.add_sign(moving, sign(SignKind.DETECTION, 5, live=False))
        uow.reviews.give(old, 1, replace(POINTS, incident_id=moving))
        uow.pings.add(replace(PING, customer_id=old, incident_id=moving))
        epoch = uow.customers.epoch()
        new = uow.customers.split(old, accounts[1:], "架空商事大阪", START)
        assert uow.customers.epoch() > epoch
        assert belongings(uow, new) == ([moving], [new], [moving], [1])
        assert belongings(uow, old) == ([mixed, silent, lapsed], [old] * 4, [], [])
        assert uow.messages.authors(new) == {"slack:TCUST:UB"}
        assert uow.messages.authors(old) == {"slack:TCUST:UA"}
        made = uow.customers.get(new)
        assert (made.name, made.kind, made.contacts) == ("架空商事大阪", uow.customers.get(old).kind, accounts[1:])
        assert uow.customers.save(CustomerRecord(name="架空商事大阪"), START).id == new
        assert uow.incidents.get(moving).customer_id == new


def test_what_cannot_be_split(database: Database) -> None:
    with database.begin() as uow:
        one, two = customer(uow, "架空商事", "slack:T:UA", "slack:T:UB"), customer(uow, "架空商会", "slack:T:UC")
        with pytest.raises(NotFound, match="contact"):
            uow.customers.split(one, ["slack:T:UA", "slack:T:UC"], "x", AT)
        with pytest.raises(Refused, match=r"customers\.split_all"):
            uow.customers.split(one, ["slack:T:UB", "slack:T:UA"], "x", AT)
        uow.customers.merge(one, two)
        with pytest.raises(Refused, match=r"customers\.merge_merged"):
            uow.customers.split(one, ["slack:T:UA"], "x", AT)
        uow.customers.part(one)
        again = uow.customers.split(one, ["slack:T:UA"], "架空商会", AT)
        assert uow.customers.save(CustomerRecord(name="架空商会"), AT).id == two, "the older one keeps its name"
        assert uow.customers.get(again).name == "架空商会"


# Forgetting


@pytest.mark.parametrize(("withdrawn", "kept"), [(False, True), (True, False)])
async def test_what_a_report_names_stays_with_every_wording(house: Harness, withdrawn: bool, kept: bool) -> None:
    who = house.customer(name="ある人")
    said = await who.says("ひどい言葉です")
    await who.edits(said, "もっとひどい言葉です")
    await who.says("まったく別の話です")
    with house.database.begin() as uow:
        at = START if withdrawn else None
        uow.incidents.file(replace(REPORT, message_id=1, withdrawn_at=at))
    house.clock.now = START + 60 * DAY
    await house.submit(RetentionDue())
    with house.database.read() as uow:
        assert [s.text for s in uow.messages.spoken([1, 3])] == (["もっとひどい言葉です"] if kept else [])
        assert uow.messages.text(1) == ("ひどい言葉です" if kept else None)
        assert uow.customers.get(1).name == ("ある人" if kept else "")


async def test_who_has_an_incident_keeps_the_name(house: Harness) -> None:
    for number, state in enumerate(IncidentState):
        await house.customer(f"U{number}", name="ある人").says(f"電話の前の話です {number}")
        with house.database.begin() as uow:
            uow.incidents.save(replace(INCIDENT, customer_id=number + 1, state=state))
    house.clock.now = START + 60 * DAY
    await house.submit(RetentionDue())
    with house.database.read() as uow:
        names = {incident.state.value: uow.customers.get(incident.customer_id).name for incident in uow.incidents.all()}
    assert names == {"suspected": "ある人", "judged": "ある人", "lapsed": ""}


async def test_what_was_posted_long_ago_is_emptied(house: Harness) -> None:
    now = START + 60 * DAY
    outbox: Any = OutboxRow.__table__  # type: ignore[attr-defined]
    texts = dict.fromkeys(("base", "lane", "place", "round", "channel", "language", "kind", "error"), "")
    post = texts | {
        "priority": 1, "people": [], "facts": "{}", "quotes": [], "put_at": START, "lease": 0, "attempts": 0,
        "doubtful": False, "ref_channel": "", "ref_id": "",
    }  # fmt: skip
    cases = {
        "sent now": ("sent", timedelta(0)), "sent on the bound": ("sent", 7 * DAY), "sent": ("sent", 7 * DAY + TICK),
        "waiting": ("waiting", 60 * DAY), "dead": ("dead", 60 * DAY),
    }  # fmt: skip
    with house.database.connect() as connection:
        for key, (state, ago) in cases.items():
            sent_at = now - ago if state == "sent" else None
            row = post | {"key": key, "state": state, "due_at": now - ago, "sent_at": sent_at}
            connection.execute(outbox.insert().values(row))
    house.clock.now = now
    await house.submit(RetentionDue())
    with house.database.connect() as connection:
        kept = set(connection.scalars(select(outbox.c.key).where(outbox.c.facts.is_not(None))))
    assert kept == set(cases) - {"sent", "dead"}
    with house.database.read() as uow:
        runs = [entry.detail for entry in uow.audit.entries() if entry.action == "retention.run"]
    assert runs == ['{"names": 0, "posts": 2, "rows": 0, "texts": 0}']


# Plans


ROWS = 4000


def fill(database: Database) -> None:
    """4,000 incidents with a sign each, pings of which one in forty is open, and calls of 100 people."""
    with database.begin() as uow:
        uow.incidents.add_sign(uow.incidents.save(INCIDENT).id, sign())
        uow.pings.add(PING)
        uow.pings.note(CALL)
    numbers = range(2, ROWS)
    changes: dict[Any, list[dict[str, Any]]] = {
        IncidentRow: [{"id": n, "customer_id": n // 4} for n in numbers],
        SignRow: [{"id": n, "incident_id": n, "ref": n} for n in numbers],
        PingRow: [
            {"id": n, "customer_id": n, "incident_id": n, "state": "resolved" if n % 40 else "triggered"}
            for n in numbers
        ],
        NotificationRow: [{"n": n, "target": f"slack:TOWN:U{n % 100}", "at": AT + n * MINUTE} for n in numbers],
    }
    with database.connect() as connection:
        for row, rows in changes.items():
            table = row.__table__
            first = dict(connection.execute(select(table)).one()._mapping)
            connection.execute(table.insert(), [first | changed for changed in rows])
        connection.execute(text("ANALYZE"))


def plans(database: Database, said: list[tuple[str, Any]]) -> str:
    explain = "EXPLAIN QUERY PLAN" if database.sqlite else "EXPLAIN"
    with database.connect() as connection:
        cursor = connection.connection.cursor()
        found = [cursor.execute(f"{explain} {statement}", given).fetchall() for statement, given in said]
    return "\n".join(str(line) for lines in found for line in lines)


def test_what_is_asked_all_the_time_is_found_by_an_index(database: Database) -> None:
    fill(database)
    said: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, parameters))

    asked = {
        "ix_pings_due": lambda uow: uow.pings.due(AT + HOUR, 20),
        "uq_pings_open": lambda uow: uow.pings.open_of(80),
        "ix_incidents_customer_last": lambda uow: uow.incidents.open_of(7),
        "ix_signs_ref": lambda uow: uow.incidents.with_sign(SignKind.REPORT, 7),
        "ix_notifications_target_at": lambda uow: uow.pings.automatic_calls("slack:TOWN:U7", AT + DAY),
        "ix_pings_incident_id": lambda uow: uow.pings.of_incident(7),
    }
    event.listen(database._engine, "before_cursor_execute", hear)
    for index, ask in asked.items():
        said.clear()
        with database.begin() as uow:
            assert ask(uow), index
        found = plans(database, said)
        assert index in found
        assert "Seq Scan" not in found
        assert "SCAN" not in found
