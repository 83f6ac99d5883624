"""Forms on Discord: a report in ten seconds, more about it, verdicts; nothing typed is ever lost."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from discord_town import checks
from discord_town.interactions import Asked
from discord_wire import OUTSIDE, SUPPORT, Wire, account
from test_wording import POLICY

from adapters.discord import filling, forms
from adapters.discord.fields import NAMED
from adapters.wording import Card, Section, Tone
from bot.domain.events import IncidentReviewed, ReportFiled
from bot.domain.model import Customer, CustomerKind, Finding, Medium, ReportKind, ReviewState, Severity
from bot.domain.notices import ReportRecorded

REFUSED = "三回、無能と言われた @everyone"


@pytest.fixture
async def up(wire: Wire) -> AsyncIterator[Wire]:
    async with wire.up():
        await wire.discord.until(lambda: wire.discord.guild.commands)
        yield wire


def company(number: int, name: str = "") -> Customer:
    return Customer(number, name or f"お客様{number}", CustomerKind.CUSTOMER, "", ())


@pytest.mark.rule("discord-3")
@pytest.mark.parametrize("language", ["ja", "en"])
async def test_every_form_is_one_that_discord_opens(language: str) -> None:
    """Five questions at most, whoever is known and whatever is preset."""
    long = Card("題" * 300, Tone.CALM, (Section(lines=("*" * 5_000,)),))
    starts = (
        ReportFiled(actor=""), ReportFiled(actor="", kind=ReportKind.CALL), ReportFiled(actor="", text="長" * 9_000),
        ReportFiled(actor="", place=f"discord:{10**19}:{10**19}", message_id=str(10**19), customer_id=10**9,
                    group="discrimination_or_sexual.discrimination", severity=Severity.CRITICAL, burden=5,
                    medium=Medium.IN_PERSON),
    )  # fmt: skip
    for known in (
        None,
        (),
        [company(1, "a" * 300)],
        [company(n) for n in range(1, 26)],
        [company(n) for n in range(90)],
    ):
        for start in starts:
            checks.modal(forms.report_form(language, POLICY, known, start, 7).to_dict())
        checks.modal(forms.detail_form(language, POLICY, known, 10**9).to_dict())
    for finding in Finding:
        checks.modal(forms.review_form(language, 10**9, finding, {"reason": "理" * 4_000}).to_dict())
    for agrees in (True, False):
        checks.modal(forms.second_form(language, long, 10**9, 10**9, agrees).to_dict())


def test_what_a_form_keeps_comes_back_and_nothing_else_does() -> None:
    start = ReportFiled(
        actor=account(4011), kind=ReportKind.CALL, place=SUPPORT, message_id="123", customer_id=7, group="insult",
        severity=Severity.HIGH, burden=3, medium=Medium.PHONE,
    )  # fmt: skip
    assert forms.start_of(forms.kept_of(start), account(4011)) == start
    assert forms.event_of(f"report:{forms.kept_of(start)}", {}, account(4011)) == start
    for id in (
        "",
        "report:",
        "report:x/y",
        "review:1",
        "review:x/confirmed",
        "review:1/no",
        "second:1/2",
        "detail:",
        "x:1",
    ):
        with pytest.raises((ValueError, KeyError, TypeError)):
            forms.event_of(id, {}, account(4011))


@pytest.mark.rule("discord-3")
async def test_a_report_of_two_thousand_and_one_characters_arrives_whole(up: Wire) -> None:
    hana = up.discord.user("hana")
    opened = await hana.types("/kasuhara report")
    assert opened.form is not None and list(hana.form.fields)[:1] == ["text"] and len(hana.form.fields) <= 5
    text = "怒" * 2_001
    answer = await hana.submits({"text": text, "severity": "high", "burden": "4", "group": "insult"}).settled()
    assert answer.ephemeral and "報告" in answer.words
    report = up.company.report(1)
    assert (report.text, report.burden, report.severity, report.place) == (text, 4, Severity.HIGH, SUPPORT)
    await up.discord.until(lambda: up.discord.cards("alert"))
    assert not up.discord.record.refusals


@pytest.mark.rule("discord-24")
async def test_a_report_from_a_thread_is_about_the_channel_it_hangs_on(up: Wire) -> None:
    said = up.discord.user("tanaka").says("無能", "returns")
    await up.hears(1)
    await up.discord.user("hana").uses_on_message("カスハラ報告", said)
    await up.discord.user("hana").submits({}).settled()
    report = up.company.report(1)
    assert (report.place, report.quote) == (SUPPORT, "無能") and report.message_id is not None


async def test_the_menu_on_a_message_reports_it_with_its_words(up: Wire) -> None:
    said = up.discord.user("tanaka").says("無能! @everyone <@4012>")
    await up.hears(1)
    hana = up.discord.user("hana")
    await hana.uses_on_message("カスハラ報告", said)
    assert hana.form.prefilled.get("text") is None
    await hana.submits({}).settled()
    report = up.company.report(1)
    assert (report.quote, report.place) == (said.content, SUPPORT) and report.message_id is not None
    await up.discord.until(lambda: up.discord.cards("alert"))
    assert up.discord.pinged() <= {"@4012"} and up.discord.cards("alert")[0].pings == {"@4012"}


async def test_after_a_restart_the_words_of_the_message_are_read_again(wire: Wire) -> None:
    said = wire.discord.history("support", ("tanaka", "無能"))[0]
    hana = wire.discord.user("hana")
    async with wire.up(catches_up=True):
        await wire.discord.until(lambda: wire.discord.guild.commands)
        await hana.uses_on_message("カスハラ報告", said)
        form = hana.form
    async with wire.up(catches_up=True):
        answer = await hana.submits({"text": "ひどい"}, form).settled()
        assert not answer.failed, answer.words
    report = wire.company.report(1)
    assert (report.text, report.quote) == ("ひどい", "無能")


async def test_a_form_that_names_a_message_elsewhere_reads_it_to_nobody(up: Wire) -> None:
    secret = up.discord.history("leads", ("mori", "契約を終わらせる"))[0]
    data = {"custom_id": f"report:r/3005/{secret.id}", "components": [
        {"type": 18, "component": {"type": 4, "custom_id": "text", "value": "x"}}]}  # fmt: skip
    answer = await up.discord.user("hana").forges(Asked.FORM, data, "support").settled()
    assert up.company.report(1).quote is None and "契約" not in answer.words


async def test_what_was_refused_is_shown_back_and_stands_in_the_form_again(up: Wire) -> None:
    for number in range(26):
        await up.house.known(f"北田商店{number}", f"discord:1000:{7000 + number}")
    hana = up.discord.user("hana")
    await hana.types("/kasuhara report")
    assert NAMED in hana.form.fields, "too many for a list: a name is asked for"
    refused = await hana.submits({"text": REFUSED, NAMED: "いないお客様", "burden": "5"}).settled()
    assert "いないお客様" in refused.words and "三回、無能と言われた" in refused.words
    assert not up.house.one("SELECT count(*) FROM reports") and not up.discord.pinged()
    await hana.presses("もう一度、画面を開く", refused.answers[-1])
    assert hana.form.prefilled["text"] == REFUSED
    await hana.submits({"text": REFUSED, NAMED: "北田商店7 #8"}).settled()
    report = up.company.report(1)
    assert report.text == REFUSED and report.customer_id == 8


async def test_a_form_opens_though_the_rows_are_slow(up: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "SOON", 0.0)
    hana = up.discord.user("hana")
    opened = await hana.types("/kasuhara report")
    assert opened.form is not None and not opened.failed
    await hana.submits({"text": "怒鳴られた"}).settled()
    assert up.company.report(1).text == "怒鳴られた"


async def test_a_call_has_its_span(up: Wire) -> None:
    hana = up.discord.user("hana")
    await hana.types("/kasuhara call")
    wrong = await hana.submits({"text": "長電話", "when": "きのうの夕方"}).settled()
    assert "きのうの夕方" in wrong.words and "長電話" in wrong.words
    await hana.types("/kasuhara 電話")
    await hana.submits({"text": "長電話", "when": "昨日 14:05-14:40"}).settled()
    report = up.company.report(1)
    begin = datetime(2026, 11, 29, 5, 5, tzinfo=UTC)
    assert (report.kind, report.call_from, report.call_to) == (ReportKind.CALL, begin, begin + timedelta(minutes=35))
    assert report.medium is Medium.PHONE


async def judged(up: Wire, severity: Severity = Severity.MEDIUM) -> int:
    report = ReportFiled(actor=account(4011), text="無能と言われた", place=SUPPORT, severity=severity)
    return up.company.took(await up.house.submit(report), ReportRecorded).incident_id


async def test_a_verdict_answers_the_three_questions(up: Wire) -> None:
    incident = await judged(up)
    yui = up.discord.user("yui")
    shown = await yui.types("/kasuhara verify", {"number": incident}).settled()
    await yui.presses(f"confirmed:incident:{incident}", shown.answers[-1])
    assert set(yui.form.fields) == {"reason", "demand_valid", "means_acceptable", "environment_harmed", "severity"}
    await yui.submits({"reason": "記録を確認した", "demand_valid": "no", "means_acceptable": "no"}).settled()
    with up.house.database.read() as uow:
        (review,) = uow.reviews.history(incident)
    assert (review.finding, review.reason, review.demand_valid.value) == (Finding.CONFIRMED, "記録を確認した", "no")


async def test_a_second_opinion_is_about_the_verdict_that_was_read(up: Wire) -> None:
    incident = await judged(up, Severity.CRITICAL)
    verdict = IncidentReviewed(
        actor=account(4012), incident_id=incident, finding=Finding.CONFIRMED, reason="記録を確認した",
        severity=Severity.CRITICAL,
    )  # fmt: skip
    await up.house.submit(verdict)
    await up.discord.until(lambda: any("disagree" in str(card.components) for card in up.discord.cards("leads")))
    wanted = next(card for card in up.discord.cards("leads") if "disagree" in str(card.components))
    mori = up.discord.user("mori")
    await mori.presses(f"disagree:incident:{incident}", wanted)
    assert "記録を確認した" in mori.form.words
    await up.house.submit(IncidentReviewed(
        actor=account(4013), incident_id=incident, finding=Finding.LEGITIMATE, reason="正当"))  # fmt: skip
    refused = await mori.submits({"reason": "根拠が足りない"}).settled()
    assert "根拠が足りない" in refused.words, (
        "another verdict stands by now: nothing is answered, nothing typed is lost"
    )
    await up.house.submit(verdict)
    await mori.presses(f"agree:incident:{incident}", wanted)
    await mori.submits({}).settled()
    with up.house.database.read() as uow:
        last = uow.reviews.history(incident)[-1]
    assert last.state is ReviewState.FINAL and last.second == account(4014)


async def test_a_customer_who_forges_a_form_is_refused_and_recorded(up: Wire) -> None:
    tanaka = up.discord.user("tanaka")
    data = {"custom_id": "report:r/3001", "components": [
        {"type": 18, "component": {"type": 4, "custom_id": "text", "value": "社員が悪い"}}]}  # fmt: skip
    answer = await tanaka.forges(Asked.FORM, data, "support").settled()
    assert answer.ephemeral and answer.words == OUTSIDE
    assert not up.house.one("SELECT count(*) FROM reports") and not up.discord.posts()
    assert any("refused" in line or "denied" in line for line in await up.house.audit()), "and it is on record"
