"""Help and "did you mean", made from the table: what is not in the table is not in the help."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from adapters.commands.parsed import Wrong
from adapters.commands.table import COMMAND, FILING, Argument, Word, word_of
from adapters.places import shown
from adapters.wording import Card, Field, Quote, Section, Tone, say
from bot.domain.model import Role

_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "file": ("report", "now", "call"),
    "answer": ("ack", "resolve"),
    "look": ("next", "status", "why", "oncall", "digest", "policy"),
    "judge": ("verify",),
    "house": ("admin", "help"),
}
"""The order of the help: what is needed most urgently first."""


def help_card(language: str, roles: frozenset[Role] | None = None) -> Card:
    """All words with a sentence and an example each; `roles`: only what somebody of these roles may do."""
    sections = []
    for part, keys in _PARTS.items():
        words = [word for word in map(word_of, keys) if roles is None or word.open_to(roles)]
        if words:
            fields = tuple(Field(_heading(word, language), _summary(word, language)) for word in words)
            sections.append(Section(say(language, f"commands.part.{part}"), fields=fields))
    if roles is None or word_of("report").open_to(roles):
        sections.append(_tags(language))
    footer = say(language, "commands.help.footer", example=example("help_word", language))
    return Card(say(language, "commands.help.title"), Tone.CALM, tuple(sections), footer=footer)


def help_card_of(word: str, language: str) -> Card:
    """Everything about one word, by its key: what it does, examples, tags, its other names."""
    told = word_of(word)
    lines = (say(language, f"commands.summary.{word}"), *say(language, f"commands.more.{word}").splitlines())
    lines_of_examples = tuple(dict.fromkeys(example(key, language) for key in examples(told)))
    sections = [Section(lines=lines), Section(say(language, "commands.help.examples"), lines_of_examples)]
    tags = tuple(_tag(argument, language) for argument in told.arguments if argument.tag)
    if tags:
        how = (say(language, "commands.help.tags_of_one"),)
        sections.append(Section(say(language, "commands.help.tags"), how, tags))
    names = " / ".join(told.names)
    title = say(language, "commands.help.title_of_one", word=f"{COMMAND} {told.shown(language)}")
    return Card(title, Tone.CALM, tuple(sections), footer=say(language, "commands.help.names", names=names))


def wrong_card(wrong: Wrong, language: str) -> Card:
    """What was wrong, what is right, and everything that was typed, so that nothing is lost."""
    word = word_of(wrong.nearest).shown(language)
    fields = {name: shown(value) for name, value in wrong.fields}
    lines = [say(language, f"commands.wrong.{wrong.key}", **{"word": word, **fields})]
    lines.append(say(language, "commands.help.example", example=example(wrong.example, language)))
    quotes = (Quote(wrong.text, say(language, "commands.wrong.typed")),) if wrong.text else ()
    return Card(say(language, "commands.wrong.title"), Tone.NOTICE, (Section(lines=tuple(lines), quotes=quotes),))


_NAMED: Final = re.compile(rf"(?<![\w./]){COMMAND}(?![\w./-])")


def called(card: Card, command: str) -> Card:
    """The card where the command has a name of the company's own; what people said stays as they said it."""
    if command == COMMAND:
        return card

    def own(words: str) -> str:
        return _NAMED.sub(lambda _: command, words)

    sections = (
        replace(
            section, heading=own(section.heading), lines=tuple(map(own, section.lines)),
            fields=tuple(Field(own(field.label), own(field.value)) for field in section.fields),
        )
        for section in card.sections
    )  # fmt: skip
    buttons = (replace(button, label=own(button.label)) for button in card.buttons)
    return replace(
        card, title=own(card.title), sections=tuple(sections), buttons=tuple(buttons), footer=own(card.footer)
    )


def example(key: str, language: str) -> str:
    """A whole line that is right: of a word, or of `word_action`."""
    return f"{COMMAND} {say(language, f'commands.example.{key}')}"


def examples(word: Word) -> tuple[str, ...]:
    """The keys of a word's examples: its own, one for each action, and more."""
    return (word.key, *(f"{word.key}_{action.value.replace(' ', '_')}" for action in word.actions), *word.more)


def _heading(word: Word, language: str) -> str:
    other = word.shown("en" if language == "ja" else "ja")
    return say(language, "commands.help.word", word=word.shown(language), other=other)


def _summary(word: Word, language: str) -> str:
    told = say(language, f"commands.summary.{word.key}")
    return f"{told} {say(language, 'commands.help.example', example=example(word.key, language))}"


def _tags(language: str) -> Section:
    lines = tuple(say(language, "commands.help.tags_of_all").splitlines())
    return Section(say(language, "commands.help.tags"), lines, tuple(_tag(one, language) for one in FILING))


def _tag(argument: Argument, language: str) -> Field:
    return Field(say(language, f"commands.tag.{argument.key}"), say(language, f"commands.tagged.{argument.key}"))
