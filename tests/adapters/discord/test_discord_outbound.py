"""What reaches Discord and what does not: inside and outside, edits, what is looked for, the picture."""

from dataclasses import replace
from typing import Any

import pytest
import test_wording as told
from discord_chatting import AGAIN, ALERT, LEADS, ONE, OPENED, SETTLED, TWO, Chatting, mark_of, wide
from discord_town import May, faults
from discord_town.posting import Draft, post
from discord_wire import account

from adapters.chat import picture as drawing
from adapters.discord import marks
from adapters.discord.marks import mark
from bot.domain.model import Destination, MessageRef
from bot.domain.notices import DigestReady

# Inside and outside


async def test_a_post_calls_who_was_meant_and_tells_them_directly(talk: Chatting) -> None:
    ref = await talk.chat.post(talk.letter(OPENED, ONE))
    (card,) = talk.discord.cards("alert")
    assert ref == MessageRef(ALERT, str(card.id)) and card.pings == {"@4012"} and mark_of(card) == mark("ping:7:0")
    (hint,) = talk.discord.posts(talk.discord.direct("ken"))
    assert hint.content == card.url and not hint.pings


@pytest.mark.parametrize("opens", ["everyone", "customer", "role"])
async def test_nothing_into_a_channel_that_an_outsider_can_read(talk: Chatting, opens: str) -> None:
    discord = talk.discord
    role = discord.guild.roles[1000] if opens == "everyone" else discord.role("Agents")
    discord.allows("alert", discord.world.user("tanaka") if opens == "customer" else role, allow=May.VIEW_CHANNEL)
    for doing in (
        talk.chat.post(talk.letter(OPENED, ONE)),
        talk.chat.edit(talk.letter(ref=MessageRef(ALERT, "1"))),
        talk.chat.post(talk.letter(to=Destination("", (account(4001),)))),
    ):
        failed = await talk.fails(doing)
        assert (failed.reason, failed.permanent) == ("outsiders", True)
    assert not discord.posts()


async def test_a_channel_that_is_opened_stops_the_next_post(talk: Chatting) -> None:
    await talk.chat.post(talk.letter(key="ping:1:0"))
    talk.discord.allows("alert", talk.discord.guild.roles[1000], allow=May.VIEW_CHANNEL)
    talk.people.forget()  # its event came
    failed = await talk.fails(talk.chat.post(talk.letter(key="ping:2:0")))
    assert failed.reason == "outsiders" and len(talk.discord.posts("alert")) == 1


async def test_a_call_goes_directly_when_nobody_can_tell_who_reads_the_channel(talk: Chatting) -> None:
    talk.discord.faults.on("get_channel", *[faults.down(503)] * 3)
    failed = await talk.fails(talk.chat.post(talk.letter(OPENED, ONE)))
    assert (failed.reason, failed.permanent, failed.doubtful) == ("unreachable", False, False), "once is a hiccup"
    failed = await talk.fails(talk.chat.post(talk.letter(OPENED, ONE, attempt=2)))
    assert (failed.reason, failed.permanent) == ("unchecked", True)
    failed = await talk.fails(talk.chat.post(talk.letter(DigestReady(told.QUIET_WEEK), attempt=9)))
    assert not failed.permanent, "what calls nobody can wait"
    assert not talk.discord.posts()


# Edits


@pytest.mark.rule("discord-14")
async def test_an_edit_changes_the_message_and_rings_nobody(talk: Chatting) -> None:
    ref = await talk.chat.post(talk.letter(OPENED, ONE))
    before = len(talk.discord.posts())
    await talk.chat.edit(talk.letter(SETTLED, ONE, TWO, key="ping:7:0@1", edits="ping:7:0", ref=ref))
    (card,) = talk.discord.posts("alert")
    assert card.edits == 1 and "鈴木" in card.words and mark_of(card) == mark("ping:7:0")
    assert len(talk.discord.posts()) == before, "nobody is told anything new"
    (call,) = talk.discord.record.of("edit_message")
    assert call.arguments["allowed_mentions"]["parse"] == [], "an edit without it would be parsed with the default"


