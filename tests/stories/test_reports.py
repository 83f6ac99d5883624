"""Filed in ten seconds, said in more detail later, taken back within minutes (rules.md 5)."""

from datetime import timedelta

import pytest
from company import Company, account, team
from harness import Harness

from bot.domain.errors import NotFound, Refused
from bot.domain.events import RetentionDue
from bot.domain.model import IncidentState, Medium, Outcome, PingState, ReportKind, Severity
from bot.domain.notices import Denied, HelpComing, PingOpened, PingSettled, ReportTakenBack

MINUTE = timedelta(minutes=1)


async def test_a_report_needs_nothing_but_words(house: Harness) -> None:
    company = await Company(house).opens()
    await house.known("架空商事", channels=("slack:TOWN:support",))
    told = await company.reports("電話口で怒鳴られた")
    assert (told.customer, told.severity, told.group, told.called) == ("架空商事", Severity.MEDIUM, "", ("鈴木",))
    assert (told.joined, told.again, told.missing) == (False, False, ("group", "burden", "quote"))
    assert told.withdraw_until == company.now + 10 * MINUTE
    report = company.report(told.report_id)
    assert (report.text, report.category, report.at, report.burden) == ("電話口で怒鳴られた", "other", company.now, 0)


@pytest.mark.req("S0-6")
async def test_everything_that_can_be_said_is_kept(house: Harness) -> None:
    company = await Company(house).opens()
    customer = await house.known("架空商事")
    hour_ago = company.now - timedelta(hours=1)
    told = await company.reports(
        "面談で机を叩かれた", customer_id=customer.id, group="threat.body", severity=Severity.HIGH, burden=5,
        medium=Medium.IN_PERSON, occurred_at=hour_ago, quote="表に出ろ", named=(account("USUPER2"),),
    )  # fmt: skip
    report = company.report(told.report_id)
    assert (report.group, report.category) == ("threat.body", "intimidation_or_violence_threat")
    assert (report.severity, report.burden, report.medium) == (Severity.HIGH, 5, Medium.IN_PERSON)
    assert (report.at, report.quote, report.named) == (hour_ago, "表に出ろ", (account("USUPER2"),))
    assert told.missing == ()
    (incident,) = company.incidents()
    assert (incident.opened_at, incident.dangers, incident.categories) == (hour_ago, ("body",), (report.category,))


@pytest.mark.req("S0-26")
async def test_a_phone_call_has_its_times(house: Harness) -> None:
    company = await Company(house).opens()
    start, end = company.now - 50 * MINUTE, company.now - 5 * MINUTE
    facts: dict[str, object] = {
        "kind": ReportKind.CALL,
        "medium": Medium.PHONE,
        "call_from": start,
        "call_to": end,
        "group": "long",
    }
    told = await company.reports("同じ話が四十五分", **facts)  # type: ignore[arg-type]
    report = company.report(told.report_id)
    assert (report.call_from, report.call_to, told.severity) == (start, end, Severity.MEDIUM)
    assert (company.incidents()[0].opened_at, report.category) == (start, "restraint_long_hours")


async def test_each_kind_has_its_severity_and_words_go_before_it(house: Harness) -> None:
    company = await Company(house).opens()
    kinds = [(await company.reports(kind.value, kind=kind)).severity for kind in ReportKind]
    assert kinds == [Severity.MEDIUM, Severity.HIGH, Severity.MEDIUM]
    assert (await company.reports("静かに", kind=ReportKind.NOW, severity=Severity.LOW)).severity is Severity.LOW


async def test_each_group_has_its_category(house: Harness) -> None:
    company = await Company(house).opens()
    for group in house.policy.groups:
        told = await company.reports(group=group.key)
        assert company.report(told.report_id).category == group.category


async def test_a_threat_is_asked_more_exactly(house: Harness) -> None:
    company = await Company(house).opens()
    told = await company.reports("訴えると言われた", group="threat.authority")
    assert company.report(told.report_id).category == "threat_of_legal_or_authority"
    assert (company.ping().dangers, told.called) == (("authority",), ("鈴木",))


async def test_what_cannot_be_is_refused_and_nothing_is_stored(house: Harness) -> None:
    company = await Company(house).opens()
    later, before = company.now + MINUTE, company.now - MINUTE
    wrong: dict[str, dict[str, object]] = {
        "report.group": {"text": "あ", "group": "rude"}, "report.burden": {"text": "あ", "burden": 6},
        "report.future": {"text": "あ", "occurred_at": later}, "report.empty": {"text": " \n"},
        "report.call_order": {"text": "あ", "call_from": company.now, "call_to": before},
    }  # fmt: skip
    for key, facts in wrong.items():
        with pytest.raises(Refused, match=key):
            await company.reports(**facts)  # type: ignore[arg-type]
    for more in ({"group": "threat.mind"}, {"burden": -1}, {"call_to": later}):
        with pytest.raises(Refused):
            await company.reports("あ", **more)
    with pytest.raises(NotFound):
        await company.reports("あ", customer_id=99)
    told = await company.reports(kind=ReportKind.NOW)
    with pytest.raises(Refused, match=r"report\.future"):
        await company.details(told, text="あ", occurred_at=later)
    assert house.one("SELECT count(*) FROM reports") == house.one("SELECT count(*) FROM customers") == 1
    assert company.report(told.report_id).text is None


