"""What people on duty ask: who is on call, what waits, what goes on, and why; nobody who reported is ever named."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from company import SUPPORT, Company, account, team
from harness import Harness

from bot.domain.errors import NotFound
from bot.domain.events import OverrideSet, RetentionDue, TeamsApplied
from bot.domain.model import Finding, ReportKind, ReviewState, Role, Rota, Severity, Staff
from bot.domain.notices import Denied, VerdictRecorded
from bot.domain.questions import (
    Answer,
    DigestAsked,
    DigestShown,
    NextAsked,
    NextShown,
    OnCallAsked,
    OnCallShown,
    Question,
    ReviewAsked,
    ReviewShown,
    StandingAsked,
    StandingShown,
    StatusAsked,
    StatusShown,
    WhyAsked,
    WhyShown,
)

ANSWERS: dict[type, type] = {
    OnCallAsked: OnCallShown, NextAsked: NextShown, StatusAsked: StatusShown, WhyAsked: WhyShown,
    DigestAsked: DigestShown, StandingAsked: StandingShown, ReviewAsked: ReviewShown,
}  # fmt: skip


async def ask(house: Harness, question: Question) -> Answer:
    """An answer that was not refused."""
    answer: Answer = await house.intake.ask(question)
    assert type(answer) is ANSWERS[type(question)], answer
    return answer


async def why(house: Harness, subject: str, who: str = "USUPER1") -> WhyShown:
    answer = await ask(house, WhyAsked(account(who), subject))
    assert isinstance(answer, WhyShown)
    return answer


async def waits(house: Harness, who: str = "USUPER1") -> NextShown:
    answer = await ask(house, NextAsked(account(who)))
    assert isinstance(answer, NextShown)
    return answer


async def on_call(house: Harness, name: str = "") -> OnCallShown:
    answer = await ask(house, OnCallAsked(account("UAGENT"), name))
    assert isinstance(answer, OnCallShown)
    return answer


async def test_on_call_by_the_rota(house: Harness) -> None:
    await Company(house).opens()
    shown = await on_call(house)
    assert (shown.name, shown.second, shown.instead) == ("鈴木", "高橋", ())
    assert shown.turn is not None
    assert shown.turn.end == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert [name for name, _ in shown.following] == ["高橋", "鈴木", "高橋", "鈴木"]
    ends = [shown.turn.end, *(turn.end for _, turn in shown.following)]
    assert [turn.start for _, turn in shown.following] == ends[:-1], "turns meet"
    with pytest.raises(NotFound):
        await on_call(house, "無い課")


async def test_on_call_over_the_end_of_summer_time(house: Harness) -> None:
    """The turn of the week in which the clocks go back in New York is an hour longer."""
    rota = Rota("America/New_York", (account("USUPER1"), account("USUPER2")), date(2026, 10, 26), time(9, 0))
    await Company(house).opens(replace(team(), rota=rota))
    house.clock.now = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    shown = await on_call(house)
    assert shown.zone == "America/New_York"
    assert shown.turn is not None
    assert (shown.turn.end - shown.turn.start) == timedelta(days=7, hours=1)
    assert shown.turn.end == datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


async def test_nobody_on_call_says_who_is_called_instead(house: Harness) -> None:
    await Company(house).opens(team(rota=None))
    shown = await on_call(house)
    assert (shown.turn, shown.name, shown.second, shown.following) == (None, "", "", ())
    assert shown.instead == ("鈴木", "高橋")
    now = house.clock.now
    await house.submit(
        OverrideSet(actor=account("ULEAD"), team=shown.team, account=account("UBOSS"), start=now + timedelta(hours=1),
                    end=now + timedelta(hours=2))
    )  # fmt: skip
    assert [name for name, _ in (await on_call(house)).overrides] == ["渡辺"]
    await house.submit(TeamsApplied(teams=(team("UAGENT", rota=None),), source="story", actor="cli:test"))
    assert (await on_call(house)).instead == ()


async def test_status_of_a_team_and_of_one_customer(house: Harness) -> None:
    company = await Company(house).opens()
    one, two = await house.known("山手医院", "slack:TCUST:U1"), await house.known("谷町医院", "slack:TCUST:U2")
    for customer in (one, two):
        await company.reports(f"{customer.name}から", customer_id=customer.id)
    shown = await ask(house, StatusAsked(account("UAGENT2")))
    assert isinstance(shown, StatusShown)
    assert [ping.incident.customer for ping in shown.pings] == ["山手医院", "谷町医院"]
    await company.resolves(ping=1)
    await house.merge(two, one)
    for id in (one.id, two.id):
        shown = await ask(house, StatusAsked(account("UAGENT2"), customer_id=id))
        assert isinstance(shown, StatusShown)
        assert [i.incident_id for i in shown.undecided] == [1, 2], "by the old number too"
    with pytest.raises(NotFound):
        await ask(house, StatusAsked(account("UAGENT2"), customer_id=99))


async def test_next_is_what_most_waits(house: Harness) -> None:
    company = await Company(house).opens()
    assert (await waits(house)).kind == ""
    ids = [(await house.known(f"客{n}", f"slack:TCUST:U{n}")).id for n in range(5)]
    for number, severity in enumerate((Severity.MEDIUM, Severity.HIGH, Severity.MEDIUM)):
        house.clock.advance(minutes=1)
        await company.reports(f"{number}", customer_id=ids[number], severity=severity)
    shown = await waits(house)
    assert (shown.kind, shown.subject, shown.more) == ("ping", "ping:2", 5), "three pings and three verdicts"
    assert shown.incident is not None
    await company.acknowledges(ping=2)
    assert (await waits(house)).subject == "ping:1", "what nobody has comes before what I have"
    for ping in (1, 3):
        await company.resolves("USUPER2", ping)
    assert [(s.kind, s.subject) for s in [await waits(house)]] == [("outcome", "ping:2")]
    assert (await waits(house, "USUPER2")).kind == "judge"
    await company.judges(2, who="USUPER1")
    shown = await waits(house, "USUPER2")
    assert (shown.kind, shown.subject, shown.more) == ("second", "incident:2", 2)
    assert (await waits(house)).kind == "judge", "not one's own verdict"
    assert (await waits(house, "UAGENT")).kind == (await waits(house, "UADMIN")).kind == ""
    await company.seconds(2, "USUPER2")
    for incident in (1, 3):
        await company.judges(incident, Finding.DISMISSED)
    assert [(s.kind, s.more) for s in [await waits(house)]] == [("", 0)]


async def test_next_offers_nothing_that_would_be_refused(house: Harness) -> None:
    """A provisional verdict is the leads' to confirm; a supervisor is not sent there."""
    company = await Company(house).opens(team("UAGENT", "USUPER1", "USUPER2", "ULEAD"))
    named = tuple(account(a) for a in ("USUPER2", "ULEAD"))
    await company.reports("やくざを呼ぶと言われた", severity=Severity.HIGH, named=named)
    await company.resolves()
    for who in ("USUPER2", "ULEAD"):
        assert (await waits(house, who)).kind == "", "they are named in it"
    verdict = company.took(await company.judges(1), VerdictRecorded)
    assert verdict.state is ReviewState.PROVISIONAL
    await Company(house).opens(team("UAGENT", "USUPER1", "USUPER2", "ULEAD", "UBOSS"), live=False)
    assert (await waits(house, "UBOSS")).kind == "confirm"
    assert {(await waits(house, who)).kind for who in ("USUPER1", "USUPER2", "ULEAD")} == {""}
    refused = (("USUPER2", "involved"), ("ULEAD", "involved"), ("USUPER1", "own_verdict"), ("UAGENT", "role"))
    for who, reason in refused:
        denied = await company.seconds(1, who)
        assert isinstance(denied, Denied)
        assert denied.reason == reason
    company.took(await company.seconds(1, "UBOSS"), VerdictRecorded)


