"""customers.csv: customers and contracts as Excel and others save them, and every mistake with its line."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import wording
from adapters.imports.customers_csv import COLUMNS, read
from adapters.pack import load
from bot.domain.contract import last_paid_day
from bot.domain.errors import BadInput
from bot.domain.model import Contract, CustomerKind, CustomerRecord
from bot.domain.policy import Policy

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "customers.csv"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load(None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "customers.csv"


def found(file: Path, policy: Policy, text: str | bytes) -> list[tuple[int, str]]:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInput) as caught:
        read(file, policy)
    for fault in caught.value.faults:
        assert fault.path == str(file)
        assert all(wording.fault(language, fault) for language in wording.LANGUAGES)
    return [(fault.line, fault.key) for fault in caught.value.faults]


def test_the_example_of_the_docs(policy: Policy) -> None:
    minato, harbor, yamada, kamome = read(EXAMPLE, policy)
    assert minato == CustomerRecord(
        name="みなと第一クリニック",
        contacts=("slack:T77:U701", "email::uketsuke@minato-clinic.example.jp"),
        domains=("minato-clinic.example.jp",),
        channels=("slack:T01:C0MINATO",),
        workspaces=("slack:T77",),
        zone="Asia/Tokyo",
        contract=Contract("2023-12-10", "第16条", date(2026, 12, 14), date(2026, 11, 20), 15, date(2027, 4, 1)),
        source="customers.csv",
    )
    assert (harbor.name, harbor.contract.paid_through) == ("Harbor Dental, Inc.", date(2026, 11, 30))
    assert (yamada.kind, yamada.contacts) == (CustomerKind.PROSPECT, ("email::yamada.hanako@gmail.com",))
    assert kamome.contract == Contract()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(file: Path, policy: Policy, encoding: str, end: str) -> None:
    file.write_bytes(end.join(["name,kind", '"株式会社ソ, 表"" ①",partner', ""]).encode(encoding))
    [record] = read(file, policy)
    assert (record.name, record.kind) == ('株式会社ソ, 表" ①', CustomerKind.PARTNER)


def test_columns_in_any_order_short_rows_and_empty_lines(file: Path, policy: Policy) -> None:
    file.write_text("zone, Name ,,\n\nAsia/Tokyo,a\n,b,,\n,,,\n", "utf-8")
    assert [(record.name, record.zone) for record in read(file, policy)] == [("a", "Asia/Tokyo"), ("b", "")]


FULL_WIDTH = {ord(letter): ord(letter) + 0xFEE0 for letter in "ADEJPT:;@.0123456789/-"}


def test_what_a_japanese_keyboard_and_excel_make_of_it(file: Path, policy: Policy) -> None:
    cells = ["A", *(cell.translate(FULL_WIDTH) for cell in ("slack:T1:U1;A@example.JP", "Example.JP", "15", "2026/1"))]
    header = "name,contacts,domains,anchor_day,paid_through,paid_as_of"
    text = f"{header}\n{','.join(cells)},2026/11/5\n"
    file.write_text(text, "utf-8")
    [record] = read(file, policy)
    assert record.name == "A"
    assert record.contacts == ("slack:T1:U1", "email::a@example.jp")
    assert record.domains == ("example.jp",)
    assert record.contract.paid_through == date(2026, 2, 14)
    assert record.contract.paid_as_of == date(2026, 11, 5)


@pytest.mark.req("S0-43")
@pytest.mark.parametrize(
    ("month", "anchor", "last"),
    [
        ((2026, 11), 1, date(2026, 11, 30)),
        ((2026, 11), 15, date(2026, 12, 14)),
        ((2026, 12), 15, date(2027, 1, 14)),
        ((2026, 1), 31, date(2026, 2, 27)),
        ((2028, 1), 31, date(2028, 2, 28)),
        ((2026, 2), 31, date(2026, 3, 30)),
        ((2026, 3), 31, date(2026, 4, 29)),
        ((2026, 1), 29, date(2026, 2, 27)),
        ((2028, 1), 29, date(2028, 2, 28)),
    ],
)
def test_a_month_is_the_contract_month_that_begins_in_it(month: tuple[int, int], anchor: int, last: date) -> None:
    assert last_paid_day(*month, anchor) == last


@given(st.integers(2000, 2100), st.integers(1, 12), st.integers(1, 31))
def test_the_anchor_never_drifts(year: int, month: int, anchor: int) -> None:
    begins = last_paid_day(year, month, anchor) + timedelta(days=1)
    assert (begins.year * 12 + begins.month) - (year * 12 + month) == 1
    assert begins.day == anchor or (begins + timedelta(days=1)).day == 1 and begins.day < anchor


HEADER = ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        ({"name": "", "kind": "partner"}, "no_name"),
        ({"kind": "custmer"}, "not_one_of_near"),
        ({"kind": "unknown"}, "not_one_of"),
        ({"contacts": "slack:U1"}, "bad_contact"),
        ({"contacts": "a@b"}, "bad_contact"),
        ({"domains": "@example.jp"}, "bad_domain"),
        ({"domains": "gmail.com"}, "free_mail"),
        ({"domains": "abc.ocn.ne.jp"}, "free_mail"),
        ({"channels": "#support"}, "bad_channel"),
        ({"workspace": "T01"}, "bad_workspace"),
        ({"zone": "Tokyo"}, "unknown_zone_near"),
        ({"anchor_day": "32"}, "out_of_range"),
        ({"anchor_day": "15日"}, "out_of_range"),
        ({"paid_through": "2026-11-31"}, "bad_day_or_month"),
        ({"paid_through": "2026-13"}, "bad_day_or_month"),
        ({"paid_through": "9999-12"}, "bad_day_or_month"),
        ({"paid_through": "Nov-26"}, "bad_day_or_month"),
        ({"paid_as_of": "2026-11"}, "bad_date"),
        ({"renewal_on": "来月"}, "bad_date"),
    ],
)
def test_one_mistake_is_said_with_its_line(file: Path, policy: Policy, cells: dict[str, str], key: str) -> None:
    row = ",".join({"name": "a", **cells}.get(column, "") for column in COLUMNS)
    assert found(file, policy, f"{HEADER}first{',' * 12}\n{row},\n".replace(",\n", "\n")) == [(3, key)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(0, "no_rows")]),
        ("name,kind\n", [(0, "no_rows")]),
        ("name,kontacts\na,\n", [(1, "unknown_column_near")]),
        ("name,memo\na,\n", [(1, "unknown_column")]),
        ("name,kind,kind\na,,\n", [(1, "column_twice")]),
        ("kind\npartner\n", [(1, "no_name_column")]),
        ("name,,kind\na,,\n", [(1, "unknown_column")]),
        ("name\na,b\n", [(2, "too_many_cells")]),
        ("kind,name\npartner\n", [(2, "no_name")]),
        ('name,kind\n"a\nb",boss\nc,boss\n', [(2, "not_one_of"), (4, "not_one_of")]),
        ('name\na\n"b\n', [(3, "bad_csv")]),
        ("name\na\na\n", [(3, "two_customers")]),
        ("name,contacts\na,x@example.jp\nb,X@example.jp\n", [(3, "two_customers")]),
        ("name,domains\na,example.jp\nb,Example.JP\n", [(3, "two_customers")]),
        ("name,channels\na,slack:T1:C1\nb,slack:T1:C1\n", [(3, "two_customers")]),
        ("name,zone,kind\na,Asia/Tokio,boss\n,x,\n", [(2, "not_one_of"), (2, "unknown_zone_near"), (3, "no_name")]),
    ],
)
def test_mistakes_of_a_sheet(file: Path, policy: Policy, text: str, expected: list[tuple[int, str]]) -> None:
    faults = found(file, policy, text)
    assert faults[: len(expected)] == expected


def test_the_same_contact_within_a_row_is_one(file: Path, policy: Policy) -> None:
    file.write_text("name,contacts\na,x@example.jp; email::X@example.jp ;\n", "utf-8")
    assert read(file, policy)[0].contacts == ("email::x@example.jp",)


def test_what_is_neither_utf8_nor_shift_jis(file: Path, policy: Policy) -> None:
    assert found(file, policy, "name\n株\n".encode("utf-16")) == [(1, "bad_encoding")]
    assert found(file, policy, b"name\na\n\xff\xff\xff\n") == [(3, "bad_encoding")]


def test_a_file_that_is_not_there(file: Path, policy: Policy) -> None:
    with pytest.raises(BadInput, match="no_file"):
        read(file, policy)


def test_a_contact_that_two_customers_claim_names_both_lines(file: Path, policy: Policy) -> None:
    file.write_text("name,contacts\na,slack:T1:U1\nb,slack:T1:U2\nc,slack:T1:U1\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        read(file, policy)
    assert wording.fault("ja", caught.value.faults[0]) == (
        f"{file}:4: contactsの「slack:T1:U1」は2行目の顧客にもあります。1つの顧客だけに書きます。"
    )
