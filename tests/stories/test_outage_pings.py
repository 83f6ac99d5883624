"""When many write the same it is us: their pings end in one notice, and what people said of them stays (rules.md 3)."""

from datetime import timedelta

from company import ALERT, Company, team
from harness import Harness

from bot.domain.events import EscalationsDue, OutageEnded
from bot.domain.model import IncidentState, Outcome
from bot.domain.notices import OutageNoticed, PingSettled

STOCK, ADDRESS = "在庫の数がおかしいです", "住所を直してください"
MINUTE = timedelta(minutes=1)


async def complain(house: Harness, first: int, last: int, ago: float = 0) -> None:
    for number in range(first, last):
        await house.customer(f"U{number}").writes(STOCK, *(m - ago for m in (-2, -1, 0)), channel=f"c{number}")


def noticed(company: Company) -> list[OutageNoticed]:
    return [post.notice for post in company.cards(OutageNoticed) if isinstance(post.notice, OutageNoticed)]


async def test_four_were_called_for_and_the_fifth_makes_it_one_notice(house: Harness) -> None:
    company = await Company(house).opens()
    await complain(house, 0, 4)
    assert len(company.pings()) == 4
    await company.delivers()
    await complain(house, 4, 5)
    assert [(ping.open, ping.outcome) for ping in company.pings()] == [(False, Outcome.OUTAGE)] * 4
    assert [(i.outage_id, i.state) for i in company.incidents()] == [(1, IncidentState.LAPSED)] * 4
    (post,) = company.cards(OutageNoticed)
    (notice,) = noticed(company)
    assert (post.to.channel, post.to.people, notice.customers, notice.ended_at) == (ALERT, (), 5, None)
    assert {post.edits for post in company.cards(PingSettled)} == {f"ping:{n}:0" for n in (1, 2, 3, 4)}
    assert (await house.audit()).count("incident.lapsed") == 4
    await complain(house, 5, 6)
    assert (len(company.pings()), len(company.cards(OutageNoticed))) == (4, 1)


async def test_what_a_person_reported_of_one_of_them_stays(house: Harness) -> None:
    company = await Company(house).opens()
    await complain(house, 0, 4)
    told = await company.reports("無能と言われた", place="slack:TOWN:c2")
    await complain(house, 4, 5)
    assert [ping.open for ping in company.pings()] == [False, False, True, False]
    incident = company.incidents()[told.incident_id - 1]
    assert (incident.state, incident.outage_id) == (IncidentState.SUSPECTED, 1)
    await company.passes(minutes=5)
    assert company.called(told.ping_id) == ["USUPER1", "USUPER2"]


async def test_what_else_one_of_them_repeats_still_counts(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer("U0").writes(ADDRESS, -2, -1, 0, channel="c0")
    await complain(house, 0, 5)
    assert [(i.state, i.outage_id) for i in company.incidents()][:2] == [
        (IncidentState.SUSPECTED, 1), (IncidentState.LAPSED, 1),
    ]  # fmt: skip
    assert company.pings()[0].open
    await house.customer("U1").writes(ADDRESS, -2, -1, 0, channel="c1")
    assert company.incidents()[-1].state is IncidentState.SUSPECTED
    assert company.pings()[-1].open


async def test_the_end_changes_the_notice(house: Harness) -> None:
    company = await Company(house).opens()
    await complain(house, 0, 6)
    await company.delivers()
    house.clock.advance(minutes=40)
    await house.submit(OutageEnded(actor="cli:test"))
    (post,) = company.cards(OutageNoticed)
    (notice,) = noticed(company)
    assert (post.edits, notice.ended_at, notice.customers) == ("outage:1:サポート1課", company.now, 6)
    await company.delivers()
    await house.submit(OutageEnded(actor="cli:test"))
    await complain(house, 6, 7)
    assert (company.cards(OutageNoticed), company.ping().customer_id) == ([], 7)


async def test_two_quiet_hours_end_it_for_the_card_too(house: Harness) -> None:
    company = await Company(house).opens()
    await complain(house, 0, 5)
    await company.delivers()
    last = company.now
    house.clock.advance(hours=2, seconds=1)
    await house.submit(EscalationsDue())
    assert [notice.ended_at for notice in noticed(company)] == [last + timedelta(hours=2)]


async def test_somebody_always_hears_of_it(house: Harness) -> None:
    own = team("UAGENT", "ULEAD", name="サポート2課", rota=None, channels=("slack:TOWN:theirs",), alert="", leads="")
    company = await Company(house).opens(own, team(channels=("slack:TOWN:ours",)))
    await complain(house, 0, 5)
    assert [post.to.people for post in company.cards(OutageNoticed)] == [("slack:TOWN:ULEAD",)]
    await company.delivers()
    await house.submit(OutageEnded(actor="cli:test"))
    assert [post.edits for post in company.cards(OutageNoticed)] == ["outage:1:サポート2課"]


async def test_an_outage_of_yesterday_is_no_news(house: Harness) -> None:
    company = await Company(house).opens()
    await complain(house, 0, 5, ago=24 * 60)
    assert (len((await house.shown()).outages), company.posts()) == (1, [])
