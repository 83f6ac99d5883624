"""What was said while nobody listened is read again: channels, threads and posts, oldest first, each once."""

import pytest
from discord_town import Break
from discord_town.faults import down, refused
from discord_wire import Wire
from sqlalchemy import text

from adapters.chat import gaps


def order(wire: Wire) -> list[int]:
    with wire.house.database.connect() as connection:
        return [int(row[0]) for row in connection.execute(text("SELECT message_id FROM messages ORDER BY id"))]


@pytest.mark.rule("discord-20")
async def test_300_missed_messages_come_back_in_order(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True):
        discord.user("tanaka").says("返事しろ")
        await wire.hears(1)
    said = [discord.history("support", ("tanaka", f"{n} 回目だ"), ago=300.0 - n)[0] for n in range(300)]
    async with wire.up(catches_up=True):
        assert wire.counted() == 301
        assert order(wire)[1:] == [one.id for one in said]
    before = wire.stored()
    async with wire.up(catches_up=True):
        assert wire.stored() == before


@pytest.mark.rule("discord-24")
async def test_threads_posts_and_what_was_archived_are_read_too(wire: Wire) -> None:
    discord = wire.discord
    tanaka = discord.user("tanaka")
    tanaka.says("スレッドで", "returns")
    opened = tanaka.opens_thread("請求")
    tanaka.says("請求がおかしい", opened)
    discord.archives(opened)
    post = tanaka.posts_in_forum("注文", "届かない")
    tanaka.says("まだか", post.channel)
    discord.archives(post.channel)
    tanaka.says("関係ない", "random")
    async with wire.up(catches_up=True):
        assert wire.counted() == wire.stored() == 4
    wire.discord.clock.passes(3 * 86_400)
    calls = len(discord.record.of("get_channel_messages"))
    async with wire.up(catches_up=True):
        # What has been silent for days is not read again.
        assert len(discord.record.of("get_channel_messages")) - calls <= 2 + 4


async def test_what_was_edited_meanwhile_has_its_last_wording(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True):
        said = discord.user("tanaka").says("返事しろ")
        await wire.hears(1)
    discord.clock.passes(2)
    discord.user("tanaka").edits(said, "返事をしてください")
    async with wire.up(catches_up=True):
        assert (wire.stored(), wire.counted()) == (2, 1)


async def test_a_channel_that_is_closed_does_not_keep_the_others_back(wire: Wire) -> None:
    discord = wire.discord
    discord.shuts_out_bot("support")
    discord.history("support-2", ("tanaka", "返事しろ"), ago=60.0)
    async with wire.up(catches_up=True) as bot:
        assert wire.counted() == 1
        assert not bot._gaps._owed
    assert discord.record.invalid <= 2


async def test_what_cannot_be_read_now_is_read_later(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "AGAIN", (0.05, 0.1))
    wire.discord.faults.on("get_channel_messages", *[down(503)] * 3)
    wire.discord.history("support", ("tanaka", "返事しろ"), ago=60.0)
    async with wire.up(catches_up=True):
        await wire.hears(1)
        assert wire.counted() == 1


@pytest.mark.rule("discord-20")
async def test_a_session_that_is_over_is_followed_by_history(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True):
        discord.user("tanaka").says("1 回目だ")
        await wire.hears(1)
        discord.gateway.breaks(Break.INVALID)
        discord.user("tanaka").says("2 回目だ")
        discord.user("tanaka").says("3 回目だ", "returns")
        await wire.hears(3)
        assert wire.counted() == 3
        assert len(discord.gateway.identifies) == 2


async def test_what_could_not_be_placed_is_read_again(wire: Wire) -> None:
    """An unknown thread cannot be looked up for a moment: the message is not lost."""
    discord = wire.discord
    async with wire.up(catches_up=True) as bot:
        bot._client.get_guild(1000)._threads.clear()  # type: ignore[union-attr]
        discord.faults.on("get_channel", refused(503, 0), when=lambda one: "3007" in map(str, one.values()))
        discord.user("tanaka").says("知らないところから", "returns")
        await wire.hears(1)
        assert wire.counted() == 1


async def test_what_was_said_during_an_outage_of_discord_is_read_after_it(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up(catches_up=True):
        discord.gateway.dispatch("GUILD_DELETE", {"id": "1000", "unavailable": True})
        discord.user("tanaka").says("返事しろ", silent=True)
        discord.gateway.dispatch("GUILD_CREATE", discord.news.guild(discord.guild))
        await wire.hears(1)
        assert wire.counted() == 1
