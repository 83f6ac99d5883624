"""A card as messages of Discord: embeds in the colour of its tone, buttons below the first; nothing is lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import discord

from adapters.chat.cutting import lined, parts_of
from adapters.chat.pages import TONES, paragraphs
from adapters.discord.boxes import FIELDS, NAME, TITLE, VALUE, Box, footnote, titled, view_of
from adapters.discord.markup import cost, escaped, people_of, roles_of, size
from adapters.wording.card import Button, Card, Field, Quote, Section
from adapters.wording.clean import clean

WHOLE: Final = 5_900
"""Characters over all embeds of a message, of 6,000; what is left is for the mark (marks.py)."""
BOXES: Final = 9
"""Embeds of a message, of 10."""
PART: Final = 1_000
"""Characters of one run of text."""
CALLED: Final = 80
"""Mentions in one message: of its 2,000 characters a mention may take 24."""
_PAGE: Final = " (99/99)"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. The content holds mentions of ours and nothing else; nobody but these may be called by it."""

    content: str
    boxes: tuple[Box, ...]
    colour: int
    buttons: tuple[Button, ...]
    users: tuple[int, ...]
    roles: tuple[int, ...]


@dataclass(slots=True)
class _Page:
    """One message being filled."""

    room: int
    boxes: list[Box] = field(default_factory=lambda: [Box()])

    def says(self, line: str) -> None:
        if not self.boxes[-1].takes(line):
            self.boxes.append(Box())
        self.boxes[-1].lines.append(line)
        self.room -= size(line) + 1

    def lists(self, name: str, value: str) -> None:
        if len(self.boxes[-1].fields) == FIELDS:
            self.boxes.append(Box())
        self.boxes[-1].fields.append((name, value))
        self.room -= size(name) + size(value)


def message_of(card: Card, mention: Sequence[str] = ()) -> Message:
    """The card as one message; of a card too long for one, the first, marked (1/3)."""
    return messages_of(card, mention)[0]


def messages_of(card: Card, mention: Sequence[str] = ()) -> tuple[Message, ...]:
    """The card as one message, or as several under Discord's limits (discord.md 10, 11).

    The first has the buttons and calls the accounts of `mention` (`discord:1:2`, a role `discord:1:group:2`; others
    are passed over). Every text but quotes stands on one line.
    """
    pages = list(_pages(card))
    calls = list(_calls(mention))
    pages += [[Box()] for _ in range(len(calls) - len(pages))]
    total = len(pages)
    return tuple(
        _message(
            card, boxes, calls[at] if at < len(calls) else ((), ()), at, f" ({at + 1}/{total})" if total > 1 else ""
        )
        for at, boxes in enumerate(pages)
    )


def body_of(page: Message) -> dict[str, Any]:
    """What sending and editing take; the allowances go with every edit, for Discord parses anew (discord.md 14)."""
    allowed = discord.AllowedMentions(
        everyone=False, replied_user=False, users=[discord.Object(id) for id in page.users],
        roles=[discord.Object(id) for id in page.roles],
    )  # fmt: skip
    return {
        "content": page.content or None, "embeds": [box.drawn(page.colour) for box in page.boxes],
        "view": view_of(page.buttons), "allowed_mentions": allowed,
    }  # fmt: skip


def below(channel: int, id: int) -> dict[str, Any]:
    """What sending takes for a message that belongs to another one; it calls nobody, and stands if that one is gone."""
    first = discord.MessageReference(message_id=id, channel_id=channel, fail_if_not_exists=False)
    return {"reference": first, "mention_author": False}


def _message(
    card: Card, boxes: list[Box], calls: tuple[tuple[int, ...], tuple[int, ...]], at: int, page: str
) -> Message:
    boxes[0].title, boxes[-1].footer = titled(card.title, page), footnote(card.footer)
    users, roles = calls
    content = " ".join([*(f"<@&{role}>" for role in roles), *(f"<@{user}>" for user in users)])
    return Message(content, tuple(boxes), TONES[card.tone], () if at else card.buttons, users, roles)


def _calls(mention: Sequence[str]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    users, roles = people_of(mention), roles_of(mention)[:CALLED]
    first = users[: CALLED - len(roles)]
    if users or roles:
        yield first, roles
    for start in range(len(first), len(users), CALLED):
        yield users[start : start + CALLED], ()


def _pages(card: Card) -> Iterator[list[Box]]:
    """Everything that the card says, spread over messages; what goes on in the next one says its heading again."""
    room = WHOLE - size(titled(card.title, _PAGE)) - size(footnote(card.footer))
    page = _Page(room)
    for (heading, *_), items in _paragraphs(card):
        opening = True
        for item in items:
            fresh = _fits(page, heading, item, opening)
            if not fresh:
                yield page.boxes
                page = _Page(room)
                _fits(page, heading, item, True)
            opening = False
    yield page.boxes


def _fits(page: _Page, heading: str, item: "_Item", opening: bool) -> bool:
    """Put an item on the page, after its heading where one is due; False, and nothing put, if there is no room."""
    due = heading if opening else ""
    above = _above(page, due) if opening and (due or len(item) == 1) else []
    needed = sum(size(line) + 1 for line in above) + sum(map(size, item)) + 1
    last = page.boxes[-1]
    here = last.takes("\n".join((*above, *item))) if len(item) == 1 else not above and len(last.fields) < FIELDS
    if needed > page.room or (not here and len(page.boxes) > BOXES - 2):
        return False
    for line in above:
        page.says(line)
    if len(item) == 2:
        page.lists(*item)
    else:
        page.says(item[0])
    return True


def _above(page: _Page, heading: str) -> list[str]:
    """A blank line between two parts that share a box, and the heading."""
    between = [""] if page.boxes[-1].lines and not page.boxes[-1].fields else []
    return [*between, heading] if heading else between


_Item = tuple[str] | tuple[str, str]
"""A line of text, or a field with its name."""
_NONE: Final[_Item] = ("",)


def _paragraphs(card: Card) -> Iterator[tuple[_Item, list[_Item]]]:
    """Heading and items; a title that has no room stands there once more, whole."""
    titled = size(escaped(clean(card.title))) > TITLE - len(_PAGE)
    return paragraphs(card, _bold, _items, _NONE, titled=titled)


def _bold(text: str) -> Iterator[_Item]:
    return ((f"**{part}**",) for part in _parts(text))


def _items(section: Section) -> Iterator[_Item]:
    for text in section.lines:
        yield from ((part,) for part in _parts(clean(text).strip()))
    for entry in section.fields:
        yield from _field(entry)
    for quote in section.quotes:
        yield from _quote(quote)


def _field(entry: Field) -> Iterator[_Item]:
    """Side by side where it is short, as lines where it is long."""
    name, value = escaped(clean(entry.label).strip()) or "…", escaped(clean(entry.value).strip()) or "…"
    if size(name) <= NAME and size(value) <= VALUE:
        yield name, value
        return
    yield from _bold(clean(entry.label).strip())
    yield from ((part,) for part in _parts(clean(entry.value).strip()))


def _quote(quote: Quote) -> Iterator[_Item]:
    yield from ((part,) for part in _parts(clean(quote.source).strip()))
    text = lined(quote.text)
    for line in text.split("\n") if text else ():
        yield from ((f"> {part}",) for part in _parts(line) or [""])


def _parts(text: str) -> list[str]:
    return [escaped(part) for part in parts_of(text, PART, cost)]
