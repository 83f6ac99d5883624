"""A card: what every platform draws in its own way, already in words."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """The colour of a card; never the only carrier of a meaning."""

    CALM = "calm"
    NOTICE = "notice"
    WARNING = "warning"
    DANGER = "danger"
    GOOD = "good"


class Style(StrEnum):
    PRIMARY = "primary"
    """The one big button."""
    PLAIN = "plain"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """`action` and `subject` go back to the core: ack, ping:7."""

    action: str
    subject: str
    label: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value, side by side where there is room."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A person's own words: the platform escapes and marks them as quoted. "" with `gone`: forgotten after its time."""

    text: str
    source: str
    """When and where: 11-20 14:03 #support."""
    gone: bool = False
    marks: tuple[tuple[int, int], ...] = ()
    """Spans [from, to) of `text` that it shares with what it was compared with, where that explains something."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a card, in this order: heading, lines, fields, quotes."""

    heading: str = ""
    lines: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One message. Every text but quotes is ours; customers' names in it are escaped by the platform as all text is."""

    title: str
    tone: Tone
    sections: tuple[Section, ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: str = ""
    chart: bool = False
    """The digest's chart goes with it."""
