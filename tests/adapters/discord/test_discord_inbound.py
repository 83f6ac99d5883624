"""What comes from Discord reaches the rows, or rightly does not."""

import logging
from time import monotonic

import pytest
from discord_town import Plan, unfurls
from discord_town.faults import down, refused
from discord_wire import Wire

from adapters.discord import inbound


@pytest.mark.rule("discord-24")
async def test_channels_threads_and_posts_of_watched_ones_are_counted_and_nothing_else(wire: Wire) -> None:
    async with wire.up():
        tanaka, sato = wire.discord.user("tanaka"), wire.discord.user("sato")
        tanaka.says("返事しろ")
        tanaka.says("ここでも言う", "returns")
        sato.says("In a fresh thread", tanaka.opens_thread("急ぎ"))
        sato.posts_in_forum("My order", "Where is it?")
        tanaka.says("雑談", "random")
        tanaka.tells_bot("now")
        tanaka.says("おわり")
        await wire.hears(5)
        assert wire.counted() == wire.stored() == 5
        place = "SELECT count(*) FROM places WHERE platform = 'discord' AND workspace = '1000' AND channel = "
        assert [wire.house.one(f"{place}'{id}'") for id in (3001, 3003, 3006)] == [1, 1, 0]
        assert wire.house.one("SELECT count(*) FROM messages WHERE thread <> ''") == 3


@pytest.mark.rule("discord-26")
async def test_only_people_who_are_not_ours_are_customers(wire: Wire) -> None:
    discord = wire.discord
    async with wire.up():
        discord.user("hana").says("お調べします")  # listed by name
        discord.joins("newcomer", "新人")
        discord.gives_role("newcomer", "Staff")
        discord.user("newcomer").says("私も見ています")  # by role
        discord.user("helperbot").says("自動のお知らせ")
        discord.hooks("転送", "relay")
        discord.user("tanaka").says("返事しろ")
        await wire.hears(5)
        # Nobody's word: a pin, a boost, a thread's first sign, and what the bot says itself.
        tanaka = discord.user("tanaka")
        tanaka.boosts("support")
        tanaka.opens_thread("話", on=tanaka.says("スレッドで"))
        wire.discord.user("admin").pins(tanaka.says("ピン"))
        await discord.until(lambda: wire.stored() >= 7)
        assert sorted(wire.speakers()) == ["bot", "bot", *["customer"] * 3, "staff", "staff"]


async def test_who_loses_the_role_is_a_customer_again(wire: Wire) -> None:
    async with wire.up():
        wire.discord.joins("newcomer", "新人")
        wire.discord.gives_role("newcomer", "Staff")
        wire.discord.user("newcomer").says("私も見ています")
        await wire.hears(1)
        wire.discord.gives_role("newcomer", "Staff", takes=True)
        wire.discord.user("newcomer").says("返事しろ")
        await wire.hears(2)
        assert wire.speakers() == ["staff", "customer"]


@pytest.mark.rule("discord-25")
async def test_edits_count_once_and_previews_and_pins_not_at_all(wire: Wire) -> None:
    async with wire.up():
        tanaka = wire.discord.user("tanaka")
        said = tanaka.says("見て https://example.com/")
        unfurls(wire.discord, said)
        wire.discord.user("admin").pins(said)
        wire.discord.clock.passes(1)
        tanaka.edits(said, "見ろ https://example.com/")
        unfurls(wire.discord, said)
        await wire.hears(2)
        tanaka.says("おわり")
        await wire.hears(3)
        assert (wire.stored(), wire.counted()) == (3, 2)


@pytest.mark.rule("discord-25")
async def test_what_is_taken_back_is_kept(wire: Wire) -> None:
    async with wire.up():
        tanaka = wire.discord.user("tanaka")
        said = [tanaka.says(f"{n} 回目だ", "returns") for n in range(3)]
        await wire.hears(3)
        tanaka.deletes(said[0])
        wire.discord.user("admin").deletes(*said[1:])
        gone = "SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL"
        await wire.discord.until(lambda: wire.house.one(gone) == 3)
        assert wire.counted() == 3


@pytest.mark.rule("discord-20")
async def test_the_same_event_again_changes_nothing(wire: Wire) -> None:
    wire.discord.gateway.plan = lambda event, _: Plan(copies=2) if event.startswith("MESSAGE") else Plan()
    async with wire.up():
        said = wire.discord.user("tanaka").says("返事しろ")
        wire.discord.user("tanaka").edits(said, "返事をしろ")
        wire.discord.user("tanaka").deletes(said)
        wire.discord.user("sato").says("Hello")
        await wire.hears(3)
        assert (wire.stored(), wire.counted()) == (3, 2)


