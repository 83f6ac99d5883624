"""More automatic pings than one person can take in an hour come in one card that grows in place (rules.md 7)."""

from datetime import timedelta

from company import Company, account
from harness import Harness

from bot.domain.model import PingState, Severity
from bot.domain.notices import PingAnswered, PingEscalated, PingOpened, PingsBundled, Post

MINUTE = timedelta(minutes=1)
TEXTS = (
    "返金しろ。", "在庫の数がおかしいです", "住所を直してください", "担当者を出せ", "請求書が届かない",
    "電話に出ろ", "ログインできません", "見積もりを送れ", "配送が遅い", "解約させろ",
)  # fmt: skip


async def bursts(house: Harness, first: int, last: int, times: int = 3) -> None:
    """One customer after the other says three times what nobody else says; all of it is now."""
    for number in range(first, last):
        await house.customer(f"U{number}").writes(TEXTS[number], *range(1 - times, 1), channel=f"c{number}")


def bundles(company: Company) -> list[tuple[str, int]]:
    """(the key, how many pings) of every waiting bundle's card."""
    cards = [post for post in company.posts() if isinstance(post.notice, PingsBundled)]
    return [(post.key, len(post.notice.pings)) for post in cards if isinstance(post.notice, PingsBundled)]


def last_bundle(company: Company) -> Post:
    return [post for post in company.posts() if isinstance(post.notice, PingsBundled)][-1]


async def test_the_seventh_and_eighth_of_an_hour_are_one_card(house: Harness) -> None:
    company = await Company(house).opens()
    await bursts(house, 0, 6)
    assert (len(company.cards(PingOpened)), bundles(company)) == (6, [])
    await bursts(house, 6, 7)
    assert (len(company.cards(PingOpened)), bundles(company)) == (6, [("bundle:1", 1)])
    await company.delivers()
    await bursts(house, 7, 8)
    post = last_bundle(company)
    assert (post.edits, post.to.people) == ("bundle:1", (account("USUPER1"),))
    assert isinstance(post.notice, PingsBundled)
    assert [ping.ping_id for ping in post.notice.pings] == [7, 8]
    assert len(company.pings()) == 8
    assert company.cards(PingOpened) == []


async def test_grave_ones_and_peoples_reports_stand_alone(house: Harness) -> None:
    company = await Company(house).opens()
    await bursts(house, 0, 6)
    await bursts(house, 6, 7, times=6)
    (grave,) = [ping for ping in company.pings() if ping.severity is Severity.HIGH]
    assert [call.key for call in company.calls(grave.id)] == ["bundle:1", f"ping:{grave.id}:1"]
    told = await company.reports("暴言", place="", severity=Severity.LOW)
    assert told.called == ("鈴木",)
    assert [call.key for call in company.calls(told.ping_id)] == [f"ping:{told.ping_id}:0"]


async def test_bundled_pings_escalate_and_are_answered_from_their_card(house: Harness) -> None:
    company = await Company(house).opens()
    await bursts(house, 0, 8)
    await company.delivers()
    assert company.took(await company.acknowledges(ping=7), PingAnswered).first
    post = last_bundle(company)
    assert isinstance(post.notice, PingsBundled)
    assert [ping.state for ping in post.notice.pings] == [PingState.ACKNOWLEDGED, PingState.TRIGGERED]
    assert (post.edits, post.notice.pings[0].acked_by) == ("bundle:1", "鈴木")
    for ping in range(1, 7):
        await company.acknowledges(ping=ping)
    await company.passes(minutes=5)
    assert (company.called(7), company.called(8)) == (["USUPER1"], ["USUPER1", "USUPER2"])
    (escalated,) = company.cards(PingEscalated)
    assert escalated.to.people == (account("USUPER2"),)


async def test_after_the_hour_pings_stand_alone_again(house: Harness) -> None:
    company = await Company(house).opens()
    await bursts(house, 0, 7)
    for ping in company.pings():
        await company.acknowledges(ping=ping.id)
        await company.resolves(ping=ping.id)
    house.clock.advance(minutes=59, seconds=59)
    await bursts(house, 7, 8)
    assert company.calls(8)[0].key == "bundle:1"
    house.clock.advance(seconds=1)
    await bursts(house, 8, 9)
    assert company.calls(9)[0].key == "ping:9:0"
