"""No statement on the path of every message reads a whole table, however the planner was told about it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from harness import KEY, START
from sqlalchemy import event, text

from bot.domain.policy import Retention
from storage.columns import micros
from storage.database import Database
from storage.statements import MESSAGE_COLUMNS, POSTGRESQL, SQLITE
from storage.tables import ContactRow, CustomerRow, DetectionMessageRow, MessageRow, PlaceRow

ROWS = 20_000
CUSTOMERS = 5000
STORED = {"messages", "customers", "contacts", "places", "detections", "detection_messages", "audit"}
DAY = timedelta(days=1)


def fill(database: Database) -> None:
    """20,000 messages of 5,000 customers over 31 days; one in forty is staff's, one in forty in a detection."""
    with database.connect() as connection:
        connection.execute(MessageRow.__table__.insert(), [row(number) for number in range(ROWS)])  # type: ignore[attr-defined]
        places = [{"platform": "slack", "workspace": "TOWN", "channel": f"C{n}"} for n in range(20)]
        connection.execute(PlaceRow.__table__.insert(), places)  # type: ignore[attr-defined]
        customers = [
            {
                "kind": "unknown", "zone": "", "source": "seen", "version": 0, "terms_version": "", "clause": "",
                "anchor_day": 1, "created_at": START, "name": "x",
            }
        ] * CUSTOMERS  # fmt: skip
        connection.execute(CustomerRow.__table__.insert(), customers)  # type: ignore[attr-defined]
        contacts = [
            {"lookup": f"slack:TCUST:U{n}", "customer_id": n + 1, "source": "seen", "seen_at": START}
            for n in range(CUSTOMERS)
        ]
        connection.execute(ContactRow.__table__.insert(), contacts)  # type: ignore[attr-defined]
        members = [{"detection_id": n // 4, "message_id": 1 + n * 40, "live": True} for n in range(ROWS // 40)]
        connection.execute(DetectionMessageRow.__table__.insert(), members)  # type: ignore[attr-defined]


def row(number: int) -> dict[str, Any]:
    """One message as the table has it."""
    staff = number % 40 == 7
    customer = None if staff else number % CUSTOMERS + 1
    small, key = number.to_bytes(8, "big"), number.to_bytes(16, "big")
    made: dict[str, Any] = dict.fromkeys(MESSAGE_COLUMNS)
    return made | {
        "place_id": number % 20 + 1,
        "message_id": f"{number:06}",
        "edit": "",
        "speaker": "staff" if staff else "customer",
        "customer_id": customer,
        "attributed_id": customer,
        "author": f"slack:TCUST:U{number % CUSTOMERS}",
        "sent_at": START + number * (31 * DAY / ROWS),
        "thread": "",
        "reply_to": "",
        "mentions": "",
        "direct": False,
        "body": "x",
        "raw_key": small,
    } | ({} if staff else {"content_key": key, "numbers_key": small, "bitmap": bytes(256)})  # fmt: skip


@pytest.fixture(scope="module")
def sqlite_plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('plain') / 'kasuhara.db'}", KEY)
    fill(database)
    yield database
    database.close()


@pytest.fixture(scope="module")
def sqlite_analysed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('analysed') / 'kasuhara.db'}", KEY)
    fill(database)
    with database.connect() as connection:
        connection.execute(text("ANALYZE"))
    yield database
    database.close()


@pytest.fixture(scope="module")
def postgresql(postgres: Any) -> Iterator[Database]:
    database = Database(postgres.fresh(), KEY)
    fill(database)
    with database.connect() as connection:
        connection.execute(text("ANALYZE"))
    yield database
    database.close()


