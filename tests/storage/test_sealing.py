"""What names or quotes people is sealed in every column and file; without the right key nothing opens (rules.md 4)."""

import asyncio
import sqlite3
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from harness import KEY, START, opened, sqlite_url
from postgres import Server
from sqlalchemy import LargeBinary, select, text, type_coerce, update
from sqlmodel import SQLModel

from bot.domain.errors import KeyMissing
from bot.domain.events import CustomersImported, TeamsApplied
from bot.domain.model import (
    Attachment,
    Contract,
    CustomerRecord,
    FileState,
    Finding,
    NewFile,
    Opinion,
    Outcome,
    Ping,
    PingState,
    Report,
    ReportKind,
    Review,
    ReviewState,
    Role,
    RoundReason,
    Severity,
    Staff,
    Team,
)
from bot.domain.questions import CustomersAsked, DetectionsAsked, TeamsAsked
from storage.columns import Sealed, SealedBytes
from storage.database import Database
from storage.keys import Key, Keys, key_file, new_key
from storage.rotation import reseal_all, seals_of
from storage.tables import CustomerRow, MessageRow, OutboxRow

PLANTED = (
    "架空太郎のひみつの発言ですよ", "Planted Quote 31337", "架空花子株式会社", "planted.person@kakuu.example",
    "担当者ヒミツ", "unknown-name-4242", "報告のひみつの文面", "quoted-insult-5150", "判断のひみつの理由",
    "fact-of-a-card-7070", "添付のひみつの名前.png", "bytes-of-a-file-8181", "終わり方のひみつのことば",
)  # fmt: skip
SEALED = [
    (table, column)
    for table in SQLModel.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Sealed | SealedBytes)
]


REPORT = Report(
    0, 1, 1, "課", "slack:TOWN:UAGENT", ReportKind.REPORT, START, None, PLANTED[6], PLANTED[7], "", "", Severity.MEDIUM,
    0, None,
)  # fmt: skip
REVIEW = Review(
    0, 1, START, "slack:TOWN:ULEAD", Finding.CONFIRMED, PLANTED[8], Opinion.NO, Opinion.NO, Opinion.YES,
    Severity.MEDIUM, (), ReviewState.FINAL, "", None, "", "", PLANTED[8],
)  # fmt: skip
PING = Ping(
    0, 1, "課", 1, PingState.RESOLVED, Severity.MEDIUM, (), (), False, START, START, 1, RoundReason.FIRST, 1, None, "",
    None, None, START, Outcome.HANDLED, 1, 1, note=PLANTED[12],
)  # fmt: skip
LETTER = {
    "key": "ping:1:1", "base": "ping:1:1", "lane": "1", "place": "", "round": "", "priority": 1, "channel": "",
    "people": [], "language": "ja", "kind": "PingCard", "facts": PLANTED[9], "quotes": [], "state": "waiting",
    "put_at": START, "due_at": START, "attempts": 0, "doubtful": False, "lease": 0, "ref_channel": "", "ref_id": "",
    "error": "",
}  # fmt: skip


async def planted(url: str) -> None:
    """A house in which every sealed column holds something that must not be read in the raw."""
    quote, english, company, mail, agent, unknown, *_ = PLANTED
    async with opened(url) as house:
        record = CustomerRecord(name=company, contacts=("slack:TCUST:UA", f"email::{mail}"), source="story")
        await house.submit(CustomersImported(records=(record,), actor="cli:test"))
        people = (Staff("slack:TOWN:UAGENT", agent, (Role.AGENT,)),)
        teams = (Team("課", "Asia/Tokyo", (), people),)
        await house.submit(TeamsApplied(teams=teams, source="story", actor="cli:test"))
        await house.customer("UA").repeats(quote, 3, timedelta(minutes=1))
        await house.customer("UB", name=unknown).repeats(english, 3, timedelta(minutes=1))
        await house.customer("UC", home="TX", mail=mail).says(quote)
        with house.database.begin() as uow:
            uow.incidents.file(REPORT)
            uow.reviews.add(REVIEW)
            uow.pings.add(PING)
            uow.files.note(
                [NewFile(1, "slack", "slack:TCUST:UA", Attachment("1", PLANTED[10], "", 20), FileState.WANTED, START)]
            )
            assert uow.files.keep(1, PLANTED[11].encode(), b"")
        with house.database.connect() as connection:
            connection.execute(OutboxRow.__table__.insert().values(LETTER))  # type: ignore[attr-defined]