async def test_who_is_not_ours_reports_nothing(house: Harness) -> None:
    company = await Company(house).opens()
    with pytest.raises(AssertionError, match="outsider"):
        await company.reports("サポートがひどい", who="UKYAKU")
    assert company.incidents() == []


async def test_it_is_about_the_channels_customer_else_who_wrote_last(house: Harness) -> None:
    company = await Company(house).opens(team(channels=("slack:TOWN:support", "slack:TOWN:theirs")))
    theirs = await house.known("架空商事", channels=("slack:TOWN:theirs",))
    await house.customer("U1").says("ばか")
    house.clock.advance(minutes=1)
    await house.customer("U2", name="山田").says("おい")
    await house.agent().says("申し訳ございません")
    assert (await company.reports("暴言")).customer == "山田"
    assert (await company.reports("暴言", place="slack:TOWN:theirs")).customer_id == theirs.id
    nobody = await company.reports("暴言", place="slack:TOWN:elsewhere")
    assert nobody.missing[0] == "customer"


async def test_a_message_is_tied_and_quoted(house: Harness) -> None:
    company = await Company(house).opens()
    said = await house.customer("U1", name="山田").says("無能")
    other = await house.customer("U2").says("こんにちは")
    house.clock.advance(minutes=1)
    told = await company.reports(message_id=said.message_id)
    assert told.customer == "山田"
    (post,) = company.cards(PingOpened)
    message = company.report(told.report_id).message_id
    assert post.quotes == (f"message:{message}",)
    house.clock.advance(days=40)
    await house.submit(RetentionDue())
    with house.database.read() as uow:
        assert [uow.messages.text(message or 0), len(uow.messages.known([(1, other.message_id)]))] == ["無能", 0]


async def test_two_messages_are_two_reports(house: Harness) -> None:
    company = await Company(house).opens()
    first, second = [await house.customer(author).says("無能") for author in ("U1", "U2")]
    one = await company.reports(message_id=first.message_id)
    two = await company.reports(message_id=second.message_id)
    again = await company.reports(message_id=second.message_id)
    assert (one.incident_id, two.again) == (1, False)
    assert (two.incident_id, again.again, again.report_id) == (2, True, two.report_id)