@pytest.mark.rule("discord-18")
async def test_an_author_whose_roles_are_unknown_waits_and_is_looked_up(wire: Wire) -> None:
    """History carries no roles; while Discord does not tell them nothing is counted."""
    discord = wire.discord
    discord.faults.on("get_guild_member", *[down(503)] * 500)
    discord.history("support", ("tanaka", "返事しろ"), ("hana", "ただいま"), ago=60.0)
    async with wire.up(catches_up=True):
        assert wire.speakers() == ["unattributed", "staff"]  # Hana is listed by name
        assert not wire.counted()
        discord.faults.clear()
        await discord.until(lambda: "unattributed" not in wire.speakers())
        assert sorted(wire.speakers()) == ["customer", "staff"]
        assert not [one for one in discord.gateway.identifies if one.intents & 1 << 1]


async def test_who_left_is_a_customer_still(wire: Wire) -> None:
    wire.discord.history("support", ("tanaka", "もう来ない"), ago=60.0)
    wire.discord.leaves("tanaka")
    async with wire.up(catches_up=True):
        assert wire.speakers() == ["customer"]


@pytest.mark.rule("discord-17")
async def test_missing_words_are_said_once_and_read_again(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    discord = wire.discord
    discord.app.privileged = 0
    with caplog.at_level(logging.ERROR, "kasuhara.discord"):
        from adapters.discord import client

        bare = client.intents()
        bare.message_content = False
        original, client.intents = client.intents, lambda: bare  # as if Discord had let us in without
        try:
            async with wire.up() as bot:
                discord.user("tanaka").says("返事しろ")
                discord.user("tanaka").says("聞いているのか")
                discord.user("tanaka").uploads("photo.png", b"1", text="")
                await discord.until(lambda: bot._ears.mute_since)
        finally:
            client.intents = original
    assert [r.getMessage() for r in caplog.records] == ["discord.no_content channel=3001"]
    discord.app.privileged = 1 << 15
    async with wire.up(catches_up=True):
        assert wire.counted() >= 2


async def test_an_unknown_thread_is_looked_up_once_by_what_it_hangs_on(wire: Wire) -> None:
    async with wire.up(catches_up=True) as bot:
        thread = wire.discord.channel("returns")
        asked = len(wire.discord.record.of("get_channel"))
        bot._client.get_guild(1000)._threads.clear()  # type: ignore[union-attr]
        wire.discord.user("tanaka").says("知らないところから", thread)
        await wire.hears(1)
        wire.discord.user("tanaka").says("もう一度", thread)
        await wire.hears(2)
        assert len(wire.discord.record.of("get_channel")) == asked + 1
        bot._inbound._parents.clear()
        wire.discord.faults.on("get_channel", refused(403, 50001))
        wire.discord.user("tanaka").says("見えない", thread)
        wire.discord.user("tanaka").says("おわり")
        await wire.hears(3)
        assert wire.stored() == 3


@pytest.mark.rule("discord-22", "discord-24")
async def test_a_place_that_was_closed_is_looked_up_again_once_rights_change(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    discord, tanaka = wire.discord, wire.discord.user("tanaka")
    async with wire.up(catches_up=True) as bot:
        thread = discord.channel("returns")

        async def unseen(count: int) -> None:
            """It is closed to us: asked once, however much is said there."""
            bot._client.get_guild(1000)._threads.clear()  # type: ignore[union-attr]
            discord.faults.on("get_channel", refused(403, 50001), when=lambda one: "3007" in map(str, one.values()))
            asked = len(discord.record.of("get_channel"))
            for _ in range(3):
                tanaka.says("見えない", thread)
            tanaka.says("おわり")
            await wire.hears(count)
            await discord.until(lambda: len(discord.record.of("get_channel")) > asked and not bot._taking)
            assert len(discord.record.of("get_channel")) == asked + 1 and wire.stored() == count

        await unseen(1)
        discord.changes_role("Staff", mentionable=True)
        tanaka.says("見える", thread)
        await wire.hears(2)
        bot._inbound.reopen()
        await unseen(3)
        later = monotonic() + inbound.SHUT
        monkeypatch.setattr(inbound, "monotonic", lambda: later)
        tanaka.says("また見える", thread)
        await wire.hears(4)
