"""What a pack says about kinds of behaviour: categories.toml, the clauses they point to, the law behind them."""

import re
from collections import Counter
from typing import Final

from adapters.places import Table
from bot.domain.policy import Category, Clause, LegalBasis

KEYS: Final = (
    "off_hours_demand",
    "out_of_scope_demand",
    "repeated_messages",
    "one_sided_demand",
    "excessive_questions",
    "beyond_legal_limits",
    "overbearing_or_exaggerated",
    "careless_communication",
    "singling_out_staff",
    "threat_of_legal_or_authority",
    "insult_or_abuse",
    "intimidation_or_violence_threat",
    "discrimination_or_sexual",
    "unreasonable_compensation_or_apology",
    "defamation_online",
    "privacy_or_recording_violation",
    "restraint_long_hours",
    "other",
)
"""Every pack has these, so that figures stay comparable; a company may add its own (S1-17)."""

SEVERITIES: Final = ("low", "medium", "high", "critical")
CERTAINTIES: Final = ("confirmed", "secondary", "unverified")

_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")


def is_key(text: str) -> bool:
    """Whether this can be a key of a pack: small letters, figures and _, a letter first."""
    return bool(_KEY.fullmatch(text))


def read_law(table: Table) -> tuple[LegalBasis, ...]:
    """The legal basis, each entry with the day it was looked up."""
    found: list[LegalBasis] = []
    for key, entry in table.entries():
        found.append(
            LegalBasis(
                key=key,
                basis=entry.text("basis"),
                ja=entry.text("ja"),
                en=entry.text("en"),
                area=entry.text("area"),
                as_of=entry.day("as_of"),
                certainty=entry.choice("certainty", CERTAINTIES),
                since=entry.day_or_none("since"),
            )
        )
        entry.done()
    return tuple(found)


def read_clauses(table: Table) -> tuple[Clause, ...]:
    """The items of every text, each called `source.key`."""
    found: list[Clause] = []
    for source, entry in table.entries():
        ja, en, as_of = entry.text("ja"), entry.text("en"), entry.day("as_of")
        for key, item_ja, item_en, requirement in _items(entry, "items", required=True):
            found.append(Clause(f"{source}.{key}", item_ja, item_en, ja, en, requirement, as_of))
        entry.done()
    return tuple(found)


def read_categories(table: Table, clauses: frozenset[str]) -> tuple[tuple[Category, ...], frozenset[str]]:
    """All categories, and the keys of those that name the use of a right (S0-32); missing ones and unknown clauses are
    mistakes."""
    found: list[Category] = []
    rights: set[str] = set()
    for key, entry in table.entries():
        if not is_key(key):
            table.fault("bad_key", key, value=key)
        items = _items(entry, "subtypes")
        found.append(
            Category(
                key=key,
                ja=entry.text("ja"),
                en=entry.text("en"),
                clauses=_clauses(entry, clauses),
                weight=entry.number("weight", 0, 100),
                severity=entry.choice("severity", SEVERITIES),
                subtypes=tuple((subtype, ja, en) for subtype, ja, en, _ in items),
                origins=tuple((subtype, requirement) for subtype, _, _, requirement in items if requirement),
            )
        )
        if entry.flag("right"):
            rights.add(key)
        entry.done()
    present = {category.key for category in found}
    for key in KEYS:
        if key not in present and table.whole:
            table.fault("missing_category", value=key)
    return tuple(found), frozenset(rights)


def _clauses(entry: Table, known: frozenset[str]) -> tuple[str, ...]:
    listed = entry.listed("clauses")
    for index, value in listed:
        if value not in known:
            entry.mistaken("unknown_clause", value, sorted(known), "clauses", index)
    return tuple(value for _, value in listed)


def _items(entry: Table, name: str, required: bool = False) -> tuple[tuple[str, str, str, str], ...]:
    """(key, Japanese, English, requirement) of every `{ key, ja, en, from }` of a list."""
    found: list[tuple[str, str, str, str]] = []
    seen: Counter[str] = Counter()
    for item in entry.tables(name, required):
        key = item.text("key")
        seen[key] += 1
        if key and not is_key(key):
            item.fault("bad_key", "key", value=key)
        elif key and seen[key] > 1:
            item.fault("twice", "key", value=key)
        found.append((key, item.text("ja"), item.text("en"), item.text("from", "")))
        item.done()
    return tuple(found)
