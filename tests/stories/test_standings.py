"""Where a customer stands: toward the threshold by habit, back again by time, and when the contract could end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from company import ALERT, LEADS, Company, account, team
from harness import Harness

from bot.domain.events import CustomersImported
from bot.domain.model import (
    Contract,
    Customer,
    CustomerRecord,
    EndKnown,
    Finding,
    Level,
    Severity,
)
from bot.domain.notices import ThresholdReached, VerdictRecorded
from bot.domain.questions import DigestAsked, DigestShown, StandingAsked, StandingShown

PAID = Contract("2025-04", "第16条", date(2026, 12, 31), date(2026, 11, 20), 1, date(2027, 1, 1))


async def shown(house: Harness, customer: Customer) -> StandingShown:
    answer = await house.intake.ask(StandingAsked(actor=account("ULEAD"), customer_id=customer.id))
    assert isinstance(answer, StandingShown), answer
    return answer


async def digest(house: Harness, name: str = "サポート1課") -> DigestShown:
    answer = await house.intake.ask(DigestAsked(actor=account("ULEAD"), team=name))
    assert isinstance(answer, DigestShown), answer
    return answer


async def confirmed(
    company: Company, customer: Customer, severity: Severity = Severity.MEDIUM, group: str = "insult", **facts: object
) -> VerdictRecorded:
    """Filed, judged and where it is grave seconded; the next one is another incident, and the clock moved 25 h."""
    report = await company.reports("怒鳴られた", group=group, severity=severity, customer_id=customer.id, **facts)
    said = company.took(await company.judges(report.incident_id), VerdictRecorded)
    if severity >= Severity.HIGH:
        said = company.took(await company.seconds(report.incident_id), VerdictRecorded)
    company.house.clock.advance(hours=25)
    return said


async def opened(house: Harness, *names: str, **facts: object) -> tuple[Company, Customer]:
    company = await Company(house).opens(*(team(name=name) for name in names or ("サポート1課",)))
    return company, await house.known("架空商事", "slack:TCUST:UA", **facts)


@pytest.mark.req("S0-34", "S0-7")
async def test_three_insults_in_two_weeks_reach_the_threshold_and_the_leads_hear_it_once(house: Harness) -> None:
    company, customer = await opened(house, contract=PAID)
    levels = []
    for severity in (Severity.MEDIUM, Severity.MEDIUM, Severity.LOW):  # Friday, Saturday, Sunday
        levels.append((await confirmed(company, customer, severity)).level_after)
    assert levels == [Level.WATCH, Level.CONCERN, Level.CONCERN]
    said = await confirmed(company, customer, Severity.LOW)  # Monday of the next ISO week: 4 + 4 + 2 + 2 less decay
    assert (said.level_after, said.threshold) == (Level.REVIEW, True)
    (card,) = company.cards(ThresholdReached)
    assert isinstance(card.notice, ThresholdReached)
    assert (card.to.channel, card.to.people) == (LEADS, ())
    assert (card.notice.clause, card.notice.end.last_day) == ("第16条", date(2026, 12, 31))
    assert card.notice.end.at == datetime(2026, 12, 31, 15, tzinfo=UTC)
    assert (card.notice.standing.habit.days, card.notice.standing.habit.weeks) == (4, 2)
    await confirmed(company, customer)
    assert len(company.cards(ThresholdReached)) == 1
    assert (await house.audit()).count("threshold.reached") == 1


async def test_many_points_in_one_week_are_no_habit(house: Harness) -> None:
    company, customer = await opened(house)
    house.clock.now = datetime(2026, 11, 16, 1, tzinfo=UTC)
    for _ in range(5):
        said = await confirmed(company, customer)
    assert (said.level_after, said.threshold) == (Level.REVIEW, False)
    assert company.cards(ThresholdReached) == []
    house.clock.now = datetime(2026, 11, 22, 15, tzinfo=UTC)  # Monday 00:00 in Tokyo, still Sunday in UTC
    assert (await confirmed(company, customer, Severity.LOW)).threshold


async def test_weeks_are_those_of_the_customer(house: Harness) -> None:
    company, customer = await opened(house, zone="America/New_York")
    house.clock.now = datetime(2026, 11, 16, 20, tzinfo=UTC)
    for _ in range(5):
        await confirmed(company, customer)
    house.clock.now = datetime(2026, 11, 22, 15, tzinfo=UTC)  # Monday in Tokyo, Sunday in New York
    assert not (await confirmed(company, customer, Severity.LOW)).threshold
    standing = (await shown(house, customer)).standing
    assert (standing.zone, standing.habit.weeks) == ("America/New_York", 1)


async def test_one_critical_incident_is_enough_and_only_once_two_people_said_so(house: Harness) -> None:
    company, customer = await opened(house)
    report = await company.reports(
        "包丁を持ってきた", severity=Severity.CRITICAL, customer_id=customer.id, group="threat.body"
    )
    said = company.took(await company.judges(report.incident_id), VerdictRecorded)
    assert (said.threshold, company.cards(ThresholdReached)) == (False, [])
    said = company.took(await company.seconds(report.incident_id), VerdictRecorded)
    assert (said.points, said.threshold) == (40, True)
    assert len(company.cards(ThresholdReached)) == 1
    house.clock.advance(days=91)
    assert not (await shown(house, customer)).standing.threshold


async def test_below_and_over_again_is_told_again(house: Harness) -> None:
    company, customer = await opened(house)
    house.clock.now = datetime(2026, 11, 22, 1, tzinfo=UTC)  # Sunday
    for _ in range(4):
        said = await confirmed(company, customer)
    assert said.threshold
    again = company.took(await company.judges(4, Finding.DISMISSED), VerdictRecorded)
    assert (again.taken_back, again.threshold) == (4, True), "a level is left downwards below 80 % only"
    await company.judges(3, Finding.DISMISSED)
    assert not (await shown(house, customer)).standing.threshold
    for _ in range(2):
        await confirmed(company, customer)
    assert len(company.cards(ThresholdReached)) == 2
    assert len({card.key for card in company.cards(ThresholdReached)}) == 2


async def test_a_team_without_channels_is_told_directly(house: Harness) -> None:
    company = await Company(house).opens(team(alert="", leads=""))
    customer = await house.known("架空商事", "slack:TCUST:UA")
    await confirmed(company, customer, Severity.CRITICAL)
    cards = company.cards(ThresholdReached)
    assert sorted((c.to.channel, c.to.people) for c in cards) == [("", (account(a),)) for a in ("UBOSS", "ULEAD")]
    await company.opens(team(leads=""))
    await confirmed(company, await house.known("別会社", "slack:TCUST:UB"), Severity.CRITICAL)
    assert company.cards(ThresholdReached)[-1].to.channel == ALERT


@pytest.mark.req("S0-36")
async def test_time_heals(house: Harness) -> None:
    company, customer = await opened(house)
    await confirmed(company, customer)
    await confirmed(company, customer)
    start = (await shown(house, customer)).standing
    assert start.level is Level.CONCERN
    assert start.pace.below_watch_on is not None
    (line,) = (await digest(house)).digest.toward
    assert (line.before, line.level_before, line.incidents) == (0, Level.CLEAR, (2, 1))
    house.clock.advance(days=29)
    shown_now = (await digest(house)).digest
    assert [(one.name, one.level_before) for one in shown_now.improving] == [("架空商事", Level.CONCERN)]
    assert shown_now.toward == ()
    noon = datetime.combine(start.pace.below_watch_on, datetime.min.time(), ZoneInfo("Asia/Tokyo"))
    house.clock.now = noon - timedelta(days=1)
    assert (await shown(house, customer)).standing.level is Level.WATCH
    house.clock.now = noon + timedelta(days=1)
    assert (await shown(house, customer)).standing.level is Level.CLEAR
    assert len((await digest(house)).digest.improving) == 1, "the week of the way back to clear is told"
    house.clock.advance(days=8)
    assert (await digest(house)).digest.improving == ()


async def test_points_taken_back_are_no_improvement(house: Harness) -> None:
    company, customer = await opened(house)
    await confirmed(company, customer)
    house.clock.advance(days=40)
    assert len((await digest(house)).digest.improving) == 1
    await company.judges(1, Finding.MISUNDERSTANDING)
    found = (await digest(house)).digest
    assert (found.improving, found.toward) == ((), ())


async def test_the_pace_names_the_day(house: Harness) -> None:
    company, customer = await opened(house)
    for _ in range(2):
        await confirmed(company, customer)
    pace = (await shown(house, customer)).standing.pace
    assert pace.per_day == pytest.approx(8 / 28)
    assert pace.crosses_on is not None
    assert date(2026, 11, 28) < pace.crosses_on < date(2026, 12, 31)
    house.clock.advance(days=27)
    assert (await shown(house, customer)).standing.pace.crosses_on is None


LAST = date(2026, 12, 14)
CONTRACTS = {
    "a day": (PAID, EndKnown.KNOWN, date(2026, 12, 31)),
    "unknown": (Contract(), EndKnown.NO_DATE, None),
    "40 days": (Contract(paid_through=LAST, paid_as_of=date(2026, 10, 11)), EndKnown.KNOWN, LAST),
    "stale": (Contract(paid_through=LAST, paid_as_of=date(2026, 10, 10)), EndKnown.STALE, LAST),
    "nobody said when": (Contract(paid_through=LAST), EndKnown.STALE, LAST),
}


@pytest.mark.req("S0-43", "S0-2")
async def test_the_earliest_end_and_what_is_missing_for_it(house: Harness) -> None:
    company = await Company(house).opens()
    for number, (name, (contract, _, _)) in enumerate(CONTRACTS.items()):
        customer = await house.known(name, f"slack:TCUST:U{number}", contract=contract)
        await confirmed(company, customer)
        house.clock.now = datetime(2026, 11, 20, 14, tzinfo=UTC)
    lines = {line.name: line for line in (await digest(house)).digest.toward}
    for name, (contract, known, last) in CONTRACTS.items():
        line = lines[name]
        assert (line.end.known, line.end.last_day) == (known, last), name
        assert (line.end.at is not None) is (known is EndKnown.KNOWN)
        told = (line.clause, line.paid_through, line.renewal_on)
        assert told == (contract.clause, contract.paid_through, contract.renewal_on)
    for customer in await house.customers():
        assert (await shown(house, customer)).end == lines[customer.name].end


@pytest.mark.req("S0-43")
@pytest.mark.parametrize("customer_zone", ["", "Pacific/Honolulu"])
async def test_the_end_is_in_the_customers_zone_else_the_teams_everywhere(house: Harness, customer_zone: str) -> None:
    company = await Company(house).opens(team(zone="Europe/Berlin", rota=None))
    customer = await house.known("架空商事", "slack:TCUST:UA", zone=customer_zone, contract=PAID)
    await confirmed(company, customer, Severity.CRITICAL)
    zone = customer_zone or "Europe/Berlin"
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo(zone))
    (card,) = company.cards(ThresholdReached)
    assert isinstance(card.notice, ThresholdReached)
    (line,) = (await digest(house)).digest.toward
    answer = await shown(house, customer)
    for end in (card.notice.end, line.end, answer.end):
        assert (end.zone, end.at) == (zone, midnight)
    assert answer.standing.zone == line.standing.zone == zone


async def test_two_teams_see_one_customer_alike(house: Harness) -> None:
    one, two = (
        team(name="一課", zone="Asia/Tokyo"),
        team(name="二課", zone="Europe/Berlin", channels=("slack:TOWN:c2",)),
    )
    company = await Company(house).opens(one, two)
    customer = await house.known("架空商事", "slack:TCUST:UA", contract=PAID)
    await confirmed(company, customer)
    await confirmed(company, customer, place="slack:TOWN:c2")
    assert [i.team for i in company.incidents()] == ["一課", "二課"]
    first, second = [(await digest(house, name)).digest for name in ("一課", "二課")]
    assert first.toward == second.toward
    assert first.toward[0].standing.points == pytest.approx(8, abs=0.2)
    assert (first.incidents, second.incidents, first.confirmed, second.confirmed) == (1, 1, 1, 1)


async def test_a_team_that_was_ended_leaves_its_customers_readable(house: Harness) -> None:
    company = await Company(house).opens(team(name="旧課"))
    customer = await house.known("架空商事", "slack:TCUST:UA")
    await confirmed(company, customer)
    await company.opens(team(name="新課", zone="", rota=None))
    assert (await shown(house, customer)).standing.zone == "Asia/Tokyo"
    await confirmed(company, customer)
    assert len((await digest(house, "新課")).digest.toward) == 1


async def test_merged_customers_add_up_and_part_again(house: Harness) -> None:
    company, customer = await opened(house)
    other = await house.known("別名", "slack:TCUST:UB")
    await confirmed(company, customer)
    await confirmed(company, other, Severity.LOW)
    await confirmed(company, other, Severity.LOW)
    before = [(await shown(house, one)).standing for one in (customer, other)]
    await house.merge(other, customer)
    both = (await shown(house, customer)).standing
    assert both.points == pytest.approx(sum(one.points for one in before))
    assert (both.level, both.habit.days) == (Level.CONCERN, 3)
    assert [line.customer_id for line in (await digest(house)).digest.toward] == [customer.id]
    await company.judges(2, Finding.DISMISSED)
    await house.merge(other, customer, undo=True)
    after = [(await shown(house, one)).standing for one in (customer, other)]
    assert after[0] == before[0]
    assert after[1].points == pytest.approx(before[1].points / 2, abs=0.05)
    assert [one.points for one in after[1].taken_back] == [2]


async def test_a_contract_entered_later_is_told_at_once(house: Harness) -> None:
    company, customer = await opened(house)
    await confirmed(company, customer)
    assert (await digest(house)).digest.toward[0].clause == ""
    record = CustomerRecord(name="架空商事", contacts=("slack:TCUST:UA",), contract=PAID, source="story")
    await house.submit(CustomersImported(records=(record,), actor="cli:test"))
    assert (await digest(house)).digest.toward[0].clause == "第16条"
