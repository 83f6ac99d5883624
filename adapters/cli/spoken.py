"""argparse as the person at the keyboard speaks: its own headings and help, and what was wrong with what to do."""

import argparse
import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from typing import Any, Final, NoReturn

from adapters.wording import say

_OF_ONE: Final = re.compile(r"argument (?P<argument>.+?): (?P<what>.+)", re.DOTALL)
_MISTAKES: Final = (
    ("choice", re.compile(r"invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)", re.DOTALL)),
    ("one", re.compile(r"expected (?:1|one) argument")),
    ("some", re.compile(r"expected at least one argument")),
    ("number", re.compile(r"expected (?P<number>\d+) arguments?")),
    ("both", re.compile(r"not allowed with argument (?P<other>.+)")),
    ("none", re.compile(r"ignored explicit argument (?P<value>.+)")),
    ("value", re.compile(r"invalid \S+ value: (?P<value>.+)", re.DOTALL)),
    ("missing", re.compile(r"the following arguments are required: (?P<names>.+)")),
    ("either", re.compile(r"one of the arguments (?P<names>.+) is required")),
    ("unknown", re.compile(r"unrecognized arguments: (?P<names>.+)", re.DOTALL)),
    ("ambiguous", re.compile(r"ambiguous option: (?P<value>.+?) could match (?P<choices>.+)", re.DOTALL)),
)
"""What argparse says of a mistake, by the key of our own sentence under `cli.wrong`; a test makes each of them."""


class Spoken(argparse.ArgumentParser):
    """A parser that speaks `language` throughout; what stands below it is made by `commands`."""

    def __init__(self, *, language: str, **given: Any) -> None:
        super().__init__(add_help=False, formatter_class=partial(_Formatter, language), **given)
        self._language = language
        self._positionals.title = say(language, "cli.spoken.words")
        self._optionals.title = say(language, "cli.spoken.options")
        self.add_argument(
            "-h", "--help", action="help", default=argparse.SUPPRESS, help=say(language, "cli.spoken.help")
        )

    def commands(self, dest: str, metavar: str) -> Any:
        """Where the next word says what to do."""
        language = self._language

        class Below(Spoken):
            def __init__(self, **given: Any) -> None:
                super().__init__(language=language, **given)

        return self.add_subparsers(dest=dest, required=True, metavar=metavar, parser_class=Below)

    def error(self, message: str) -> NoReturn:
        """What was wrong, and how to see what is right; exit status 2."""
        self.print_usage(sys.stderr)
        way = say(self._language, "cli.wrong.way", program=self.prog)
        self.exit(2, f"{self.prog}: {told(message, self._language)}\n{way}\n")


class _Formatter(argparse.HelpFormatter):
    def __init__(self, language: str, prog: str) -> None:
        super().__init__(prog)
        self._language = language

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, say(self._language, "cli.spoken.usage") if prefix is None else prefix)


def told(message: str, language: str) -> str:
    """A mistake in our own words; as argparse has it where it is none that we know, such as a sentence of our own."""
    one = _OF_ONE.fullmatch(message)
    what = one["what"] if one else message
    for key, form in _MISTAKES:
        if found := form.fullmatch(what):
            what = say(language, f"cli.wrong.{key}", **found.groupdict()) + _meant(found.groupdict(), language)
            break
    return say(language, "cli.wrong.of", argument=one["argument"], what=what) if one else what


def _meant(said: dict[str, str], language: str) -> str:
    """The choice that was probably meant, in words; "" for none."""
    near = get_close_matches(said.get("value", "").strip("'"), re.findall(r"[\w-]+", said.get("choices", "")), 1)
    return say(language, "cli.wrong.meant", choice=near[0]) if near else ""
