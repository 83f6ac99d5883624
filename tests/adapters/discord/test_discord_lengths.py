"""How much there may be to say on Discord: nothing is refused or left out without saying so, and nobody is called."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest
import test_wording as told
from discord_chatting import LEADS, Chatting
from discord_town.message import Message
from discord_wire import SUPPORT, Wire, account
from test_discord_layout import ALIVE, PAYLOADS

from adapters.discord import outbound
from adapters.discord.markup import size
from bot.domain.events import DigestWanted, ReportFiled
from bot.domain.model import Destination
from bot.domain.notices import DigestReady

MANY = 60
NAME = "客{} @everyone <@4012> \u202e**x**\u200b"
PLACE = "**@everyone** <@4012> \u202eevil\u200b https://evil.example"
LONG = "怒" * 1_999 + "終わ"


def weight(message: Message) -> int:
    """As Discord counts it over all embeds of a message."""
    texts = (
        text for one in message.embeds for text in (
            one.get("title"), one.get("description"), (one.get("footer") or {}).get("text"),
            *(part for pair in one.get("fields") or () for part in (pair["name"], pair["value"])),
        )
    )  # fmt: skip
    return sum(size(text or "") for text in texts)


def harmless(messages: Iterable[Message]) -> bool:
    """Whatever is parsed is only text, and within the limits."""
    for message in messages:
        parsed = [one.get(key) or "" for one in message.embeds for key in ("title", "description")]
        parsed += [pair[key] for one in message.embeds for pair in one.get("fields") or () for key in ("name", "value")]
        if any(ALIVE.search(text.replace("\\\\", "")) for text in parsed) or weight(message) > 6_000:
            return False
        if any(
            len(one.get("fields") or ()) > 25 or len(one.get("description") or "") > 4_096 for one in message.embeds
        ):
            return False
    return True


@pytest.fixture
async def crowd(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """Sixty customers with hostile names write in a channel with one, and each is reported at length."""
    monkeypatch.setattr(outbound, "GAP", 0.0)
    monkeypatch.setattr(outbound, "EDIT_GAP", 0.0)
    discord = wire.discord
    discord.renames_channel("support", PLACE)
    async with wire.up(catches_up=True):
        await discord.until(lambda: discord.guild.commands)
        people = [discord.user(discord.joins(f"kyaku{number}", NAME.format(number)).id) for number in range(MANY)]
        said = [person.says(f"無能、{number} 番目だ", 3001) for number, person in enumerate(people)]
        await wire.hears(MANY)
        reports = (
            ReportFiled(actor=account(4011), text=LONG, place=SUPPORT, message_id=str(one.id)) for one in said
        )  # fmt: skip
        await asyncio.gather(*map(wire.house.submit, reports))
        yield wire


@pytest.mark.rule("discord-10", "discord-14")
async def test_sixty_customers_and_long_reports_are_told_whole_or_counted(crowd: Wire) -> None:
    discord = crowd.discord
    mori = discord.user("mori")
    answers = {
        line: await mori.types(f"/kasuhara {line}", options, "alert").settled()
        for line, options in (
            ("status", {}), ("next", {}), ("help", {}), ("policy", {}), ("oncall", {}), ("digest", {}),
            ("why", {"subject": "incident", "number": 1}), ("verify", {"number": 1}),
        )
    }  # fmt: skip
    assert all(one.ephemeral and one.words and harmless(one.answers) for one in answers.values())
    assert f"ほか {MANY - 8}件" in answers["status"].words, "open calls that are not listed are counted, every one"
    assert f"ほか {MANY - 8}件" in answers["digest"].words and f"ほか {MANY - 8}名" in answers["digest"].words
    assert LONG in answers["verify"].words.replace("\n> ", ""), "whoever judges reads a report whole"
    await crowd.house.submit(DigestWanted(actor=account(4014), team="窓口"))
    await discord.until(lambda: discord.posts("leads"))
    await discord.until(lambda: len(discord.cards("alert")) >= 3)
    assert harmless([*discord.posts("leads"), *discord.cards("alert")])
    assert discord.pinged() == {"@4012"} and not discord.record.refusals and not discord.troubles


@pytest.mark.rule("discord-10", "discord-13")
async def test_a_full_digest_stands_whole_with_its_picture_below(talk: Chatting) -> None:
    await talk.chat.post(talk.letter(DigestReady(told.FULL_WEEK), key="digest:9", to=Destination(LEADS)))
    *cards, picture = talk.discord.posts("leads")
    assert harmless(cards) and all(card.embeds for card in cards) and not picture.embeds
    (file,) = picture.attachments
    assert file.data.startswith(b"\x89PNG") and 0 < size(file.description) <= 1_024
    assert picture.reference is not None and not talk.discord.pinged()


@pytest.mark.rule("discord-14")
@pytest.mark.parametrize("number", range(0, len(PAYLOADS), 97))
async def test_names_of_places_call_and_link_nobody(wire: Wire, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "GAP", 0.0)
    discord, name = wire.discord, PAYLOADS[number]
    discord.renames_channel("support", name)
    discord.renames_channel("returns", name)
    discord.renames("hana", name)
    discord.renames("tanaka", name)
    async with wire.up(catches_up=True):
        said = discord.user("tanaka").says("返事しろ", 3007)
        await wire.hears(1)
        filed = ReportFiled(actor=account(4011), text=name, place=SUPPORT, message_id=str(said.id))
        await wire.house.submit(filed)
        await discord.until(lambda: discord.cards("alert"))
        told = await discord.user("mori").types("/kasuhara status", {}, "alert").settled()
        assert harmless([*discord.cards(), *told.answers]) and discord.pinged() <= {"@4012"}
