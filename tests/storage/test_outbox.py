"""The outbox on rows: put once, claimed in order under a lease, cancelled for good."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from harness import KEY, START
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import Server
from sqlalchemy import text
from test_statements import Heard

from bot.domain.model import Destination, MessageRef, Priority
from bot.domain.notices import HelpComing, Letter, OutageNoticed, Post, Posted
from storage import facts
from storage.database import Database
from storage.tables import MessageRow, OutboxRow, ReportRow, table_of

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
ALERTS = "slack:TOWN:alerts"
REF = MessageRef(ALERTS, "1.1")


def help_coming(number: int = 1) -> HelpComing:
    return HelpComing(number, "架空花子", START, "Asia/Tokyo")


def post(key: str, *, lane: str = "", priority: Priority = Priority.PING, channel: str = ALERTS, **more: Any) -> Post:
    """A post in a lane of its own unless one is named."""
    to = more.pop("to", Destination(channel))
    return Post(key, lane or f"lane of {more.get('edits') or key}", priority, to, help_coming(), **more)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('outbox') / 'kasuhara.db'}", KEY)
    yield database
    database.close()


@pytest.fixture(scope="module")
def postgresql(postgres: Server) -> Iterator[Database]:
    database = Database(postgres.fresh(), KEY)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """One of the two, with an empty outbox."""
    found: Database = request.getfixturevalue(request.param)
    with found.connect() as connection:
        connection.execute(text("DELETE FROM outbox"))
    return found


def put(database: Database, *posts: Post, at: datetime = START) -> list[bool]:
    with database.begin() as uow:
        return [uow.outbox.put(one, at) for one in posts]


def claim(database: Database, now: datetime = START, limit: int = 10) -> list[Letter]:
    with database.begin() as uow:
        return uow.outbox.claim(now, LEASE, limit)


def keys(letters: list[Letter]) -> list[str]:
    return [letter.post.key for letter in letters]


def only(letters: list[Letter]) -> Letter:
    assert len(letters) == 1, keys(letters)
    return letters[0]


def sent(database: Database, letter: Letter, ref: MessageRef = REF) -> bool:
    with database.begin() as uow:
        return uow.outbox.sent(letter, ref, START)


def again(database: Database, letter: Letter, at: datetime, *, doubtful: bool = False) -> bool:
    with database.begin() as uow:
        return uow.outbox.again(letter, at, "server_error", doubtful=doubtful)


def dead(database: Database, letter: Letter) -> bool:
    with database.begin() as uow:
        return uow.outbox.dead(letter, START, "channel_archived")


def cancel(database: Database, round: str) -> int:
    with database.begin() as uow:
        return uow.outbox.cancel_round(round)


def holds(database: Database, letter: Letter, now: datetime = START) -> bool:
    with database.read() as uow:
        return uow.outbox.holds(letter, now)


def state(database: Database, key: str) -> str:
    with database.connect() as connection:
        return str(connection.scalar(text("SELECT state FROM outbox WHERE key = :key"), {"key": key}))


def waiting(database: Database) -> list[str]:
    with database.read() as uow:
        return [one.key for one in uow.outbox.waiting()]


# Put


def test_the_same_key_is_put_once(database: Database) -> None:
    assert put(database, post("ping:1:0"), post("ping:1:0", channel="slack:TOWN:other")) == [True, False]
    assert put(database, post("ping:1:0")) == [False]
    assert waiting(database) == ["ping:1:0"]


def test_what_was_put_comes_out_whole(database: Database) -> None:
    whole = post("ping:1:0", to=Destination("", ("slack:TOWN:UB", "slack:TOWN:UA")), round="ping:1", quotes=("x:1",))
    with database.begin() as uow:
        uow.outbox.put(whole, START, "en")
        assert list(uow.outbox.waiting()) == [whole]
        letter = only(uow.outbox.claim(START, LEASE, 10))
    assert (letter.post, letter.language, letter.attempt, letter.doubtful) == (whole, "en", 1, False)
    assert (letter.ref, letter.lease_until, letter.since, letter.fault) == (None, START + LEASE, START, "")


def test_a_post_of_the_future_waits_and_holds_nobody_up(database: Database) -> None:
    later = START + timedelta(hours=1)
    put(database, post("digest", lane="team", at=later), post("now", lane="team"))
    assert keys(claim(database)) == ["now"]
    digest = only(claim(database, later, 1))
    assert (digest.post.key, digest.since) == ("digest", later)
    assert claim(database, later) == [], "one at a time, whichever was first"


def test_next_due_is_the_first_that_may_be_claimed(database: Database) -> None:
    def next_due() -> datetime | None:
        with database.read() as uow:
            return uow.outbox.next_due()

    assert next_due() is None
    put(database, post("a:1", lane="a"), post("a:2", lane="a"), post("b", at=START + 40 * SECOND))
    assert next_due() == START
    letter = only(claim(database))
    assert next_due() == START + LEASE, "what stands behind a leased one is not due"
    again(database, letter, START + 50 * SECOND)
    assert next_due() == START + 40 * SECOND
    with database.read() as uow:
        assert list(uow.outbox.keys(["a:1", "b", "c"]).items()) == [("a:1", 0), ("b", 0)]


# Claims


def test_urgent_first_then_in_order(database: Database) -> None:
    low, normal, critical = Priority.LOW, Priority.NORMAL, Priority.CRITICAL
    put(database, post("low", priority=low), *(post(f"n{n}", priority=normal) for n in range(3)))
    put(database, post("critical", priority=critical))
    assert keys(claim(database, limit=3)) == ["critical", "n0", "n1"]
    assert keys(claim(database)) == ["n2", "low"]


def test_a_critical_one_makes_its_line_urgent_and_keeps_its_place_in_it(database: Database) -> None:
    put(database, *(post(f"n{n}", priority=Priority.NORMAL) for n in range(20)))
    put(database, post("card", lane="customer:5", priority=Priority.LOW))
    put(database, post("call", lane="customer:5", priority=Priority.CRITICAL))
    first = claim(database, limit=1)
    assert keys(first) == ["card"]
    sent(database, first[0])
    assert keys(claim(database, limit=1)) == ["call"]


def test_a_line_is_one_lane_to_one_place(database: Database) -> None:
    put(database, post("a1", lane="a"), post("a2", lane="a"), post("a3", lane="a", channel="slack:TOWN:else"))
    letters = claim(database)
    assert keys(letters) == ["a1", "a3"]
    assert claim(database) == []
    again(database, letters[0], START + 60 * SECOND)
    sent(database, letters[1])
    assert claim(database, START + 59 * SECOND) == [], "what backs off holds its line"
    first = only(claim(database, START + 60 * SECOND))
    assert first.post.key == "a1"
    sent(database, first)
    assert keys(claim(database, START + 60 * SECOND)) == ["a2"]


def test_a_lease_that_ran_out_is_claimed_again_and_doubtful(database: Database) -> None:
    put(database, post("ping:1:0"))
    first = only(claim(database))
    assert claim(database, START + LEASE - SECOND) == []
    second = only(claim(database, START + LEASE))
    assert (first.doubtful, second.doubtful, second.attempt) == (False, True, 2)
    third = only(claim(database, START + 2 * LEASE))
    again(database, third, START + 2 * LEASE, doubtful=False)
    assert only(claim(database, START + 2 * LEASE)).doubtful is False, "it was looked up"


def test_marks_of_an_old_holder_are_refused(database: Database) -> None:
    put(database, post("ping:1:0"))
    old = only(claim(database))
    new = only(claim(database, START + LEASE))
    assert not holds(database, old)
    assert holds(database, new, START + LEASE)
    assert not holds(database, new, START + 2 * LEASE)
    assert [sent(database, old), again(database, old, START), dead(database, old)] == [False] * 3
    assert holds(database, new, START + LEASE)
    assert sent(database, new)
    assert [sent(database, new), again(database, new, START), dead(database, new)] == [False] * 3
    with database.read() as uow:
        assert uow.outbox.ref("ping:1:0") == REF
        assert uow.outbox.ref("ping:1:1") is None


# Edits


def test_an_edit_waits_for_its_base_and_changes_its_message(database: Database) -> None:
    put(database, post("p", lane="a"), post("p@1", edits="p", lane="b"))
    base = only(claim(database))
    assert claim(database) == []
    sent(database, base)
    edit = only(claim(database))
    assert (edit.post.key, edit.post.edits, edit.ref) == ("p@1", "p", REF)


def test_a_newer_edit_overtakes_waiting_ones_but_not_one_on_its_way(database: Database) -> None:
    put(database, post("p"))
    sent(database, only(claim(database)))
    put(database, post("p@1", edits="p"))
    leased = only(claim(database))
    put(database, post("p@2", edits="p"), post("p@3", edits="p"))
    assert [state(database, f"p@{n}") for n in (1, 2, 3)] == ["waiting", "cancelled", "waiting"]
    assert put(database, post("p@2", edits="p")) == [False]
    assert state(database, "p@3") == "waiting", "a key that is there already changes nothing"
    sent(database, leased)
    assert keys(claim(database)) == ["p@3"]
    with database.read() as uow:
        assert uow.outbox.keys(["p"]) == {"p": 3}


def test_edits_of_what_nobody_will_see_are_cancelled(database: Database) -> None:
    put(database, post("d"), post("c", round="ping:1"), post("never"))
    put(database, post("d@1", edits="d"), post("c@1", edits="c"), post("x@1", edits="x"))
    assert state(database, "x@1") == "cancelled", "there is no such post"
    letters = claim(database, limit=1)
    assert dead(database, letters[0])
    assert cancel(database, "ping:1") == 1
    put(database, post("d@2", edits="d"), post("c@2", edits="c"))
    assert {state(database, key) for key in ("d@1", "d@2", "c@1", "c@2")} == {"cancelled"}
    assert keys(claim(database)) == ["never"]
    with database.read() as uow:
        assert uow.outbox.keys(["c", "d", "never"]) == {"d": 2, "never": 0}


def test_an_edit_of_a_post_of_the_future_holds_nobody_up(database: Database) -> None:
    later = START + timedelta(hours=1)
    put(database, post("p", lane="a", at=later), post("p@1", lane="a", edits="p"), post("q", lane="a"))
    sent(database, only(claim(database)))
    base = only(claim(database, later))
    assert base.post.key == "p"
    sent(database, base)
    assert keys(claim(database, later)) == ["p@1"]


# Answered while it is on its way


def test_a_cancelled_round_is_not_claimed_again(database: Database) -> None:
    put(database, *(post(f"p{n}", round="ping:7") for n in range(3)), post("other", round="ping:8"))
    leased = claim(database, limit=1)
    assert cancel(database, "ping:7") == 3
    assert cancel(database, "ping:7") == 0
    assert not holds(database, leased[0])
    assert keys(claim(database, START + 10 * LEASE)) == ["other"]


def test_a_call_that_got_through_all_the_same_can_be_changed_later(database: Database) -> None:
    put(database, post("p", round="ping:7"))
    letter = only(claim(database))
    cancel(database, "ping:7")
    put(database, post("p@1", edits="p"))
    assert claim(database) == []
    with database.read() as uow:
        assert uow.outbox.keys(["p"]) == {"p": 1}
    assert sent(database, letter)
    assert only(claim(database)).ref == REF


@pytest.mark.parametrize("mark", ["again", "dead", "none"])
def test_a_call_that_did_not_get_through_takes_its_edits_with_it(database: Database, mark: str) -> None:
    put(database, post("p", round="ping:7"))
    letter = only(claim(database))
    cancel(database, "ping:7")
    put(database, post("p@1", edits="p", lane="a"), post("next", lane="a"))
    if mark == "again":
        assert not again(database, letter, START)
    elif mark == "dead":
        assert not dead(database, letter)
    now = START if mark != "none" else START + LEASE
    assert keys(claim(database, now)) == ["next"]
    assert [state(database, key) for key in ("p", "p@1")] == ["cancelled", "cancelled"]


@pytest.mark.parametrize("rounds", [200, pytest.param(1000, marks=pytest.mark.soak)])
def test_nothing_of_a_round_is_claimed_after_the_commit_that_cancelled_it(
    postgres: Server, postgresql: Database, rounds: int
) -> None:
    """Two connections at once: whatever a claim that began after the commit returns, it is none of these calls."""
    other = Database(postgresql.url.render_as_string(hide_password=False), KEY)
    answered, begin = threading.Event(), threading.Barrier(2)
    late: list[str] = []
    early = 0

    def answer(round: str) -> None:
        begin.wait(10)
        cancel(postgresql, round)
        answered.set()

    with ThreadPoolExecutor(1) as threads:
        for number in range(rounds):
            round = f"ping:{number}"
            put(postgresql, *(post(f"{round}:{n}", round=round) for n in range(3)))
            answered.clear()
            done = threads.submit(answer, round)
            begin.wait(10)
            claimed: list[Letter] = []
            after = False
            while not after:
                after = answered.is_set()
                letters = claim(other, limit=1)
                late += keys(letters) if after else []
                claimed += letters
            done.result()
            early += len(claimed)
            assert not any(holds(other, letter) for letter in claimed)
            assert claim(other, START + LEASE) == []
    other.close()
    assert late == []
    assert early > 0, "no claim ever came first: this test has seen no race"


def test_two_replicas_claim_each_post_once(postgres: Server, postgresql: Database) -> None:
    with postgresql.connect() as connection:
        connection.execute(text("DELETE FROM outbox"))
    other = Database(postgresql.url.render_as_string(hide_password=False), KEY)
    put(postgresql, *(post(f"p{n}", lane=f"lane {n % 40}") for n in range(200)))
    taken: list[list[str]] = [[], []]

    def take(mine: int, database: Database) -> None:
        while letters := claim(database, limit=3) or waiting(database):
            for letter in letters:
                if isinstance(letter, Letter):
                    taken[mine].append(letter.post.key)
                    assert sent(database, letter)

    with ThreadPoolExecutor(2) as threads:
        for future in [threads.submit(take, n, database) for n, database in enumerate((postgresql, other))]:
            future.result()
    other.close()
    assert sorted(taken[0] + taken[1]) == sorted(f"p{n}" for n in range(200))


# Texts


def test_quotes_are_read_when_it_is_claimed_and_what_is_forgotten_is_left_out(database: Database) -> None:
    with database.begin() as uow:
        place = uow.messages.place("slack", "TOWN", "support")
    messages = {"place_id": place, "edit": "", "speaker": "customer", "author": "x", "sent_at": START, "direct": False}
    empty = dict.fromkeys(("thread", "reply_to", "mentions"), "")
    report = {"incident_id": 1, "customer_id": 1, "filed_at": START, "severity": 1, "burden": 0, "named": []}
    words = dict.fromkeys(("team", "reporter", "kind", "group", "category", "medium", "place"), "")
    with database.connect() as connection:
        for number, body in ((901, "返事しろ"), (902, None)):
            row = {**messages, **empty, "id": number, "message_id": f"{number}", "body": body}
            connection.execute(table_of(MessageRow).insert().values(row))
        row = {**report, **words, "id": 903, "text": "怒鳴られました", "quote": "ばかやろう"}
        connection.execute(table_of(ReportRow).insert().values(row))
    named = ("message:901", "message:902", "message:999", "report:903", "quote:903", "quote:x", "nonsense")
    put(database, *(post(f"p{n}", quotes=named) for n in range(5)))
    with Heard(database) as heard:
        letters = claim(database)
    expected = {"message:901": "返事しろ", "report:903": "怒鳴られました", "quote:903": "ばかやろう"}
    assert [letter.quotes for letter in letters] == [expected] * 5
    assert len(heard.said) == 4, "two for the claim, two for all the texts"
    with database.connect() as connection:
        connection.execute(text("DELETE FROM messages"))
        connection.execute(text("DELETE FROM reports"))


def test_facts_are_sealed_and_forgotten_after_they_left(database: Database) -> None:
    put(database, post("old"), post("kept"))
    old, _ = claim(database)
    sent(database, old)
    with database.connect() as connection:
        for (sealed,) in connection.execute(text("SELECT facts FROM outbox")):
            assert "架空花子".encode() not in bytes(sealed)
    with database.begin() as uow:
        assert uow.outbox.forget(START) == 0
        assert uow.outbox.forget(START + SECOND) == 1
        assert uow.outbox.forget(START + SECOND) == 0
        assert uow.outbox.ref("old") == REF, "its message can still be changed"


def test_a_kind_of_a_newer_version_comes_with_its_fault_and_holds_up_nobody(database: Database) -> None:
    put(database, post("a"), post("b"), post("c"))
    with database.connect() as connection:
        connection.execute(text("UPDATE outbox SET kind = 'ThingOfTomorrow' WHERE key = 'a'"))
        connection.execute(text("UPDATE outbox SET kind = 'OutageNoticed' WHERE key = 'b'"))
    assert [(one.post.key, one.fault) for one in claim(database)] == [
        ("a", "unknown_kind"), ("b", "unknown_kind"), ("c", ""),
    ]  # fmt: skip


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    datetime: INSTANTS.map(lambda at: at.replace(fold=0)),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=5),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type, nested as deep as the type is."""
    if kind in PLAIN:
        return PLAIN[kind]
    if is_dataclass(kind):
        return st.builds(kind, **{name: anything(part) for name, part in get_type_hints(kind).items()})
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if parts[-1] is Ellipsis:
            return st.lists(anything(parts[0]), max_size=2).map(tuple)
        return st.tuples(*(anything(part) for part in parts))
    if get_args(kind):
        return st.one_of(*(anything(part) for part in get_args(kind)))
    return st.from_type(kind)


