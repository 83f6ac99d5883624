"""Somebody always comes: pings from the first word to the last step (rules.md 7)."""

import pytest
from company import Company, account, team
from harness import Harness

from bot.domain.model import Mode, PingState, ReportKind, RoundReason, Severity
from bot.domain.notices import OutcomeAsked, PingAnswered, PingEscalated, PingExhausted, PingOpened, PingSettled


@pytest.mark.req("S3-2")
async def test_an_insult_and_one_word_bring_somebody(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("お前ら全員無能か")
    recorded = await company.reports(kind=ReportKind.NOW)
    assert (recorded.called, recorded.nobody_on_call, recorded.severity) == (("鈴木",), False, Severity.HIGH)
    (post,) = company.posts()
    assert isinstance(post.notice, PingOpened)
    assert (post.key, post.to.people) == ("ping:1:0", (account("USUPER1"),))
    assert post.notice.ping.incident.signs[0].quotes == ()


@pytest.mark.req("S3-21")
async def test_nobody_answers_so_it_goes_through_every_step_to_the_leads(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("出てこい")
    await company.reports("怒鳴られている", severity=Severity.HIGH)
    await company.passes(minutes=4)
    assert company.called() == ["USUPER1"]
    await company.passes(minutes=1)
    assert company.called() == ["USUPER1", "USUPER2"]
    await company.passes(minutes=10)
    assert company.called() == ["USUPER1", "USUPER2", "ULEAD"]
    await company.passes(minutes=15)
    assert company.ping().state is PingState.EXHAUSTED
    await company.passes(minutes=20)
    exhausted = [post.notice for post in company.cards(PingExhausted)]
    assert [notice.times for notice in exhausted if isinstance(notice, PingExhausted)] == [1, 2, 3]
    assert len(company.cards(PingEscalated)) == 2
    await company.acknowledges("ULEAD")
    await company.passes(minutes=30)
    assert len(company.called()) == 3 + 3 * 2
    assert company.cards(PingOpened) == company.cards(PingEscalated) == company.cards(PingExhausted) == []


async def test_the_first_who_answers_has_it(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("ばか")
    await company.reports("暴言を受けた", group="insult")
    first = company.took(await company.acknowledges("USUPER1"), PingAnswered)
    second = company.took(await company.acknowledges("USUPER2"), PingAnswered)
    assert (first.first, first.by, first.helped) == (True, "鈴木", (account("UAGENT"),))
    assert (second.first, second.by, second.helped) == (False, "鈴木", ())
    assert not [p for p in company.posts() if p.key == "ping:1:0"]


async def test_an_insult_was_acknowledged_then_comes_a_threat(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("ばか")
    await company.reports("暴言を受けた", group="insult")
    await company.acknowledges()
    await company.reports("また暴言", group="insult")
    assert company.ping().round == 1
    await company.reports("「殺すぞ」と言われた", group="threat.body")
    ping = company.ping()
    assert (ping.round, ping.state, ping.dangers) == (2, PingState.TRIGGERED, ("body",))
    assert company.called() == ["USUPER1", "USUPER1"]
    assert [call.reason for call in company.calls()] == [RoundReason.FIRST, RoundReason.DANGER]


async def test_no_outcome_an_hour_after_the_answer(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("ばか")
    await company.reports("暴言を受けた")
    await company.delivers()
    await company.acknowledges()
    await company.passes(minutes=59)
    assert not company.cards(OutcomeAsked)
    await company.passes(minutes=1)
    (asked,) = company.cards(OutcomeAsked)
    assert asked.to.people == (account("USUPER1"),)
    await company.passes(minutes=15)
    assert company.called() == ["USUPER1", "USUPER1", "USUPER2"]
    await company.delivers()
    await company.acknowledges("USUPER2")
    await company.resolves("USUPER2")
    await company.passes(hours=3)
    assert len(company.called()) == 3
    assert company.pings()[0].state is PingState.RESOLVED
    assert {post.edits for post in company.cards(PingSettled)} == {"ping:1:0", "ping:1:1", "ping:1:2"}


async def test_critical_takes_all_steps_at_once(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports("殴りかかってきた", group="threat.body", severity=Severity.CRITICAL)
    assert company.called() == ["USUPER1", "USUPER2", "ULEAD"]
    await company.passes(minutes=5)
    assert company.ping().state is PingState.EXHAUSTED


async def test_nobody_is_on_call(house: Harness) -> None:
    company = await Company(house).opens(team(rota=None))
    recorded = await company.reports("助けて", kind=ReportKind.NOW)
    assert (recorded.called, recorded.nobody_on_call) == (("鈴木", "高橋"), True)
    alone = await Company(house).opens(team("UAGENT", rota=None), live=False)
    recorded = await alone.reports("また来た", who="UAGENT", kind=ReportKind.CALL)
    assert recorded.called == ()
    assert alone.posts()[0].to.channel


async def test_monitor_mode_lists_and_calls_nobody(house: Harness) -> None:
    company = await Company(house).opens(live=False)
    await house.customer().writes("返事しろ。", 0, 1, 2)
    assert company.pings() == company.posts() == []
    assert [incident.reach.value for incident in company.incidents()] == ["listed"]
    await company.reports("困っている")
    assert company.called() == ["USUPER1"]
    with house.database.read() as uow:
        assert uow.duty.mode("サポート1課") is Mode.MONITOR
