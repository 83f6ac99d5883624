"""team.toml: teams with their people, every mistake with its line, and what applying a file would change."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters import wording
from adapters.team import Change, ChangeKind, difference, load, warnings
from bot.domain.errors import BadInput
from bot.domain.model import Role, Staff, Team

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "team.toml"
SATO = Staff("slack:T01:U01", "佐藤", (Role.AGENT,))
SUZUKI = Staff("slack:T01:U02", "鈴木", (Role.SUPERVISOR, Role.ADMIN))
SUPPORT = Team("導入", "Asia/Tokyo", ("slack:T01:C01",), (SATO, SUZUKI), ("slack:T01",))

GOOD = """\
[[team]]
name = "a"
zone = "Asia/Tokyo"
channels = ["slack:T01:C01", "slack:T01:C02"]
workspaces = ["slack:T01"]
[[team.staff]]
account = "slack:T01:U01"
name = "Sato"
roles = ["agent", "lead"]
[[team.staff]]
account = "email::suzuki@example.jp"
name = "Suzuki"
roles = ["supervisor"]
[[team]]
name = "b"
zone = "Europe/Berlin"
channels = ["discord:1:2"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "team.toml"


def found(file: Path, text: str) -> list[tuple[int, str]]:
    file.write_text(text, "utf-8")
    with pytest.raises(BadInput) as caught:
        load(file)
    for fault in caught.value.faults:
        assert fault.path == str(file)
        assert all(wording.fault(language, fault) for language in wording.LANGUAGES)
    return [(fault.line, fault.key) for fault in caught.value.faults]


def test_the_example_of_the_docs() -> None:
    support, community = load(EXAMPLE)
    assert (support.name, support.zone, len(support.channels)) == ("導入サポート", "Asia/Tokyo", 2)
    assert support.staff[1] == Staff("slack:T01:U02", "鈴木", (Role.SUPERVISOR, Role.ADMIN))
    assert community.workspaces == ("discord:810000000000000001",)
    assert warnings((support, community)) == ()


def test_a_team_without_people_is_allowed_and_said(file: Path) -> None:
    file.write_text('[[team]]\nname = "a"\nzone = "Asia/Tokyo"\n', "utf-8")
    [team] = load(file)
    assert team == Team("a", "Asia/Tokyo", (), ())
    assert warnings((team,)) == (Change(ChangeKind.NO_STAFF, "a"), Change(ChangeKind.NO_CHANNELS, "a"))


def test_one_person_in_two_teams_is_allowed(file: Path) -> None:
    text = GOOD + '[[team.staff]]\naccount = "slack:T01:U01"\nname = "Sato"\nroles = ["lead"]\n'
    file.write_text(text, "utf-8")
    first, second = load(file)
    assert (first.staff[0].roles, second.staff[0].roles) == ((Role.AGENT, Role.LEAD), (Role.LEAD,))


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('"slack:T01:U01"', '"T01:U01"', 7, "bad_account"),
        ('"slack:T01:U01"', '"slak:T01:U01"', 7, "bad_account"),
        ('"slack:T01:U01"', '"slack:T01:@sato"', 7, "bad_account"),
        ('"slack:T01:U01"', '"slack:T01:"', 7, "bad_account"),
        ('"email::suzuki@example.jp"', '"email:suzuki@example.jp"', 11, "bad_account"),
        ('"email::suzuki@example.jp"', '"slack:T01:U01"', 11, "person_twice"),
        ('"agent", "lead"', '"agent", "leed"', 9, "not_one_of_near"),
        ('"agent", "lead"', '"agent", "boss"', 9, "not_one_of"),
        ('"agent", "lead"', "", 9, "empty_list"),
        ('"agent", "lead"', '"agent", "agent"', 9, "twice"),
        ('roles = ["supervisor"]', 'role = ["supervisor"]', 13, "unknown_key_near"),
        ('roles = ["supervisor"]', "", 10, "missing_key"),
        ('"discord:1:2"', '"slack:T01:C02"', 17, "channel_in_two"),
        ('"discord:1:2"', '"discord:2"', 17, "bad_channel"),
        ('"discord:1:2"', '"email::a@example.jp"', 17, "bad_channel"),
        ('["slack:T01"]', '["slack:T01:C01"]', 5, "bad_workspace"),
        ('name = "b"', 'name = "a"', 15, "team_twice"),
        ('name = "b"', 'name = ""', 15, "empty_text"),
        ("Europe/Berlin", "Europa/Berlin", 16, "unknown_zone_near"),
        ('channels = ["discord:1:2"]', 'channels = "discord:1:2"', 17, "not_list"),
        ('name = "b"', "name = b", 15, "bad_value"),
    ],
)
def test_one_mistake_is_said_with_its_line(file: Path, old: str, new: str, line: int, key: str) -> None:
    assert (line, key) in found(file, GOOD.replace(old, new, 1))


