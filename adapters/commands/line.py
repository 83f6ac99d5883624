"""One typed line on its way to an event: what is left of it, who asks, and what may be looked up."""

import re
from dataclasses import dataclass
from typing import Final

from adapters.commands.choices import Choice, chosen, groups
from adapters.commands.names import folded
from adapters.commands.parsed import Asker, Lookup, Mistake, Several
from adapters.commands.table import Word
from adapters.commands.tags import Fits, Tagged, tagged
from bot.domain.policy import Policy

_FIRST: Final = re.compile(r"\s*(\S+)\s*")
_NUMBER: Final = re.compile(r"(?:no\.?|[#:])?([1-9][0-9]{0,8})番?")
_LARGEST: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """What followed the word."""

    word: Word
    rest: str
    asker: Asker
    lookup: Lookup
    policy: Policy

    def tagged(self, keep: Fits | None = None) -> Tagged:
        """The rest without its tags."""
        return tagged(self.rest, self.word.arguments, groups(self.policy.groups), keep)

    def customer(self, name: str) -> int | None:
        """The customer of this name, "" = nobody was named; Mistake for nobody, Several for more than one."""
        if not name:
            return None
        found = self.lookup.customer(name)
        if not found:
            raise Mistake("customer", name=name)
        if len(found) > 1:
            raise Several("customer", name, found)
        return found[0]

    def action(self, said: str) -> str | None:
        """The action that the whole of `said` names."""
        return chosen(self.word.actions, " ".join(said.split()))


def first(text: str) -> tuple[str, str]:
    """The first word and what follows it, to the letter."""
    match = _FIRST.match(text)
    return (match[1], text[match.end() :]) if match else ("", "")


def number(said: str, nouns: Choice | None = None) -> int | None:
    """The number that the whole of `said` writes: 12, #12, 12番, and with its noun 検知12, detection:12."""
    word = folded(said)
    for noun in sorted(map(folded, nouns.names if nouns else ()), key=len, reverse=True):
        if word.startswith(noun):
            word = word.removeprefix(noun).strip()
            break
    match = _NUMBER.fullmatch(word)
    return int(match[1]) if match and int(match[1]) <= _LARGEST else None


def required(choices: tuple[Choice, ...], said: str, key: str, language: str, **fields: str) -> str | None:
    """The value chosen by a tag, None for no tag; Mistake `key` for a word that is not one of them."""
    if not said:
        return None
    value = chosen(choices, said)
    if value is None:
        allowed = " / ".join(choice.shown(language) for choice in choices)
        raise Mistake(key, value=said, allowed=allowed, **fields)
    return value
