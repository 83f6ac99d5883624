"""/kasuhara on Discord: what is registered, what is typed, what is found, and what customers never see."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord_town import NotPossible, commandcheck
from discord_wire import OUTSIDE, Wire, account
from harness import START
from hypothesis import given
from hypothesis import strategies as st
from test_wording import POLICY

from adapters.chat.lookup import Rows
from adapters.commands import TABLE, Asker, parse, word_of
from adapters.discord.checkup import POSTING
from adapters.discord.lines import Typed, typed_of
from adapters.discord.register import length, mark_of, payload, unregistered
from bot.domain.model import Customer, CustomerKind, PingState

TOLD = payload(POLICY)


def every(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield command
    for option in command.get("options", ()):
        yield from every(option)


@pytest.mark.rule("discord-6", "discord-7")
def test_what_is_registered_is_within_every_limit_and_said_in_both_languages() -> None:
    commandcheck.commands(TOLD)
    command, message, user = TOLD
    assert [one["name"] for one in command["options"]] == [word.shown("en") for word in TABLE]
    assert length(command) <= 8_000 and (message["type"], user["type"]) == (3, 2)
    for one in every(command):
        assert one is command or set(one["name_localizations"]) == {"ja"}
        assert "…" not in one["description"] + one["description_localizations"]["ja"], "nothing is cut"
    assert message["name_localizations"] == {"ja": "カスハラ報告"} and user["name_localizations"] == {"ja": "履歴"}
    assert all(int(one["default_member_permissions"]) for one in TOLD), "hidden from whoever has no such right"
    assert mark_of(TOLD) == mark_of(payload(POLICY)) != mark_of(TOLD[:2])


@pytest.mark.parametrize("page", ["discord.md", "discord.ja.md"])
def test_the_invitation_in_the_docs_asks_for_what_the_bot_uses(page: str) -> None:
    asked = discord.Permissions(**dict.fromkeys(POSTING, True)).value
    text = (Path(__file__).parents[3] / "docs" / page).read_text("utf-8")
    assert re.findall(r"permissions=(\d+)", text) == [str(asked)]


@pytest.fixture
async def up(wire: Wire) -> AsyncIterator[Wire]:
    async with wire.up():
        await wire.discord.until(lambda: len(wire.discord.guild.commands) == len(TOLD))
        yield wire


@pytest.mark.rule("discord-8")
async def test_commands_are_told_once_and_again_only_when_they_changed(wire: Wire) -> None:
    """Every start and every new session asks whether they changed; the mark stands in the rows."""
    told = wire.discord.record.of
    for _ in range(2):
        async with wire.up(catches_up=True) as bot:
            await bot._client.finished()
        assert len(told("bulk_overwrite_guild_application_commands")) == 1
    await wire.house.intake.write(lambda uow: uow.presence.tell("discord:commands:1000", "another"))
    async with wire.up() as bot:
        await wire.discord.until(lambda: len(told("bulk_overwrite_guild_application_commands")) == 2)
        assert await unregistered(bot._client, ["1000"], wire.house.policy) == ()
        wire.discord.guild.commands.clear()
        assert await unregistered(bot._client, ["1000"], wire.house.policy) == ("1000",)


@pytest.mark.rule("discord-9")
async def test_a_customer_is_not_offered_a_command_and_refused_where_it_is_forged(up: Wire) -> None:
    await up.house.known("北田商店", account(7001))
    customer = up.discord.user("tanaka")
    assert customer.commands("support") == []
    with pytest.raises(NotPossible):
        customer.types("/kasuhara next")
    up.discord.gives_role("tanaka", "Agents")  # somebody was careless in the server's settings
    for command in ("next", "status", "report", "digest"):
        answer = await customer.types(f"/kasuhara {command}").settled()
        assert answer.ephemeral and answer.words == OUTSIDE
    assert not (await customer.searches("/kasuhara report", "customer", "")).choices
    assert not up.company.pings() and not up.discord.posts() and not up.discord.troubles


@pytest.mark.rule("discord-1", "discord-4", "discord-5")
async def test_typed_words_are_answered_for_the_typing_person_alone(up: Wire) -> None:
    ken, hana = up.discord.user("ken"), up.discord.user("hana")
    report = await hana.types("/kasuhara now", {"text": "怒鳴られている @everyone"}).settled()
    assert report.ephemeral and "健" in report.words, "who was called"
    await up.discord.until(lambda: up.discord.cards("alert"))
    assert "健" not in (await ken.types("/kasuhara つぎ").settled()).words
    taken = await ken.types("/kasuhara ack").settled()
    assert "引き受けました" in taken.words and up.company.ping().state is PingState.ACKNOWLEDGED
    why = await ken.types("/kasuhara why", {"subject": "ping", "number": 1}).settled()
    assert "呼び出し" in why.words
    done = await ken.types("/kasuhara 完了", {"結果": "落ち着いた"}).settled()
    assert done.ephemeral and up.company.pings()[0].state is PingState.RESOLVED
    english = up.discord.world.user("ken")
    english.locale = "en-GB"
    assert "On call" in (await ken.types("/kasuhara oncall").settled()).words
    assert up.discord.pinged() == {"@4012"} and not up.discord.troubles


@pytest.mark.rule("discord-2")
async def test_customers_are_offered_by_name_and_what_comes_back_is_read_again(up: Wire) -> None:
    for number in range(31):
        await up.house.known(f"北田商店{number}", f"discord:1000:{7000 + number}")
    hana = up.discord.user("hana")
    found = await hana.searches("/kasuhara status", "customer", "北田商店3")
    assert [choice["name"] for choice in found.choices][:2] == ["北田商店3 #4", "北田商店30 #31"]
    assert len((await hana.searches("/kasuhara status", "customer", "")).choices) == 25
    chosen = await up.discord.user("mori").types("/kasuhara why", {"customer": found.choices[0]["value"]}).settled()
    assert "北田商店3" in chosen.words
    for typed in ("いない人", "北田商店", "#99999", "@everyone", "<@4001>", "a b「c」\"d'"):
        wrong = await hana.types("/kasuhara status", {"customer": typed}).settled()
        assert not wrong.failed and wrong.ephemeral and wrong.words
    assert not up.discord.pinged()


async def test_the_menu_on_a_person_shows_their_history(up: Wire) -> None:
    await up.house.known("田中商店", account(4001))
    shown = await up.discord.user("mori").uses_on_user("履歴", "tanaka").settled()
    assert shown.ephemeral and "田中商店" in shown.words
    unknown = await up.discord.user("mori").uses_on_user("履歴", "sato").settled()
    assert "知られていません" in unknown.words


OPTIONS = {word.key: [argument.key for argument in word.arguments] for word in TABLE}


@given(st.sampled_from(["next", "policy", "ack", "status", "oncall", "digest", "help", "why"]), st.text(max_size=40))
def test_no_option_breaks_the_line(word: str, value: str) -> None:
    """Whatever is typed into an option is read by the same grammar, which never raises."""
    options = {key: value for key in OPTIONS[word] if value.strip()}
    parse(Typed(word, options).line, ASKER, Rows((), ()), POLICY)


ASKER = Asker(account=account(4011), language="ja", zone="Asia/Tokyo", now=START)
NAMES = ("北田 商店", "ABC Inc.", '"quoted" name', "「株」 一", "a'b c", "customer:x", "x #3")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_spaces_or_quotes_is_one_name(name: str) -> None:
    rows = Rows((Customer(7, name, CustomerKind.CUSTOMER, "", ()),), ())
    parsed = parse(Typed("report", {"text": "怒鳴られた", "customer": name}).line, ASKER, rows, POLICY)
    assert parsed.event.customer_id == 7 and parsed.event.text == "怒鳴られた"  # type: ignore[union-attr]


def test_options_come_back_by_their_default_names() -> None:
    data = {"options": [{"name": "report", "type": 1, "options": [
        {"name": "text", "type": 3, "value": " 怒鳴られた "}, {"name": "kind", "type": 3, "value": "insult"},
        {"name": "unheard-of", "type": 3, "value": "x"}]}]}  # fmt: skip
    typed = typed_of(data)
    assert typed == Typed("report", {"text": "怒鳴られた", "group": "insult"}) and not typed.wants_form
    assert typed_of({"options": [{"name": "other", "type": 1}]}) is None and typed_of({}) is None
    assert word_of("call") and Typed("call", {"customer": "x"}).wants_form