@pytest.mark.parametrize("kind", get_args(Posted), ids=lambda kind: kind.__name__)
def test_every_notice_is_read_as_it_was_written(kind: type[Posted]) -> None:
    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(anything(kind))
    def written_and_read(notice: Posted) -> None:
        read = facts.read(facts.kind_of(notice), facts.written(notice))
        assert read == notice
        assert repr(read).replace("TzInfo(0)", "UTC") == repr(notice).replace("datetime.timezone.utc", "UTC")

    written_and_read()


def test_facts_that_this_version_cannot_read_are_said() -> None:
    for kind, written in (("ThingOfTomorrow", "{}"), ("HelpComing", "{}"), ("HelpComing", ""), ("UnknownKind", "")):
        with pytest.raises(facts.UnknownKind, match=kind):
            facts.read(kind, written)
    notice = OutageNoticed(1, "t", "Asia/Tokyo", START, 5, ("message:1",))
    assert facts.read("OutageNoticed", facts.written(notice)) == notice


# Work


def fill(database: Database) -> None:
    """20,000 posts that were sent and 400 that wait."""
    base = {
        "round": "", "priority": 2, "channel": ALERTS, "people": [], "language": "ja", "kind": "HelpComing",
        "facts": "{}", "quotes": [], "put_at": START, "due_at": START, "attempts": 1, "doubtful": False, "lease": 1,
        "ref_channel": "", "ref_id": "", "error": "", "place": ALERTS,
    }  # fmt: skip
    rows = [
        {**base, "key": f"k{n}", "base": f"k{n // 2 * 2}", "lane": f"customer:{n % 300}", "state": "sent"}
        for n in range(20_000)
    ]
    rows += [
        {**base, "key": f"w{n}", "base": f"w{n}", "lane": f"customer:{n % 300}", "state": "waiting", "attempts": 0}
        for n in range(400)
    ]
    with database.connect() as connection:
        connection.execute(table_of(OutboxRow).insert(), rows)
        connection.execute(text("ANALYZE"))