@pytest.mark.rule("discord-16")
@pytest.mark.parametrize(("code", "reason"), [(10008, "gone"), (50001, "forbidden"), (50083, "archived")])
async def test_an_edit_that_discord_refuses_is_given_up(talk: Chatting, code: int, reason: str) -> None:
    ref = await talk.chat.post(talk.letter())
    talk.discord.faults.on("edit_message", faults.refused(404, code))
    failed = await talk.fails(talk.chat.edit(talk.letter(SETTLED, ref=ref)))
    assert failed.permanent and failed.reason == reason


@pytest.mark.rule("discord-16")
async def test_too_many_edits_of_an_old_card_wait(talk: Chatting) -> None:
    ref = await talk.chat.post(talk.letter())
    talk.discord.clock.passes(7200)
    talk.discord.limits.most_old_edits = 0
    failed = await talk.fails(talk.chat.edit(talk.letter(SETTLED, ref=ref)))
    assert (failed.reason, failed.permanent, failed.retry_after) == ("busy", False, 60.0)


async def test_an_edit_changes_the_pages_below(talk: Chatting) -> None:
    ref = await talk.chat.post(talk.letter(wide(9_000), key="incident:9"))
    assert talk.marks() == [mark("incident:9"), mark("incident:9/2")]
    await talk.chat.edit(talk.letter(wide(13_000), key="incident:9@1", edits="incident:9", ref=ref))
    assert talk.marks() == [mark("incident:9"), mark("incident:9/2"), mark("incident:9/3")]
    assert [f"({n}/3)" in page.words for n, page in enumerate(talk.discord.cards("alert"), 1)] == [True] * 3
    await talk.chat.edit(talk.letter(wide(100), key="incident:9@2", edits="incident:9", ref=ref))
    assert talk.marks() == [mark("incident:9")], "what the card no longer says is taken away"
    reads = len(talk.discord.record.of("get_channel_messages"))
    await talk.chat.edit(talk.letter(wide(200), key="incident:9@3", edits="incident:9", ref=ref))
    assert len(talk.discord.record.of("get_channel_messages")) == reads, "it is known to stand alone"


async def test_a_page_that_an_edit_added_long_after_is_taken_away_too(
    talk: Chatting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "BELOW", 10)
    ref = await talk.chat.post(talk.letter(wide(100), key="incident:9"))
    for number in range(20):
        talk.discord.history("alert", ("hana", f"おしゃべり {number}"))
    await talk.chat.edit(talk.letter(wide(13_000), key="incident:9@1", edits="incident:9", ref=ref))
    await talk.chat.edit(talk.letter(wide(9_000), key="incident:9@2", edits="incident:9", ref=ref))
    assert talk.marks() == [mark("incident:9"), mark("incident:9/2")]
    await talk.chat.edit(talk.letter(wide(100), key="incident:9@3", edits="incident:9", ref=ref))
    assert talk.marks() == [mark("incident:9")], "words that were taken back stand nowhere"
    await talk.chat.edit(talk.letter(wide(9_000), key="incident:9@4", edits="incident:9", ref=ref))
    assert talk.marks() == [mark("incident:9"), mark("incident:9/2")]


# Looking for what went out


async def test_an_own_message_is_found_far_back_in_a_busy_channel(talk: Chatting) -> None:
    letter = talk.letter()
    ref = await talk.chat.post(letter)
    for number in range(250):
        talk.discord.history("alert", ("hana", f"おしゃべり {number}"))
    assert await talk.chat.find(letter) == ref
    assert len(talk.discord.record.of("get_channel_messages")) == 3
    assert await talk.chat.find(talk.letter(key="ping:70:0")) is None


async def test_an_own_message_is_found_in_a_direct_channel(talk: Chatting) -> None:
    letter = talk.letter(to=Destination("", (ONE,)))
    ref = await talk.chat.post(letter)
    assert await talk.chat.find(letter) == ref and ref.channel == f"discord:1000:{talk.discord.direct('ken').id}"


