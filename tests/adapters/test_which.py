"""Which ping is meant: its number stands on its card and in the list, and its explanation begins with the words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from company import Company, account
from harness import Harness, opened, sqlite_url

from adapters.chat import Door
from adapters.chat.buttons import pressed
from adapters.commands import Asker
from adapters.discord.layout import messages_of as on_discord
from adapters.slack.layout import messages_of as on_slack
from adapters.wording import Card, answer_card, card_of, text_of
from adapters.wording.incidents import MASKED
from bot.domain.model import PingState
from bot.domain.notices import PingOpened
from bot.domain.questions import WhyAsked, WhyShown

ANGRY = "返事しろ。いつまで待たせるんだ"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Harness]:
    """Two customers whose flood calls the supervisor."""
    async with opened(sqlite_url(tmp_path)) as made:
        await Company(made).opens()
        for number, name in ((1, "北野商事"), (2, "青葉クリニック")):
            await made.known(name, f"slack:TCUST:U{number}")
            await made.customer(f"U{number}").repeats(ANGRY, 3, MINUTE)
        yield made


def asker(house: Harness, language: str = "ja", who: str = "USUPER1") -> Asker:
    return Asker(account=account(who), now=house.clock.now, language=language, zone="Asia/Tokyo")


async def typed(house: Harness, line: str, language: str = "ja") -> Card:
    said = await Door(house.intake, house.policy).line(line, asker(house, language))
    assert said.card is not None
    return said.card


async def press(house: Harness, card: Card, place: int) -> Card:
    deed = pressed(card.buttons[place].action, card.buttons[place].subject, account("USUPER1"))
    assert deed is not None
    return await Door(house.intake, house.policy).either(deed, asker(house))


@pytest.mark.parametrize(
    ("language", "ack", "resolve", "number"),
    [("ja", "対応します", "完了", "呼び出し #2"), ("en", "ack", "done", "ing #2")],
)
async def test_a_command_that_fits_several_names_them_with_a_button_each(
    house: Harness, language: str, ack: str, resolve: str, number: str
) -> None:
    asked = await typed(house, ack, language)
    shown = text_of(asked)
    assert number in shown and "北野商事" in shown and "青葉クリニック" in shown and f"/kasuhara {ack} 1" in shown
    assert [b.subject for b in asked.buttons] == ["ping:1", "ping:2"] and "青葉" in asked.buttons[1].label
    for drawn in (on_slack(asked), on_discord(asked)):
        assert len(drawn) == 1 and "青葉" in str(drawn)
    for place in (0, 1):
        await press(house, asked, place)
    asked = await typed(house, f"{resolve} 折り返した" if language == "ja" else resolve, language)
    assert [b.action for b in asked.buttons] == ["resolve", "resolve"]
    await press(house, asked, 1)
    with house.database.read() as uow:
        assert [ping.state for ping in map(uow.pings.get, (1, 2))] == [PingState.ACKNOWLEDGED, PingState.RESOLVED]


async def test_the_number_stands_on_the_card_and_in_the_status(house: Harness) -> None:
    cards = [post for post in Company(house).posts() if isinstance(post.notice, PingOpened)]
    for language, number in (("ja", "呼び出し #"), ("en", "ping #")):
        feet = [card_of(post.notice, language, house.policy, {}).footer for post in cards]
        assert [number + id in foot for foot, id in zip(feet, "12", strict=True)] == [True, True]
        listed = text_of(await typed(house, "状況", language))
        assert "#1 " in listed and "#2 " in listed


async def explained(house: Harness, subject: str) -> WhyShown:
    shown = await house.intake.ask(WhyAsked(account("USUPER1"), subject))
    assert isinstance(shown, WhyShown)
    return shown


@pytest.mark.parametrize("subject", ["ping:1", "incident:1"])
async def test_the_first_press_shows_the_words_with_what_is_the_same(house: Harness, subject: str) -> None:
    card = answer_card(await explained(house, subject), "ja", house.policy)
    quotes = [quote for section in card.sections for quote in section.quotes]
    assert [(quote.text, quote.marks) for quote in quotes] == [(ANGRY, ((0, len(ANGRY)),))] * 3
    assert "10分間に3回" in text_of(card)
    assert ("why", "detection:1") in [(b.action, b.subject) for b in card.buttons]


async def test_of_several_detections_the_newest_is_shown_and_each_has_a_button(house: Harness) -> None:
    await house.customer("U1").repeats("今すぐ全額返金しろ。訴えるぞ", 3, MINUTE)
    card = answer_card(await explained(house, "ping:1"), "ja", house.policy)
    assert [q.text for s in card.sections for q in s.quotes] == ["今すぐ全額返金しろ。訴えるぞ"] * 3
    assert [b.subject for b in card.buttons] == ["incident:1", "detection:3", "detection:1"]
    assert len(on_discord(card)) == len(on_slack(card)) == 1


async def test_masked_words_stay_behind_the_detections_own_button(house: Harness) -> None:
    shown = await explained(house, "ping:1")
    assert shown.incident is not None
    masked = replace(shown, incident=replace(shown.incident, categories=tuple(MASKED)))
    card = answer_card(masked, "ja", house.policy)
    assert ANGRY not in text_of(card) and "detection:1" in [b.subject for b in card.buttons]
