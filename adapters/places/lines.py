"""The line of every key, table and list element of a TOML text that tomllib has read without complaint."""

import re
import tomllib
from contextlib import suppress
from typing import Final

Place = tuple[str | int, ...]
"""Where a value stands: keys of tables and, from 0, indexes of lists."""

_GAP: Final = re.compile(r"[ \t]*")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_OTHER_VALUE: Final = re.compile(r"[^,\]}\n#]*")


def lines_of(text: str) -> dict[Place, int]:
    """Every place of `text` with its 1-based line; of a text that breaks off, what was read up to there."""
    return _scanned(text).lines


def last_repeated(text: str) -> tuple[str, int] | None:
    """The last key or table of `text` that stands there twice, dotted, and the line where it stood first."""
    return _scanned(text).repeated


def _scanned(text: str) -> "_Scan":
    scan = _Scan(text)
    with suppress(_BrokenOff):
        scan.document()
    return scan


class _BrokenOff(Exception):
    pass


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Place, int] = {}
        self.repeated: tuple[str, int] | None = None
        self._named: set[Place] = set()
        self._counts: dict[Place, int] = {}
        self._counted_at = 0
        self._counted = 1

    def document(self) -> None:
        table: Place = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        line, parts = self._line(), self._key()
        self._expect("]]" if many else "]")
        place: Place = ()
        for part in parts[:-1]:
            place = self._inside((*place, part), line)
        place = (*place, parts[-1])
        if many:
            self.lines.setdefault(place, line)
            self._counts[place] = self._counts.get(place, 0) + 1
            place = (*place, self._counts[place] - 1)
        self._name(place, line)
        return place

    def _pair(self, table: Place) -> None:
        line, parts = self._line(), self._key()
        for part in parts[:-1]:
            table = (*table, part)
            self.lines.setdefault(table, line)
        self._expect("=")
        self._name((*table, parts[-1]), line)
        self._value((*table, parts[-1]))

    def _value(self, place: Place) -> None:
        self._skip(_GAP)
        match self.text[self.at : self.at + 1]:
            case "[":
                self.at += 1
                self._list(place)
            case "{":
                self.at += 1
                while self._skip(_BLANK) < len(self.text) and self.text[self.at] != "}":
                    self._pair(place)
                    self._comma()
                self._expect("}")
            case '"' | "'":
                self._string()
            case _:
                self._skip(_OTHER_VALUE)

    def _list(self, place: Place) -> None:
        index = 0
        while self._skip(_BLANK) < len(self.text) and self.text[self.at] != "]":
            self.lines[*place, index] = self._line()
            self._value((*place, index))
            self._comma()
            index += 1
        self._expect("]")

    def _comma(self) -> None:
        self._skip(_BLANK)
        if self.text.startswith(",", self.at):
            self.at += 1
        elif self.text[self.at : self.at + 1] not in ("]", "}"):
            raise _BrokenOff

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_GAP)
            bare = _BARE_KEY.match(self.text, self.at)
            if bare:
                self.at = bare.end()
                parts.append(bare[0])
            else:
                parts.append(str(tomllib.loads(f"key = {self._string()}")["key"]))
            self._skip(_GAP)
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise _BrokenOff
        self.at = found.end()
        return found[0]

    def _inside(self, place: Place, line: int) -> Place:
        """The table a header goes through; of an array of tables that is its newest element."""
        self.lines.setdefault(place, line)
        return (*place, self._counts[place] - 1) if place in self._counts else place

    def _name(self, place: Place, line: int) -> None:
        if place in self._named:
            self.repeated = (".".join(str(part) for part in place), self.lines[place])
        self._named.add(place)
        self.lines[place] = line

    def _expect(self, token: str) -> None:
        self._skip(_GAP)
        if not self.text.startswith(token, self.at):
            raise _BrokenOff
        self.at += len(token)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def _line(self) -> int:
        self._counted += self.text.count("\n", self._counted_at, self.at)
        self._counted_at = self.at
        return self._counted
