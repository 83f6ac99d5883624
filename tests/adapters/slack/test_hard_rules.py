"""Rules of Slack that no other story tells: how large modals are, and what outlives a response_url."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from conftest import Town
from harness import POLICY
from screens import buttons_of, words_of
from slack.blocks import BUDGET, view_refusals

from adapters.slack import forms
from adapters.slack.views import card_modal
from adapters.wording import LANGUAGES, Card, Section, Tone
from bot.domain.events import ReportFiled
from bot.domain.model import Customer, CustomerKind, Finding, PingState, ReportKind

SAID = "無能。<!channel> 家まで行くぞ。" * 4_000
NAME = "株式会社" + "寿限無" * 60
NUMBER = 9_007_199_254_740_993
NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)


def views(language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every modal with as much in it as there can be."""
    kind = CustomerKind.CUSTOMER
    many = [Customer(NUMBER + n, NAME, kind, "Asia/Tokyo", (f"slack:TCUST:U{n:09}",)) for n in range(130)]
    start = ReportFiled(
        actor="slack:TOWN:UAGENT", text=SAID[:3_000], quote=SAID, place="slack:TOWN:CSUPPORT",
        message_id="1764464400.000100", customer_id=many[0].id, group=POLICY.groups[0].key, burden=5, occurred_at=NOW,
    )  # fmt: skip
    call = replace(start, kind=ReportKind.CALL, call_from=NOW, call_to=NOW)
    card = Card(NAME[:60], Tone.WARNING, tuple(Section(NAME[:40], (SAID[:900],) * 9) for _ in range(10)))
    yield "loading", forms.loading_view(language)
    yield "report", forms.report_view(language, POLICY, many, start)
    yield "report of few", forms.report_view(language, POLICY, many[:20], start)
    yield "call", forms.report_view(language, POLICY, many, call)
    yield "detail", forms.detail_view(language, POLICY, many, NUMBER)
    yield "review", forms.review_view(language, NUMBER, Finding.CONFIRMED)
    for agrees in (True, False):
        yield f"second {agrees}", forms.second_view(language, card, NUMBER, NUMBER, agrees)
    yield "answer", card_modal(card, language)


@pytest.mark.rule("slack-14")
@pytest.mark.parametrize("language", LANGUAGES)
def test_modals_fit_and_keep_ids_only(language: str) -> None:
    for name, view in views(language):
        assert view_refusals(json.loads(json.dumps(view))) == [], name
        assert len(json.dumps(view, ensure_ascii=False).encode()) <= BUDGET, name
        kept = view["private_metadata"]
        assert len(kept) <= 200 and "無能" not in kept and "株式会社" not in kept, name
        assert "submit" in view or not any(block["type"] == "input" for block in view["blocks"]), name


@pytest.mark.rule("slack-21")
async def test_a_card_changes_long_after_its_buttons_were_made_and_more_often_than_five_times(here: Town) -> None:
    slack, company = here.slack, here.company
    await slack.user("UCUST").says("無能が", "support")
    await company.reports("無能と言われた", place="slack:TOWN:CSUPPORT")
    await slack.until(lambda: len(slack.cards("alert")) == 1)
    (card,) = slack.cards("alert")
    for number in range(6):
        await company.reports(f"また言われた {number}", place="slack:TOWN:CSUPPORT")
        await slack.until(lambda number=number: len(slack.record.of("chat.update")) > number)
    await slack.user("USUPER1").presses("ack", card)
    await slack.until(lambda: company.ping().state is PingState.ACKNOWLEDGED)
    slack.clock.passes(31 * 60)
    await slack.until(lambda: "resolve" in dict(buttons_of(slack.cards("alert")[0].blocks)))
    await slack.user("USUPER1").presses("resolve", slack.cards("alert")[0])
    await slack.until(lambda: "対応が済みました" in words_of(slack.cards("alert")[0]))
    assert slack.cards("alert")[0].ts == card.ts, "the very message that was posted"
    changed = {(call.arguments["channel"], call.arguments["ts"]) for call in slack.record.of("chat.update")}
    assert ("GALERT", card.ts) in changed
    assert slack.record.responses == [], "no response_url was ever used"
