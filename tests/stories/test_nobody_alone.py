"""What a newcomer found: a cry that is not heard, a ladder that ends in nothing, a verdict whose judge was involved."""

from company import Company, account, team
from harness import Harness

from bot.domain.events import ReportDetailed
from bot.domain.model import PingState, ReportKind, ReviewState, Severity
from bot.domain.notices import PingExhausted, PingOpened, ReportRecorded, SecondWanted, VerdictRecorded


async def test_a_second_cry_after_the_first_was_dealt_with_calls_again(house: Harness) -> None:
    company = await Company(house).opens()
    await company.reports(kind=ReportKind.NOW)
    await company.acknowledges()
    await company.resolves()
    house.clock.advance(seconds=90)
    again = await company.reports(kind=ReportKind.NOW)
    assert (again.again, again.called) == (False, ("鈴木",))
    house.clock.advance(seconds=20)
    assert (await company.reports(kind=ReportKind.NOW)).again, "while somebody is being called it is the same cry"


async def test_the_end_of_the_ladder_always_has_somebody(house: Harness) -> None:
    company = await Company(house).opens(team("UAGENT", "USUPER1", rota=("USUPER1",), alert="", leads=""))
    await company.reports(kind=ReportKind.NOW)
    await company.passes(minutes=30)
    ends = company.cards(PingExhausted)
    assert ends
    assert all(post.to.people == (account("USUPER1"),) for post in ends)


async def test_a_team_without_anybody_calls_the_leads_of_the_others_or_says_so(house: Harness) -> None:
    alone = team("UAGENT", "UAGENT2", name="小さな課", rota=None, alert="", leads="")
    company = await Company(house).opens(alone, live=False)
    told = await company.reports(kind=ReportKind.NOW)
    assert (told.called, told.reached, told.nobody_on_call) == ((), False, True)
    assert company.cards(PingOpened) == []
    other = team("ULEAD", name="大きな課", rota=None, channels=("slack:TOWN:other",))
    await company.opens(alone, other, live=False)
    await company.withdraws(told)
    house.clock.advance(minutes=3)
    told = await company.reports(kind=ReportKind.NOW)
    assert (told.called, told.reached) == (("伊藤",), True)


async def test_a_new_sign_makes_the_leads_wait_no_longer(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("出てこい")
    await company.reports("怒鳴られる", severity=Severity.HIGH)
    await company.passes(minutes=45)
    assert company.ping().state is PingState.EXHAUSTED
    before = company.called().count("ULEAD")
    await company.reports("まだ続いている", severity=Severity.HIGH, who="UAGENT2")
    assert company.called().count("ULEAD") == before + 1
    await company.passes(minutes=10)
    assert company.called().count("ULEAD") >= before + 2


async def test_steps_that_nobody_holds_take_no_time(house: Harness) -> None:
    company = await Company(house).opens(team("UAGENT", "USUPER1", "UBOSS", rota=("USUPER1",)))
    await company.reports("怒鳴られる", severity=Severity.HIGH)
    await company.passes(minutes=7)
    assert company.ping().state is PingState.EXHAUSTED
    assert company.called()[:2] == ["USUPER1", "UBOSS"]


async def test_who_turns_out_to_be_named_has_not_judged(house: Harness) -> None:
    company = await Company(house).opens()
    report = await company.reports("怒鳴られた")
    given = company.took(await company.judges(report.incident_id), VerdictRecorded)
    assert given.points > 0
    named = ReportDetailed(actor=account("UAGENT"), report_id=report.report_id, named=(account("USUPER1"),))
    company.took(await house.submit(named), ReportRecorded)
    with house.database.read() as uow:
        review = uow.reviews.standing(report.incident_id)
        assert review is not None
        assert review.state is ReviewState.PROVISIONAL
        assert all(points.taken_back_at for points in uow.reviews.ledger(report.customer_id))
    confirmed = company.took(await company.seconds(report.incident_id, "ULEAD"), VerdictRecorded)
    assert (confirmed.state, confirmed.points) == (ReviewState.FINAL, given.points)


async def test_a_dispute_is_told_to_the_judge_and_on_the_card(house: Harness) -> None:
    company = await Company(house).opens()
    report = await company.reports("怒鳴られた", severity=Severity.HIGH)
    await company.judges(report.incident_id)
    await company.delivers()
    await company.seconds(report.incident_id, "ULEAD", agrees=False)
    wanted = company.cards(SecondWanted)
    assert {(post.to.people, post.edits) for post in wanted} == {
        ((), "second:1:0"),
        ((account("USUPER2"),), f"second:1:0:{account('USUPER2')}"),
        ((account("USUPER1"),), ""),
    }
    assert {post.notice.settled for post in wanted if isinstance(post.notice, SecondWanted)} == {"disputed"}


async def test_a_verdict_whose_last_second_left_can_still_be_confirmed(house: Harness) -> None:
    small = team("UAGENT", "USUPER1", "ULEAD", rota=("USUPER1",))
    other = team("UBOSS", name="別の課", rota=None, channels=("slack:TOWN:other",))
    company = await Company(house).opens(small, other, live=False)
    report = await company.reports("怒鳴られた", severity=Severity.HIGH)
    waits = company.took(await company.judges(report.incident_id), VerdictRecorded)
    assert waits.state is ReviewState.AWAITING_SECOND
    await company.opens(team("UAGENT", "USUPER1", rota=("USUPER1",)), other, live=False)
    done = company.took(await company.seconds(report.incident_id, "UBOSS"), VerdictRecorded)
    assert done.state is ReviewState.FINAL
