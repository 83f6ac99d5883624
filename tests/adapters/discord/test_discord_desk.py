"""Buttons and direct messages on Discord: what they do, what the person alone is told, and what outsiders never get."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from discord_town import LocalDiscord, faults
from discord_town.interactions import Answer, Asked
from discord_town.message import Message
from discord_wire import OUTSIDE, SUPPORT, Wire, account
from test_discord_layout import PAYLOADS

from adapters.chat import later, roll
from adapters.discord import outbound
from bot.domain.events import ReportFiled
from bot.domain.model import PingState
from bot.domain.notices import ReportRecorded


@pytest.fixture
async def up(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    monkeypatch.setattr(outbound, "GAP", 0.0)
    monkeypatch.setattr(outbound, "EDIT_GAP", 0.0)
    async with wire.up():
        await wire.discord.until(lambda: wire.discord.guild.commands)
        yield wire


async def reported(here: Wire, text: str = "無能と言われた", **facts: Any) -> ReportRecorded:
    event = ReportFiled(actor=account(4011), text=text, place=SUPPORT, **facts)
    return here.company.took(await here.house.submit(event), ReportRecorded)


async def card(discord: LocalDiscord, channel: str, action: str) -> Message:
    """The newest card there that has this button."""
    found: list[Message] = []

    def there() -> bool:
        found[:] = [one for one in discord.cards(channel) if f"'{action}:" in str(one.components)]
        return bool(found)

    await discord.until(there)
    return found[-1]


@pytest.mark.rule("discord-27", "discord-4")
async def test_acknowledge_why_and_resolve_and_the_card_follows(up: Wire) -> None:
    await reported(up)
    alert = await card(up.discord, "alert", "ack")
    ken, yui = up.discord.user("ken"), up.discord.user("yui")
    why = await ken.presses("why:ping:1", alert).settled()
    assert why.ephemeral and why.words
    told = await asyncio.gather(*(one.presses("ack:ping:1", alert).settled() for one in (ken, yui, ken)))
    assert all(one.ephemeral and one.answered is Answer.DEFERRED for one in told)
    taker = up.company.ping().acked_by
    assert up.company.ping().state is PingState.ACKNOWLEDGED and taker in (account(4012), account(4013))
    assert any("引き受けました" in one.words for one in told)
    await up.discord.until(lambda: "'ack:" not in str(alert.components))
    assert len(up.discord.cards("alert")) == 1, "in place"
    resolver = ken if taker == account(4012) else yui
    await resolver.presses("resolve:ping:1", await card(up.discord, "alert", "resolve")).settled()
    assert up.company.pings()[0].state is PingState.RESOLVED
    assert not up.discord.troubles and not up.discord.record.refusals
    assert up.discord.pinged() == {"@4012"}


@pytest.mark.rule("discord-26", "discord-9")
async def test_a_customer_who_presses_is_refused_and_told_nothing(up: Wire) -> None:
    await reported(up)
    alert = await card(up.discord, "alert", "ack")
    await up.discord.until(lambda: len(up.discord.posts()) == 2)  # the card, and the word to the person on call
    tanaka = up.discord.user("tanaka")
    said = tanaka.says("こんにちは")
    for id in (
        "ack:ping:1",
        "resolve:ping:1",
        "why:ping:1",
        "show:incident:1",
        "confirmed:incident:1",
        "form:r",
        "now:home",
    ):
        data = {"custom_id": id, "component_type": 2}
        pressed = await tanaka.forges(Asked.COMPONENT, data, "support", said)
        assert pressed.answered is Answer.DEFERRED_UPDATE and not pressed.answers and pressed.form is None
    assert up.company.ping().state is PingState.TRIGGERED and "'ack:" in str(alert.components)
    assert len(up.discord.posts()) == 2 and not tanaka.private() and not tanaka.direct()
    await up.discord.until(lambda: up.house.one("SELECT count(*) FROM audit") > 3)
    assert any("refused" in line or "denied" in line for line in await up.house.audit()), "and it is on record"
    assert not up.discord.troubles


@pytest.mark.rule("discord-27")
async def test_a_button_of_before_the_restart_works_after_it(wire: Wire) -> None:
    async with wire.up():
        await reported(wire)
        alert = await card(wire.discord, "alert", "ack")
    async with wire.up(catches_up=True):
        told = await wire.discord.user("ken").presses("ack:ping:1", alert).settled()
        assert "引き受けました" in told.words and wire.company.ping().state is PingState.ACKNOWLEDGED


@pytest.mark.rule("discord-1")
@pytest.mark.parametrize("code", [10062, 10015, 50027])
async def test_an_answer_whose_time_is_over_comes_directly(up: Wire, code: int) -> None:
    """The token of an interaction lives for fifteen minutes: unknown interaction, unknown webhook, invalid token."""
    await reported(up)
    alert = await card(up.discord, "alert", "ack")
    ken = up.discord.user("ken")
    status = 401 if code == 50027 else 404
    up.discord.faults.on("edit_original_interaction_response", faults.refused(status, code))
    ken.presses("ack:ping:1", alert)
    await up.discord.until(lambda: any("引き受けました" in message.words for message in ken.direct()))
    assert up.company.ping().state is PingState.ACKNOWLEDGED and up.discord.record.invalid <= 1


@pytest.mark.rule("discord-1")
async def test_a_button_that_comes_too_late_to_be_answered_still_counts(up: Wire) -> None:
    await reported(up)
    alert = await card(up.discord, "alert", "ack")
    up.discord.faults.on("create_interaction_response", faults.refused(404, 10062), times=2)
    ken = up.discord.user("ken")
    ken.presses("ack:ping:1", alert)
    await up.discord.until(lambda: any("引き受けました" in message.words for message in ken.direct()))
    assert up.company.ping().state is PingState.ACKNOWLEDGED


async def test_an_answer_is_said_again_until_discord_takes_it(up: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "WAITS", (0.01, 0.01, 0.01))
    up.discord.faults.on("edit_original_interaction_response", faults.down(503), faults.reset(carried_out=False))
    told = await up.discord.user("ken").types("/kasuhara next").settled()
    assert told.ephemeral and told.words


@pytest.mark.rule("discord-5")
async def test_what_another_process_answered_is_left_to_it(up: Wire) -> None:
    await reported(up)
    alert = await card(up.discord, "alert", "ack")
    up.discord.faults.on("create_interaction_response", faults.refused(400, 40060))
    pressed = up.discord.user("ken").presses("ack:ping:1", alert)
    await up.discord.until(lambda: up.discord.record.of("create_interaction_response"))
    told = await up.discord.user("ken").types("/kasuhara next").settled()
    assert told.words and up.company.ping().state is PingState.TRIGGERED and not pressed.answers


async def test_a_button_that_nobody_knows_says_so(up: Wire) -> None:
    for id in ("dance:ping:1", "ack:ping:x", "", ":", "form:zzz", "ack:ping:99999", "confirmed:incident:99"):
        told = await up.discord.user("ken").forges(Asked.COMPONENT, {"custom_id": id, "component_type": 2}, "alert")
        await told.settled()
        assert not told.failed and (told.words or told.form), id


@pytest.mark.parametrize(
    ("words", "lists"), [("いますぐ 怒鳴られている", 1), ("now they shout", 1), ("/kasuhara now x", 1)]
)
async def test_a_direct_message_is_a_command(up: Wire, words: str, lists: int) -> None:
    """The server in which somebody is listed is looked up; nothing but the words has to be known."""
    hana = up.discord.user("hana")
    hana.tells_bot(words)
    await up.discord.until(lambda: any("健" in message.words for message in hana.direct() if message.embeds))
    assert up.house.one("SELECT count(*) FROM reports") == 1 and up.company.ping().state is PingState.TRIGGERED
    await up.discord.until(lambda: up.discord.cards("alert"))


async def test_a_direct_message_opens_a_form_by_a_button_and_helps(up: Wire) -> None:
    hana = up.discord.user("hana")
    hana.tells_bot("報告")
    await up.discord.until(lambda: any("報告の画面を開く" in message.words for message in hana.direct()))
    await hana.presses("報告の画面を開く", hana.direct()[-1])
    answer = await hana.submits({"text": "怒鳴られた"}).settled()
    assert answer.words and up.company.report(1).text == "怒鳴られた" and up.company.report(1).place == ""
    hana.tells_bot("とりあえず")
    await up.discord.until(lambda: any("とりあえず" in message.words for message in hana.direct() if message.embeds))


async def test_a_customer_who_writes_to_the_bot_gets_one_neutral_sentence(up: Wire) -> None:
    tanaka = up.discord.user("tanaka")
    for words in ("いますぐ", "status", "判定 1"):
        tanaka.tells_bot(words)
    await up.discord.until(lambda: len([message for message in tanaka.direct() if message.embeds]) == 3)
    told = {message.words for message in tanaka.direct() if message.embeds}
    assert told == {OUTSIDE}
    assert not up.house.one("SELECT count(*) FROM reports") and not up.company.pings()


@pytest.mark.rule("discord-14")
async def test_two_hundred_hostile_texts_call_nobody(up: Wire) -> None:
    """In messages, nicknames, names of threads, typed words, options and fields of forms: at the end nobody but the
    people on call was ever mentioned."""
    await hostile(up, PAYLOADS[::25])


@pytest.mark.soak
@pytest.mark.rule("discord-14")
async def test_two_hundred_hostile_texts_and_more_call_nobody(up: Wire) -> None:
    await hostile(up, PAYLOADS[::2])


async def hostile(here: Wire, texts: list[str]) -> None:
    hana, mori = here.discord.user("hana"), here.discord.user("mori")
    for number, text in enumerate(filter(str.strip, (text.replace("\ud800", "?") for text in texts))):
        here.discord.renames("tanaka", text[:32])
        here.discord.user("tanaka").opens_thread(text[:90], "support")
        here.discord.user("tanaka").says(text)
        match number % 4:
            case 0:
                await hana.types("/kasuhara now", {"text": text}).settled()
            case 1:
                await hana.types("/kasuhara status", {"customer": text}).settled()
            case 2:
                await hana.types("/kasuhara report")
                await hana.submits({"text": text, "severity": "high"}).settled()
            case 3:
                hana.tells_bot(f"報告 {text}")
        await hana.searches("/kasuhara status", "customer", text)
    await mori.types("/kasuhara status").settled()
    await here.discord.until(lambda: not here.company.posts())
    assert here.discord.pinged() <= {"@4012", "@4013", "@4014"} and not here.discord.record.refusals
    every = [message for message in here.discord.posts() if "@" in message.content]
    assert all(message.content.replace("<@", "").rstrip(">").isdecimal() for message in every)


async def test_before_the_rows_say_who_presses_no_form_names_a_customer(
    up: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are slow just then: whoever is not known to be ours is shown nobody's name."""
    await reported(up)
    tanaka = up.discord.user("tanaka")
    monkeypatch.setattr(roll, "KNOWN", 0.0)
    monkeypatch.setattr(roll, "OLD", 0.0)
    for id in ("detail:report:1", "form:r/3001"):
        told = await tanaka.forges(Asked.COMPONENT, {"custom_id": id, "component_type": 2}, "support").settled()
        assert told.form is None and "もう一度" in told.words


async def test_whoever_left_the_server_is_a_stranger_though_a_team_still_lists_them(up: Wire) -> None:
    await reported(up)
    ken = up.discord.user("ken")
    up.discord.leaves("ken")
    ken.tells_bot("ack 1")
    await up.discord.until(lambda: "50007" in str(up.discord.record.refusals))  # Discord brings them no answer
    assert up.company.ping().state is PingState.TRIGGERED