def sealed_values(database: Database) -> dict[str, list[bytes]]:
    with database.connect() as connection:
        return {
            f"{table.name}.{column.name}": [
                bytes(value)
                for value in connection.scalars(select(type_coerce(column, LargeBinary)).where(column.is_not(None)))
            ]
            for table, column in SEALED
        }


async def test_every_sealed_column_holds_only_sealed_bytes(database_url: str) -> None:
    await planted(database_url)
    database = Database(database_url, KEY)
    values = sealed_values(database)
    assert all(values.values()), {name for name, found in values.items() if not found}
    ids = {value[:4] for found in values.values() for value in found}
    assert ids == {Key.parse(KEY).id}
    assert len({value for found in values.values() for value in found}) == sum(map(len, values.values())), "nonces"
    for plain in PLANTED:
        assert not any(plain.encode() in value for found in values.values() for value in found)
    database.close()


async def test_no_column_of_any_table_holds_a_planted_text(database_url: str) -> None:
    await planted(database_url)
    database = Database(database_url, KEY)
    with database.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.exec_driver_sql(f"SELECT * FROM {table.name}"):
                for plain in PLANTED:
                    assert plain not in repr(tuple(row)), table.name
                    assert plain.encode() not in b"".join(bytes(v) for v in row if isinstance(v, bytes | memoryview))
    database.close()


def raw_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_no_file_beside_the_database_holds_a_planted_text(tmp_path: Path) -> None:
    await planted(sqlite_url(tmp_path))
    raws = raw_files(tmp_path)
    assert raws
    for name, raw in raws.items():
        for plain in PLANTED:
            assert plain.encode() not in raw, name
            assert plain.encode("utf-16-le") not in raw, name


async def test_what_was_sealed_is_read_back(database_url: str) -> None:
    await planted(database_url)
    async with opened(database_url) as house:
        shown = await house.intake.ask(CustomersAsked())
        assert {c.name for c in shown.customers} == {PLANTED[2], PLANTED[5]}  # type: ignore[union-attr]
        assert f"email::{PLANTED[3]}" in next(c for c in shown.customers if c.name == PLANTED[2]).contacts  # type: ignore[union-attr]
        detections = await house.intake.ask(DetectionsAsked())
        assert {m.text for s in detections.stories for m in s.messages} == {PLANTED[0], PLANTED[1]}  # type: ignore[union-attr]
        teams = await house.intake.ask(TeamsAsked())
        assert [p.name for t in teams.teams for p in t.staff] == [PLANTED[4]]  # type: ignore[union-attr]


async def test_another_key_opens_nothing_and_changes_nothing(database_url: str) -> None:
    await planted(database_url)
    with pytest.raises(KeyMissing, match=r"key\.unknown"):
        Database(database_url, new_key())
    database = Database(database_url, KEY)
    assert set(seals_of(database).values) == {Key.parse(KEY).id.hex()}
    database.close()


