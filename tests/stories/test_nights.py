"""Outside the desk's hours a machine waits for the morning, and a person is heard at once (rules.md 7)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from company import ALERT, Company, account, team
from harness import Harness

from bot.domain.events import EscalationsDue
from bot.domain.model import IncidentState, Reach, ReportKind, Severity
from bot.domain.notices import MorningListed

MINUTE = timedelta(minutes=1)
NIGHT = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
"""Friday 20:00 in Tokyo; Monday the 23rd is a holiday."""
TUESDAY = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Tuesday 09:00 in Tokyo."""
STOCK = "在庫の数がおかしいです"


async def looks(house: Harness, *times: datetime) -> None:
    for at in times:
        house.clock.now = at
        await house.submit(EscalationsDue())


def mornings(company: Company) -> list[MorningListed]:
    return [post.notice for post in company.cards(MorningListed) if isinstance(post.notice, MorningListed)]


async def test_medium_waits_for_the_opening_over_weekend_and_holiday_and_is_shown_once(house: Harness) -> None:
    company = await Company(house).opens()
    house.clock.now = NIGHT
    await house.customer("U1", name="山田").repeats("返事しろ。", 3, MINUTE)
    await house.customer("U2", name="大野").repeats("返金しろ。", 3, MINUTE)
    assert (company.pings(), company.posts()) == ([], [])
    assert [incident.reach for incident in company.incidents()] == [Reach.MORNING] * 2
    days = [NIGHT + timedelta(hours=13, days=day) for day in (0, 1, 2)]
    await looks(house, *days, TUESDAY - timedelta(seconds=1))
    assert company.posts() == []
    await looks(house, TUESDAY)
    (post,) = company.cards(MorningListed)
    (listed,) = mornings(company)
    assert (post.to.channel, post.to.people, listed.since) == (ALERT, (), NIGHT + 2 * MINUTE)
    assert [incident.customer for incident in listed.incidents] == ["山田", "大野"]
    assert len(post.quotes) == 4
    await company.delivers()
    await looks(house, TUESDAY + MINUTE, TUESDAY + timedelta(days=1))
    assert (company.posts(), company.pings()) == ([], [])


async def test_at_the_minute_of_closing_the_night_begins(house: Harness) -> None:
    company = await Company(house).opens()
    house.clock.now = datetime(2026, 11, 20, 8, 57, 59, tzinfo=UTC)
    await house.customer("U1").repeats("返事しろ。", 3, MINUTE)
    assert len(company.pings()) == 1
    house.clock.now = datetime(2026, 11, 20, 8, 58, tzinfo=UTC)
    await house.customer("U2").repeats("返金しろ。", 3, MINUTE)
    assert len(company.pings()) == 1


async def test_high_calls_at_night_even_if_it_began_medium(house: Harness) -> None:
    company = await Company(house).opens()
    house.clock.now = NIGHT
    writer = house.customer()
    await writer.repeats("返事しろ。", 5, MINUTE)
    assert company.pings() == []
    house.clock.advance(minutes=1)
    await writer.says("返事しろ。")
    assert (company.called(), company.ping().severity) == (["USUPER1"], Severity.HIGH)
    await looks(house, TUESDAY)
    assert mornings(company) == []


async def test_what_goes_on_after_the_opening_calls(house: Harness) -> None:
    company = await Company(house).opens()
    house.clock.now = datetime(2026, 11, 19, 23, 57, tzinfo=UTC)
    writer = house.customer()
    await writer.repeats("返事しろ。", 3, MINUTE)
    assert company.pings() == []
    house.clock.advance(minutes=2)
    await writer.says("返事しろ。")
    assert company.called() == ["USUPER1"]


async def test_low_waits_for_the_digest(house: Harness) -> None:
    await house.reopened(report=replace(house.policy.report, detection=Severity.LOW))
    company = await Company(house).opens()
    house.clock.now = NIGHT
    await house.customer().repeats("返事しろ。", 3, MINUTE)
    await looks(house, TUESDAY)
    assert ([i.reach for i in company.incidents()], company.posts()) == ([Reach.DIGEST], [])