async def test_the_same_words_within_two_minutes_are_one_report(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("出てこい")
    first = await company.reports("暴言を受けた")
    house.clock.advance(seconds=119)
    again = await company.reports("暴言を受けた")
    assert (again.again, again.report_id, again.called) == (True, first.report_id, ("鈴木",))
    assert not (await company.reports("暴言を受けた", who="UAGENT2")).again
    house.clock.advance(seconds=2)
    later = await company.reports("暴言を受けた")
    assert (later.again, later.joined, later.incident_id) == (False, True, first.incident_id)


async def test_the_same_words_about_somebody_else_or_graver_are_another_report(house: Harness) -> None:
    company = await Company(house).opens()
    one, two = await house.known("架空商事"), await house.known("例示工業")
    await company.reports("暴言", place="", customer_id=one.id)
    other = await company.reports("暴言", place="", customer_id=two.id)
    assert (other.again, other.customer) == (False, "例示工業")
    graver = await company.reports("暴言", place="", customer_id=two.id, severity=Severity.CRITICAL)
    assert (graver.again, graver.joined, graver.severity) == (False, True, Severity.CRITICAL)


@pytest.mark.req("S3-2")
async def test_now_twice_is_one_cry(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("出てこい")
    first = await company.reports(kind=ReportKind.NOW)
    again = await company.reports(kind=ReportKind.NOW)
    assert (again.again, again.report_id, again.called) == (True, first.report_id, ("鈴木",))
    assert company.called() == ["USUPER1"]
    house.clock.advance(minutes=3)
    later = await company.reports(kind=ReportKind.NOW)
    assert (later.again, company.ping().round) == (False, 1)


async def test_a_report_after_half_an_hour_calls_again_whenever_it_happened(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("出てこい")
    await company.reports("暴言", occurred_at=company.now - timedelta(hours=3))
    await company.acknowledges()
    await company.reports("まだ続く")
    assert company.ping().round == 1
    house.clock.advance(minutes=40)
    await company.reports("先ほどの件", occurred_at=company.now - 45 * MINUTE)
    assert (company.ping().round, company.ping().state) == (2, PingState.TRIGGERED)


async def test_withdrawn_in_time_the_ping_ends_and_the_record_stays(house: Harness) -> None:
    company = await Company(house).opens()
    told = await company.reports("間違えた")
    await company.delivers()
    house.clock.advance(minutes=10)
    back = company.took(await company.withdraws(told), ReportTakenBack)
    assert back.incident_lapsed
    assert (company.pings()[0].state, company.pings()[0].outcome) == (PingState.RESOLVED, Outcome.WITHDRAWN)
    (card,) = company.cards(PingSettled)
    assert card.edits == "ping:1:0"
    assert company.incidents()[0].state is IncidentState.LAPSED
    assert company.report(told.report_id).withdrawn_at == company.now
    assert (await house.audit())[-3:] == ["report.withdrawn", "incident.lapsed", "ping.resolved"]
    await company.passes(minutes=20)
    assert company.called() == ["USUPER1"]
    repeated = company.took(await company.withdraws(told), Denied)
    assert repeated.reason == "withdraw_late"
    with pytest.raises(Refused, match=r"report\.withdrawn"):
        await company.details(told, text="やはり")


async def test_a_second_late_or_another_person_withdraws_nothing(house: Harness) -> None:
    company = await Company(house).opens()
    told = await company.reports("暴言")
    assert company.took(await company.withdraws(told, who="ULEAD"), Denied).reason == "not_yours"
    house.clock.advance(minutes=10, seconds=1)
    assert company.took(await company.withdraws(told), Denied).reason == "withdraw_late"
    assert company.took(await company.withdraws(), Denied).reason == "withdraw_late"
    assert company.report(told.report_id).withdrawn_at is None
    assert company.ping().open


async def test_of_two_reports_one_is_withdrawn(house: Harness) -> None:
    company = await Company(house).opens()
    await house.customer().says("出てこい")
    await company.reports("暴言", group="insult")
    graver = await company.reports("殴ると言われた", who="UAGENT2", group="threat.body", severity=Severity.HIGH)
    back = company.took(await company.withdraws(graver, who="UAGENT2"), ReportTakenBack)
    assert not back.incident_lapsed
    (incident,) = company.incidents()
    assert (incident.severity, incident.categories, incident.dangers) == (Severity.MEDIUM, ("insult_or_abuse",), ())
    assert company.ping().open
    await company.acknowledges()
    assert [post.to.people for post in company.cards(HelpComing)] == [(account("UAGENT"),)]


async def test_what_is_withdrawn_and_filed_again_is_a_new_report(house: Harness) -> None:
    company = await Company(house).opens()
    told = await company.reports("暴言")
    await company.withdraws(told)
    anew = await company.reports("暴言")
    assert (anew.again, anew.incident_id, company.ping().incident_id) == (False, 2, 2)


async def test_saying_more_loses_nothing(house: Harness) -> None:
    company = await Company(house).opens()
    told = await company.reports("暴言", quote="無能", named=(account("USUPER1"),))
    more = await company.details(told, text="二十分続いた", quote="辞めろ", group="insult", burden=4)
    assert (more.detailed, more.missing) == (True, ("customer",))
    await company.details(told, text="二十分続いた", named=(account("USUPER2"),))
    report = company.report(told.report_id)
    assert (report.text, report.quote, report.burden) == ("暴言\n二十分続いた", "無能\n辞めろ", 4)
    assert (report.category, report.named) == ("insult_or_abuse", (account("USUPER1"), account("USUPER2")))
    assert company.ping().round == 1
    refused = await company.tells(told, who="UAGENT2", text="私も")
    assert company.took(refused, Denied).reason == "not_yours"


async def test_said_graver_somebody_is_called_though_it_was_settled(house: Harness) -> None:
    company = await Company(house).opens()
    told = await company.reports("怒っている")
    await company.acknowledges()
    await company.resolves()
    quiet = await company.details(told, burden=3)
    assert (quiet.ping_id, len(company.pings())) == (None, 1)
    graver = await company.details(told, group="threat.body", severity=Severity.CRITICAL)
    assert (graver.ping_id, graver.called) == (2, ("鈴木", "高橋", "伊藤"))
    assert company.ping().severity is Severity.CRITICAL


async def test_what_is_said_of_a_judged_incident_leaves_the_open_one_alone(house: Harness) -> None:
    company = await Company(house).opens()
    told = await company.reports("暴言")
    await company.judges(told.incident_id)
    house.clock.advance(minutes=5)
    other = await company.reports("また暴言", who="UAGENT2", customer_id=told.customer_id)
    assert other.incident_id == 2
    await company.details(told, burden=5)
    assert company.ping().incident_id == 2