async def test_what_there_is_to_judge(house: Harness) -> None:
    company = await Company(house).opens()
    with pytest.raises(NotFound):
        await ask(house, ReviewAsked(account("USUPER1")))
    await house.customer().says("ばか")
    await company.reports("暴言", who="USUPER1")
    house.clock.advance(hours=30)
    await company.reports("また暴言", who="UAGENT")
    mine = await ask(house, ReviewAsked(account("USUPER1")))
    theirs = await ask(house, ReviewAsked(account("USUPER2")))
    assert isinstance(mine, ReviewShown)
    assert isinstance(theirs, ReviewShown)
    assert (mine.incident.incident_id, theirs.incident.incident_id) == (2, 1), "not what one reported oneself"
    assert (theirs.alone, theirs.history, theirs.suggestion.value) == (False, (), "open")
    await company.judges(1, who="USUPER2")
    again = await ask(house, ReviewAsked(account("ULEAD"), 1))
    assert isinstance(again, ReviewShown)
    assert [review.finding for review in again.history] == [Finding.CONFIRMED]


async def test_why_a_detection(house: Harness) -> None:
    await Company(house).opens()
    last = await house.customer().writes("返事しろ。", 0, 1, 2)
    shown = await why(house, "detection:1")
    assert shown.detection is not None
    assert (shown.needed, shown.minutes, shown.lapsed) == (3, 10, False)
    assert [message.text for message in shown.detection.messages] == ["返事しろ。"] * 3
    assert shown.edition == shown.current_edition != ""
    assert shown.detection in await house.detections(), "the same story as in the list"
    await house.redact(last)
    house.clock.advance(days=8)
    await house.submit(RetentionDue())
    later = await why(house, "detection:1")
    assert later.detection is not None
    assert [message.text for message in later.detection.messages] == ["返事しろ。", "返事しろ。", None]