@pytest.fixture(params=["sqlite_plain", "sqlite_analysed", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


def hot(database: Database) -> dict[str, tuple[str, tuple[Any, ...]]]:
    """Every statement of the hot path with parameters as the stores give them."""
    statements = SQLITE if database.sqlite else POSTGRESQL

    def many(values: list[Any]) -> Any:
        return json.dumps(values) if database.sqlite else values

    ids = list(range(1, 17))
    known = [[n % 20 + 1, f"{n:06}"] for n in ids]
    values = _values(row(ROWS + 1))
    return {
        "epoch": (statements.epoch, ()),
        "contacts": (statements.contacts, (many([f"slack:TCUST:U{n}" for n in ids]),)),
        "hold": (statements.hold, (many(ids),)),
        "bump": (statements.bump, (many(ids),)),
        "known": (
            statements.known,
            (json.dumps(known),) if database.sqlite else ([p for p, _ in known], [m for _, m in known]),
        ),
        "insert": (statements.insert, values if database.sqlite else tuple([value] for value in values)),
        "recent": (statements.recent, (7, micros(START + 3 * DAY), micros(START + 4 * DAY))),
        "body": (statements.body, (77,)),
    }


def _values(made: dict[str, Any]) -> tuple[Any, ...]:
    driver = made | {"sent_at": micros(made["sent_at"]), "body": b"x"}
    return tuple(driver[name] for name in MESSAGE_COLUMNS)


def scanned(database: Database, statement: str, parameters: Any) -> set[str]:
    """The stored tables that a statement would read from end to end."""
    with database.connect() as connection:
        cursor = connection.connection.cursor()
        if database.sqlite:
            plan = [r[3] for r in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()]
            found = {_table_of(line, statement) for line in plan if line.startswith("SCAN")}
        else:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            found = set(_sequential(cursor.fetchone()[0][0]["Plan"]))
        cursor.close()
    return found & STORED


def _table_of(line: str, statement: str) -> str:
    name = line.split()[1]
    for table in STORED:
        if f"{table} AS {name} " in f"{statement} " or f"{table} AS {name}\n" in statement:
            return table
    return name


def _sequential(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _sequential(part)


@pytest.mark.parametrize("name", SQLITE.__dataclass_fields__)
def test_no_hot_statement_reads_a_whole_table(database: Database, name: str) -> None:
    statement, parameters = hot(database)[name]
    assert scanned(database, statement, parameters) == set()


def test_the_look_through_plans_sees_a_scan(database: Database) -> None:
    assert scanned(database, "SELECT author FROM messages WHERE reply_to = 'x'", ()) == {"messages"}


class Heard:
    """The statements that SQLAlchemy sends while this listens."""

    def __init__(self, database: Database) -> None:
        self.said: list[tuple[str, Any]] = []
        self.engines = {database._engine, database._reader}

    def __enter__(self) -> "Heard":
        for engine in self.engines:
            event.listen(engine, "before_cursor_execute", self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        for engine in self.engines:
            event.remove(engine, "before_cursor_execute", self._hear)

    def _hear(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET", "INSERT")):
            self.said.append((statement, parameters))


def test_what_our_people_said_is_found_by_its_index(database: Database) -> None:
    with Heard(database) as heard, database.read() as uow:
        said = uow.messages.staff_between(START + 3 * DAY, START + 3 * DAY + timedelta(hours=5))
    assert 0 < len(said) < 10
    ((statement, parameters),) = heard.said
    assert scanned(database, statement, parameters) - {"places"} == set(), "few places are rightly read whole"


@pytest.mark.parametrize("name", ["spoken", "customer"])
def test_what_a_detection_reads_is_found_by_its_index(database: Database, name: str) -> None:
    """A flood detects again and again while millions of rows stand below."""
    with Heard(database) as heard, database.read() as uow:
        if name == "spoken":
            assert len(uow.messages.spoken([77, 78, 4000])) == 3
        else:
            assert uow.customers.get(77).id == 77
    assert "messages" not in {table for one in heard.said for table in scanned(database, *one)}
    assert name == "spoken" or not any("messages" in statement for statement, _ in heard.said), "nothing is counted"


def test_forgetting_reads_no_whole_table_of_messages(database: Database) -> None:
    """Run every hour over what may be millions of rows; nothing of these is due yet but a few days' texts."""
    now = START + 10 * DAY
    with Heard(database) as heard:
        try:
            with database.begin() as uow:
                uow.messages.forget(now, Retention())
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass
    assert len(heard.said) >= 4
    reading = {statement: scanned(database, statement, parameters) for statement, parameters in heard.said}
    if not database.sqlite:  # who of all customers spoke lately is rightly asked of all messages at once
        reading = {statement: tables for statement, tables in reading.items() if not statement.startswith("SELECT")}
    assert {statement: tables for statement, tables in reading.items() if "messages" in tables} == {}


def test_a_detection_is_found_by_its_customer_and_by_its_time(database: Database) -> None:
    if not database.sqlite:
        pytest.skip("no detections are stored here: PostgreSQL rightly reads an empty table whole")
    with Heard(database) as heard, database.read() as uow:
        uow.detections.of(7, START)
        uow.detections.near(START + DAY, START)
    assert [scanned(database, statement, parameters) for statement, parameters in heard.said] == [set(), set()]
