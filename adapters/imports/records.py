"""JSON read record by record: a file of any length needs little memory, and a broken end costs only the end."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from adapters.imports.source import CHUNK, Unreadable

RECORD_LIMIT: Final = 16 * 1024 * 1024
"""Characters of one record; the longest real ones have some hundred thousand."""
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder()
_CUT_OFF: Final = 16
"""An error this near to the end of what was read may be a word or escape that goes on in the next piece."""


@dataclass(frozen=True, slots=True)
class Item:
    """One value: `number` is its place in the array that was asked for, from 1; 0 for the other fields of an object."""

    key: str
    number: int
    value: object


@dataclass(frozen=True, slots=True)
class Broken:
    """The file cannot be read further; `read` records before this are good."""

    key: str
    read: int


class _Stop(Exception):
    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def read_records(chunks: Iterator[bytes], array: str = "") -> Iterator[Item | Broken]:
    """The records of a top-level array, or, if `array` is given, of an object all fields, that array's one by one."""
    text = _Text(chunks)
    read = 0
    try:
        for item in _object(text, array) if array else _list(text):
            read = item.number or read
            yield item
        if text.peek():
            raise _Stop("broken_json")
    except _Stop as stop:
        yield Broken(stop.key, read)


class _Text:
    """The text of a file through a window that moves on; only what is not yet consumed is held."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._ended = False
        self._fault = ""

    def peek(self) -> str:
        """The next character that is no white space; "" at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                if self._fault:
                    raise _Stop(self._fault)
                return ""

    def take(self) -> None:
        self._at += 1

    def value(self) -> object:
        """The next JSON value; raises _Stop if there is none."""
        if not self.peek():
            raise _Stop("truncated")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not error.msg.startswith("Unterminated") and error.pos + _CUT_OFF < len(self._text):
                    raise _Stop("broken_json") from error
                if len(self._text) - self._at > RECORD_LIMIT:
                    raise _Stop("record_too_long") from error
                if not self._more():
                    raise _Stop(self._fault or "truncated") from error
            except (ValueError, RecursionError) as error:
                raise _Stop("broken_json") from error
            else:
                # A number at the edge may go on; everything else says itself where it ends.
                if end < len(self._text) or not self._more():
                    self._at = end
                    return value

    def _more(self) -> bool:
        """Read on: at least as much as is waiting, so that a long record is not scanned again for every piece."""
        parts = [self._text[self._at :]]
        wanted = max(CHUNK // 2, len(parts[0]))
        got = 0
        while got < wanted and not self._ended:
            parts.append(self._piece())
            got += len(parts[-1])
        self._text = "".join(parts)
        self._at = 0
        return got > 0

    def _piece(self) -> str:
        try:
            chunk = next(self._chunks, b"")
            self._ended = not chunk
            return self._decoder.decode(chunk, final=self._ended)
        except Unreadable as error:
            self._ended, self._fault = True, error.key
        except UnicodeDecodeError as error:
            cut_off = self._ended and error.reason == "unexpected end of data"
            self._ended, self._fault = True, "truncated" if cut_off else "not_utf8"
            return bytes(error.object[: error.start]).decode("utf-8")
        return ""


def _list(text: _Text) -> Iterator[Item]:
    _opening(text, "[")
    yield from _elements(text, "")


def _object(text: _Text, array: str) -> Iterator[Item]:
    _opening(text, "{")
    while (mark := text.peek()) != "}":
        key = text.value()
        if not isinstance(key, str) or text.peek() != ":":
            raise _Stop("broken_json" if text.peek() else "truncated")
        text.take()
        if key == array and text.peek() == "[":
            text.take()
            yield from _elements(text, key)
        else:
            yield Item(key, 0, text.value())
        if (mark := text.peek()) not in (",", "}"):
            raise _Stop("broken_json" if mark else "truncated")
        if mark == ",":
            text.take()
    text.take()


def _elements(text: _Text, key: str) -> Iterator[Item]:
    """What follows the opening bracket, up to and with the closing one."""
    number = 0
    if text.peek() == "]":
        text.take()
        return
    while True:
        number += 1
        yield Item(key, number, text.value())
        mark = text.peek()
        if mark not in (",", "]"):
            raise _Stop("broken_json" if mark else "truncated")
        text.take()
        if mark == "]":
            return


def _opening(text: _Text, bracket: str) -> None:
    first = text.peek()
    if first != bracket:
        raise _Stop("wrong_top" if first else "empty")
    text.take()
