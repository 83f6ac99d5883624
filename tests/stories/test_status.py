"""Status and next: the gravest and oldest first, for one customer alone, with buttons only for those who may press."""

import pytest
from company import Company, account
from harness import Harness

from adapters.chat import Door
from adapters.chat.lookup import Rows
from adapters.commands import Asker
from adapters.wording import answer_card, text_of
from bot.domain.events import ReportFiled
from bot.domain.model import Severity
from bot.domain.questions import DueAsked, DueShown, NextAsked, NextShown, StatusAsked, StatusShown

MEDIUM, HIGH = Severity.MEDIUM, Severity.HIGH


async def waits(house: Harness) -> Company:
    """Three customers with a ping each: an old medium one, then two high ones."""
    company = await Company(house).opens()
    for name, severity in (("北野商事", MEDIUM), ("田中様", HIGH), ("青葉", HIGH)):
        customer = await house.known(name)
        report = ReportFiled(actor=account("UAGENT"), text="怒鳴られた", severity=severity, customer_id=customer.id)
        await house.submit(report)
        house.clock.advance(seconds=30)
    return company


async def status(house: Harness, who: str, customer: int | None = None) -> StatusShown:
    shown = await house.intake.ask(StatusAsked(actor=account(who), customer_id=customer))
    assert isinstance(shown, StatusShown), shown
    return shown


async def test_the_gravest_and_then_the_oldest_comes_first(house: Harness) -> None:
    company = await waits(house)
    shown = await status(house, "USUPER1")
    assert [ping.incident.customer for ping in shown.pings] == ["田中様", "青葉", "北野商事"]
    buttons = answer_card(shown, "ja", house.policy).buttons
    assert [one.label for one in buttons] == ["対応: 田中様", "対応: 青葉", "対応: 北野商事"]
    due = await house.intake.ask(DueAsked())
    assert isinstance(due, DueShown)
    assert Rows((), due.rounds).to_acknowledge(account("USUPER1")) == (2, 3, 1)
    await company.acknowledges("USUPER1", 2)
    assert [ping.ping_id for ping in (await status(house, "USUPER1")).pings] == [3, 1, 2]


async def test_of_what_waits_to_be_judged_the_gravest_is_next(house: Harness) -> None:
    company = await waits(house)
    for ping in (1, 2, 3):
        await company.resolves("USUPER1", ping)
    shown = await house.intake.ask(NextAsked(actor=account("USUPER2")))
    assert isinstance(shown, NextShown)
    assert (shown.kind, shown.subject, shown.more) == ("judge", "incident:2", 2)


@pytest.mark.parametrize(("who", "count"), [("UAGENT", 0), ("UADMIN", 0), ("USUPER2", 3), ("UBOSS", 3)])
async def test_buttons_are_for_those_who_may_press_them(house: Harness, who: str, count: int) -> None:
    await waits(house)
    shown = await status(house, who)
    assert len(shown.pings) == 3
    assert len(answer_card(shown, "ja", house.policy).buttons) == count


async def test_the_status_of_a_customer_is_about_that_customer_alone(house: Harness) -> None:
    company = await waits(house)
    await company.judges(1)
    lead = answer_card(await status(house, "ULEAD", 1), "ja", house.policy)
    assert lead.title == "今の状況: 北野商事"
    assert lead.sections[0].lines[-1].startswith("今の点数: ")
    assert [one.subject for one in lead.buttons] == ["customer:1"]
    assert (await house.audit())[-1] == "access.shown"
    agent = await status(house, "UAGENT", 1)
    assert agent.standing is None
    assert answer_card(agent, "ja", house.policy).title == "今の状況: 北野商事"
    (only,) = (await status(house, "UAGENT", 3)).pings
    assert only.incident.customer == "青葉"
    assert (await house.audit())[-1] == "access.shown", "what an agent sees is nothing restricted"


@pytest.mark.parametrize(("who", "may"), [("UAGENT", False), ("USUPER1", True)])
async def test_help_names_what_this_person_may_do(house: Harness, who: str, may: bool) -> None:
    await Company(house).opens()
    asker = Asker(account=account(who), now=house.clock.now, language="ja", zone="Asia/Tokyo")
    told = await Door(house.intake, house.policy).line("ヘルプ", asker)
    assert told.card is not None
    shown = text_of(told.card)
    assert "いますぐ" in shown
    assert [word in shown for word in ("対応します", "完了", "判定 12 確定", "まとめ")] == [may] * 4
    assert ("管理" in shown) == may, "a supervisor ends outages"
