"""Nobody's word on Discord is lost while rows or Discord fail, and no work beside the connection ends silently."""

import asyncio
import threading

import pytest
from discord_town.faults import down
from discord_wire import Wire

from adapters.chat import gaps, minding
from adapters.discord.groups import Groups
from adapters.discord.history import History
from bot.domain.errors import StorageGone
from storage.messages import Messages
from storage.teams import Teams


async def test_a_command_is_answered_while_the_rows_fail(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True) as bot:
        with monkeypatch.context() as patch:
            patch.setattr(Teams, "all", lambda *_: (_ for _ in ()).throw(StorageGone("database away")))
            bot._roll.forget()
            discord.user("hana").tells_bot("now 助けて")
            await discord.until(lambda: discord.posts(discord.direct("hana")), 6)


async def test_a_command_is_answered_while_the_rows_hang(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    discord, back = wire.discord, threading.Event()
    original = Teams.all

    def hangs(self: Teams) -> object:
        back.wait(10)
        return original(self)

    async with wire.up(catches_up=True) as bot:
        with monkeypatch.context() as patch:
            patch.setattr(Teams, "all", hangs)
            bot._roll.forget()
            discord.user("hana").tells_bot("now 助けて")
            try:
                await discord.until(lambda: discord.posts(discord.direct("hana")), 6)
            finally:
                back.set()


@pytest.mark.rule("discord-25")
async def test_only_the_channel_of_what_could_not_be_stored_is_read_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "SOON", 0.05)
    monkeypatch.setattr(gaps, "AGAIN", (0.05, 0.1))
    discord, read = wire.discord, History.read
    places: list[str] = []

    async def noted(self: History, place: str, *of: object) -> int:
        places.append(place)
        return await read(self, place, *of)  # type: ignore[arg-type]

    monkeypatch.setattr(History, "read", noted)
    async with wire.up(catches_up=True):
        places.clear()
        wire.house.one("ALTER TABLE messages RENAME TO hidden")
        discord.user("tanaka").says("返事しろ", "support-2")
        discord.user("tanaka").says("ここでも", "returns")
        await asyncio.sleep(0.2)
        wire.house.one("ALTER TABLE hidden RENAME TO messages")
        await wire.hears(2)
        assert set(places) == {"1000:3001", "1000:3002"}, "not the forum"


async def test_an_author_is_asked_about_ever_more_seldom_until_the_rows_know(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    discord, waiting, tries = wire.discord, Messages.waiting, 0

    def gone(self: Messages, account: str) -> object:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StorageGone("database away")
        return waiting(self, account)

    monkeypatch.setattr(Messages, "waiting", gone)
    discord.faults.on("get_guild_member", *[down(503)] * 500)
    discord.history("support", ("tanaka", "返事しろ"), ago=60.0)
    async with wire.up(catches_up=True, again=0.05):
        assert wire.speakers() == ["unattributed"]
        discord.faults.clear()
        await discord.until(lambda: wire.speakers() == ["customer"])
        assert tries == 2


async def test_what_an_earlier_process_left_waiting_is_looked_up(wire: Wire) -> None:
    discord = wire.discord
    discord.faults.on("get_guild_member", *[down(503)] * 500)
    discord.history("support", ("tanaka", "返事しろ"), ago=60.0)
    async with wire.up(catches_up=True, again=60.0):
        assert wire.speakers() == ["unattributed"]
    discord.clock.passes(3 * 86_400.0)
    discord.faults.clear()
    async with wire.up(catches_up=True):
        await discord.until(lambda: wire.speakers() == ["customer"])


async def test_a_work_that_stumbles_is_told_of_and_begun_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(minding, "AGAIN", (0.05, 0.1))
    mind, tries = Groups.mind, 0

    async def stumbles(self: Groups) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("田中")
        await mind(self)

    monkeypatch.setattr(Groups, "mind", stumbles)
    async with wire.up(catches_up=True):
        await wire.discord.until(lambda: tries == 2)
    assert [one for one in caplog.messages if "died" in one] == ["minding.died work=groups error=RuntimeError"]