@pytest.mark.parametrize("damage", ["nonce", "text", "cut", "moved"])
async def test_a_damaged_value_is_missing_its_key(database_url: str, damage: str) -> None:
    await planted(database_url)
    database = Database(database_url, KEY)
    table = MessageRow.__table__  # type: ignore[attr-defined]
    with database.connect() as connection:
        raw = bytes(connection.scalar(select(type_coerce(table.c.body, LargeBinary)).where(table.c.id == 1)))
        if damage == "moved":
            customers = CustomerRow.__table__  # type: ignore[attr-defined]
            name = select(type_coerce(customers.c.name, LargeBinary)).where(customers.c.name.is_not(None)).limit(1)
            raw = bytes(connection.scalar(name))
        place = 4 if damage == "nonce" else len(raw) - 1
        broken = (
            raw
            if damage == "moved"
            else raw[:place] + (b"" if damage == "cut" else bytes([raw[place] ^ 1]) + raw[place + 1 :])
        )
        connection.execute(text("UPDATE messages SET body = :body WHERE id = 1"), {"body": broken})
    with pytest.raises(KeyMissing, match=r"key\.damaged"), database.read() as uow:
        uow.messages.text(1)
    with pytest.raises(KeyMissing, match=r"key\.damaged"), database.read() as uow:
        uow.messages.spoken([1])
    database.close()


def test_bytes_that_nobody_sealed_are_missing_their_key() -> None:
    id = Key.parse(KEY).id
    for value in (b"", b"abc", bytes(40), id, id + b"x", id + bytes(12), id + bytes(13), id + bytes(28)):
        with pytest.raises(KeyMissing):
            Keys(KEY).open(value, b"place")


