"""Where things stand in a TOML file: the line of every key, and of every mistake."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import wording
from adapters.places import Place, Table, mistaken, parse
from adapters.places.lines import lines_of
from bot.domain.errors import BadInput, Fault

TEXT = '''\
# a comment with = and [brackets]
title = "a # no comment"
owner.name = "x"

[server]
ports = [ 8001,
  8002, # the second
  8003,
]
"quoted.key" = 1
'single' = { point = { x = 1, y = 2 }, list = [
  { z = 3 },
] }
text = """
[not.a.table]
key = "no key" \\"""
"""
literal = \'\'\'
a = 1\'\'\'
after = 2026-11-21 10:00:00

[[team]]
name = "first"
  [[team.staff]]
  account = "one"
  [[team.staff]]
  account = "two"
  [team.staff.more]
  deep.er = true
[[team]]
name = "second"
[a . b."c.d"]
e = 1.5
'''


def faults_of(text: str | bytes) -> list[tuple[int, str]]:
    try:
        document = parse("f.toml", text if isinstance(text, bytes) else text.encode())
    except BadInput as error:
        return worded(error.faults)
    return worded(document.faults)


def worded(faults: tuple[Fault, ...]) -> list[tuple[int, str]]:
    for fault in faults:
        assert all(wording.fault(language, fault) for language in wording.LANGUAGES)
    return [(fault.line, fault.key) for fault in faults]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("title",), 2),
        (("owner", "name"), 3),
        (("server",), 5),
        (("server", "ports"), 6),
        (("server", "ports", 0), 6),
        (("server", "ports", 1), 7),
        (("server", "ports", 2), 8),
        (("server", "quoted.key"), 10),
        (("server", "single", "point", "y"), 11),
        (("server", "single", "list", 0, "z"), 12),
        (("server", "text"), 14),
        (("server", "literal"), 18),
        (("server", "after"), 20),
        (("team", 0), 22),
        (("team", 0, "staff", 0, "account"), 25),
        (("team", 0, "staff", 1, "account"), 27),
        (("team", 0, "staff", 1, "more", "deep", "er"), 29),
        (("team", 1, "name"), 31),
        (("a", "b", "c.d"), 32),
        (("a", "b", "c.d", "e"), 33),
    ],
)
def test_every_place_has_its_line(place: Place, line: int) -> None:
    assert lines_of(TEXT)[place] == line


def every_place(value: object, place: Place = ()) -> set[Place]:
    found = {place} if place else set()
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        found |= every_place(one, (*place, key))
    return found


def test_no_place_is_left_out_and_none_made_up() -> None:
    assert set(lines_of(TEXT)) == every_place(tomllib.loads(TEXT))


KEYS = st.sampled_from(["a", "b-1", '"q.r"', "'s t'", r'"\u00fc\" ]"'])
VALUES = st.recursive(
    st.sampled_from(["1", "-2.5e3", "true", '"x#]"', "'y}'", '"""\nz\n"""', "2026-11-21", "1979-05-27 07:32:00"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda values: "[" + ",\n # c ]\n".join(values) + "]"),
    max_leaves=6,
)


@given(st.lists(st.tuples(KEYS, VALUES), unique_by=lambda pair: pair[0], max_size=4), st.integers(0, 3))
def test_the_scanner_agrees_with_tomllib(pairs: list[tuple[str, str]], tables: int) -> None:
    body = "".join(f"{key} = {value} # note\n" for key, value in pairs)
    text = body + "".join(f"\n[[many.'x']]\n{body}" for _ in range(tables))
    assert set(lines_of(text)) == every_place(tomllib.loads(text))


@given(st.text("ab=[]{}\"'.,#\n 1", max_size=40))
def test_broken_text_is_said_and_never_loops(text: str) -> None:
    faults_of(text)
    lines_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = hello\n", [(2, "bad_value")]),
        ("a = 1\nb 2\n", [(2, "no_equals")]),
        ('a = "open\nb = 1\n', [(1, "unclosed_text")]),
        ("a = [1,\n2\n", [(3, "unclosed")]),
        ("[a\nb = 1\n", [(1, "unclosed")]),
        ("a = 1 b = 2\n", [(1, "toml_syntax")]),
        ("a = 1\n\n[b]\na = 1\na = 2\n", [(5, "duplicate_key")]),
        ("[a]\nb = 1\n[a]\nc = 1\n", [(3, "duplicate_key")]),
        ("a = 2026-02-30\n", [(1, "bad_value")]),
        ("a = " + "[" * 5000 + "]" * 5000, [(0, "too_strange")]),
        ("a = " + "1" * 5000, [(0, "too_strange")]),
        ("a = bad\nb = 1\nb = 2\nc = worse\n", [(1, "bad_value"), (3, "duplicate_key"), (4, "bad_value")]),
    ],
)
def test_what_is_not_toml(text: str, expected: list[tuple[int, str]]) -> None:
    assert faults_of(text) == expected


def test_a_repeated_key_names_its_first_line() -> None:
    document = parse("f.toml", b"[x]\na = 1\nb = 2\na = 3\n")
    assert document.faults == (Fault("f.toml", 4, "duplicate_key", (("name", "x.a"), ("first", "2"))),)
    assert document.values == {"x": {"a": 1, "b": 2}}


def test_bytes_that_are_not_utf8_have_a_line() -> None:
    assert faults_of('a = 1\nb = "日本"\n'.encode("cp932")) == [(2, "not_utf8")]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    document = parse("f.toml", b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert (document.line(("a",)), document.line(("b",)), document.line(("gone",))) == (1, 2, 0)


def test_a_table_notes_every_mistake_and_reads_on() -> None:
    text = (
        'n = "5"\nhigh = 99\nyes = true\nwhen = "2026-02-30"\nlist = ["a", 3, "a", ""]\nzone = "Asia/Tokio"\nlots = 1\n'
    )
    faults: list[Fault] = []
    table = Table(parse("f.toml", text.encode()), faults)
    table.integer("n", 1, 9)
    table.integer("high", 1, 9)
    table.integer("yes", 1, 9)
    table.day("when")
    table.listed("list")
    table.zone("zone")
    table.number("lot", 0, 1)
    table.done()
    assert sorted(worded(tuple(faults))) == [
        (0, "missing_key"),
        (1, "not_whole"),
        (2, "out_of_range"),
        (3, "not_whole"),
        (4, "bad_date"),
        (5, "not_text"),
        (5, "not_text"),
        (5, "twice"),
        (6, "unknown_zone_near"),
        (7, "unknown_key_near"),
    ]


def test_a_list_left_out_has_its_default_and_an_empty_one_is_empty() -> None:
    faults: list[Fault] = []
    table = Table(parse("f.toml", b"none = []\nfalling = [3, 2, 2]\n"), faults)
    assert table.integers("gone", 1, 9, (1, 2)) == (1, 2)
    assert table.integers("none", 1, 9, (1, 2)) == ()
    table.integers("falling", 1, 9, ())
    table.done()
    assert worded(tuple(faults)) == [(2, "not_ascending"), (2, "not_ascending")]


def test_the_nearest_word_is_named() -> None:
    assert mistaken("not_one_of", "hgih", ("low", "high"))[1]["nearest"] == "high"
    assert mistaken("not_one_of", "xyzzy", ("low", "high")) == (
        "not_one_of",
        {"value": "xyzzy", "allowed": "low, high"},
    )
    assert mistaken("unknown_zone", "asia/tokyo", ("Asia/Tokyo",))[1]["nearest"] == "Asia/Tokyo"
