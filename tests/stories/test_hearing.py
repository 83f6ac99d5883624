"""What a platform keeps from us is told to whoever looks after the bot: once, and again when it changed."""

from dataclasses import replace

import pytest
from company import Company, account, team
from harness import Harness

from bot.domain.events import HearingSeen
from bot.domain.model import Hearing
from bot.domain.notices import HearingNoticed

INTENT, CLOSED = "discord.intent", "discord.closed"


async def seen(house: Harness, trouble: str = "", matter: Hearing = Hearing.WORDS, platform: str = "slack") -> None:
    await house.submit(HearingSeen(platform=platform, matter=matter, trouble=trouble))


async def test_it_is_told_once_and_again_when_it_changed(house: Harness) -> None:
    company = await Company(house).opens()
    told: list[str] = []
    for trouble, new in (("", 0), (INTENT, 1), (INTENT, 0), (CLOSED, 1), ("", 1), ("", 0), (INTENT, 1)):
        await seen(house, trouble)
        told += [trouble] * new
        cards = company.cards(HearingNoticed)
        assert [card.notice.trouble for card in cards if isinstance(card.notice, HearingNoticed)] == told
        assert all((card.to.channel, card.to.people) == ("", (account("UADMIN"),)) for card in cards)
    await seen(house, CLOSED, Hearing.DOOR)
    assert len(company.cards(HearingNoticed)) == len(told) + 1, "each matter for itself"
    assert (await house.audit()).count("hearing.changed") == len(told) + 1


async def test_only_teams_of_that_platform_and_everybody_once(house: Harness) -> None:
    lead = replace(team("ULEAD", "UADMIN", rota=None), name="サポート2課")
    company = await Company(house).opens(team("UAGENT", "ULEAD"), lead)
    await seen(house, INTENT, platform="discord")
    assert not company.cards(HearingNoticed), "no team of ours is there"
    await seen(house, INTENT)
    assert [card.to.people for card in company.cards(HearingNoticed)] == [(account("ULEAD"),), (account("UADMIN"),)]


@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_while_there_is_nobody_to_tell_nothing_counts_as_told(house: Harness, platform: str) -> None:
    await seen(house, INTENT, platform=platform)
    company = await Company(house).opens()
    await seen(house, INTENT)
    assert len(company.cards(HearingNoticed)) == 1
