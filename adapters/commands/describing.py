"""The table as a platform registers it: names, descriptions and options in both languages, within Discord's limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from adapters.commands.choices import Choice, groups
from adapters.commands.table import GROUP, TABLE, Argument, Word
from adapters.wording import say
from bot.domain.policy import PlainGroup


class Shape(StrEnum):
    """What a platform lets people type."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Both:
    """One name or sentence in both languages; English is the default."""

    en: str
    ja: str


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice with the value that comes back."""

    name: Both
    value: str


@dataclass(frozen=True, slots=True)
class Option:
    """One argument; `key` is that of the table, or `action`."""

    key: str
    name: Both
    description: Both
    shape: Shape
    picks: tuple[Pick, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """One word with what may follow; required options first."""

    key: str
    name: Both
    description: Both
    options: tuple[Option, ...]


def describe(plain: Iterable[PlainGroup] = ()) -> tuple[Described, ...]:
    """Every word in the order of the table; `plain` are the pack's groups, which become choices."""
    known = tuple(plain)
    return tuple(
        Described(word.key, _both(word), _said(f"commands.summary.{word.key}"), _options(word, known)) for word in TABLE
    )


def _options(word: Word, plain: tuple[PlainGroup, ...]) -> tuple[Option, ...]:
    found = [_option(argument, plain) for argument in word.arguments]
    if word.actions:
        name = _said("commands.option.action")
        told = _said("commands.option.action_description")
        # A word that does nothing without an action cannot be sent without one.
        required = word.key == "admin"
        found.insert(0, Option("action", name, told, Shape.CHOICE, _picks(word.actions), required))
    return tuple(found)


def _option(argument: Argument, plain: tuple[PlainGroup, ...]) -> Option:
    choices = groups(plain) if argument is GROUP else argument.choices
    shape = Shape.CHOICE if choices else Shape.NUMBER if argument.key == "number" else Shape.TEXT
    return Option(argument.key, _both(argument), _said(f"commands.option.{argument.key}"), shape, _picks(choices))


def _picks(choices: Iterable[Choice]) -> tuple[Pick, ...]:
    return tuple(Pick(_both(choice), choice.value) for choice in choices)


def _both(named: Word | Argument | Choice) -> Both:
    return Both(named.shown("en"), named.shown("ja"))


def _said(key: str) -> Both:
    return Both(say("en", key), say("ja", key))