def test_an_empty_file_and_none(file: Path) -> None:
    assert found(file, "# nobody yet\n") == [(0, "missing_key")]
    assert found(file, "team = []\n") == [(1, "empty_list")]
    assert found(file, '[[teams]]\nname = "a"\n') == [(0, "missing_key"), (1, "unknown_key_near")]
    file.unlink()
    with pytest.raises(BadInput, match="no_file"):
        load(file)
    with pytest.raises(BadInput, match="unreadable"):
        load(file.parent)


def test_every_mistake_is_said_at_once(file: Path) -> None:
    text = GOOD.replace("Asia/Tokyo", "Japan/Tokyo").replace('"lead"', '"king"').replace("discord:1:2", "slack:T01:C01")
    assert [key for _, key in found(file, text)] == ["unknown_zone_near", "not_one_of", "channel_in_two"]


def test_the_allowed_roles_are_listed(file: Path) -> None:
    file.write_text(GOOD.replace('"lead"', '"boss"'), "utf-8")
    with pytest.raises(BadInput) as caught:
        load(file)
    assert wording.fault("ja", caught.value.faults[0]) == (
        f"{file}:9: 「boss」は使えません。使える値\uff1aagent, supervisor, lead, decision_maker, legal, hr_care, admin"
    )


def test_nothing_differs_from_itself() -> None:
    assert difference((SUPPORT,), (SUPPORT,)) == ()


def test_the_first_application_adds_everything() -> None:
    assert [(change.kind, change.subject, change.after) for change in difference((), (SUPPORT,))] == [
        (ChangeKind.TEAM_ADDED, "", "Asia/Tokyo"),
        (ChangeKind.WORKSPACE_ADDED, "slack:T01", ""),
        (ChangeKind.CHANNEL_ADDED, "slack:T01:C01", ""),
        (ChangeKind.PERSON_ADDED, "slack:T01:U01", "agent"),
        (ChangeKind.PERSON_ADDED, "slack:T01:U02", "supervisor, admin"),
    ]


def test_what_differs_is_said_one_by_one() -> None:
    moved = replace(SUZUKI, name="鈴木(新)", roles=(Role.ADMIN, Role.LEGAL))
    new = Team("導入", "Europe/Berlin", ("slack:T01:C02",), (moved,), ())
    other = Team("旧", "Asia/Tokyo", (), ())
    assert difference((SUPPORT, other), (new,)) == (
        Change(ChangeKind.TEAM_REMOVED, "旧"),
        Change(ChangeKind.ZONE_CHANGED, "導入", before="Asia/Tokyo", after="Europe/Berlin"),
        Change(ChangeKind.WORKSPACE_REMOVED, "導入", "slack:T01"),
        Change(ChangeKind.CHANNEL_REMOVED, "導入", "slack:T01:C01"),
        Change(ChangeKind.CHANNEL_ADDED, "導入", "slack:T01:C02"),
        Change(ChangeKind.PERSON_REMOVED, "導入", "slack:T01:U01", "佐藤"),
        Change(ChangeKind.PERSON_RENAMED, "導入", "slack:T01:U02", "鈴木(新)", "鈴木", "鈴木(新)"),
        Change(ChangeKind.ROLE_REMOVED, "導入", "slack:T01:U02", "鈴木(新)", before="supervisor"),
        Change(ChangeKind.ROLE_ADDED, "導入", "slack:T01:U02", "鈴木(新)", after="legal"),
    )


def test_every_change_has_its_sentence() -> None:
    for kind in ChangeKind:
        for language in wording.LANGUAGES:
            change = Change(kind, "導入", "slack:T01:U02", "鈴木", "agent", "lead")
            sentence = wording.say(
                language,
                f"change.{change.kind}",
                team=change.team,
                subject=change.subject,
                name=change.name,
                before=change.before,
                after=change.after,
            )
            assert "導入" in sentence
