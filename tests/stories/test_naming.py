"""Somebody without a name gets one, customers become one or two: what was filed goes along, and nobody is forgotten."""

import pytest
from company import ALERT, SUPPORT, Company, account
from harness import Harness

from bot.domain.errors import Refused
from bot.domain.events import CustomerSplit
from bot.domain.model import IncidentState, Outcome, PingState, ReportKind, Severity
from bot.domain.notices import PingSettled, ReportTakenBack


async def test_a_cry_without_a_customer_is_named_later(house: Harness) -> None:
    company = await Company(house).opens()
    customer = await house.known("架空商事")
    told = await company.reports(place="", kind=ReportKind.NOW)
    assert (told.missing[0], told.called) == ("customer", ("鈴木",))
    assert company.posts()[0].to.channel == ALERT
    named = await company.details(told, customer_id=customer.id, text="机を叩いている")
    assert (named.customer, named.ping_id, named.called) == ("架空商事", 1, ("鈴木",))
    (incident,) = company.incidents()
    assert {incident.customer_id, company.ping().customer_id, company.report(1).customer_id} == {customer.id}
    assert company.ping().round == 1
    same = await company.details(told, customer_id=customer.id, burden=5)
    assert same.customer_id == customer.id
    with pytest.raises(Refused, match=r"report\.customer_known"):
        await company.details(told, customer_id=(await house.known("例示工業")).id)
    assert company.report(1).customer_id == customer.id


async def test_named_after_who_became_somebody_else(house: Harness) -> None:
    company = await Company(house).opens()
    old, new = await house.known("旧社名"), await house.known("架空商事")
    await house.merge(old, new)
    told = await company.reports(place="", kind=ReportKind.NOW)
    assert (await company.details(told, customer_id=old.id)).customer_id == new.id


async def test_named_after_a_customer_whose_own_ping_is_open_a_graver_cry_calls_again(house: Harness) -> None:
    company = await Company(house).opens()
    customer = await house.known("架空商事", channels=(SUPPORT,))
    await company.reports("暴言", who="UAGENT2")
    await company.delivers()
    await company.acknowledges()
    cry = await company.reports(place="", kind=ReportKind.NOW)
    await company.delivers()
    named = await company.details(cry, customer_id=customer.id)
    older, younger = company.pings()
    assert (older.state, older.outcome) == (PingState.RESOLVED, Outcome.MERGED)
    assert (younger.state, younger.severity) == (PingState.TRIGGERED, Severity.HIGH)
    assert (named.ping_id, younger.customer_id) == (2, customer.id)
    assert {incident.customer_id for incident in company.incidents()} == {customer.id}
    assert any(post.edits.startswith("ping:1:") for post in company.cards(PingSettled))


async def test_taken_back_the_ping_goes_on_for_the_other_incident(house: Harness) -> None:
    company = await Company(house).opens()
    customer = await house.known("架空商事", channels=(SUPPORT,))
    await company.reports("暴言", who="UAGENT2")
    cry = await company.reports(place="", kind=ReportKind.NOW)
    await company.details(cry, customer_id=customer.id)
    assert company.ping().incident_id == cry.incident_id
    back = company.took(await company.withdraws(cry), ReportTakenBack)
    assert back.incident_lapsed
    assert (company.ping().incident_id, company.ping().id) == (1, 2)
    await company.passes(minutes=5)
    assert "USUPER2" in company.called(2)


async def test_merged_customers_keep_the_older_ping_and_both_incidents(house: Harness) -> None:
    company = await Company(house).opens()
    one, two = await house.known("架空商事"), await house.known("架空商事 大阪")
    await company.reports("暴言", customer_id=one.id)
    house.clock.advance(minutes=3)
    await company.reports("暴言", customer_id=two.id, who="UAGENT2")
    await house.merge(one, into=two)
    older, younger = company.pings()
    assert (older.open, older.customer_id, younger.outcome) == (True, two.id, Outcome.MERGED)
    assert [i.state for i in company.incidents()] == [IncidentState.SUSPECTED] * 2
    assert [i.customer_id for i in company.incidents()] == [two.id] * 2
    await company.passes(minutes=2)
    assert company.called(1) == ["USUPER1", "USUPER2"]
    await house.merge(one, into=two, undo=True)
    assert [i.customer_id for i in company.incidents()] == [one.id, two.id]


async def test_what_is_only_counted_again_calls_nobody(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer("U1").writes("返事しろ。", 0, 1, 2)
    await company.acknowledges()
    await company.resolves()
    await house.customer("U2").writes("返金しろ。", 0, 1, 2)
    judged = company.incidents()[1]
    await company.judges(judged.id)
    house.clock.advance(days=1)
    one, two = [c for c in await house.customers() if c.contacts]
    await house.merge(two, into=one)
    assert [ping.state for ping in company.pings()] == [PingState.RESOLVED] * 2
    assert len(company.incidents()) == 2


async def test_bursts_that_become_one_leave_one_incident_with_its_ping(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer("U1").writes("返事しろ。", 0, 1, 2)
    await house.customer("U2").writes("返事しろ。", 3, 4, 5)
    house.clock.advance(minutes=6)
    one, two = await house.customers()
    await house.merge(two, into=one)
    assert (await house.only()).detection.count == 6
    assert [i.state for i in company.incidents()] == [IncidentState.SUSPECTED, IncidentState.LAPSED]
    assert (company.ping().id, company.ping().incident_id, company.ping().severity) == (1, 1, Severity.HIGH)


async def test_a_split_customer_takes_its_burst_along(house: Harness) -> None:
    company = await Company(house).opens()
    both = await house.known("架空商事", "slack:TCUST:U1", "slack:TCUST:U2")
    said = await house.customer("U2").writes("返事しろ。", 0, 1, 2)
    house.clock.advance(minutes=3)
    await company.reports("暴言", message_id=said.message_id)
    await house.submit(CustomerSplit(customer_id=both.id, accounts=("slack:TCUST:U2",), name="別人", actor="cli:test"))
    made = next(c for c in await house.customers() if c.name == "別人")
    story = await house.only()
    assert (story.customer.id, story.detection.count) == (made.id, 3)
    holding = [i for i in company.incidents() if i.state is IncidentState.SUSPECTED]
    assert made.id in {i.customer_id for i in holding}
    with house.database.read() as uow:
        ping = uow.pings.open_of(made.id)
    assert ping is not None
    assert account("USUPER1") in {call.target for call in company.calls(ping.id)}
