"""Who typed a command, what has to be looked up for it, and what it can turn out to be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.commands.table import COMMAND
from bot.domain.events import Event, ReportFiled
from bot.domain.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who typed it, where and when."""

    account: str
    """`platform:workspace:id`"""
    language: str
    """ja or en: of every answer."""
    zone: str
    """A known IANA name: times are read on this wall clock."""
    now: datetime
    """Aware."""
    place: str = ""
    """`platform:workspace:channel`"""
    team: str = ""
    """The asker's own team, where a deed has to name one; "" goes into the event as it is."""
    command: str = COMMAND
    """As the company has named it: what every answer calls it."""


class Lookup(Protocol):
    """Names and open matters become numbers; the caller answers from the rows."""

    def customer(self, name: str) -> tuple[int, ...]:
        """The customers of this name, account, @name or number; () for nobody, several where it is not clear."""

    def to_acknowledge(self, account: str) -> tuple[int, ...]:
        """Open pings that called this account and that nobody has taken."""

    def to_resolve(self, account: str) -> tuple[int, ...]:
        """Open pings that this account has taken."""


@dataclass(frozen=True, slots=True)
class Do:
    """Something to be done."""

    event: Event


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to be answered."""

    question: Question


@dataclass(frozen=True, slots=True)
class Help:
    """Help is wanted, for one word (its key) or, with "", for all."""

    word: str
    language: str


@dataclass(frozen=True, slots=True)
class ShowPolicy:
    """The company's policy is wanted."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """A team is to be set up: the platform opens its form for that, where it has one; "" = the asker's own team."""

    team: str


@dataclass(frozen=True, slots=True)
class Form:
    """Nothing was told yet: the platform opens a form, filled with what the tags said."""

    word: str
    filled: ReportFiled


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name, or no number at all, fits several: the caller lists them by name and asks which."""

    what: str
    """customer or ping"""
    name: str
    """As it was typed; "" for a ping without a number."""
    candidates: tuple[int, ...]
    word: str
    text: str
    """All that was typed, so that nothing is lost."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """It could not be understood; `key` and `fields` make a sentence under `commands.wrong`."""

    key: str
    fields: tuple[tuple[str, str], ...]
    nearest: str
    """The key of the word that was probably meant."""
    example: str
    """A key below `commands.example`: a line that is right."""
    text: str
    """All that was typed, so that nothing is lost."""


Parsed = Do | Ask | Help | ShowPolicy | SetUp | Form | Ambiguous | Wrong


class Mistake(Exception):
    """Breaks off one reading; never leaves `parse`. `example` is "" for that of the word itself."""

    def __init__(self, key: str, *, example: str = "", **fields: str) -> None:
        self.key = key
        self.example = example
        self.fields = tuple(fields.items())
        super().__init__(key)


class Several(Exception):
    """Breaks off one reading because a name or a missing number fits several; never leaves `parse`."""

    def __init__(self, what: str, name: str, candidates: tuple[int, ...]) -> None:
        self.what, self.name, self.candidates = what, name, candidates
        super().__init__(what)