@pytest.mark.parametrize("written", ["", " ", ",", "short", "あ" * 43, "A" * 42, "A" * 100, "QUJD"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(KeyMissing, match=r"key\.malformed"):
        Keys(written)


def test_the_key_file_is_for_its_owner_only_and_is_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'kasuhara.db'}"
    first = Database(url)
    lookup = first.lookup.content_key
    first.close()
    file = tmp_path / "deep" / "kasuhara.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = Database(url)
    assert again.lookup.content_key == lookup
    again.close()
    written = Database(url, file.read_text())
    assert written.lookup.content_key == lookup
    written.close()


def test_a_lost_key_file_is_said_and_not_replaced_in_silence(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    Database(url).close()
    (tmp_path / "kasuhara.key").unlink()
    with pytest.raises(KeyMissing):
        Database(url)


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kasuhara.key").write_text("\n")
    with pytest.raises(KeyMissing, match=r"key\.malformed"):
        Database(sqlite_url(tmp_path))


def test_several_keys_may_stand_in_the_key_file(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    (tmp_path / "a.key").write_text(f"{new}\n{old}\n")
    keys = Keys(key_file(tmp_path / "a.key"))
    assert keys.open(Keys(old).seal("秘密", b"p"), b"p") == "秘密"
    assert keys.seal("秘密", b"p")[:4] == Key.parse(new).id


def test_postgresql_without_a_key_is_refused(postgres: Server) -> None:
    with pytest.raises(KeyMissing, match=r"key\.postgresql"):
        Database(postgres.fresh())


@pytest.mark.parametrize("text_", ["", "あ\x00い", "😀" * 1000, "\ud800 lone", "x" * 100_000])
def test_any_text_is_sealed_and_opened(text_: str) -> None:
    keys = Keys(KEY)
    expected = text_.encode("utf-8", "replace").decode()
    assert keys.open(keys.seal(text_, b"place"), b"place") == expected


# Rotation


async def test_rotation_seals_everything_anew_and_keeps_counting(database_url: str) -> None:
    await planted(database_url)
    new = new_key()
    both = Database(database_url, f"{new},{KEY}")
    before = sealed_values(both)
    seen: list[int] = []
    done = reseal_all(both, START, seen.append)
    after = sealed_values(both)
    assert done.values == sum(map(len, before.values()))
    assert seen == sorted(seen)
    assert seen[-1] == done.values
    assert seals_of(both).values == {Key.parse(new).id.hex(): done.values + 1}
    assert not {v for found in before.values() for v in found} & {v for found in after.values() for v in found}
    assert reseal_all(both, START, lambda _: None).values == 0
    lookup = both.lookup.content_key
    both.close()
    with pytest.raises(KeyMissing):
        Database(database_url, KEY)
    only = Database(database_url, new)
    assert only.lookup.content_key == lookup
    only.close()
    async with opened(database_url, key=new) as house:
        house.clock.now = START + timedelta(minutes=3)
        house.numbers = iter(range(100, 200))  # type: ignore[assignment]
        await house.customer("UA").says(PLANTED[0])
        assert sorted(s.detection.count for s in await house.detections()) == [3, 5]
        assert {s.customer.name for s in await house.detections()} == {PLANTED[2], PLANTED[5]}


async def test_rotation_goes_in_steps_and_resumes(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await planted(database_url)
    monkeypatch.setattr("storage.rotation.STEP", 2)
    new = new_key()
    both = Database(database_url, f"{new},{KEY}")

    class Stopped(Exception):
        pass

    def stop(done: int) -> None:
        if done >= 3:
            raise Stopped

    with pytest.raises(Stopped):
        reseal_all(both, START, stop)
    assert len(seals_of(both).values) == 2
    reseal_all(both, START, lambda _: None)
    assert set(seals_of(both).values) == {Key.parse(new).id.hex()}
    both.close()


async def test_rotation_goes_on_while_the_house_works(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    new = new_key()
    async with opened(url) as house:
        for number in range(50):
            await house.customer(f"U{number}", name=f"name {number}").says(f"別の話 {number}")
    async with opened(url, key=f"{new},{KEY}") as house:
        both = Database(url, f"{new},{KEY}")
        resealing = asyncio.to_thread(reseal_all, both, START, lambda _: None)
        task = asyncio.create_task(resealing)
        house.numbers = iter(range(100, 200))  # type: ignore[assignment]
        for number in range(30):
            await house.customer(f"U{number}").says(f"続きの話 {number}")
        await task
        assert set(seals_of(both).values) == {Key.parse(new).id.hex()}
        both.close()


# Instants and days


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 20, 1, 2, 3, 456789, tzinfo=UTC),
        datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime.fromisoformat("2026-11-20T10:02:03.456789+09:00"),
        datetime.fromisoformat("2026-11-20T10:02:03.000001-11:30"),
    ],
)
async def test_an_instant_comes_back_to_the_microsecond(database_url: str, at: datetime) -> None:
    async with opened(database_url) as house:
        await house.customer().says("一度だけの話", sent_at=at)
        with house.database.read() as uow:
            newest, _ = uow.messages.progress()
            (spoken,) = uow.messages.spoken([1])
            (entry,) = [e for e in uow.audit.entries() if e.action == "customer.seen"]
    assert newest == at
    assert newest is not None
    assert newest.utcoffset() == timedelta(0)
    assert spoken.sent_at == at
    assert entry.at == START


async def test_a_naive_instant_is_refused_everywhere(database_url: str) -> None:
    naive = datetime(2026, 11, 20, 1, 0)  # noqa: DTZ001
    async with opened(database_url) as house:
        with pytest.raises(Exception, match="naive|no zone"):
            await house.customer().says("一度だけの話", sent_at=naive)
        table = MessageRow.__table__  # type: ignore[attr-defined]
        with pytest.raises(Exception, match="naive|no zone"), house.database.connect() as connection:
            connection.execute(update(table).values(sent_at=naive))
        with house.database.read() as uow:
            assert uow.messages.progress() == (None, 0)


async def test_days_of_a_contract_come_back_as_days(database_url: str) -> None:
    contract = Contract("v2", "第9条", date(2027, 1, 31), date(2026, 11, 20), 31, date(2027, 4, 1))
    async with opened(database_url) as house:
        customer = await house.known("架空商事", contract=contract)
    assert customer.contract == contract


def test_the_raw_file_is_a_plain_sqlite_file(tmp_path: Path) -> None:
    Database(sqlite_url(tmp_path), KEY).close()
    connection = sqlite3.connect(tmp_path / "kasuhara.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
