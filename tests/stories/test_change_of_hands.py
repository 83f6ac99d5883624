"""Customers are merged and split, teams renamed, people stand in: what goes on goes on, and nobody is left alone."""

from dataclasses import replace

from company import SUPPORT, Company, account, team
from harness import Harness

from bot.domain.events import CustomerSplit, OverrideSet
from bot.domain.model import Finding, IncidentState, PingState, Role, Severity, Staff
from bot.domain.notices import Denied, PingAnswered, VerdictRecorded


async def test_of_two_pings_the_graver_one_goes_on(house: Harness) -> None:
    company = await Company(house).opens()
    one, two = await house.known("架空商事"), await house.known("架空商事 大阪")
    await company.reports("暴言", customer_id=one.id)
    await company.acknowledges()
    await company.reports("殴られる", who="UAGENT2", customer_id=two.id, group="threat.body", severity=Severity.HIGH)
    await house.merge(two, into=one)
    ping = company.ping()
    assert (ping.customer_id, ping.state, ping.severity) == (one.id, PingState.TRIGGERED, Severity.HIGH)
    await company.passes(minutes=5)
    assert company.called(ping.id)[-1] == "USUPER2"


async def test_what_only_the_split_accounts_said_goes_with_them(house: Harness) -> None:
    company = await Company(house).opens()
    both = await house.known("架空商事", "slack:TCUST:U1", "slack:TCUST:U2")
    said = await house.customer("U2").writes("返事しろ。", -2, -1, 0)
    await company.reports("暴言", message_id=said.message_id)
    parted = CustomerSplit(customer_id=both.id, accounts=("slack:TCUST:U2",), name="別人", actor="cli:test")
    await house.submit(parted)
    open = [i for i in company.incidents() if i.state is IncidentState.SUSPECTED]
    assert open
    assert both.id not in {incident.customer_id for incident in open}


async def test_a_renamed_team_keeps_its_matters(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("困っている")
    await Company(house).opens(team(name="サポート第一"), live=False)
    await company.passes(minutes=15)
    assert company.called() == ["USUPER1", "USUPER2", "ULEAD"]
    assert company.ping().team == "サポート第一"
    assert company.took(await company.acknowledges("ULEAD"), PingAnswered).first
    with house.database.read() as uow:
        assert uow.duty.mode("サポート第一").value == "live"


async def test_who_stands_in_after_the_first_call_is_called_next(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("困っている")
    stands_in = OverrideSet(
        actor="cli:test", team="サポート1課", account=account("USUPER2"), start=company.now,
        end=company.now.replace(hour=12),
    )  # fmt: skip
    await house.submit(stands_in)
    await company.passes(minutes=5)
    assert company.called() == ["USUPER1", "USUPER2"]


async def test_a_judged_report_that_is_withdrawn_gives_its_points_back(house: Harness) -> None:
    company = await Company(house).opens()
    recorded = await company.reports("ばか", group="insult")
    verdict = company.took(await company.judges(recorded.incident_id), VerdictRecorded)
    assert verdict.points > 0
    await company.withdraws(recorded)
    assert [incident.state for incident in company.incidents()] == [IncidentState.LAPSED]
    with house.database.read() as uow:
        (points,) = uow.reviews.ledger(recorded.customer_id)
        assert points.taken_back_at == company.now
        assert uow.reviews.standing(recorded.incident_id) is not None


async def test_who_took_their_report_back_still_judges_nothing(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("ばか")
    mine = await company.reports("ばかと言われた", who="USUPER1")
    await company.reports("こちらでも聞いた", who="UAGENT")
    await company.withdraws(mine, who="USUPER1")
    denied = company.took(await company.judges(mine.incident_id, who="USUPER1"), Denied)
    assert denied.reason == "involved"


async def test_a_lead_of_another_team_confirms_where_nobody_else_can(house: Harness) -> None:
    small = team("USUPER1", name="小さな課", channels=(SUPPORT,), alert="", leads="")
    lead = Staff("slack:TOWN:UOTHER", "中村", (Role.LEAD,))
    large = replace(team("UAGENT", name="大きな課", rota=None, channels=("slack:TOWN:other",)), staff=(lead,))
    company = await Company(house).opens(small, large, live=False)
    recorded = await company.reports("殴られる", who="USUPER1", severity=Severity.HIGH)
    alone = company.took(await company.judges(recorded.incident_id), VerdictRecorded)
    assert (alone.state.value, alone.points) == ("provisional", 0)
    agreed = company.took(await company.seconds(recorded.incident_id, who="UOTHER"), VerdictRecorded)
    assert (agreed.state.value, agreed.finding) == ("final", Finding.CONFIRMED)
    assert agreed.points > 0


async def test_a_report_on_a_bundled_ping_calls_directly(house: Harness) -> None:
    company = await Company(house).opens(team(channels=tuple(f"slack:TOWN:c{n}" for n in range(7))))
    for number in range(7):
        await house.customer(f"U{number}").writes(f"{number}番の注文を返せ。", 0, 0.1, 0.2, channel=f"c{number}")
    assert company.calls(7)[0].key == "bundle:1"
    told = await company.reports("つらい", place="slack:TOWN:c6")
    assert [call.key for call in company.calls(told.ping_id)] == ["bundle:1", "ping:7:1"]
