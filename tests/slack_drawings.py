"""Every form of Slack and the home tab drawn as text, from the views that the code makes: for the docs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from unicodedata import east_asian_width

import test_wording_answers as told

from adapters.commands import Asker
from adapters.doctor import hint
from adapters.doctor import told as finding
from adapters.doctor.remark import warning
from adapters.slack import forms, home, setup
from adapters.slack.founding import done_card, welcome_card
from adapters.slack.views import View, blocks_of, card_modal
from adapters.wording import answer_card
from bot.domain.events import ReportFiled
from bot.domain.model import Customer, CustomerKind, Finding, ReportKind

NOW: Final = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
WIDTH: Final = 78
WHO: Final = {"ja": "[@ 人を選ぶ ▾]", "en": "[@ choose people ▾]"}
WHERE: Final = {"ja": "[# チャンネルを選ぶ ▾]", "en": "[# choose a channel ▾]"}
WHEN: Final = {"ja": "[日付] [時刻]", "en": "[date] [time]"}
ANY: Final = {"ja": "選ぶ", "en": "choose"}
TEAM: Final = {"ja": "サポート", "en": "Support"}
NEEDED: Final = {"ja": "(必須)", "en": " (required)"}


def slack_forms(language: str) -> str:
    """Headings and drawings of every form, then of the home tab by role."""
    return "\n".join(_all(language)).strip()


def _all(language: str) -> Iterator[str]:
    japanese = language == "ja"
    for ja, en, view in _views(language):
        yield f"## {ja if japanese else en}\n\n```text\n{_drawn(view, language)}\n```\n"


def _views(language: str) -> Iterator[tuple[str, str, View]]:
    policy = told.POLICY
    customers = [Customer(1, "北田商店" if language == "ja" else "Kitada Store", CustomerKind.CUSTOMER, "", ())]
    start = setup.Start("T01", None, "Asia/Tokyo", policy.calendar.week, (("S01", "@support"),))
    yield (
        "設定の前(管理者に)",
        "Before it is set up (to an admin)",
        card_modal(welcome_card(language, admin=True), language),
    )
    yield "最初の設定", "The first set-up", setup.setup_view(language, start)
    missing = [finding(hint("notice"), language), finding(warning("no_care", team=TEAM[language]), language)]
    yield "設定した後", "After the set-up", card_modal(done_card(TEAM[language], missing, True, language), language)
    report = ReportFiled(actor="", quote="無能が、早くしろ" if language == "ja" else "Useless. Hurry up.")
    yield "報告", "A report", forms.report_view(language, policy, customers, report, 1)
    call = ReportFiled(actor="", kind=ReportKind.CALL)
    yield "電話の記録", "A phone call", forms.report_view(language, policy, customers, call, 1)
    yield "報告に書き足す", "More about a report", forms.detail_view(language, policy, customers, 1)
    yield "判定", "A verdict", forms.review_view(language, 12, Finding.CONFIRMED)
    card = replace(answer_card(told.ANSWERS["review-judged"], language, policy, told.NAMES), buttons=())
    yield "二人目の確認", "A second opinion", forms.second_view(language, card, 12, 1, agrees=False)
    for ja, en, names in (
        ("ホーム: 担当者", "Home: an agent", ("status", "oncall")),
        ("ホーム: 上長", "Home: a supervisor", ("next-ping", "status", "oncall")),
    ):
        yield ja, en, _home(language, names)


def _home(language: str, names: tuple[str, ...]) -> View:
    asker = Asker(account="slack:T01:U01", language=language, zone="Asia/Tokyo", now=NOW)
    first = home.first_card(asker, "Asia/Tokyo", told.POLICY)
    cards = [first, *(answer_card(told.ANSWERS[name], language, told.POLICY, told.NAMES) for name in names)]
    if "next-ping" not in names:  # who is not called has nothing to press there
        cards[1] = replace(cards[1], buttons=())
    return {"type": "home", "blocks": blocks_of(cards, language)}


def _drawn(view: View, language: str) -> str:
    title = (view.get("title") or {}).get("text", "")
    lines = [f"┌─ {title} " + "─" * (WIDTH - 3 - _width(title)) if title else "┌" + "─" * WIDTH]
    for block in view["blocks"]:
        lines += [f"│ {line}".rstrip() for line in _lines(block, language)]
    buttons = [(view.get(key) or {}).get("text", "") for key in ("close", "submit")]
    if any(buttons):
        lines += ["│", "│ " + "   ".join(f"[{label}]" for label in buttons if label)]
    return "\n".join([*lines, "└" + "─" * WIDTH])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _lines(block: dict[str, Any], language: str) -> Iterator[str]:
    match block["type"]:
        case "input":
            needed = "" if block.get("optional") else NEEDED[language]
            yield ""
            yield f"{block['label']['text']}{needed}"
            yield f"  {_element(block['element'], language)}"
            if "hint" in block:
                yield f"  ({block['hint']['text']})"
        case "header":
            yield f"■ {block['text']['text']}"
        case "section":
            yield block["text"]["text"]
        case "actions":
            yield "  ".join(f"[{one['text']['text']}]" for one in block["elements"])
        case "rich_text":
            for part in block["elements"]:
                mark = "> " if part["type"] == "rich_text_quote" else ""
                text = "".join(run["text"] for run in part["elements"])
                yield from (mark + line for line in text.split("\n"))
        case "divider":
            yield "─" * 20


def _element(element: dict[str, Any], language: str) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        return f"[{element.get('initial_value', '') or '　' * 12}]"
    if kind == "checkboxes":
        ticked = [one["value"] for one in element.get("initial_options", ())]
        return " ".join(f"{'☑' if o['value'] in ticked else '☐'} {o['text']['text']}" for o in element["options"])
    if kind == "datetimepicker":
        return WHEN[language]
    if kind == "timepicker":
        return f"[{element.get('initial_time', '--:--')} ▾]"
    if "users" in kind:
        return WHO[language]
    if "conversations" in kind:
        return WHERE[language]
    chosen = (element.get("initial_option") or {}).get("text", {}).get("text", "")
    offered = " / ".join(one["text"]["text"] for one in element.get("options", ())[:8])
    return f"[{chosen or ANY[language]} ▾]  {offered}"
