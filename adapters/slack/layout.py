"""A card as messages of Slack: what happened, right under it what to press, then all the rest; nothing is lost."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from adapters.chat.cutting import lined, parts_of
from adapters.chat.pages import TONES, paragraphs
from adapters.slack.blocks import BLANK, HEADER, Block, Line, calls, footnote, header, prose, rows
from adapters.slack.markup import cost, escaped, fitting, mentions_of, unparsed
from adapters.wording.card import Card, Section, Style
from adapters.wording.clean import clean, clipped

COLOURS: Final = {tone: f"#{colour:06x}" for tone, colour in TONES.items()}
WHOLE: Final = 10_000
"""Characters of one message with all its brackets: Slack refuses from about 13,200, by a rule that it does not tell."""
PARAGRAPHS: Final = 35
"""Of the 50 blocks that Slack takes; the rest is for title, mentions, buttons and footer."""
PART: Final = 1_500
"""Characters of one run of text."""
FALLBACK: Final = 3_800
"""Bytes of the text beside the blocks: chat.update refuses more than 4,000."""
_BRACKETS: Final = 180
"""What a line costs at most beside its characters: a label before it, a quote about it."""
_RUN: Final = 4
"""What a line costs beside its characters that goes on like the one before it."""
_PAGE: Final = " (99/99)"

Paragraph = list[Line]


@dataclass(frozen=True, slots=True)
class Message:
    """What chat.postMessage, chat.postEphemeral and chat.update take.

    `attachments` is handed over even if empty, else an edit leaves the old ones. Slack must parse nothing further: no
    link_names, no parse, no unfurling.
    """

    text: str
    """For notifications and screen readers: escaped, at most 3,800 bytes."""
    blocks: tuple[Block, ...]
    attachments: tuple[Block, ...]
    """The footer beside a bar in the colour of the tone; Slack folds long ones, so nothing else stands there."""


@dataclass(slots=True)
class _Page:
    """One message being filled."""

    room: int
    paragraphs: list[Paragraph] = field(default_factory=list)

    def takes(self, cost: int, opening: bool) -> bool:
        """Whether a line has room; an empty page takes every line, as none is longer than a part."""
        return not self.paragraphs or (cost <= self.room and (not opening or len(self.paragraphs) < PARAGRAPHS))


def message_of(card: Card, mention: Sequence[str] = ()) -> Message:
    """The card as one message, for answers and edits; of a card too long for one, the first, marked (1/3)."""
    return messages_of(card, mention)[0]


def body_of(page: Message) -> dict[str, Any]:
    """The arguments of a call that says it."""
    return {"text": page.text, "blocks": list(page.blocks), "attachments": list(page.attachments)}


def messages_of(card: Card, mention: Sequence[str] = ()) -> tuple[Message, ...]:
    """The card as one message, or as several under Slack's limits: all but the first belong into its thread.

    The first has the buttons (`action_id` = action, `value` = subject) and calls the accounts of `mention`
    (`slack:T1:U1`; others are passed over). Nobody else is called, nothing becomes a link. Every text but quotes stands
    on one line. There is room for 10 buttons and 50 mentions.
    """
    pages = list(_pages(card, mention))
    total = len(pages)
    return tuple(
        _message(card, paragraphs, mention if number == 1 else None, f" ({number}/{total})" if total > 1 else "")
        for number, paragraphs in enumerate(pages, 1)
    )


def _pages(card: Card, mention: Sequence[str]) -> Iterator[list[Paragraph]]:
    """Paragraphs spread over messages; one that goes on in the next message says its heading again.

    A heading counts for the brackets of its paragraph as well, even if there is none.
    """
    page = _Page(WHOLE - _weight(_message(card, [], mention, _PAGE)))
    for heading, lines in _paragraphs(card):
        opening = True
        for line in lines:
            if not page.takes(_cost(line) + (_cost(heading) if opening else 0), opening):
                yield page.paragraphs
                page, opening = _Page(WHOLE - _weight(_message(card, [], None, _PAGE))), True
            if opening:
                page.paragraphs.append([heading] if heading.text else [])
                page.room -= _cost(heading)
            page.paragraphs[-1].append(line)
            page.room -= _cost(line)
            opening = False
    yield page.paragraphs


def _message(card: Card, paragraphs: list[Paragraph], mention: Sequence[str] | None, page: str) -> Message:
    """`mention` None: not the first message, which alone has buttons."""
    blocks = [header(_title(card), page)]
    buttons = [] if mention is None else list(rows(card.buttons))
    pressing = any(button.style is Style.PRIMARY for button in card.buttons)
    blocks += calls(mention or ())
    for place, paragraph in enumerate(paragraphs):
        blocks.append(prose(paragraph))
        if place == 0 and pressing:
            blocks += buttons
    if not (pressing and paragraphs):
        blocks += buttons
    footer = clean(card.footer).strip()
    bars: list[Block] = [{"color": COLOURS[card.tone], "blocks": [footnote(footer)]}] if footer else []
    return Message(_fallback(_title(card), page, mention or (), paragraphs, footer), tuple(blocks), tuple(bars))


def _title(card: Card) -> str:
    return clean(card.title).strip() or BLANK


def _paragraphs(card: Card) -> Iterator[tuple[Line, Paragraph]]:
    """Heading and lines; a title that the header has no room for stands there once more, whole."""
    titled = len(escaped(_title(card))) > HEADER - len(_PAGE)
    return paragraphs(card, partial(_parts, bold=True), _lines, Line(""), titled=titled)


def _lines(section: Section) -> Iterator[Line]:
    for text in section.lines:
        yield from _parts(clean(text).strip())
    for entry in section.fields:
        label = clipped(clean(entry.label).strip(), HEADER)
        first, *more = [*_parts(clean(entry.value).strip())] or [Line("")]
        yield Line(first.text, f"{label}: ")
        yield from more
    for quote in section.quotes:
        yield from _parts(clean(quote.source).strip())
        yield from _parts(lined(quote.text), quoted=True)


def _parts(text: str, bold: bool = False, quoted: bool = False) -> Iterator[Line]:
    return (Line(part, bold=bold, quoted=quoted) for part in parts_of(text, PART, cost))


def _cost(line: Line) -> int:
    own = line.label or line.bold or line.quoted or not line.text
    return len(json.dumps(line.label + line.text, ensure_ascii=False)) + (_BRACKETS if own else _RUN)


def _weight(message: Message) -> int:
    return len(json.dumps((message.blocks, message.attachments), ensure_ascii=False))


def _fallback(title: str, page: str, mention: Sequence[str], paragraphs: list[Paragraph], footer: str) -> str:
    """The message as text: first what it is and whom it calls, which is all that a notification shows."""
    kept = [" ".join((fitting(unparsed(title), HEADER) + page, *mentions_of(mention)))]
    room = FALLBACK - len(kept[0].encode()) - len(BLANK.encode()) - 2
    for line in (*(text for paragraph in paragraphs for text in _told(paragraph)), footer):
        told = escaped(unparsed(line))
        size = len(told.encode()) + 1
        if size > room:
            kept.append(fitting(unparsed(line), room // 4) if room > 4 * HEADER else BLANK)
            break
        kept.append(told)
        room -= size
    return "\n".join(filter(None, kept))


def _told(paragraph: Paragraph) -> Iterator[str]:
    for line in paragraph:
        for text in line.text.split("\n"):
            yield f"│ {text}" if line.quoted else line.label + text
