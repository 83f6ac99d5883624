"""The one grammar of /kasuhara: a table, what a typed line means, the help, and what a platform registers."""

from adapters.commands.describing import Both, Described, Option, Pick, Shape, describe
from adapters.commands.help import called, example, help_card, help_card_of, wrong_card
from adapters.commands.parsed import Ambiguous, Ask, Asker, Do, Form, Help, Lookup, Parsed, SetUp, ShowPolicy, Wrong
from adapters.commands.parsing import parse
from adapters.commands.table import COMMAND, TABLE, Argument, Word, word_of

__all__ = [
    "COMMAND",
    "TABLE",
    "Ambiguous",
    "Argument",
    "Ask",
    "Asker",
    "Both",
    "Described",
    "Do",
    "Form",
    "Help",
    "Lookup",
    "Option",
    "Parsed",
    "Pick",
    "SetUp",
    "Shape",
    "ShowPolicy",
    "Word",
    "Wrong",
    "called",
    "describe",
    "example",
    "help_card",
    "help_card_of",
    "parse",
    "word_of",
    "wrong_card",
]
