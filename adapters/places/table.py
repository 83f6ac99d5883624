"""A table of a document, read key by key: what does not fit becomes a fault with its line, and reading goes on."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Final

from adapters.places.document import Document
from adapters.places.lines import Place
from adapters.places.suggestion import known_zone, mistaken, shown, zones
from bot.domain.errors import Fault

_CLOCK_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Table:
    """Reads one table; a key without a default is required. After a fault the default (or an empty value) is answered,
    which nobody sees because the faults are raised before the result is used."""

    def __init__(self, document: Document, faults: list[Fault], place: Place = (), values: object = None) -> None:
        self._document = document
        self._faults = faults
        self._place = place
        self._values = values if isinstance(values, dict) else document.values
        self._known: dict[str, None] = {}

    @property
    def whole(self) -> bool:
        """False when the document has lines that could not be read: what seems to be missing may stand there."""
        return not self._document.faults

    def has(self, name: str) -> bool:
        """Whether a person wrote this key."""
        return name in self._values

    def fault(self, key: str, *at: str | int, **fields: object) -> None:
        """Notes a mistake at this place of the table."""
        where = self._document.line((*self._place, *at))
        self._faults.append(Fault(self._document.path, where, key, tuple((name, str(f)) for name, f in fields.items())))

    def mistaken(self, kind: str, value: str, allowed: Iterable[str], *at: str | int) -> None:
        """Notes a word that is not among the allowed ones."""
        key, fields = mistaken(kind, value, allowed)
        self.fault(key, *at, **fields)

    def text(self, name: str, default: str | None = None, empty: bool = False) -> str:
        """A text; not an empty one unless that is meant to say something."""
        value = self._take(name, default is None)
        if value is None:
            return default or ""
        if not isinstance(value, str):
            self.fault("not_text", name, name=name, value=shown(value))
        elif not value.strip() and not empty:
            self.fault("empty_text", name, name=name)
        else:
            return value.strip()
        return default or ""

    def choice(self, name: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value and value not in allowed:
            self.mistaken("not_one_of", value, allowed, name)
        return value

    def zone(self, name: str, default: str | None = None) -> str:
        """An IANA time zone."""
        value = self.text(name, default)
        if name not in self._values:
            return value
        if value and not known_zone(value):
            self.mistaken("unknown_zone", value, zones(), name)
        return value

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from low to high."""
        value = self._take(name, default is None)
        if value is not None and self._whole(value, low, high, name):
            return int(str(value))
        return low if default is None else default

    def integers(self, name: str, low: int, high: int, default: tuple[int, ...]) -> tuple[int, ...]:
        """A list of whole numbers, each larger than the one before."""
        if name not in self._values:
            self._known[name] = None
            return default
        found: list[int] = []
        for index, value in self._elements(name, required=False):
            if not self._whole(value, low, high, name, index):
                continue
            number = int(str(value))
            if found and number <= found[-1]:
                self.fault("not_ascending", name, index, name=name, value=number, before=found[-1])
            found.append(number)
        return tuple(found)

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        """A number from low to high."""
        value = self._take(name, default is None)
        otherwise = low if default is None else default
        if value is None:
            return otherwise
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault("not_number", name, name=name, value=shown(value))
        elif not low <= value <= high:
            self.fault("out_of_range", name, name=name, value=value, low=f"{low:g}", high=f"{high:g}")
        else:
            return float(value)
        return otherwise

    def flag(self, name: str) -> bool:
        """True or false; false when it is left out."""
        value = self._take(name, False)
        if value is not None and not isinstance(value, bool):
            self.fault("not_flag", name, name=name, value=shown(value))
        return value is True

    def day(self, name: str, low: date = date.min, high: date = date.max) -> date:
        """A date from low to high, written bare (2026-11-21) or as text."""
        value = self._take(name, True)
        day = None if value is None else self._day(value, name)
        if day and not low <= day <= high:
            self.fault("out_of_range", name, name=name, value=day, low=low, high=high)
        return day or low

    def day_or_none(self, name: str) -> date | None:
        """A date that may be left out."""
        value = self._take(name, False)
        return None if value is None else self._day(value, name)

    def days(self, name: str) -> tuple[date, ...]:
        """A list of dates, each once."""
        found: list[date] = []
        for index, value in self._elements(name, required=False):
            day = self._day(value, name, index)
            if day in found:
                self.fault("twice", name, index, value=day)
            elif day:
                found.append(day)
        return tuple(found)

    def time_of_day(self, name: str, default: time) -> time:
        """A time of day from "00:00" to "23:59"."""
        value = self._take(name, False)
        if value is None:
            return default
        if isinstance(value, str) and _CLOCK_TIME.fullmatch(value.strip()):
            return time.fromisoformat(value.strip())
        self.fault("bad_time", name, name=name, value=shown(value))
        return default

    def listed(self, name: str, required: bool = False) -> tuple[tuple[int, str], ...]:
        """The texts of a list with their index, each once."""
        found: dict[str, int] = {}
        for index, value in self._elements(name, required):
            if not isinstance(value, str) or not value.strip():
                self.fault("not_text", name, index, name=name, value=shown(value))
            elif value.strip() in found:
                self.fault("twice", name, index, value=shown(value))
            else:
                found[value.strip()] = index
        return tuple((index, value) for value, index in found.items())

    def table(self, name: str, required: bool = True) -> "Table | None":
        """The table of this name; None where it may be left out and is."""
        value = self._take(name, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault("not_table", name, name=name)
            return None
        return self._inner(value, name)

    def tables(self, name: str, required: bool = False) -> tuple["Table", ...]:
        """The tables of a list: `[[name]]`, or `{ … }` in brackets."""
        found: list[Table] = []
        for index, value in self._elements(name, required):
            if isinstance(value, dict):
                found.append(self._inner(value, name, index))
            else:
                self.fault("not_table", name, index, name=name)
        return tuple(found)

    def entries(self) -> tuple[tuple[str, "Table"], ...]:
        """Every table in this one, whose names are the company's own."""
        return tuple((name, inner) for name in list(self._values) if (inner := self.table(name)))

    def done(self) -> None:
        """To be called after the last key: what was never asked for is unknown."""
        for name in self._values:
            if name not in self._known:
                self.mistaken("unknown_key", name, self._known, name)

    def _inner(self, value: object, *at: str | int) -> "Table":
        return Table(self._document, self._faults, (*self._place, *at), value)

    def _take(self, name: str, required: bool) -> object:
        self._known[name] = None
        if name not in self._values and required and self.whole:
            self.fault("missing_key", name=name)
        return self._values.get(name)

    def _elements(self, name: str, required: bool) -> list[tuple[int, object]]:
        value = self._take(name, required)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault("not_list", name, name=name, value=shown(value))
            return []
        if required and not value:
            self.fault("empty_list", name, name=name)
        return list(enumerate(value))

    def _whole(self, value: object, low: int, high: int, name: str, *at: int) -> bool:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault("not_whole", name, *at, name=name, value=shown(value))
            return False
        if not low <= value <= high:
            self.fault("out_of_range", name, *at, name=name, value=value, low=low, high=high)
            return False
        return True

    def _day(self, value: object, name: str, *at: int) -> date | None:
        if isinstance(value, str):
            try:
                return date.fromisoformat(value.strip())
            except ValueError:
                pass
        elif isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.fault("bad_date", name, *at, name=name, value=shown(value))
        return None
