"""The report form from every door: opened in time, preset, validated inside, sent once, told who comes."""

import asyncio

import pytest
from conftest import ON_SOCKETS, Town
from screens import keys_of, question, words_of
from slack import User, faults

from bot.domain.events import CustomersImported
from bot.domain.model import CustomerRecord, ReportKind


async def shown(here: Town, who: str, *keys: str) -> None:
    """Wait until the form that stands open has these fields."""
    person = here.slack.user(who)
    await here.slack.until(lambda: set(keys) <= set(keys_of(person.modal)))


async def customers(here: Town, count: int) -> None:
    records = tuple(CustomerRecord(name=f"顧客{n:03}商店", source="story") for n in range(count))
    await here.house.submit(CustomersImported(records=records, actor="cli:test"))


@pytest.mark.rule("slack-22")
async def test_report_without_words_opens_the_form_with_the_customer_who_wrote_last(here: Town) -> None:
    await here.slack.user("UCUST").says("無能が", "support")
    agent = here.slack.user("UAGENT")
    await agent.types("/kasuhara", "報告", "support")
    first = here.slack.views.opened[-1]
    await shown(here, "UAGENT", "text", "customer")
    preset = question(agent.modal, "customer")["element"]["initial_option"]
    assert "UCUST" in preset["text"]["text"] or "Hanako" in preset["text"]["text"]
    assert agent.modal is first, "the loading view became the form"
    await agent.submits({"text": "無能と言われた", "burden": "4"})
    assert agent.modal.content["title"]["text"] == "お返事"
    assert "鈴木" in words_of(agent.modal), "who was called"
    (incident,) = here.company.incidents()
    report = here.company.report(1)
    assert (report.text, report.burden, report.place) == ("無能と言われた", 4, "slack:TOWN:CSUPPORT")
    assert str(incident.customer_id) == preset["value"]
    assert not here.slack.record.refusals and not here.slack.troubles


@pytest.mark.rule("slack-15")
@ON_SOCKETS
async def test_a_message_is_reported_with_its_words_and_itself(here: Town) -> None:
    said = await here.slack.user("UCUST").says("<b>無能</b> & ばか " + "早くしろ。" * 900, "support")
    agent = here.slack.user("UAGENT2")
    await agent.opens_shortcut("report_message", said)
    await shown(here, "UAGENT2", "quote", "quote_02")
    assert agent.modal.content["title"]["text"] == "Report as harassment"
    await agent.submits({"severity": "high"})
    report = here.company.report(1)
    assert report.quote == "<b>無能</b> & ばか " + "早くしろ。" * 900, "not a letter was cut"
    assert report.message_id is not None and report.text is None
    assert "called" in words_of(agent.modal) or "鈴木" in words_of(agent.modal)
    assert not here.slack.troubles