class Undone(Exception):
    """Ends a transaction without a trace."""


def test_no_statement_reads_the_whole_outbox(database: Database) -> None:
    fill(database)
    with Heard(database) as heard, suppress(Undone), database.begin() as uow:
        outbox = uow.outbox
        outbox.put(post("new", lane="customer:7"), START)
        outbox.put(post("k10@9", edits="k10"), START)
        letter = outbox.claim(START, LEASE, 16)[0]
        outbox.holds(letter, START)
        outbox.sent(letter, REF, START)
        outbox.again(letter, START, "x", doubtful=True)
        outbox.dead(letter, START, "x")
        outbox.cancel_round("ping:7")
        outbox.keys(["k1", "k2", "w3"])
        outbox.next_due()
        outbox.ref("k1")
        outbox.waiting()
        raise Undone
    assert len(heard.said) >= 14
    for statement, parameters in heard.said:
        whole = _scans(database, statement, parameters)
        assert not whole, f"{statement} {whole}"


def _scans(database: Database, statement: str, parameters: Any) -> list[str]:
    """Lines of the plan that read the outbox from end to end, other than by an index of what waits."""
    with database.connect() as connection:
        cursor = connection.connection.cursor()
        explain = "EXPLAIN QUERY PLAN" if database.sqlite else "EXPLAIN"
        lines = [str(row[-1]) for row in cursor.execute(f"{explain} {statement}", parameters).fetchall()]
        cursor.close()
    told = ("SCAN", "Seq Scan")
    return [line for line in lines if any(word in line for word in told) and "ix_outbox_" not in line]
