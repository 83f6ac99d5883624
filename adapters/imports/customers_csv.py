"""customers.csv: the customers of a company with how to recognise them and what their contracts say."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from itertools import zip_longest
from typing import Final

from adapters.pack import is_domain
from adapters.places import contents, known_zone, mistaken, shown, zones
from adapters.team import CHATS, is_account, is_channel, is_workspace
from bot.domain.contract import last_paid_day
from bot.domain.errors import BadInput, Fault
from bot.domain.model import Contract, CustomerKind, CustomerRecord, Platform
from bot.domain.policy import Policy

COLUMNS: Final = (
    "name",
    "kind",
    "contacts",
    "domains",
    "channels",
    "workspace",
    "zone",
    "terms_version",
    "clause",
    "paid_through",
    "paid_as_of",
    "anchor_day",
    "renewal_on",
)
KINDS: Final = tuple(kind.value for kind in CustomerKind if kind is not CustomerKind.UNKNOWN)
"""`unknown` is what the bot calls accounts that nobody has assigned; a person who writes a row knows more."""

_STRANGE: Final = re.compile("[\0\x80\uf8f0-\uf8f3]")
"""What decoding as cp932 makes of bytes that stand for nothing there."""

_DAY: Final = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?")


def read(path: Traversable, policy: Policy) -> tuple[CustomerRecord, ...]:
    """Every row as a record whose source is the file's name; raises BadInput with every mistake."""
    sheet = _Sheet(str(path))
    rows = csv.reader(io.StringIO(_text(sheet, contents(path, sheet.path)), newline=""), strict=True)
    records: list[CustomerRecord] = []
    header: list[str] | None = None
    line = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                if header is None:
                    header = _header(sheet, line, cells)
                else:
                    records.append(_record(_row(sheet, line, header, cells), path.name, policy))
            line = rows.line_num + 1
    except csv.Error:
        sheet.fault(line, "bad_csv")
    if not records and not sheet.faults:
        sheet.fault(0, "no_rows")
    if sheet.faults:
        raise BadInput(tuple(sheet.faults))
    return tuple(records)


@dataclass(slots=True)
class _Sheet:
    """One file: its mistakes so far, and on which line each thing that may stand there once was seen."""

    path: str
    faults: list[Fault] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def fault(self, line: int, key: str, **fields: object) -> None:
        self.faults.append(Fault(self.path, line, key, tuple((name, str(value)) for name, value in fields.items())))


@dataclass(frozen=True, slots=True)
class _Row:
    sheet: _Sheet
    line: int
    cells: dict[str, str]

    def fault(self, key: str, **fields: object) -> None:
        self.sheet.fault(self.line, key, **fields)

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def word(self, column: str) -> str:
        """A cell of machine-readable text: full-width letters and figures of a Japanese keyboard are made plain."""
        return unicodedata.normalize("NFKC", self.cells.get(column, "")).strip()

    def choice(self, column: str, kind: str, known: Callable[[str], bool], allowed: Iterable[str]) -> str:
        value = self.word(column)
        if value and not known(value):
            key, fields = mistaken(kind, value, allowed)
            self.fault(key, **fields)
            return ""
        return value

    def once(self, column: str, value: str) -> None:
        """Notes that this can stand in one row only: the same contact cannot be two customers."""
        first = self.sheet.seen.setdefault((column, value), self.line)
        if first != self.line:
            self.fault("two_customers", column=column, value=shown(value), first=first)

    def listed(self, column: str, fits: Callable[[str], bool], wrong: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for value in self.word(column).split(";"):
            value = value.strip()
            if column == "contacts" and "@" in value and ":" not in value:
                value = f"{Platform.EMAIL}::{value}"
            if column == "domains" or value.startswith(f"{Platform.EMAIL}::"):
                value = value.lower()
            if value and not fits(value):
                self.fault(wrong, value=shown(value), allowed=", ".join(Platform if column == "contacts" else CHATS))
            elif value and value not in found:
                self.once(column, value)
                found[value] = None
        return tuple(found)


def _text(sheet: _Sheet, data: bytes) -> str:
    """UTF-8 with or without a byte order mark, else the code page in which Excel saves CSV in Japan."""
    before = data
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            before = data[: error.start]
            continue
        strange = _STRANGE.search(text)
        if not strange:
            return text
        before = text[: strange.start()].encode()
    sheet.fault(before.count(b"\n") + 1, "bad_encoding")
    raise BadInput(tuple(sheet.faults))


def _header(sheet: _Sheet, line: int, cells: list[str]) -> list[str]:
    header = [unicodedata.normalize("NFKC", cell).strip().lower() for cell in cells]
    while header and not header[-1]:
        header.pop()
    for index, column in enumerate(header):
        if column not in COLUMNS:
            key, fields = mistaken("unknown_column", column, COLUMNS)
            sheet.fault(line, key, **fields)
        elif column in header[:index]:
            sheet.fault(line, "column_twice", value=column)
    if "name" not in header:
        sheet.fault(line, "no_name_column", allowed=", ".join(COLUMNS))
    return header


def _row(sheet: _Sheet, line: int, header: list[str], cells: list[str]) -> _Row:
    if any(cell.strip() for cell in cells[len(header) :]):
        sheet.fault(line, "too_many_cells", value=len(cells), limit=len(header))
    return _Row(sheet, line, dict(zip_longest(header, cells[: len(header)], fillvalue="")))


def _record(row: _Row, source: str, policy: Policy) -> CustomerRecord:
    name = row.text("name")
    if name:
        row.once("name", name)
    elif "name" in row.cells:
        row.fault("no_name")
    kind = row.choice("kind", "not_one_of", KINDS.__contains__, KINDS)
    return CustomerRecord(
        name=name,
        kind=CustomerKind(kind) if kind else CustomerKind.CUSTOMER,
        contacts=row.listed("contacts", is_account, "bad_contact"),
        domains=_domains(row, policy),
        channels=row.listed("channels", is_channel, "bad_channel"),
        workspaces=row.listed("workspace", is_workspace, "bad_workspace"),
        zone=row.choice("zone", "unknown_zone", known_zone, zones()),
        contract=_contract(row),
        source=source,
    )


def _domains(row: _Row, policy: Policy) -> tuple[str, ...]:
    found = row.listed("domains", is_domain, "bad_domain")
    for domain in found:
        for free in policy.free_mail_domains:
            if domain == free or domain.endswith(f".{free}"):
                row.fault("free_mail", value=domain)
    return found


def _contract(row: _Row) -> Contract:
    anchor = row.word("anchor_day") or "1"
    if not (anchor.isdecimal() and 1 <= int(anchor) <= 31):
        row.fault("out_of_range", name="anchor_day", value=shown(anchor), low=1, high=31)
        anchor = "1"
    return Contract(
        terms_version=row.text("terms_version"),
        clause=row.text("clause"),
        paid_through=_day(row, "paid_through", int(anchor)),
        paid_as_of=_day(row, "paid_as_of"),
        anchor_day=int(anchor),
        renewal_on=_day(row, "renewal_on"),
    )


def _day(row: _Row, column: str, anchor_day: int | None = None) -> date | None:
    """A date; a month as well where an anchor day says on which day contract months begin."""
    value = row.word(column)
    if not value:
        return None
    found = _DAY.fullmatch(value)
    try:
        if found and found[3]:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found and anchor_day:
            return last_paid_day(date(int(found[1]), int(found[2]), 1).year, int(found[2]), anchor_day)
    except ValueError:
        pass
    row.fault("bad_day_or_month" if anchor_day else "bad_date", name=column, value=shown(value))
    return None