@pytest.mark.parametrize("kind", list(ReportKind))
async def test_a_person_is_heard_at_any_hour(house: Harness, kind: ReportKind) -> None:
    company = await Company(house).opens()
    house.clock.now = NIGHT
    await house.customer().repeats("返事しろ。", 3, MINUTE)
    told = await company.reports("つらい", kind=kind, severity=Severity.LOW)
    assert (told.called, company.called()) == (("鈴木",), ["USUPER1"])
    await looks(house, TUESDAY)
    assert mornings(company) == []


async def test_what_was_judged_in_the_night_is_on_no_card(house: Harness) -> None:
    company = await Company(house).opens()
    house.clock.now = NIGHT
    await house.customer().repeats("返事しろ。", 3, MINUTE)
    await company.judges(1)
    await looks(house, TUESDAY)
    assert (company.incidents()[0].state, company.posts()) == (IncidentState.JUDGED, [])


async def test_told_by_day_and_again_at_night_it_stands_on_the_next_card(house: Harness) -> None:
    company = await Company(house).opens()
    writer = house.customer(name="山田")
    await writer.repeats("返事しろ。", 3, MINUTE)
    await company.acknowledges()
    await company.resolves()
    house.clock.now = NIGHT
    await writer.repeats("返金しろ。", 4, MINUTE)
    assert (len(company.incidents()), len(company.pings())) == (1, 1)
    assert MorningListed not in {type(post.notice) for post in await company.delivers()}
    house.clock.now = TUESDAY - timedelta(seconds=1)
    assert await company.delivers() == []
    house.clock.now = TUESDAY
    sent = [post.notice for post in await company.delivers()]
    assert [notice.incidents[0].customer for notice in sent if isinstance(notice, MorningListed)][0] == "山田"
    assert {type(notice) for notice in sent} == {MorningListed}


async def test_two_nights_are_two_cards(house: Harness) -> None:
    company = await Company(house).opens()
    writer = house.customer()
    house.clock.now = NIGHT - timedelta(days=1)
    await writer.repeats("返事しろ。", 3, MINUTE)
    await looks(house, NIGHT - timedelta(hours=11))
    assert len(mornings(company)) == 1
    await company.delivers()
    house.clock.now = NIGHT - timedelta(hours=1)
    await writer.repeats("返金しろ。", 3, MINUTE)
    assert len(company.incidents()) == 1
    (post,) = company.cards(MorningListed)
    assert post.at == TUESDAY


async def test_a_customer_of_another_zone_has_its_own_night(house: Harness) -> None:
    company = await Company(house).opens()
    await house.known("Example GmbH", "slack:TCUST:UKYAKU", zone="Europe/Berlin")
    house.clock.now = NIGHT
    await house.customer().repeats(STOCK, 3, MINUTE)
    assert (company.called(), company.incidents()[0].zone) == (["USUPER1"], "Europe/Berlin")


async def test_without_a_channel_the_card_goes_to_the_people(house: Harness) -> None:
    company = await Company(house).opens(team(alert="", leads=""))
    house.clock.now = NIGHT
    await house.customer().repeats("返事しろ。", 3, MINUTE)
    await looks(house, TUESDAY)
    people = [post.to.people for post in company.cards(MorningListed)]
    assert people == [(account("USUPER1"),), (account("USUPER2"),)]


async def test_only_monitoring_the_morning_has_no_card(house: Harness) -> None:
    company = await Company(house).opens(live=False)
    house.clock.now = NIGHT
    await house.customer().repeats("返事しろ。", 3, MINUTE)
    await looks(house, TUESDAY)
    assert ([i.reach for i in company.incidents()], company.posts()) == ([Reach.LISTED], [])