async def test_a_message_of_somebody_else_with_our_mark_is_not_ours(talk: Chatting) -> None:
    embeds = [{"title": "x", "footer": {"text": f"x · {mark('ping:7:0')}"}}]
    draft = Draft(talk.discord.channel("alert"), talk.discord.world.user("helperbot"), {"embeds": embeds})
    post(talk.discord, draft, tell=False)
    assert await talk.chat.find(talk.letter()) is None


async def test_only_what_cannot_be_ruled_out_is_labelled(talk: Chatting) -> None:
    doubtful = talk.letter(doubtful=True, attempt=2)
    talk.discord.faults.on("create_message", faults.reset())
    await talk.fails(talk.chat.post(talk.letter()))
    await talk.chat.post(doubtful)
    assert [AGAIN in m.words for m in talk.discord.posts("alert")] == [False], "it was found after all"
    talk.discord.clock.passes(600)  # longer than Discord remembers a nonce
    talk.discord.faults.on("get_channel_messages", faults.down(503))
    await talk.chat.post(doubtful)
    assert [AGAIN in m.words for m in talk.discord.posts("alert")] == [False, True]


async def test_without_the_right_to_read_history_nobody_can_tell(talk: Chatting) -> None:
    await talk.chat.post(talk.letter())
    talk.discord.shuts_out_bot("alert", May.READ_MESSAGE_HISTORY)
    failed = await talk.fails(talk.chat.find(talk.letter(doubtful=True)))
    assert not failed.permanent
    await talk.chat.post(talk.letter(doubtful=True, attempt=2))
    assert len(talk.discord.cards("alert")) == 1, "its nonce keeps it single all the same"


async def test_a_crash_between_pages_sends_no_page_twice(talk: Chatting) -> None:
    letter = talk.letter(wide(13_000), key="incident:9", to=Destination(LEADS))
    talk.discord.faults.on("create_message", None, faults.down(503))
    failed = await talk.fails(talk.chat.post(letter))
    assert failed.doubtful, "the first page stands"
    again = replace(letter, doubtful=True, attempt=2)
    talk.discord.faults.on("create_message", faults.reset())
    assert (await talk.fails(talk.chat.find(again))).doubtful
    await talk.chat.post(again)
    marks = [mark("incident:9"), mark("incident:9/2"), mark("incident:9/3")]
    assert talk.marks("leads") == marks and not any(AGAIN in m.words for m in talk.discord.posts("leads"))
    assert await talk.chat.find(again) is not None and talk.marks("leads") == marks


# The digest's picture


@pytest.mark.rule("discord-13")
async def test_the_digest_brings_its_picture_once(talk: Chatting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "draw", lambda *_, **__: b"\x89PNG\r\n\x1a\n")
    letter = talk.letter(DigestReady(told.WEEK), key="digest:x:2026-W48", to=Destination(LEADS))
    ref = await talk.chat.post(letter)
    (picture,) = pictures(talk)
    assert picture.name == "digest-2026-W48.png" and "青葉クリニック" in picture.description
    assert await talk.chat.find(replace(letter, doubtful=True)) == ref
    assert len(pictures(talk)) == 1


@pytest.mark.parametrize("fault", [faults.refused(400, 40005), faults.down(503)])
async def test_a_picture_that_fails_does_not_stop_the_digest(
    talk: Chatting, fault: faults.Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "draw", lambda *_, **__: b"\x89PNG\r\n\x1a\n")
    monkeypatch.setattr(drawing, "TOGETHER", 0.3)
    talk.discord.faults.on("create_message", None, fault)
    letter = talk.letter(DigestReady(told.WEEK), key="digest:x:2026-W48", to=Destination(LEADS))
    assert (await talk.chat.post(letter)).id and not pictures(talk)


def pictures(talk: Chatting) -> list[Any]:
    return [file for message in talk.discord.posts("leads") for file in message.attachments]
