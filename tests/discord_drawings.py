"""Cards and forms as Discord shows them, drawn as text from what the code makes: for the docs."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any, Final
from unicodedata import east_asian_width

import test_wording as posted
import test_wording_answers as told

from adapters.chat.filled import Said
from adapters.discord import forms
from adapters.discord.boxes import Box
from adapters.discord.layout import messages_of
from adapters.discord.telling import typed_back
from adapters.wording import Card, Style, Tone, answer_card, say
from bot.domain.events import ReportFiled
from bot.domain.model import Customer, CustomerKind, Finding, ReportKind

WIDTH: Final = 78
NEEDED: Final = {"ja": "(必須)", "en": " (required)"}
ANY: Final = {"ja": "選ぶ", "en": "choose"}
_ESCAPE: Final = re.compile(r"\\([^0-9A-Za-z\s])")
CARDS: Final = (
    ("opened-0", "呼び出し", "A ping"),
    ("settled-taken", "誰かが引き受けた後の同じカード", "The same card after somebody took it"),
    ("noted-2", "事案", "An incident"),
    ("digest", "週のまとめ(図が下に付く)", "The weekly digest (the chart stands below it)"),
)
ANSWERS: Final = (
    ("report", "本人への返事: 報告", "An answer: a report"),
    ("denied-role", "本人への返事: できないとき", "An answer: a refusal"),
)


def discord_forms(language: str) -> str:
    """Headings and drawings of typical cards, then of every form."""
    return "\n".join(f"## {heading}\n\n```text\n{drawn}\n```\n" for heading, drawn in _all(language)).strip()


def _all(language: str) -> Iterator[tuple[str, str]]:
    japanese = language == "ja"
    for name, ja, en in CARDS:
        called = ("discord:1:2",) if name.startswith("opened") else ()
        yield ja if japanese else en, _card(posted.card(name, language), called)
    for name, ja, en in ANSWERS:
        yield ja if japanese else en, _card(answer_card(told.ANSWERS[name], language, told.POLICY, told.NAMES), ())
    for ja, en, form in asyncio.run(_forms(language)):
        yield ja if japanese else en, _form(form, language)
    filled: Said = {"text": "三回、無能と言われた" if japanese else "Called useless three times", "burden": "4"}
    refused = Card(say(language, "door.not_saved"), Tone.WARNING)
    yield (
        "断られたとき: 書いたことは残る" if japanese else "A refusal: what was typed stays",
        _card(typed_back(refused, "report:r", filled, language), ()),
    )


async def _forms(language: str) -> list[tuple[str, str, dict[str, Any]]]:
    policy, japanese = told.POLICY, language == "ja"
    customers = [Customer(1, "北田商店" if japanese else "Kitada Store", CustomerKind.CUSTOMER, "", ())]
    many = [
        Customer(n, "北田商店" if japanese else "Kitada Store", CustomerKind.CUSTOMER, "", ()) for n in range(1, 30)
    ]
    report, call = ReportFiled(actor="", message_id="1"), ReportFiled(actor="", kind=ReportKind.CALL)
    card = answer_card(told.ANSWERS["review-judged"], language, policy, told.NAMES)
    found = (
        ("報告", "A report", forms.report_form(language, policy, customers, report, 1)),
        ("電話の記録(お客様が多いとき)", "A phone call (of many customers)",
         forms.report_form(language, policy, many, call, 1)),
        ("報告に書き足す", "More about a report", forms.detail_form(language, policy, customers, 1)),
        ("判定", "A verdict", forms.review_form(language, 12, Finding.CONFIRMED)),
        ("二人目の確認", "A second opinion", forms.second_form(language, card, 12, 1, agrees=False)),
    )  # fmt: skip
    return [(ja, en, form.to_dict()) for ja, en, form in found]


def _card(card: Card, called: tuple[str, ...]) -> str:
    lines: list[str] = []
    for page in messages_of(card, called):
        lines += ["@鈴木"] if page.users else []
        for box in page.boxes:
            lines += [f"┃ {line}".rstrip() for line in _box(box)]
        shown = (f"[[ {b.label} ]]" if b.style is Style.PRIMARY else f"[ {b.label} ]" for b in page.buttons)
        lines += ["  ".join(shown)] if page.buttons else []
    return "\n".join(lines)


def _box(box: Box) -> Iterator[str]:
    yield from [f"■ {_read(box.title)}"] if box.title else []
    for line in box.lines:
        quoted = line.startswith("> ")
        yield ("> " if quoted else "") + _read(line.removeprefix("> ").removeprefix("**").removesuffix("**"))
    for name, value in box.fields:
        yield f"{_read(name)}: {_read(value)}"
    yield from [box.footer] if box.footer else []


def _read(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[1], text)


def _form(form: dict[str, Any], language: str) -> str:
    lines = [f"┌─ {form['title']} " + "─" * (WIDTH - 3 - _width(form["title"]))]
    for part in form["components"]:
        lines += [f"│ {line}".rstrip() for line in _part(part, language)]
    return "\n".join([*lines, "└" + "─" * WIDTH])


def _part(part: dict[str, Any], language: str) -> Iterator[str]:
    yield ""
    if part["type"] == 10:
        yield from _read(part["content"]).split("\n")
        return
    one = part["component"]
    yield part["label"] + (NEEDED[language] if one.get("required") else "")
    if one["type"] == 3:
        chosen = next((option["label"] for option in one["options"] if option.get("default")), ANY[language])
        yield f"  [{chosen} ▾]  {' / '.join(option['label'] for option in one['options'][:8])}"
    else:
        yield f"  [{one.get('value') or '　' * 12}]"
    if part.get("description"):
        yield f"  ({part['description']})"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
