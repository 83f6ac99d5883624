"""What customers attach is noted with the message, kept as bytes within limits, and goes with the message's text."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from harness import KEY, Harness, opened
from sqlalchemy import event as sql

from bot.domain.events import AuthorLookedUp, FileFetched, FileLost, MessagePosted, ReportFiled, RetentionDue
from bot.domain.model import Attachment, FileState, KeptFile, Membership, Platform, ReportKind, WantedFile
from bot.domain.notices import Denied
from bot.domain.policy import FileRule
from bot.domain.questions import WhyAsked, WhyShown
from storage.database import Database
from storage.keys import new_key
from storage.rotation import reseal_all, seals_of

STOCK = "在庫の数がおかしいです"
MIB = 2**20
SHOT = b"\x89PNG" + bytes(1000)


def file(id: str = "F1", size: int = len(SHOT), name: str = "証拠.png") -> Attachment:
    return Attachment(id, name, "image/png", size)


def wanted(house: Harness) -> list[WantedFile]:
    with house.database.read() as uow:
        return uow.files.wanted("slack", 100)


def files(house: Harness) -> list[KeptFile]:
    with house.database.read() as uow:
        return uow.files.of(range(1, 100))


def data(house: Harness, id: int = 1) -> bytes | None:
    with house.database.read() as uow:
        return uow.files.data(id)


async def fetches(house: Harness, data: bytes = SHOT) -> None:
    """Everything that is wanted arrives."""
    for one in wanted(house):
        await house.submit(FileFetched(file_id=one.id, data=data))


async def sends(house: Harness, *attached: Attachment, text: str = STOCK, who: str = "UKYAKU") -> MessagePosted:
    return await house.customer(who).says(text, files=attached)


async def test_a_customers_file_is_wanted_then_kept(house: Harness) -> None:
    await house.staffed()
    said = await house.customer().says("", files=(file(),), thread="1.5")
    (one,) = wanted(house)
    assert (one.workspace, one.channel, one.thread) == ("TOWN", "support", "1.5")
    assert (one.message_id, one.file_id) == (said.message_id, "F1")
    await fetches(house)
    (kept,) = files(house)
    assert (kept.name, kept.size, kept.state) == ("証拠.png", len(SHOT), FileState.KEPT)
    assert kept.sha256 == hashlib.sha256(SHOT).hexdigest()
    assert data(house) == SHOT
    assert wanted(house) == []
    await house.submit(FileFetched(file_id=1, data=b"other"))
    await house.submit(FileLost(file_id=1, why=FileState.GONE))
    assert data(house) == SHOT and files(house) == [kept], "what is kept stays as it is"


async def test_what_our_people_and_bots_attach_is_not_kept(house: Harness) -> None:
    await house.staffed()
    await house.agent().says("こちらです", files=(file(),))
    await house.agent("UCOLLEAGUE").says("こちらです", files=(file(),))
    await replace(house.customer("UBOT"), membership=Membership.BOT).says("お知らせ", files=(file(),))
    assert files(house) == []


async def test_of_whom_nobody_knows_it_is_kept_until_he_turns_out_to_be_one_of_us(house: Harness) -> None:
    await house.staffed()
    for author in ("UAGENT", "UKYAKU"):
        unknown = replace(house.customer(author), membership=Membership.UNKNOWN, home="TOWN")
        await unknown.says(STOCK, files=(file(),))
    assert len(wanted(house)) == 1, "UAGENT is listed"
    await sends(house, file(), who="UB")
    looked = AuthorLookedUp(
        platform=Platform.SLACK, workspace="TOWN", author="UKYAKU", membership=Membership.MEMBER, home="TOWN"
    )
    await house.submit(looked)
    assert [one.message for one in files(house)] == [3]


async def test_too_large_is_said_and_never_fetched(house: Harness) -> None:
    await house.reopened(files=FileRule(each=10, message=15, day=30))
    await sends(house, file("F1", 11), file("F2", 10), file("F3", 6), file("F4", 5))
    states = [one.state.value for one in files(house)]
    assert states == ["too_large", "wanted", "too_much", "wanted"]
    await sends(house, file("F5", 10), file("F6", 5), text="二通目")
    await sends(house, file("F7", 10), text="三通目")
    assert files(house)[-1].state is FileState.TOO_MUCH, "a day's worth"
    await sends(house, file("F8", 10), text="別の人", who="UB")
    assert files(house)[-1].state is FileState.WANTED
    at_once = [house.customer("UC").message(f"{n}通目", files=(file("F1", 10),)) for n in range(4)]
    await house.all_at_once(*at_once)
    assert [one.state.value for one in files(house)[-4:]] == ["wanted"] * 3 + ["too_much"]
    house.clock.advance(hours=24, seconds=1)
    await sends(house, file("F9", 10), text="翌日")
    assert files(house)[-1].state is FileState.WANTED


async def test_what_turns_out_larger_than_it_was_said_to_be_is_held_to_the_limits(house: Harness) -> None:
    await house.reopened(files=FileRule(each=10, message=12, day=100))
    await sends(house, file("F1", 1), file("F2", 1), file("F3", 1))
    for id, size in ((1, 11), (2, 8), (3, 8)):
        await house.submit(FileFetched(file_id=id, data=bytes(size)))
    assert [(one.state.value, one.size) for one in files(house)] == [("too_large", 11), ("kept", 8), ("too_much", 8)]


async def test_what_was_wanted_is_found_again_after_a_restart(database_url: str) -> None:
    async with opened(database_url) as house:
        await sends(house, file())
        with house.database.begin() as uow:
            assert uow.files.again(1, house.clock.now + timedelta(minutes=1))
    async with opened(database_url) as house:
        (one,) = wanted(house)
        assert (one.attempts, one.due_at) == (1, house.clock.now + timedelta(minutes=1))
        await fetches(house)
        assert data(house) == SHOT


async def test_delivered_again_or_edited_a_file_is_noted_once(house: Harness) -> None:
    said = await sends(house, file())
    await house.submit(said)
    await house.submit(replace(said, text="変えました", edit="1", files=(file(), file("F2"))))
    await house.submit(replace(said, text="取りました", edit="2", files=()))
    assert [(one.message, one.state.value) for one in files(house)] == [(1, "wanted"), (1, "wanted")]


async def test_a_message_without_files_costs_no_statement_more(house: Harness) -> None:
    await sends(house)
    said: list[str] = []
    listening = (house.database._engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    sql.listen(*listening)
    await sends(house, text="次の話です")
    sql.remove(*listening)
    assert not [statement for statement in said if "files" in statement]


# Forgetting


async def test_tied_to_nothing_it_goes_after_seven_days(house: Harness) -> None:
    await sends(house, file(), file("F2", 99 * MIB))
    await fetches(house)
    house.clock.advance(days=7)
    await house.submit(RetentionDue())
    assert len(files(house)) == 2
    house.clock.advance(seconds=1)
    await house.submit(RetentionDue())
    assert house.one("SELECT count(*) FROM files") == 0


async def test_taken_back_by_its_author_it_goes_after_a_day(house: Harness) -> None:
    said = await sends(house, file())
    await sends(house, file(), text="別の話です")
    await fetches(house)
    await house.customer().deletes(said)
    house.clock.advance(hours=24)
    await house.submit(RetentionDue())
    assert len(files(house)) == 2
    house.clock.advance(seconds=1)
    await house.submit(RetentionDue())
    assert [one.message for one in files(house)] == [2]


@pytest.mark.req("S0-16")
async def test_what_a_detection_or_report_rests_on_stays(house: Harness) -> None:
    await house.staffed()
    for number in range(3):
        said = await sends(house, file(f"F{number}"))
        await house.customer().edits(said, f"{STOCK}!")
    await house.customer().deletes(said)
    reported = await sends(house, file("F8"), text="ばかにするな", who="UB")
    await sends(house, file("F9"), text="ありがとう", who="UB")
    report = ReportFiled(
        actor="slack:TOWN:UAGENT", kind=ReportKind.REPORT, place="slack:TOWN:support", message_id=reported.message_id
    )
    assert not isinstance(await house.submit(report), Denied)
    await fetches(house)
    house.clock.advance(days=40)
    await house.submit(RetentionDue())
    assert len(files(house)) == 4 and {one.state for one in files(house)} == {FileState.KEPT}
    assert data(house) == SHOT


async def test_redacting_empties_it_at_once_and_leaves_its_hash(house: Harness) -> None:
    said = await sends(house, file())
    other = await sends(house, file(), text="別の話です")
    await house.submit(FileFetched(file_id=1, data=SHOT))
    await house.redact(said)
    await house.redact(other)
    first, second = files(house)
    assert (first.name, first.state, first.sha256) == (None, FileState.REDACTED, hashlib.sha256(SHOT).hexdigest())
    assert (second.name, second.state, second.sha256) == (None, FileState.REDACTED, "")
    await house.submit(FileFetched(file_id=2, data=SHOT))
    assert (data(house, 1), data(house, 2)) == (None, None), "what was on its way does not come back"
    assert house.one("SELECT count(*) FROM files WHERE body IS NOT NULL OR name IS NOT NULL") == 0


# Who it belongs to, and how it is sealed


async def test_it_goes_where_its_message_goes(house: Harness) -> None:
    shop = await house.known("架空商事", "slack:TCUST:UA")
    await house.known("架空花店", "slack:TCUST:UB")
    for author in ("UA", "UB", "UB"):
        await sends(house, file(), who=author)
    await fetches(house)
    flowers = next(one for one in await house.customers() if one.name == "架空花店")
    await house.merge(flowers, shop)
    assert len(await why(house, (await house.only()).detection.id)) == 3
    await house.merge(flowers, shop, undo=True)
    assert len(files(house)) == 3 and data(house, 3) == SHOT


async def why(house: Harness, detection: int) -> tuple[KeptFile, ...]:
    shown = await house.intake.ask(WhyAsked("cli:test", f"detection:{detection}"))
    assert isinstance(shown, WhyShown)
    return shown.files


async def test_a_detection_and_its_incident_say_what_was_attached(house: Harness) -> None:
    await house.staffed()
    for number in range(3):
        await sends(house, file(f"F{number}"))
    await fetches(house)
    detection = (await house.only()).detection.id
    assert [one.state for one in await why(house, detection)] == [FileState.KEPT] * 3
    shown = await house.intake.ask(WhyAsked("cli:test", "incident:1"))
    assert isinstance(shown, WhyShown) and len(shown.files) == 3


async def test_a_new_key_seals_it_anew(database_url: str) -> None:
    new = new_key()
    async with opened(database_url) as house:
        for number in range(6):
            await sends(house, file(f"F{number}"), text=f"話 {number}")
        await fetches(house)
        assert house.one("SELECT count(*) FROM files WHERE length(body) > 1004") == 6, "sealed"
    both = Database(database_url, f"{new},{KEY}")
    reseal_all(both, both_now := house.clock.now, lambda _: None)
    assert reseal_all(both, both_now, lambda _: None).values == 0
    assert set(seals_of(both).values) == {seals_of(both).active}
    both.close()
    only = Database(database_url, new)
    with only.read() as uow:
        assert uow.files.data(6) == SHOT and uow.files.of([6])[0].name == "証拠.png"
    only.close()
