"""What was said while the bot was away calls if it still matters, and says that it was found later."""

from company import Company
from harness import Harness

from adapters.wording import answer_card, card_of, text_of
from bot.domain.notices import PingOpened
from bot.domain.questions import WhyAsked, WhyShown

TEXT = "返事しろ。いつまで待たせるんだ"


async def called(company: Company, house: Harness) -> tuple[str, str]:
    """The words of the first call's card, and of its why."""
    (post,) = company.cards(PingOpened)
    shown = await house.intake.ask(WhyAsked("cli:test", "ping:1"))
    assert isinstance(shown, WhyShown)
    why = text_of(answer_card(shown, "ja", house.policy), 400)
    return text_of(card_of(post.notice, "ja", house.policy, {}), 400), why


async def test_a_burst_found_in_a_gap_says_so(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().writes(TEXT, -30, -25, -24, recovered=True)
    card, why = await called(company, house)
    assert "障害後に回収" in card and "障害後に回収" in why and company.ping().recovered


async def test_one_that_no_longer_matters_calls_nobody(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().writes(TEXT, -75, -70, -65, recovered=True)
    assert company.pings() == [] and [one.reach.value for one in company.incidents()] == ["listed"]


async def test_what_was_not_found_later_does_not_say_so(house: Harness) -> None:
    """The window filled live; history was as fast as the event, as at every start; the platform itself was slow
    (slack.md 4), and only a reader of history knows of a gap."""
    company = await Company(house).opens()
    live, racing, slow = (house.customer(name) for name in ("ULIVE", "URACE", "USLOW"))
    await live.writes(TEXT, -5, -4, recovered=True, channel="one")
    await live.writes(TEXT, 0, channel="one")
    await racing.writes("在庫の数がおかしいです", -0.9, -0.5, -0.2, recovered=True, channel="two")
    await slow.writes("住所を直してください", -8, -7, -6, channel="three")
    assert [ping.recovered for ping in company.pings()] == [False] * 3
    for post in company.cards(PingOpened):
        assert "障害" not in text_of(card_of(post.notice, "ja", house.policy, {}), 400)


async def test_a_burst_that_goes_on_keeps_how_it_was_found(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().writes(TEXT, -30, -25, -24, recovered=True)
    await house.customer().writes(TEXT, 0)
    assert company.ping().recovered, "the ping was opened by what was found later"
    assert len(company.pings()) == 1
