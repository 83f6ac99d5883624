"""Every button of every card: what it does, what the presser alone is told, and that outsiders can press nothing."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from company import account
from conftest import ON_SOCKETS, Town
from screens import buttons_of, keys_of, words_of
from slack import Message

from bot.domain.events import IncidentReviewed
from bot.domain.model import Finding, PingState, ReviewState, Severity
from bot.domain.notices import ReportRecorded

OUTSIDERS = ("UCUST", "UCUST2", "UGUEST", "UGUEST1")


async def reported(here: Town, text: str = "無能と言われた", **facts: object) -> ReportRecorded:
    return await here.company.reports(text, place="slack:TOWN:CSUPPORT", **facts)


async def card(here: Town, channel: str, action: str) -> Message:
    """The newest card there that has this button."""
    found: list[Message] = []

    def there() -> bool:
        found[:] = [one for one in here.slack.cards(channel) if action in dict(buttons_of(one.blocks))]
        return bool(found)

    await here.slack.until(there)
    return found[-1]


async def told(here: Town, who: str, count: int, channel: str = "alert") -> str:
    """What was whispered to this person, once there is so much of it."""
    await here.slack.until(lambda: len(here.slack.user(who).private(channel)) >= count)
    return words_of(here.slack.user(who).private(channel)[-1])


async def form(here: Town, who: str, *keys: str) -> Any:
    await here.slack.until(lambda: set(keys) <= set(keys_of(here.slack.user(who).modal)))
    return here.slack.user(who).modal


async def test_acknowledge_resolve_verify_judge(here: Town) -> None:
    await reported(here)
    alert = await card(here, "alert", "ack")
    one, two = here.slack.user("USUPER1"), here.slack.user("USUPER2")
    await asyncio.gather(one.presses("ack", alert), two.presses("ack", alert), one.presses("ack", alert))
    await told(here, "USUPER1", 2)
    await told(here, "USUPER2", 1)
    assert here.company.ping().state is PingState.ACKNOWLEDGED
    said = {who: [words_of(one) for one in here.slack.user(who).private("alert")] for who in ("USUPER1", "USUPER2")}
    took = [who for who, lines in said.items() if any("引き受けました" in line for line in lines)]
    assert took == [here.company.ping().acked_by.rpartition(":")[2]], "one has it, the other is told who"
    assert any("すでに対応が始まっています" in line for who, lines in said.items() if who not in took for line in lines)
    taker = here.company.ping().acked_by.rpartition(":")[2]
    await here.slack.user(taker).presses("resolve", await card(here, "alert", "resolve"))
    await here.slack.until(lambda: here.company.pings()[0].state is PingState.RESOLVED)
    await two.presses("verify", await card(here, "alert", "verify"))
    await here.slack.until(lambda: "confirmed" in str([m.blocks for m in two.private("alert")]))
    judged = two.private("alert")[-1]
    await two.presses("confirmed", judged)
    await form(here, "USUPER2", "reason")
    await two.submits({"reason": "記録を確認した", "demand_valid": "no", "means_acceptable": "no"})
    assert "== お返事" in words_of(two.modal)
    with here.house.database.read() as uow:
        (review,) = uow.reviews.history(1)
    assert (review.finding, review.reason, review.demand_valid.value) == (Finding.CONFIRMED, "記録を確認した", "no")
    assert not here.slack.troubles and not here.slack.record.refusals


@ON_SOCKETS
async def test_a_second_opinion_is_about_the_verdict_that_was_read(here: Town) -> None:
    incident = (await reported(here, severity=Severity.CRITICAL)).incident_id
    await here.company.judges(incident, who="USUPER1", severity=Severity.CRITICAL)
    wanted = await card(here, "leads", "disagree")
    lead = here.slack.user("ULEAD")
    await lead.presses("disagree", wanted)
    view = await form(here, "ULEAD", "reason")
    assert not view.blocks[-1]["optional"] and "記録を確認した" in words_of(view)
    await here.house.submit(
        IncidentReviewed(actor=account("USUPER2"), incident_id=incident, finding=Finding.LEGITIMATE, reason="正当")
    )
    await lead.submits({"reason": "根拠が足りない"})
    assert "reason" in view.errors, "another verdict stands by now: nothing is answered, nothing typed is lost"
    await here.company.judges(incident, who="USUPER1", severity=Severity.CRITICAL)
    await lead.presses("agree", wanted)
    await form(here, "ULEAD", "reason")
    await lead.submits({})
    with here.house.database.read() as uow:
        last = uow.reviews.history(incident)[-1]
    assert last.state is ReviewState.FINAL and last.second == account("ULEAD")


@ON_SOCKETS
async def test_why_and_hidden_words_are_for_the_presser_alone(here: Town) -> None:
    await reported(here, "胸を触らせろと言われた", quote="胸を触らせろ", group="sexual")
    alert = await card(here, "alert", "show")
    assert "触らせろ" not in words_of(alert), "masked in the channel"
    await here.slack.user("USUPER1").presses("show", alert)
    assert "触らせろ" in await told(here, "USUPER1", 1)
    await here.slack.user("USUPER1").presses("why", alert)
    assert "触らせろ" not in await told(here, "USUPER1", 2)
    agent = here.slack.user("UAGENT2")
    await agent.presses("show", alert)
    assert "触らせろ" not in await told(here, "UAGENT2", 1), "an agent has no right to them"
    assert "触らせろ" not in str([m.blocks for m in here.slack.posts("alert")])


@ON_SOCKETS
async def test_the_reporter_says_more_and_withdraws(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    await agent.types("/kasuhara", "報告 無能と言われた", "random")
    (answer,) = agent.private("random")
    await agent.presses("detail", answer)
    await form(here, "UAGENT", "text", "quote")
    await agent.submits({"text": "三回言われた", "burden": "5"})
    report = here.company.report(1)
    assert report.text == "無能と言われた\n三回言われた" and report.burden == 5
    await agent.presses("withdraw", answer)
    await told(here, "UAGENT", 2, "random")
    assert here.company.report(1).withdrawn_at is not None


async def test_old_and_tampered_buttons_get_a_clear_answer(here: Town) -> None:
    await reported(here)
    alert = await card(here, "alert", "ack")
    one = here.slack.user("USUPER1")
    values = ("ping:99", "ping:0", "ping:-1", "ping:１", "ping:1 OR 1=1", "incident:1", "", "ping:" + "9" * 40, "😀")
    sent = one.action("ack", on=alert)
    for number, value in enumerate(values, 1):
        forged = json.loads(json.dumps(sent)) | {"trigger_id": one._payload("x")["trigger_id"]}
        forged["actions"][0]["value"] = value
        await one.forges(forged)
        said = await told(here, "USUPER1", number)
        assert "見つかりません" in said or "使えません" in said, (value, said)
    for number, (action, value) in enumerate((("pay", "ping:1"), ("confirmed", "incident:x"), ("form", "[1]")), 10):
        forged = json.loads(json.dumps(sent)) | {"trigger_id": one._payload("x")["trigger_id"]}
        forged["actions"][0] |= {"action_id": action, "value": value}
        await one.forges(forged)
        assert "使えません" in await told(here, "USUPER1", number)
    assert here.company.ping().state is PingState.TRIGGERED
    assert not here.slack.troubles


@ON_SOCKETS
async def test_the_answer_comes_directly_where_the_person_is_not_in_the_channel(here: Town) -> None:
    await reported(here)
    alert = await card(here, "alert", "ack")
    sent = here.slack.user("USUPER1").action("ack", on=alert)
    sent["channel"], sent["container"]["channel_id"] = {"id": "GSECRET", "name": "secret"}, "GSECRET"
    await here.slack.user("USUPER1").forges(sent)
    direct = here.slack.direct("USUPER1").id
    await here.slack.until(lambda: any("resolve" in dict(buttons_of(m.blocks)) for m in here.slack.posts(direct)))


ACTIONS = tuple(
    sorted(
        {
            *re.findall(r'(?:\bbutton|\bButton)\(\s*"(\w+)"', "".join(
                path.read_text("utf-8") for path in Path("adapters/wording").glob("*.py")
            )),
            *("agree", "disagree", "detail", "withdraw", "ack", "resolve", "form", "now"),
            *(finding.value for finding in Finding),
        }
    )
)  # fmt: skip
SUBJECTS = ("ping:1", "incident:1", "report:1", "customer:1", "detection:1", "outage:1", "home", '{"kind":"report"}')


@pytest.mark.rule("slack-24")
@ON_SOCKETS
async def test_outsiders_press_nothing_and_see_nothing(here: Town) -> None:
    """Every action of every card, every kind of subject, every form and shortcut, forged by whom it is not for."""
    await reported(here)
    alert = await card(here, "alert", "ack")
    one = here.slack.user("USUPER1")
    sent = one.action("ack", on=alert)
    rows = "SELECT (SELECT count(*) FROM reports) + (SELECT count(*) FROM reviews) + (SELECT count(*) FROM overrides)"
    before, opened = here.house.one(rows), len(here.slack.views.opened)
    payloads = 0
    for outsider in OUTSIDERS:
        person = here.slack.user(outsider)
        for action in ACTIONS:
            for subject in SUBJECTS if outsider == "UGUEST" else SUBJECTS[:3]:
                forged = json.loads(json.dumps(sent)) | person._payload("block_actions")
                forged["actions"][0] |= {"action_id": action, "value": subject}
                await person.forges(forged)
                payloads += 1
        forms = (
            ("report", {"kind": "report", "place": "slack:TOWN:CSUPPORT"}, {"text": {"text": {"value": "x"}}}),
            ("detail", {"report": 1}, {"text": {"text": {"value": "x"}}}),
            ("review", {"incident": 1}, {"finding": {"finding": {"selected_option": {"value": "confirmed"}}}}),
            ("second", {"incident": 1, "review": 1, "agrees": True}, {}),
            ("report", "[]", {}),
        )
        for callback, kept, values in forms:
            view = {"type": "modal", "callback_id": callback, "state": {"values": values}, "blocks": [], "id": "V0"}
            view["private_metadata"] = kept if isinstance(kept, str) else json.dumps(kept)
            made = await person.forges(person._payload("view_submission") | {"view": view})
            assert "view" not in (made.answer or {}) and "errors" not in (made.answer or {}), made.answer
            payloads += 1
        for callback in ("report", "report_message"):
            kind = "shortcut" if callback == "report" else "message_action"
            stamp = {"callback_id": callback, "message": {"ts": "1.1", "text": "x"}, "channel": {"id": "CSUPPORT"}}
            await person.forges(person._payload(kind) | stamp)
            payloads += 1
        assert not person.private() and here.slack.direct(outsider).messages == {}
    await here.slack.settled()
    assert here.house.one(rows) == before and len(here.slack.views.opened) == opened
    assert not here.slack.cards("support") and not here.slack.troubles
    assert here.company.ping().state is PingState.TRIGGERED and payloads > 200
