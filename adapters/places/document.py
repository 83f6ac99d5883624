"""One TOML file as values and lines; a file that cannot be read says every line it stumbles over."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Final

from adapters.places.lines import Place, last_repeated, lines_of
from bot.domain.errors import BadInput, Fault

_WHERE: Final = re.compile(r"\(at line (\d+), column \d+\)$")
_ONE_LINE: Final = re.compile(r"""\s*[\w"'.-]+\s*=""")
_MISTAKES: Final = (
    ("duplicate_key", ("overwrite", "twice", "immutable", "Duplicate", "redefine")),
    ("unclosed", ("Unterminated", "Unclosed", "Expected ']", 'Expected "')),
    ("unclosed_text", ("Illegal character '\\n'",)),
    ("no_equals", ("Expected '='",)),
    ("bad_value", ("Invalid value", "Invalid date")),
)


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in one file, and on which line each of it stands; `faults` are lines that were left out."""

    path: str
    values: dict[str, Any]
    lines: Mapping[Place, int]
    faults: tuple[Fault, ...] = ()

    def line(self, place: Place) -> int:
        """The line of a place, else of what it stands in; 0 is the file as a whole."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)


def read(path: Traversable, shown_as: str = "") -> Document:
    """Reads a file; raises BadInput if it is not there or cannot be read as a whole."""
    shown_as = shown_as or str(path)
    return parse(shown_as, contents(path, shown_as))


def contents(path: Traversable, shown_as: str) -> bytes:
    """The bytes of a file; raises BadInput if there are none to be had."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput((Fault(shown_as, 0, "no_file"),)) from None
    except OSError as error:
        raise BadInput((Fault(shown_as, 0, "unreadable", (("reason", error.strerror or ""),)),)) from None


def decode(path: str, data: bytes) -> str:
    """UTF-8 text, with or without a byte order mark; raises BadInput with the line of the first other byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput((Fault(path, line, "not_utf8"),)) from None


def parse(path: str, data: bytes) -> Document:
    """The document, read without its broken lines (they are its faults); raises BadInput where none can be left out."""
    lines = decode(path, data).replace("\r\n", "\n").split("\n")
    faults: list[Fault] = []
    while True:
        text = "\n".join(lines)
        try:
            return Document(path, tomllib.loads(text), lines_of(text), tuple(faults))
        except tomllib.TOMLDecodeError as error:
            line, fault = _syntax_fault(path, str(error), lines)
            faults.append(fault)
            if not _can_do_without(lines[line - 1], fault):
                raise BadInput(tuple(faults)) from None
            lines[line - 1] = ""
        except (RecursionError, ValueError):
            # Thousands of nested brackets or digits: nobody wrote that by hand, and tomllib does not say where.
            raise BadInput((*faults, Fault(path, 0, "too_strange"))) from None


def _can_do_without(line: str, fault: Fault) -> bool:
    """A broken line of its own can be left out to find the next mistake; an open bracket or table header cannot."""
    return fault.key in ("duplicate_key", "bad_value", "unclosed_text", "toml_syntax") and bool(_ONE_LINE.match(line))


def _syntax_fault(path: str, message: str, lines: list[str]) -> tuple[int, Fault]:
    found = _WHERE.search(message)
    line = min(int(found[1]), len(lines)) if found else len(lines)
    key = next((key for key, marks in _MISTAKES if any(mark in message for mark in marks)), "toml_syntax")
    if key != "duplicate_key":
        return line, Fault(path, line, key)
    name, first = last_repeated("\n".join(lines[:line])) or (lines[line - 1].split("=")[0].strip(" []"), 0)
    return line, Fault(path, line, key, (("name", name), ("first", str(first))))