async def test_why_a_detection_under_another_pack(house: Harness) -> None:
    """What today's pack asks for did not decide then, and is not shown as if it had."""
    await Company(house).opens()
    await house.customer().writes("返事しろ。", 0, 1, 2)
    decided = await why(house, "detection:1")
    windows = tuple(replace(w, count=w.count + 5) for w in house.policy.windows)
    await house.reopened(windows=windows, edition="2099年版", hash="f" * 64)
    shown = await why(house, "detection:1")
    assert (shown.edition, shown.pack_hash) == (decided.edition, decided.pack_hash)
    assert (shown.current_edition, shown.needed, shown.minutes) == ("2099年版", 0, 0)


async def test_why_a_detection_that_no_longer_holds(house: Harness) -> None:
    await Company(house).opens()
    one, two = await house.known("甲", "slack:TCUST:U1"), await house.known("乙", "slack:TCUST:U2")
    await house.merge(two, one)
    for author, minute in (("U1", 0), ("U2", 1), ("U1", 2)):
        await house.customer(author).writes("返事しろ。", minute)
    assert not (await why(house, "detection:1")).lapsed
    await house.merge(two, one, undo=True)
    assert (await why(house, "detection:1")).lapsed


async def test_why_an_incident_and_its_ping(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("ばか")
    await company.reports("暴言", group="insult")
    await company.passes(minutes=5)
    shown = await why(house, "ping:1")
    assert shown.ping is not None
    assert [name for name, _ in shown.calls] == ["鈴木", "高橋"]
    assert shown.edition
    assert (await why(house, "incident:1")).review is None
    await company.judges(1)
    judged = await why(house, "incident:1")
    assert judged.review is not None
    assert [points.incident_id for points in judged.points] == [1]
    assert judged.points[0].pack_hash == judged.pack_hash
    for subject in ("incident:2", "ping:2", "detection:1", "customer:99", "report:1", "incident", "incident:", "x"):
        with pytest.raises(NotFound):
            await why(house, subject)


async def test_why_a_customer_stands_where_they_stand(house: Harness) -> None:
    company = await Company(house).opens()
    one, two = await house.known("甲", "slack:TCUST:U1"), await house.known("乙", "slack:TCUST:U2")
    await company.reports("暴言", customer_id=one.id)
    await company.judges(1)
    await house.merge(two, one)
    by_old, by_new = await why(house, f"customer:{two.id}"), await why(house, f"customer:{one.id}")
    assert by_old == by_new
    assert by_new.standing is not None
    assert by_new.standing.points == sum(points.points for points in by_new.points) > 0
    asked = await ask(house, StandingAsked(account("ULEAD"), two.id))
    assert isinstance(asked, StandingShown)
    assert (asked.standing, asked.end) == (by_new.standing, by_new.end)
    denied = await house.intake.ask(WhyAsked(account("UAGENT"), f"customer:{one.id}"))
    assert isinstance(denied, Denied), "what an agent may not ask as standing is no answer to why either"


async def test_a_detection_belongs_to_the_team_of_its_channel(house: Harness) -> None:
    """An agent of another team reads no customer's messages by counting up numbers."""
    staff = (Staff(account("UOTHER"), "小林", (Role.AGENT,)),)
    other = replace(team(), name="サポート2課", staff=staff, channels=("slack:TOWN:other",), rota=None)
    await Company(house).opens(team(), other, live=False)
    await house.customer("U1").writes("返事しろ。", 0, 1, 2)
    await house.customer("U2").writes("返事しろよ、遅いぞ。", 0, 1, 2, channel="other")
    for subject, who, team_only in (
        ("detection:1", "UAGENT", False), ("detection:1", "UOTHER", True),
        ("detection:2", "UAGENT", True), ("detection:2", "UOTHER", False),
    ):  # fmt: skip
        answer = await house.intake.ask(WhyAsked(account(who), subject))
        assert isinstance(answer, Denied) is team_only, (subject, who)


async def test_no_answer_names_who_reported_or_counts_our_people(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().writes("返事しろ。", 0, 1, 2)
    await company.reports("「無能」と言われた", quote="無能", group="insult", kind=ReportKind.NOW)
    await company.reports("私も", who="UAGENT2", severity=Severity.HIGH, burden=5, named=(account("UAGENT"),))
    await company.passes(minutes=5)
    await company.acknowledges("USUPER2")
    asked: list[Question] = []
    for round in range(3):
        if round == 1:
            await company.judges(1)
        if round == 2:
            await company.seconds(1)
        for who in ("UAGENT", "USUPER1", "USUPER2", "ULEAD", "UBOSS", "UADMIN", "cli:x"):
            actor = who if ":" in who else account(who)
            asked += [OnCallAsked(actor), NextAsked(actor), StatusAsked(actor), StatusAsked(actor, customer_id=1),
                      DigestAsked(actor), StandingAsked(actor, 1), ReviewAsked(actor, 1)]  # fmt: skip
            asked += [WhyAsked(actor, s) for s in ("incident:1", "ping:1", "detection:1", "customer:1")]
        answers = [await house.intake.ask(question) for question in asked]
        for question, answer in zip(asked, answers, strict=True):
            told = repr(answer) if not isinstance(answer, Denied) else ""
            for reporter in (account("UAGENT"), account("UAGENT2"), "佐藤", "田中", "reporter=", "burden"):
                assert reporter not in told, (question, reporter)
        assert sum(not isinstance(answer, Denied) for answer in answers) > 50
        asked.clear()


async def test_a_team_that_was_ended_leaves_its_matters_to_the_others(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("ばか")
    await company.reports("暴言", place=SUPPORT)
    await company.judges(1)
    await company.reports("もう一度", who="USUPER1")
    renamed = replace(team(), name="新しい課")
    await house.submit(TeamsApplied(teams=(renamed,), source="story", actor="cli:test"))
    assert (await ask(house, StandingAsked(account("ULEAD"), 1))) is not None
    assert (await why(house, "incident:1", "ULEAD")).review is not None
    assert (await why(house, "incident:2", "ULEAD")).review is None
    for who, reason in (("UAGENT", "role"), ("USUPER1", "involved")):
        denied = await company.judges(2, who=who)
        assert isinstance(denied, Denied)
        assert denied.reason == reason
    assert not isinstance(await company.acknowledges("ULEAD"), Denied)
    company.took(await company.judges(2, who="USUPER2"), VerdictRecorded)
