"""The small parts of Discord's forms: at most five questions, known by their keys (discord.md 3)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord

from adapters.discord.boxes import BLANK
from adapters.discord.markup import bare, size
from adapters.wording import say
from adapters.wording.clean import clean
from bot.domain.model import Customer

TITLE: Final = 45
LABEL: Final = 45
HINT: Final = 100
OPTION: Final = 100
OPTIONS: Final = 25
WORDS: Final = 4_000
"""Characters of one input."""
FIELDS: Final = 5
NAMED: Final = "customer_name"
"""The field for a customer's name, where there are more than a list takes."""
Item = discord.ui.Item[Any]


def modal(id: str, title: str, items: Sequence[Item]) -> discord.ui.Modal:
    """Nothing waits for it here: it comes back by its id, even after a restart."""
    made = discord.ui.Modal(title=bare(title, TITLE), custom_id=id, timeout=None)
    for item in items:
        made.add_item(item)
    made.stop()
    return made


def asked(label: str, language: str, component: Item, hint: str = "") -> Item:
    """One question; `label` and `hint` are keys of words."""
    told = bare(say(language, hint), HINT) if hint else None
    return discord.ui.Label(text=bare(say(language, label), LABEL), description=told, component=component)


def words(key: str, start: str = "", *, needed: bool = False, short: bool = False) -> Item:
    """A text; one that is too long to start with is left to what was kept elsewhere."""
    style = discord.TextStyle.short if short else discord.TextStyle.paragraph
    default = start if start.strip() and size(start) <= WORDS else None
    return discord.ui.TextInput(custom_id=key, style=style, required=needed, default=default, max_length=WORDS)


def choice(key: str, options: Sequence[tuple[str, str]], chosen: str = "", *, needed: bool = False) -> Item:
    """A list of (value, words), at most 25, with the chosen one set if it is among them."""
    made = [
        discord.SelectOption(label=bare(clean(told).strip() or BLANK, OPTION), value=value, default=value == chosen)
        for value, told in options[:OPTIONS]
    ]
    return discord.ui.Select(custom_id=key, options=made, required=needed, min_values=1 if needed else 0)


def named(customer: Customer) -> str:
    """With the number, since names may be alike; a long name gives way to it."""
    number = f" #{customer.id}"
    return bare(clean(customer.label).strip() or BLANK, OPTION - len(number)) + number


def said_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Every field of a submitted form that was filled in."""
    said: dict[str, str] = {}
    for row in data.get("components") or ():
        one: Mapping[str, Any] = row.get("component") or next(iter(row.get("components") or ()), {})
        value = one.get("value") or next(iter(one.get("values") or ()), "")
        if value:
            said[str(one["custom_id"])] = str(value)
    return said
