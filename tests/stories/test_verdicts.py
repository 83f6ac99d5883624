"""Verdicts: by uninvolved people, with reasons, twice where it is grave, and never at the customer's cost twice."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from company import LEADS, Company, account, team
from harness import Harness, opened

from bot.domain.errors import Refused
from bot.domain.events import IncidentReviewed, ReviewSeconded
from bot.domain.model import (
    Finding,
    IncidentState,
    Opinion,
    Outcome,
    PingState,
    Points,
    ReportKind,
    Review,
    ReviewState,
    Severity,
    Suggestion,
)
from bot.domain.notices import Denied, SecondWanted, ThresholdReached, VerdictRecorded
from bot.domain.questions import StandingAsked, StandingShown, WhyAsked, WhyShown

YES, NO = Opinion.YES, Opinion.NO
INSULT, RIGHT = "insult_or_abuse", "threat_of_legal_or_authority"


async def company_of(house: Harness, *authors: str) -> Company:
    company = await Company(house).opens(team(*authors))
    await house.customer().says("おまえら無能か")
    return company


async def filed(company: Company, **facts: object) -> int:
    return (await company.reports("怒鳴られた", **{"group": "insult", **facts})).incident_id


async def verdict(
    company: Company, incident: int, finding: Finding = Finding.CONFIRMED, **facts: object
) -> VerdictRecorded:
    return company.took(await company.judges(incident, finding, **facts), VerdictRecorded)


async def denied(company: Company, incident: int, who: str, **facts: object) -> str:
    return company.took(await company.judges(incident, who=who, **facts), Denied).reason


def ledger(house: Harness, customer: int = 1) -> list[Points]:
    with house.database.read() as uow:
        return uow.reviews.ledger(customer)


def history(house: Harness, incident: int) -> list[Review]:
    with house.database.read() as uow:
        return uow.reviews.history(incident)


def living(house: Harness) -> list[float]:
    return [one.points for one in ledger(house) if one.taken_back_at is None]


async def shown(house: Harness, customer: int = 1) -> StandingShown:
    answer = await house.intake.ask(StandingAsked(actor=account("ULEAD"), customer_id=customer))
    assert isinstance(answer, StandingShown), answer
    return answer


@pytest.mark.req("S1-6", "S1-18")
async def test_a_verdict_keeps_its_reason_its_three_answers_and_its_edition(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company)
    said = await verdict(
        company, incident, reason="  録音を確認した ", demand_valid=NO, means_acceptable=NO, environment_harmed=YES
    )
    assert (said.points, said.weight, said.factor, said.category) == (4, 2, 2, INSULT)
    assert said.suggestion is Suggestion.LIKELY
    (review,) = history(house, incident)
    assert (review.reason, review.reviewer, review.state) == ("録音を確認した", account("USUPER1"), ReviewState.FINAL)
    assert (review.demand_valid, review.means_acceptable, review.environment_harmed) == (NO, NO, YES)
    assert (review.edition, review.pack_hash) == (house.policy.edition, house.policy.hash)
    assert company.incidents()[0].state is IncidentState.JUDGED
    assert company.pings()[0].outcome is Outcome.JUDGED
    assert company.pings()[0].state is PingState.RESOLVED
    assert house.chain_break() is None


async def test_no_verdict_without_a_reason(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company)
    for reason in ("", "   ", "\n\u3000"):
        with pytest.raises(Refused, match="reason"):
            await company.judges(incident, reason=reason)
    assert history(house, incident) == []
    assert company.ping().open


@pytest.mark.req("S1-39", "S0-33")
async def test_everything_but_confirmed_gives_nothing_and_ends_the_ping(house: Harness) -> None:
    company = await company_of(house)
    for finding in (Finding.MISUNDERSTANDING, Finding.UNDETERMINED, Finding.DISMISSED, Finding.LEGITIMATE):
        assert (await shown(house)).complaints == 0
        incident = await filed(company, severity=Severity.HIGH)
        said = await verdict(company, incident, finding, demand_valid=NO, means_acceptable=NO, environment_harmed=YES)
        assert (said.points, said.points_after, said.state) == (0, 0, ReviewState.FINAL)
        assert said.suggestion is Suggestion.LIKELY, "the matrix suggests, the person decided otherwise"
        house.clock.advance(minutes=5)
    assert {ping.outcome for ping in company.pings()} == {Outcome.JUDGED}
    assert ledger(house) == []
    standing = await shown(house)
    assert (standing.complaints, standing.standing.habit.days) == (1, 0)


@pytest.mark.req("S1-19")
async def test_the_matrix_never_decides(house: Harness) -> None:
    company = await company_of(house)
    said = await verdict(company, await filed(company), demand_valid=YES, means_acceptable=YES, environment_harmed=NO)
    assert (said.suggestion, said.finding, said.points) == (Suggestion.LEGITIMATE, Finding.CONFIRMED, 4)


@pytest.mark.req("S0-33")
async def test_points_are_weight_times_factor(house: Harness) -> None:
    company = await company_of(house)
    for severity, factor in zip(Severity, (1, 2, 4, 8), strict=True):
        incident = await filed(company)
        said = await verdict(company, incident, severity=severity)
        if severity >= Severity.HIGH:
            assert (said.state, said.points) == (ReviewState.AWAITING_SECOND, 0)
            said = company.took(await company.seconds(incident), VerdictRecorded)
        assert (said.points, said.factor, said.severity) == (2 * factor, factor, severity)
        points = ledger(house)[-1]
        assert (points.points, points.weight, points.factor, points.category) == (2 * factor, 2, factor, INSULT)
        house.clock.advance(minutes=5)


async def test_the_category_is_corrected_at_the_verdict_and_the_worst_counts(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company, group="other")
    said = await verdict(company, incident, categories=("other", INSULT, "repeated_messages"))
    assert (said.category, said.points) == (INSULT, 4)
    said = await verdict(company, incident, categories=("careless_communication",))
    assert (said.points, said.taken_back) == (1, 4)
    with pytest.raises(Refused, match="category"):
        await company.judges(incident, categories=("nonsense",))


@pytest.mark.req("S0-32")
async def test_going_to_court_is_a_right_and_another_category_counts_beside_it(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company, group="threat.authority", severity=Severity.MEDIUM)
    said = await verdict(company, incident)
    assert (said.points, said.rights_only, said.category) == (0, True, RIGHT)
    assert ledger(house) == []
    said = await verdict(company, incident, categories=(RIGHT, "repeated_messages"))
    assert (said.points, said.rights_only, said.category) == (2, False, "repeated_messages")
    said = await verdict(company, incident, categories=(RIGHT,))
    assert (said.points, said.taken_back, said.rights_only) == (0, 2, True)


async def test_a_category_that_the_pack_no_longer_has_is_no_right_and_must_be_named_anew(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company)
    left = tuple(c for c in house.policy.categories if c.key != INSULT)
    await house.reopened(categories=left)
    with pytest.raises(Refused, match="category"):
        await company.judges(incident)
    assert (await verdict(company, incident, categories=("other",))).points == 2
    await verdict(company, incident, Finding.MISUNDERSTANDING)


@pytest.mark.req("S3-33")
async def test_neither_reporter_nor_named_nor_agent_judges(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company, who="USUPER1", named=(account("ULEAD"),))
    assert await denied(company, incident, "USUPER1") == "involved"
    assert await denied(company, incident, "ULEAD") == "involved"
    assert await denied(company, incident, "UAGENT") == "role"
    assert await denied(company, incident, "UADMIN") == "role"
    assert await denied(company, incident, "USTRANGER") == "outsider"
    assert history(house, incident) == []
    assert (await house.audit()).count("access.refused") == 5
    await verdict(company, incident, who="USUPER2", severity=Severity.HIGH)
    for who, reason in (("USUPER1", "involved"), ("ULEAD", "involved"), ("USUPER2", "own_verdict")):
        assert company.took(await company.seconds(incident, who), Denied).reason == reason
    said = company.took(await company.seconds(incident, "UBOSS"), VerdictRecorded)
    assert (said.points, said.state) == (8, ReviewState.FINAL)


async def test_a_grave_verdict_asks_the_uninvolved_by_name_and_waits(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company, severity=Severity.HIGH, who="USUPER2")
    await company.delivers()
    said = await verdict(company, incident)
    assert (said.state, said.points, said.points_after) == (ReviewState.AWAITING_SECOND, 0, 0)
    (card,) = company.cards(SecondWanted)
    assert card.to.channel == LEADS
    assert set(card.to.people) == {account("ULEAD"), account("UBOSS")}
    assert not company.pings()[0].open
    said = company.took(await company.seconds(incident), VerdictRecorded)
    assert (said.points, said.points_before, said.points_after) == (8, 0, 8)
    assert [r.second for r in history(house, incident)] == [account("ULEAD")]
    assert company.took(await company.seconds(incident, "UBOSS"), Denied).reason == "nothing_to_second"
    assert living(house) == [8]


async def test_the_second_disagrees_and_it_is_judged_anew(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company, severity=Severity.HIGH)
    await verdict(company, incident)
    said = company.took(await company.seconds(incident, agrees=False), VerdictRecorded)
    assert (said.state, said.points) == (ReviewState.DISPUTED, 0)
    assert company.incidents()[0].state is IncidentState.SUSPECTED
    assert company.took(await company.seconds(incident, "UBOSS"), Denied).reason == "nothing_to_second"
    assert ledger(house) == []
    await verdict(company, incident, who="USUPER2", severity=Severity.MEDIUM)
    assert living(house) == [4]
    assert [r.state for r in history(house, incident)] == [ReviewState.DISPUTED, ReviewState.FINAL]


async def test_too_few_supervisors_so_the_decision_maker_is_the_second(house: Harness) -> None:
    company = await company_of(house, "UAGENT", "USUPER1", "UBOSS")
    incident = await filed(company, severity=Severity.CRITICAL)
    await verdict(company, incident)
    (card,) = company.cards(SecondWanted)
    assert card.to.people == (account("UBOSS"),)
    assert company.took(await company.seconds(incident, "UBOSS"), VerdictRecorded).threshold


async def test_a_team_of_one_decides_provisionally_until_a_lead_comes(house: Harness) -> None:
    company = await company_of(house, "USUPER1")
    incident = await filed(company, who="USUPER1")
    said = await verdict(company, incident)
    assert (said.state, said.points) == (ReviewState.PROVISIONAL, 0)
    (card,) = company.cards(SecondWanted)
    assert isinstance(card.notice, SecondWanted) and card.notice.provisional
    assert company.took(await company.seconds(incident, "USUPER1"), Denied).reason == "own_verdict"
    house.clock.advance(days=40)
    await company.opens(team("USUPER1", "USUPER2", "ULEAD"))
    assert company.took(await company.seconds(incident, "USUPER2"), Denied).reason == "lead_only"
    said = company.took(await company.seconds(incident, "ULEAD"), VerdictRecorded)
    assert (said.state, said.points) == (ReviewState.FINAL, 4)
    assert said.points_after < 4, "decay began with the last sign, a slow confirmation costs the customer nothing"
    assert (ledger(house)[0].confirmed_at, ledger(house)[0].at) == (
        house.clock.now,
        company.incidents()[0].last_sign_at,
    )


async def test_a_lead_alone_does_not_confirm_what_the_lead_decided(house: Harness) -> None:
    company = await company_of(house, "UAGENT", "ULEAD")
    incident = await filed(company, severity=Severity.HIGH)
    said = await verdict(company, incident, who="ULEAD")
    assert (said.state, said.points) == (ReviewState.PROVISIONAL, 0)
    assert company.took(await company.seconds(incident, "ULEAD"), Denied).reason == "own_verdict"
    await company.opens(team("UAGENT", "ULEAD", "UBOSS"))
    said = company.took(await company.seconds(incident, "UBOSS", agrees=False), VerdictRecorded)
    assert (said.state, said.points, ledger(house)) == (ReviewState.DISPUTED, 0, [])


async def test_a_changed_verdict_takes_points_back_and_everything_is_explained(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company)
    await verdict(company, incident)
    house.clock.advance(days=1)
    said = await verdict(company, incident, Finding.MISUNDERSTANDING, who="ULEAD", reason="別のお客様の発言だった")
    assert (said.taken_back, said.points_after, said.points) == (4, 0, 0)
    (gone,) = ledger(house)
    assert (gone.points, gone.taken_back_at) == (4, house.clock.now)
    assert [(r.finding, r.reason) for r in history(house, incident)] == [
        (Finding.CONFIRMED, "記録を確認した"), (Finding.MISUNDERSTANDING, "別のお客様の発言だった"),
    ]  # fmt: skip
    with house.database.read() as uow:
        moved = [json.loads(e.detail) for e in uow.audit.entries() if e.action == "standing.moved"]
    assert [(m["incident"], m["review"], m["given"], m["taken_back"]) for m in moved] == [(1, 1, 4, 0), (1, 2, 0, 4)]
    assert (moved[0]["category"], moved[0]["weight"], moved[0]["factor"]) == (INSULT, 2, 2)
    why = await house.intake.ask(WhyAsked(actor=account("ULEAD"), subject="incident:1"))
    assert isinstance(why, WhyShown) and why.points == (gone,)
    assert house.chain_break() is None


async def test_judged_the_same_again_and_again_counts_once_and_is_no_news(house: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company)
    await verdict(company, incident)
    confirmed = ledger(house)[0].confirmed_at
    house.clock.advance(days=60)
    pace = (await shown(house)).standing.pace
    for who in ("USUPER2", "ULEAD", "USUPER1"):
        said = await verdict(company, incident, who=who)
        assert (said.taken_back, round(said.points_after, 9)) == (0, 2)
    assert [(p.points, p.confirmed_at, p.taken_back_at) for p in ledger(house)] == [(4, confirmed, None)]
    assert (await shown(house)).standing.pace == pace
    assert len(history(house, incident)) == 4


async def test_what_comes_after_the_verdict_is_another_incident(house: Harness) -> None:
    company = await company_of(house)
    first = await filed(company)
    await verdict(company, first)
    house.clock.advance(minutes=5)
    second = await filed(company)
    assert second != first
    await verdict(company, second)
    assert living(house) == [4, 4]


async def test_nothing_is_left_to_judge_of_a_report_that_was_taken_back(house: Harness) -> None:
    company = await company_of(house)
    report = await company.reports("まちがえた")
    await company.withdraws(report)
    with pytest.raises(Refused, match="lapsed"):
        await company.judges(report.incident_id)


async def test_one_word_and_the_verdict_ends_the_calls(house: Harness) -> None:
    company = await company_of(house)
    recorded = await company.reports(kind=ReportKind.NOW)
    await verdict(company, recorded.incident_id, Finding.UNDETERMINED)
    called = len(company.called())
    await company.passes(minutes=40)
    assert len(company.called()) == called


@pytest.fixture
async def twin(house: Harness, database_url: str) -> AsyncIterator[Harness]:
    async with opened(database_url) as other:
        other.beside(house)
        yield other


async def test_two_houses_judge_at_the_same_moment_and_it_counts_once(house: Harness, twin: Harness) -> None:
    company = await company_of(house)
    for number in range(1, 4):
        incident = await filed(company)
        events = [
            IncidentReviewed(actor=account(who), incident_id=incident, finding=Finding.CONFIRMED, reason="確認した")
            for who in ("USUPER1", "USUPER2", "ULEAD", "UBOSS")
        ]
        both = [(house, twin)[n % 2].intake.submit(event) for n, event in enumerate(events)]
        await asyncio.gather(*both)
        assert living(house) == [4.0] * number
        house.clock.advance(hours=25)


@pytest.mark.req("S0-34")
async def test_verdicts_of_one_moment_cross_the_threshold_once(house: Harness, twin: Harness) -> None:
    company = await company_of(house)
    incidents = []
    for days in (1, 2, 0):
        incidents.append(await filed(company))
        house.clock.advance(days=days, minutes=5)
    events = [
        IncidentReviewed(actor=account("USUPER1"), incident_id=id, finding=Finding.CONFIRMED, reason="確認した")
        for id in incidents
    ]
    results = await asyncio.gather(*((house, twin)[n % 2].intake.submit(event) for n, event in enumerate(events)))
    assert sorted(company.took(one, VerdictRecorded).threshold for one in results) == [False, False, True]
    assert len(company.cards(ThresholdReached)) == 1
    assert living(house) == [4, 4, 4]


async def test_one_agrees_while_the_other_disagrees_and_one_word_stands(house: Harness, twin: Harness) -> None:
    company = await company_of(house)
    incident = await filed(company, severity=Severity.HIGH)
    await verdict(company, incident)
    results = await asyncio.gather(
        house.intake.submit(ReviewSeconded(actor=account("ULEAD"), incident_id=incident, agrees=True)),
        twin.intake.submit(ReviewSeconded(actor=account("UBOSS"), incident_id=incident, agrees=False)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, VerdictRecorded) for result in results) == 1
    (review,) = history(house, incident)
    assert living(house) == ([8] if review.state is ReviewState.FINAL else [])
    assert {a for a in await house.audit() if a.startswith("review.")} in ({"review.agreed"}, {"review.disputed"})
