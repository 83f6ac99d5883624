"""The blocks that cards are drawn with: rich text, in which Slack parses nothing, and plain text, escaped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from adapters.chat.buttons import apart
from adapters.chat.links import drawable
from adapters.slack.markup import fitting, mentions_of
from adapters.wording.buttons import OPEN
from adapters.wording.card import Button, Style
from adapters.wording.clean import clean

Block = dict[str, object]

HEADER: Final = 150
LABEL: Final = 75
FOOTER: Final = 600
"""Slack takes 3,000; ours are a line or two."""
ROW: Final = 5
"""Buttons side by side."""
CALLED: Final = 100
"""Mentions in one block."""
BLANK: Final = "…"
"""Where Slack wants a text and there is none."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a card; the label stands before it, bold. A quoted one may hold line breaks."""

    text: str
    label: str = ""
    bold: bool = False
    quoted: bool = False


def header(title: str, page: str = "") -> Block:
    """The title on one line, shortened where it has no room; `page` is not."""
    return {"type": "header", "text": plain(fitting(title, HEADER - len(page)) + page)}


def calls(accounts: Sequence[str]) -> Iterator[Block]:
    """The only blocks that Slack parses: they hold ids of people and nothing else."""
    mentions = mentions_of(accounts)
    for start in range(0, len(mentions), CALLED):
        yield {"type": "section", "text": {"type": "mrkdwn", "text": " ".join(mentions[start : start + CALLED])}}


def prose(lines: Sequence[Line]) -> Block:
    """Literal text: what looks like markup, a mention or a link in it stays what it is."""
    children: list[Block] = []
    for quoted, together in groupby(lines, key=lambda line: line.quoted):
        if quoted:
            children += [{"type": "rich_text_quote", "elements": [_text(line.text)]} for line in together]
        else:
            children.append({"type": "rich_text_section", "elements": list(_runs(list(together)))})
    return {"type": "rich_text", "elements": children}


def rows(buttons: Iterable[Button]) -> Iterator[Block]:
    """Buttons with their action and subject: those of one action below each other, no id twice in the message."""
    drawn = drawable(buttons)
    row: dict[str, Block] = {}
    for button, id in zip(drawn, apart(button.action for button in drawn), strict=True):
        if len(row) == ROW or button.action in row:
            yield _row(row.values())
            row = {}
        row[button.action] = _button(button, id)
    if row:
        yield _row(row.values())


def footnote(text: str) -> Block:
    return {"type": "context", "elements": [plain(fitting(text, FOOTER))]}


def plain(escaped: str) -> Block:
    """Neither markup nor emoji codes are read in it; entities are."""
    return {"type": "plain_text", "text": escaped, "emoji": False}


def _row(buttons: Iterable[Block]) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def _button(button: Button, id: str) -> Block:
    drawn: Block = {
        "type": "button",
        "action_id": id,
        "value": button.subject,
        "text": plain(fitting(clean(button.label).strip() or BLANK, LABEL)),
    }
    if button.action == OPEN:
        return {**drawn, "value": OPEN, "url": button.subject}
    if button.style is not Style.PLAIN:
        drawn["style"] = button.style.value
    return drawn


def _runs(lines: Sequence[Line]) -> Iterator[Block]:
    """Lines of one paragraph; what has the same weight stands together."""
    runs: list[tuple[bool, str]] = []
    for line in lines:
        runs += [(True, line.label), (line.bold, line.text), (False, "\n")]
    told = [run for run in runs[:-1] if run[1]]
    for bold, together in groupby(told, key=lambda run: run[0]):
        yield _text("".join(text for _, text in together), bold)


def _text(text: str, bold: bool = False) -> Block:
    return {"type": "text", "text": text, "style": {"bold": True}} if bold else {"type": "text", "text": text}