@ON_SOCKETS
async def test_from_anywhere_and_on_the_phone(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    await agent.opens_shortcut("report")
    await shown(here, "UAGENT", "text")
    await agent.submits({"text": "来店して怒鳴った", "medium": "in_person"})
    assert here.company.report(1).place == ""
    await agent.types("/kasuhara", "電話", "random")
    await shown(here, "UAGENT", "call_from", "call_to")
    now = int(here.slack.clock.now())
    await agent.submits({"text": "一時間怒鳴られた", "call_from": now - 100, "call_to": now - 900})
    assert agent.modal.errors.keys() == {"call_to"}, "said at the field, everything typed is there"
    assert "text" in agent.modal.values
    await agent.submits({"call_to": now - 10})
    assert here.company.report(2).kind is ReportKind.CALL


@pytest.mark.rule("slack-23")
async def test_nothing_typed_is_lost_and_twice_is_once(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    await agent.types("/kasuhara", "報告", "random")
    await shown(here, "UAGENT", "occurred")
    later = int(here.slack.clock.now()) + 4000
    await agent.submits({"text": "怒鳴られた", "occurred": later})
    assert agent.modal.errors.keys() == {"occurred"}
    agent.enters("occurred", None)
    view = agent.modal
    payload = agent._payload("view_submission") | {"view": view.shown(), "response_urls": []}
    again = agent._payload("view_submission") | {"view": view.shown(), "response_urls": []}
    await asyncio.gather(agent.forges(payload), agent.forges(again))
    assert here.house.one("SELECT count(*) FROM reports") == 1


@ON_SOCKETS
async def test_a_trigger_too_old_is_told_and_the_button_opens_the_form(here: Town) -> None:
    here.slack.triggers.seconds = -1
    agent = here.slack.user("UAGENT")
    await agent.types("/kasuhara", "報告 #暴言", "random")
    (told,) = agent.private("random")
    assert "間に合いませんでした" in words_of(told)
    here.slack.triggers.seconds = 3
    await agent.presses("form", told)
    await shown(here, "UAGENT", "text")
    assert question(agent.modal, "group")["element"]["initial_option"]["value"].startswith("insult")


@ON_SOCKETS
async def test_the_loading_view_never_stays(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    here.slack.faults.on("views.update", faults.refused("internal_error"))
    await agent.types("/kasuhara", "報告", "random")
    await here.slack.until(lambda: agent.modal.content["callback_id"] == "answer")
    assert "もう一度" in words_of(agent.modal)
    here.house.one("ALTER TABLE customers RENAME TO gone")
    await agent.types("/kasuhara", "報告", "random")
    await here.slack.until(lambda: agent.modal.content["callback_id"] == "answer")
    here.house.one("ALTER TABLE gone RENAME TO customers")


async def test_more_than_a_hundred_customers_are_looked_for(here: Town) -> None:
    await customers(here, 130)
    agent = here.slack.user("UAGENT")
    await agent.types("/kasuhara", "報告", "random")
    await shown(here, "UAGENT", "customer")
    assert question(agent.modal, "customer")["element"]["type"] == "external_select"
    assert len(await agent.searches("customer", "")) == 100
    (found,) = await agent.searches("customer", "顧客１２９"[:2] + "129")
    await agent.submits({"text": "怒鳴られた", "customer": found})
    assert str(here.company.incidents()[0].customer_id) == found
    view = agent.modal
    guest = here.slack.user("UGUEST")
    payload = guest._payload("block_suggestion", trigger=False) | {
        "action_id": "customer", "block_id": "customer", "value": "顧客",
        "container": {"type": "view", "view_id": view.id}, "view": view.shown(),
    }  # fmt: skip
    assert (await guest.forges(payload)).answer["options"] == []
    assert not here.slack.troubles


@ON_SOCKETS
async def test_words_to_the_bot_work_and_a_form_has_its_button(here: Town) -> None:
    agent = here.slack.user("UAGENT2")
    await agent.tells_bot("report")
    direct = here.slack.direct("UAGENT2").id
    await here.slack.until(lambda: here.slack.posts(direct))
    (told,) = here.slack.posts(direct)
    assert "cannot open the form" in words_of(told)
    await agent.presses("form", told)
    await shown(here, "UAGENT2", "text")
    await agent.submits({"text": "He shouted at me"})
    assert here.company.report(1).text == "He shouted at me"
    await agent.tells_bot("now")
    await here.slack.until(lambda: len(here.slack.posts(direct)) == 2)
    assert here.house.one("SELECT count(*) FROM reports") == 2


@ON_SOCKETS
async def test_a_message_beyond_all_measure_is_said_to_be_cut(here: Town) -> None:
    said = await here.slack.user("UCUST").says("悪" * 39_000, "support")
    agent = here.slack.user("UAGENT")
    await agent.opens_shortcut("report_message", said)
    await shown(here, "UAGENT", "quote_08")
    assert "初めの部分だけ" in words_of(agent.modal)
    await agent.submits({})
    assert len(here.company.report(1).quote or "") == 24_000 and here.company.report(1).message_id is not None


@ON_SOCKETS
async def test_a_colleague_whom_no_team_lists_is_shown_no_customers(here: Town) -> None:
    here.slack.workspace.add(User("UDESK", "経理"))
    here.slack.channel("random").members.append("UDESK")
    colleague = here.slack.user("UDESK")
    await colleague.types("/kasuhara", "報告", "random")
    told = words_of(colleague.private("random")[-1])
    assert "管理者にチームへの登録を頼んで" in told and not here.slack.views.opened
