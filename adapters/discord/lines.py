"""A command of Discord as one typed line, so that every platform is read by the same grammar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.commands import Described, describe, word_of
from adapters.discord.register import SUBCOMMAND

_WORDS: Final[Mapping[str, Described]] = {word.name.en: word for word in describe()}
"""Discord sends the names that were registered as default ones, whatever was seen (discord.md 5)."""
_AROUND: Final = ('""', "「」", "『』", "“”")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen: the key of a word, and its options by key."""

    word: str
    options: Mapping[str, str]
    focused: str = ""
    """The key of the option that is being typed; "" for none."""

    @property
    def wants_form(self) -> bool:
        """Whether it tells nothing yet that could be filed."""
        told = {"text", "action", "quote"} | ({"span"} if self.word == "call" else set())
        return self.word in ("report", "call") and not told & set(self.options)

    @property
    def line(self) -> str:
        """The line that says the same."""
        word = word_of(self.word)
        said = [self.word, self.options.get("action", "")]
        said += [self.options.get(argument.key, "") for argument in word.arguments if not argument.tag]
        tags = [(a.key, self.options[a.key]) for a in word.arguments if a.tag and self.options.get(a.key)]
        return " ".join(filter(None, (*said, *(f"{key}:{_quoted(value)}" for key, value in tags))))


def typed_of(data: Mapping[str, Any]) -> Typed | None:
    """What an interaction says; None for a word that this version does not know."""
    chosen = next((one for one in data.get("options") or () if int(one.get("type") or 0) == SUBCOMMAND), None)
    word = _WORDS.get(str(chosen["name"])) if chosen else None
    if chosen is None or word is None:
        return None
    keys = {option.name.en: option.key for option in word.options}
    given: Sequence[Mapping[str, Any]] = [one for one in chosen.get("options") or () if one.get("name") in keys]
    options = {keys[str(one["name"])]: str(one.get("value", "")).strip() for one in given}
    focused = next((keys[str(one["name"])] for one in given if one.get("focused")), "")
    return Typed(word.key, {key: value for key, value in options.items() if value}, focused)


def _quoted(value: str) -> str:
    """In marks that do not stand in it, where it would else end too early."""
    if not any(char.isspace() for char in value) and value[:1] not in '「『"“':
        return value
    pair = next((pair for pair in _AROUND if not set(pair) & set(value)), "")
    return pair[0] + value + pair[1] if pair else '"' + value.replace('"', "'") + '"'
