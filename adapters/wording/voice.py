"""How one card speaks: its language, the names that the pack gives to things, and the texts that may be quoted."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.wording.clean import clean, clipped
from adapters.wording.say import say
from bot.domain.model import Severity
from bot.domain.policy import GroupChoice, Policy

NAME: Final = 40
"""Characters of a name; in titles fewer, where room is short."""


class Count(int):
    """A number that knows its plural in a sentence: `{count} {count:day|days}`."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self == 1 else many


_ACCOUNT: Final = re.compile(r"(slack|discord|email|playground):[^:]*:(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Voice:
    """One language, one edition of the pack; `quotes` are texts by key (`message:12`), only those still kept."""

    language: str
    policy: Policy
    quotes: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **fields: object) -> str:
        """The sentence `key`; whole numbers choose their plural."""
        counted = {name: Count(value) if type(value) is int else value for name, value in fields.items()}
        return say(self.language, key, **counted)

    def listed(self, words: Iterable[str]) -> str:
        """The words one after another, as the language separates them."""
        return self.say("card.list.between").join(words)

    def severity(self, severity: Severity) -> str:
        return self.say(f"card.severity.{severity.key}")

    def category(self, key: str) -> str:
        """The pack's name; a key of another edition is named as such, never shown."""
        found = self.policy.category(key)
        return self._own(found.ja, found.en) if found else self.say("card.category.unknown")

    def group(self, key: str) -> str:
        """The plain group, with what it was asked more exactly in brackets; "" for none or one of another edition."""
        found = self.policy.group(key) if key else None
        if found is None:
            return ""
        name = self._own(found.ja, found.en)
        if not isinstance(found, GroupChoice):
            return name
        return self.say("card.group.choice", group=self.group(key.partition(".")[0]), choice=name)

    def danger(self, key: str) -> str:
        """What the pack's groups call this kind of danger; "" where none does."""
        for group in self.policy.groups:
            for choice in group.asks:
                if choice.danger == key:
                    return self._own(choice.ja, choice.en)
            if group.danger == key:
                return self._own(group.ja, group.en)
        return ""

    def customer(self, name: str, customer_id: int) -> str:
        """The customer's name on one line, or its number where nobody named it."""
        account = _ACCOUNT.fullmatch(name)
        if account:
            return self.say("card.customer.account", chat=account[1].capitalize(), id=clipped(clean(account[2]), NAME))
        unnamed = not name.strip() or name == f"customer:{customer_id}"
        shown = "" if unnamed else clipped(clean(name).strip(), NAME)
        return shown or self.say("card.customer.unnamed", id=str(customer_id))

    def _own(self, ja: str, en: str) -> str:
        return ja if self.language == "ja" else en
