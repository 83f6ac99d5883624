"""What customers attach on Discord is kept as bytes: addresses expire, sizes lie, messages are taken back."""

import asyncio
import hashlib
import logging

import pytest
import yarl
from discord_town.faults import down, refused
from discord_town.message import Message
from discord_wire import Wire
from sqlalchemy import event as sql

from adapters.chat import keeper
from adapters.discord.attachments import trusted
from bot.domain.model import FileState, KeptFile

SHOT = b"\x89PNG\r\n" + bytes(range(256)) * 40
MIB = 2**20


def files(wire: Wire) -> list[KeptFile]:
    with wire.house.database.read() as uow:
        return uow.files.of(range(1, 50))


def data(wire: Wire, id: int = 1) -> bytes | None:
    with wire.house.database.read() as uow:
        return uow.files.data(id)


def settled(wire: Wire, count: int = 1) -> bool:
    found = files(wire)
    return len(found) >= count and all(one.state is not FileState.WANTED for one in found)


async def settles(wire: Wire, *states: str) -> None:
    await wire.discord.until(lambda: settled(wire, len(states)))
    assert [one.state.value for one in files(wire)] == list(states)


def asked(wire: Wire) -> int:
    return len(wire.discord.record.of("get_channel_message"))


def sends(wire: Wire, data: bytes = SHOT, claimed: int | None = None, **how: object) -> Message:
    """Tanaka attaches a file; `claimed` is what Discord says of its size."""
    said = wire.discord.user("tanaka").says("見ろ", files=[("shot.png", data)], silent=True, **how)  # type: ignore[arg-type]
    said.attachments[0].claimed = claimed
    wire.discord.news.posted(said)
    return said


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other at once."""
    monkeypatch.setattr(keeper, "WAITS", (0.05, 0.05))


@pytest.mark.rule("discord-13")
async def test_an_attachment_is_kept_as_bytes_and_its_address_nowhere(wire: Wire) -> None:
    async with wire.up():
        said = wire.discord.user("tanaka").uploads("shot.png", SHOT)
        said.attachments[0].title = "証拠"
        await settles(wire, "kept")
        assert asked(wire) == 0
    (kept,) = files(wire)
    assert (kept.name, kept.media, kept.size) == ("shot.png", "image/png", len(SHOT))
    assert (data(wire), kept.sha256) == (SHOT, hashlib.sha256(SHOT).hexdigest())
    with wire.house.database.connect() as connection:
        rows = [repr(tuple(row)) for row in connection.exec_driver_sql("SELECT * FROM files")]
    assert rows and not any("http://" in row or "/attachments/" in row for row in rows)


async def test_an_original_name_in_another_script_is_kept(wire: Wire) -> None:
    async with wire.up():
        said = wire.discord.user("tanaka").says("見ろ", files=[("_.png", SHOT)], silent=True)
        said.attachments[0].title = "証拠"
        wire.discord.news.posted(said)
        await settles(wire, "kept")
    assert files(wire)[0].name == "証拠.png"


async def test_staffs_files_are_not_fetched(wire: Wire) -> None:
    async with wire.up():
        wire.discord.user("hana").uploads("manual.pdf", SHOT)
        wire.discord.user("tanaka").says("はい")
        await wire.hears(2)
    assert files(wire) == [] and wire.discord.files.fetched == []


@pytest.mark.rule("discord-13")
async def test_what_was_wanted_when_the_process_died_is_fetched_by_the_next_under_a_fresh_address(wire: Wire) -> None:
    wire.discord.files.waits = asyncio.Event()
    async with wire.up():
        wire.discord.user("tanaka").uploads("shot.png", SHOT, "returns")
        await wire.discord.until(lambda: wire.discord.files.fetched)
    assert files(wire)[0].state is FileState.WANTED
    wire.discord.files.waits.set()
    wire.discord.clock.passes(25 * 3600)
    async with wire.up():
        await settles(wire, "kept")
    assert data(wire) == SHOT and asked(wire) == 1


async def test_an_address_that_expired_is_asked_for_anew(wire: Wire) -> None:
    wire.discord.files.faults += [404]
    async with wire.up():
        sends(wire)
        await settles(wire, "kept")
    assert asked(wire) == 1


async def test_what_history_brings_is_kept_too(wire: Wire) -> None:
    wire.discord.user("tanaka").says("見ろ", "returns", files=[("a.png", SHOT), ("b.txt", b"x")], silent=True)
    async with wire.up(catches_up=True):
        await settles(wire, "kept", "kept")
    assert [one.name for one in files(wire)] == ["a.png", "b.txt"]


async def test_what_was_taken_off_or_back_at_once_is_kept_by_the_address_that_came_with_it(wire: Wire) -> None:
    wire.discord.files.waits = asyncio.Event()
    async with wire.up():
        said = sends(wire)
        await wire.hears(1)
        wire.discord.user("tanaka").deletes(said)
        wire.discord.files.waits.set()
        await settles(wire, "kept")


async def test_what_is_gone_before_it_could_be_fetched_is_said_to_be(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.discord.files.faults += [404]
    async with wire.up():
        said = wire.discord.user("tanaka").says("見ろ", files=[("shot.png", SHOT)], silent=True)
        wire.discord.news.posted(said)
        said.attachments.clear()  # taken off before it was fetched
        with caplog.at_level(logging.WARNING):
            await settles(wire, "gone")
    line = next(one.getMessage() for one in caplog.records if "files.not_kept" in one.getMessage())
    assert line == f"files.not_kept file=1 message={said.id} why=gone"


@pytest.mark.parametrize("claimed", [10 * MIB + 1, 100])
async def test_what_is_too_large_is_noted_and_not_taken_whole(wire: Wire, claimed: int) -> None:
    """Said to be too large it is not asked for; said to be small, it is read up to the limit."""
    async with wire.up():
        sends(wire, bytes(10 * MIB), claimed=claimed)
        wire.discord.files.kept[max(wire.discord.files.kept)].data = bytes(40 * MIB)
        await settles(wire, "too_large")
    assert data(wire) is None and files(wire)[0].name == "shot.png"
    assert len(wire.discord.files.fetched) == (claimed < MIB)
    assert wire.discord.files.sent < 30 * MIB


@pytest.mark.parametrize("faults", [[500], [503, 500], [302, 302]])
async def test_a_bad_moment_of_the_files_servers_is_waited_for(wire: Wire, faults: list[int]) -> None:
    wire.discord.files.faults += faults
    async with wire.up():
        sends(wire)
        await settles(wire, "kept")
    assert data(wire) == SHOT


async def test_after_a_few_tries_it_is_given_up(wire: Wire) -> None:
    wire.discord.files.faults += [500] * 3
    async with wire.up():
        sends(wire)
        await settles(wire, "gone")
        sends(wire)
        await settles(wire, "gone", "kept")


async def test_a_message_that_we_may_not_read_any_more_is_tried_again_then_refused(wire: Wire) -> None:
    wire.discord.files.faults += [404]
    wire.discord.faults.on("get_channel_message", refused(403, 50001), down(503), refused(403, 50001))
    async with wire.up():
        sends(wire)
        await settles(wire, "refused")


async def test_an_address_elsewhere_is_not_called(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("http://127.0.0.1:9/x", "https://evil.example/x", "http://cdn.discordapp.com/x", "/x", "file:///x"):
        monkeypatch.setattr("discord_town.files.Files.url", lambda *_, address=address: address)
        async with wire.up():
            sends(wire)
            await wire.discord.until(lambda: settled(wire))
            assert {one.state.value for one in files(wire)} == {"refused"}, address
    assert wire.discord.files.fetched == []


async def test_only_who_holds_the_gateway_fetches(wire: Wire) -> None:
    async with wire.up(), wire.up(waits=False) as second:
        statements: list[str] = []
        listening = (wire.house.database._engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        sql.listen(*listening)
        sends(wire)
        await settles(wire, "kept")
        await wire.discord.until(lambda: _looked_again(statements))
        statements.clear()
        second._files._keeper.wake()
        wire.discord.user("tanaka").says("次")
        await wire.hears(2)
        sql.remove(*listening)
        assert not [one for one in statements if "files" in one]


def _looked_again(statements: list[str]) -> bool:
    """Whoever kept a file asked once more whether anything is wanted, and rests now."""
    kept = [place for place, one in enumerate(statements) if one.startswith("UPDATE files")]
    return bool(kept) and any("files.attempts" in one for one in statements[kept[-1] :])


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://cdn.discordapp.com/attachments/1/2/a.png?ex=1", True),
        ("https://media.discordapp.net/attachments/1/2/a.png", True),
        ("https://cdn.discordapp.com:8443/a", False),
        ("https://cdn.discordapp.com.evil.example/a", False),
        ("https://cdn.discordapp.com@evil.example/a", False),
    ],
)
def test_only_discords_own_servers_are_asked(address: str, good: bool) -> None:
    assert trusted(yarl.URL(address, encoded=True)) is good
