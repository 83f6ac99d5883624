"""As long as the rows do not say who acts on Discord nobody is shown anything of ours and nobody is told anything
untrue; a customer who gets to a command sees a neutral sentence, whatever was typed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from discord_town.interactions import Answer, Asked, Interaction
from discord_wire import SUPPORT, Wire, account, discord_team
from slow_rows import Rows

from adapters.chat import roll
from bot.domain.events import ReportFiled
from bot.domain.model import CustomerKind

LATE, OUTSIDE = "返事に時間がかかっています", "サポート担当の方のためのもの"
AMBIGUOUS = ("why 北", "状況 北", "対応します", "status nobody")
REPORTS = "SELECT count(*) FROM reports"


@pytest.fixture
async def up(wire: Wire) -> AsyncIterator[Wire]:
    for number, name in enumerate(("北野商事", "北田商店")):
        await wire.house.known(name, account(4001 + 50 * number), kind=CustomerKind.CUSTOMER)
        await wire.house.submit(ReportFiled(actor=account(4011), text=f"怒鳴られた {name}", place=SUPPORT))
    async with wire.up():
        await wire.discord.until(lambda: wire.discord.guild.commands)
        yield wire


@pytest.fixture
def rows(up: Wire, monkeypatch: pytest.MonkeyPatch) -> Rows:
    return Rows(up.house, monkeypatch)


async def told(up: Wire, who: str, words: str) -> str:
    """The answer to a direct message."""
    speaker = up.discord.user(who)
    before = len([message for message in speaker.direct() if message.embeds])
    speaker.tells_bot(words)
    await up.discord.until(lambda: len([message for message in speaker.direct() if message.embeds]) > before)
    return str([message for message in speaker.direct() if message.embeds][-1].words)


async def timed(acting: Interaction) -> tuple[str, float]:
    began = asyncio.get_running_loop().time()
    done = await acting.settled()
    return done.words, asyncio.get_running_loop().time() - began


def nobody_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a start: the teams of before are believed no more."""
    monkeypatch.setattr(roll, "OLD", 0.0)
    monkeypatch.setattr(roll, "KNOWN", 0.2)


async def test_a_customer_reads_one_neutral_sentence_whatever_was_typed(
    up: Wire, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in AMBIGUOUS:
        said = await told(up, "tanaka", words)
        assert OUTSIDE in said and "北" not in said and len(said.splitlines()) == 1
    nobody_known(monkeypatch)
    with rows.slow(0.4):
        for words in (*AMBIGUOUS[:2], "help", "policy"):
            said = await told(up, "tanaka", words)
            assert (LATE in said or OUTSIDE in said) and "北" not in said and len(said.splitlines()) == 1


async def test_who_is_listed_stays_known_while_rows_are_slow(
    up: Wire, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll, "KNOWN", 0.2)
    with rows.slow(0.4):
        assert "健" in await told(up, "hana", "いますぐ 怒鳴られている")
    assert up.house.one(REPORTS) == 3


async def test_who_is_not_known_yet_is_asked_to_try_again_and_nothing_is_done(
    up: Wire, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_known(monkeypatch)
    hana, alert = up.discord.user("hana"), up.discord.cards("alert")[-1]
    with rows.slow(0.4):
        assert LATE in await told(up, "hana", "いますぐ 怒鳴られている")
        message = up.discord.user("tanaka").says("返事しろ")
        for acting in (
            hana.uses_on_message("カスハラ報告", message), hana.uses_on_user("履歴", "tanaka"),
            hana.presses("なぜ?", alert), hana.types("/kasuhara report"),
        ):  # fmt: skip
            done = await acting.settled()
            assert LATE in done.words and done.form is None, done.words
    assert up.house.one(REPORTS) == 2


@pytest.mark.rule("discord-1")
async def test_rows_that_hang_are_told_within_three_seconds_and_nothing_untrue(up: Wire, rows: Rows) -> None:
    hana, alert = up.discord.user("hana"), up.discord.cards("alert")[-1]
    await hana.types("/kasuhara report")
    with rows.hang():
        every = (
            hana.submits({"text": "殴ると言われた"}),
            up.discord.user("mori").types("/kasuhara status"),
            up.discord.user("mori").uses_on_user("履歴", "tanaka"),
            up.discord.user("ken").presses("なぜ?", alert),
        )
        answers = await asyncio.gather(*(timed(one) for one in every))
    assert all(spent < 3 and words for words, spent in answers), answers
    assert not [words for words, _ in answers if "知られていません" in words], "nobody looked"


async def test_an_outsiders_button_still_shows_nothing(up: Wire) -> None:
    said = up.discord.user("tanaka").says("こんにちは")
    data = {"custom_id": "form:r", "component_type": 2}
    pressed = await up.discord.user("tanaka").forges(Asked.COMPONENT, data, "support", said)
    assert pressed.answered is Answer.DEFERRED_UPDATE and not pressed.answers


async def test_a_direct_answer_is_in_the_language_of_the_team(up: Wire) -> None:
    await up.company.opens(discord_team(language="en"))
    assert "On call" in await told(up, "hana", "oncall")
    assert "This command is for" in await told(up, "tanaka", "oncall")
