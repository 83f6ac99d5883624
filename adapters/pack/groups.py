"""The plain groups of a pack: groups.toml, the few words under which an agent files a report."""

from typing import Final

from adapters.pack.categories import is_key
from adapters.places import Table
from bot.domain.policy import GroupChoice, PlainGroup

MOST: Final = 8
"""More cannot be chosen from in ten seconds (rules.md 5)."""

DANGERS: Final = ("body", "authority", "sexual")
"""A kind that is new in an open case calls people again (rules.md 7): a misspelt one would do so as well."""


def read_groups(table: Table, categories: frozenset[str]) -> tuple[PlainGroup, ...]:
    """The groups in the order of the file; too many of them, unknown categories and equal names are mistakes."""
    found: list[PlainGroup] = []
    for key, entry in table.entries():
        if not is_key(key):
            table.fault("bad_key", key, value=key)
        own = _choice(entry, key, categories)
        _name_once(entry, own, found)
        found.append(PlainGroup(own.key, own.ja, own.en, own.category, own.danger, _asks(entry, categories)))
        entry.done()
        if len(found) > MOST:
            table.fault("too_many_groups", key, value=key, number=len(found), limit=MOST)
    if not found and table.whole:
        table.fault("no_group")
    return tuple(found)


def _asks(entry: Table, categories: frozenset[str]) -> tuple[GroupChoice, ...]:
    found: list[GroupChoice] = []
    for item in entry.tables("asks"):
        key = item.text("key")
        if key and not is_key(key):
            item.fault("bad_key", "key", value=key)
        elif key and any(key == other.key for other in found):
            item.fault("twice", "key", value=key)
        asked = _choice(item, key, categories)
        _name_once(item, asked, found)
        found.append(asked)
        item.done()
    return tuple(found)


def _choice(table: Table, key: str, categories: frozenset[str]) -> GroupChoice:
    category = table.text("category")
    if category and category not in categories:
        table.mistaken("unknown_category", category, sorted(categories), "category")
    return GroupChoice(key, table.text("ja"), table.text("en"), category, table.choice("danger", DANGERS, ""))


def _name_once(table: Table, new: GroupChoice, others: list[PlainGroup] | list[GroupChoice]) -> None:
    """Two choices of one name cannot be told apart by the person who reports."""
    if new.ja and any(new.ja == other.ja for other in others):
        table.fault("twice", "ja", value=new.ja)
    if new.en and any(new.en == other.en for other in others):
        table.fault("twice", "en", value=new.en)
