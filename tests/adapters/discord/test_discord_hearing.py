"""What Discord keeps from us is told to people, once and when it changes; what it says once is kept until done."""

import asyncio

import pytest
from discord_town import Break
from discord_town.faults import slow
from discord_wire import Wire

from adapters.chat import owing
from adapters.discord.hearing import ENOUGH
from adapters.wording import say
from bot.domain.errors import StorageGone
from storage.messages import Messages

GONE = "SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL"


def told(wire: Wire, key: str, who: str = "mori") -> int:
    """How many cards of this title somebody has had directly; there is no admin in the town, so the lead."""
    title = say("ja", f"card.hearing.{key}", platform="Discord")
    return sum(title in card.words for card in wire.discord.user(who).direct())


@pytest.mark.rule("discord-17")
async def test_missing_words_are_told_to_people_once_and_that_they_are_back(wire: Wire) -> None:
    discord, tanaka = wire.discord, wire.discord.user("tanaka")
    discord.news.tells_content = False
    async with wire.up(catches_up=True):
        for number in range(ENOUGH + 3):
            tanaka.says(f"{number} 回目だ")
        await discord.until(lambda: told(wire, "title") == 1)
        (card,) = discord.user("mori").direct()
        assert "MESSAGE CONTENT INTENT" in card.words and not discord.user("ken").direct()
    async with wire.up(catches_up=True):  # another process, the same rows: it was told already
        for number in range(ENOUGH + 3):
            tanaka.says(f"まだ {number} 回目だ")
        discord.news.tells_content = True
        tanaka.says("聞いているのか")
        await discord.until(lambda: told(wire, "title_back") == 1)
        await wire.hears(2 * (ENOUGH + 3) + 1)  # what came without its words is read again
        assert (told(wire, "title"), wire.counted()) == (1, 2 * (ENOUGH + 3) + 1)


@pytest.mark.rule("discord-17")
async def test_one_message_of_an_unknown_kind_alarms_nobody(wire: Wire) -> None:
    discord, tanaka = wire.discord, wire.discord.user("tanaka")
    async with wire.up(catches_up=True):
        for _ in range(3):
            discord.news.tells_content = False
            tanaka.says("読めない")
            discord.news.tells_content = True
            tanaka.says("返事しろ")
        await wire.hears(6)
        assert not discord.user("mori").direct()


async def test_people_are_told_that_the_connection_is_shut_out_and_stands_again(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True, shut_out=0.2):
        discord.app.privileged = 0
        discord.gateway.breaks(Break.INVALID)
        await discord.until(lambda: told(wire, "title") == 1)
        await asyncio.sleep(0.5)  # it is asked again, and again refused
        discord.app.privileged = 1 << 15
        await discord.until(lambda: told(wire, "title_back") == 1)
        assert told(wire, "title") == 1


@pytest.mark.rule("discord-25")
async def test_a_deletion_that_cannot_be_stored_is_stored_later(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owing, "AGAIN", (0.05, 0.1))
    discord, tanaka = wire.discord, wire.discord.user("tanaka")
    delete, tries = Messages.delete, 0

    def gone(self: Messages, *of: object) -> int:
        nonlocal tries
        tries += 1
        if tries <= 4:
            raise StorageGone("database away")
        return delete(self, *of)  # type: ignore[arg-type]

    async with wire.up(catches_up=True):
        said = [tanaka.says(f"{n} 回目だ") for n in range(3)]
        await wire.hears(3)
        monkeypatch.setattr(Messages, "delete", gone)
        tanaka.deletes(said[0])
        discord.user("admin").deletes(*said[1:])
        await discord.until(lambda: wire.house.one(GONE) == 3)
        assert wire.counted() == 3 and tries > 4


@pytest.mark.rule("discord-25")
async def test_a_deletion_that_could_not_be_stored_is_tried_once_more_at_the_end(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owing, "AGAIN", (60.0, 60.0))
    tanaka = wire.discord.user("tanaka")
    async with wire.up(catches_up=True) as bot:
        said = tanaka.says("返事しろ")
        await wire.hears(1)
        with monkeypatch.context() as patch:
            patch.setattr(Messages, "delete", lambda *_: (_ for _ in ()).throw(StorageGone("database away")))
            tanaka.deletes(said)
            await wire.discord.until(lambda: bool(bot._owing._owed))
            await asyncio.sleep(0.1)
        assert wire.house.one(GONE) == 0
    assert wire.house.one(GONE) == 1


@pytest.mark.rule("discord-25")
async def test_what_is_deleted_at_once_is_deleted_in_the_rows(wire: Wire) -> None:
    """The message still waits for its author to be looked up when its deletion comes."""
    discord = wire.discord
    async with wire.up(catches_up=True) as bot:
        thread = discord.channel("returns")
        bot._client.get_guild(1000)._threads.clear()  # type: ignore[union-attr]
        discord.faults.on("get_channel", slow(0.2))
        tanaka = discord.user("tanaka")
        tanaka.deletes(tanaka.says("返事しろ", thread))
        await wire.hears(1)
        await discord.until(lambda: wire.house.one(GONE) == 1)
