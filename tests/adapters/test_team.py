"""team.toml: teams with their people, every mistake with its line, and what applying a file would change."""

from dataclasses import asdict, replace
from datetime import date, time
from importlib import resources
from pathlib import Path

import pytest

from adapters import wording
from adapters.team import Change, ChangeKind, difference, load, warnings
from adapters.team.reading import LANGUAGES
from bot.domain.errors import BadInput
from bot.domain.model import Role, Rota, Staff, Team

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

DUTY = """\
[[team]]
name = "a"
zone = "Asia/Tokyo"
channels = ["slack:T01:C01"]
alert_channel = "slack:T01:C0ALERT"
leads_channel = "slack:T01:C0LEADS"
language = "en"
[team.rota]
zone = "Europe/Berlin"
members = ["slack:T01:U02", "slack:T01:U03"]
starts_on = 2026-11-02
handover = "08:30"
days = 14
[[team.staff]]
account = "slack:T01:U01"
name = "Sato"
roles = ["agent", "admin"]
[[team.staff]]
account = "slack:T01:U02"
name = "Suzuki"
roles = ["supervisor"]
[[team.staff]]
account = "slack:T01:U03"
name = "Takahashi"
roles = ["agent", "decision_maker"]
[[team]]
name = "b"
zone = "Asia/Tokyo"
channels = ["slack:T01:C02"]
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
    assert (support.alert_channel, support.leads_channel) == ("slack:T01:C0ALERT", "slack:T01:C0LEADS")
    assert support.rota == Rota("Asia/Tokyo", ("slack:T01:U02", "slack:T01:U03"), date(2026, 11, 2), time(9), 7)
    assert (community.alert_channel, community.leads_channel, community.rota) == ("", "", None)
    assert (support.name, support.zone, len(support.channels)) == ("導入サポート", "Asia/Tokyo", 2)
    assert support.staff[1] == Staff("slack:T01:U02", "鈴木", (Role.SUPERVISOR, Role.ADMIN))
    assert community.workspaces == ("discord:810000000000000001",)
    assert warnings((support, community)) == ()


def test_the_sample_has_two_who_take_turns_and_a_lead() -> None:
    [team] = load(resources.files("adapters").joinpath("samples", "team.toml"))
    assert team.rota is not None
    on_duty = {person.account: person.roles for person in team.staff if person.account in team.rota.members}
    assert set(on_duty.values()) == {(Role.SUPERVISOR,)}
    assert len(on_duty) == 2
    assert any(Role.LEAD in person.roles for person in team.staff)
    assert team.alert_channel
    assert team.leads_channel


def test_who_is_on_call_and_where_it_is_said(file: Path) -> None:
    file.write_text(DUTY, "utf-8")
    first, second = load(file)
    assert (first.alert_channel, first.leads_channel, first.language) == (
        "slack:T01:C0ALERT",
        "slack:T01:C0LEADS",
        "en",
    )
    members = ("slack:T01:U02", "slack:T01:U03")
    assert first.rota == Rota("Europe/Berlin", members, date(2026, 11, 2), time(8, 30), 14)
    assert (second.alert_channel, second.leads_channel, second.language, second.rota) == ("", "", "ja", None)


def test_what_a_rota_leaves_out_is_its_teams_zone_nine_and_a_week(file: Path) -> None:
    left_out = ('zone = "Europe/Berlin"\n', 'handover = "08:30"\n', "days = 14\n")
    text = DUTY
    for line in left_out:
        text = text.replace(line, "")
    file.write_text(text.replace("2026-11-02", '"2026-11-02"'), "utf-8")
    rota = load(file)[0].rota
    assert rota is not None
    assert (rota.zone, rota.starts_on, rota.handover, rota.days) == ("Asia/Tokyo", date(2026, 11, 2), time(9), 7)


def test_every_language_of_a_team_has_words() -> None:
    assert LANGUAGES == wording.LANGUAGES


def test_two_teams_may_share_the_channels_of_our_own(file: Path) -> None:
    own = 'alert_channel = "slack:T01:C0ALERT"\nleads_channel = "slack:T01:C0ALERT"\n'
    file.write_text(DUTY + own, "utf-8")
    assert {team.alert_channel for team in load(file)} == {"slack:T01:C0ALERT"}


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('"slack:T01:C0ALERT"', '"C0ALERT"', 5, "bad_channel"),
        ('"slack:T01:C0ALERT"', '""', 5, "empty_text"),
        ('"slack:T01:C0ALERT"', '"slack:T01:C01"', 5, "own_channel_watched"),
        ('"slack:T01:C0ALERT"', '"slack:T01:C02"', 5, "own_channel_watched"),
        ('"slack:T01:C0LEADS"', '"email::lead@example.jp"', 6, "bad_channel"),
        ('"slack:T01:C0LEADS"', '"slack:T01:C02"', 6, "own_channel_watched"),
        ('language = "en"', 'language = "EN"', 7, "not_one_of_near"),
        ('language = "en"', 'language = "fr"', 7, "not_one_of"),
        ("[team.rota]", "[team.rotas]", 8, "unknown_key_near"),
        ("[team.rota]", "[[team.rota]]", 8, "not_table"),
        ("Europe/Berlin", "Europe/Berlni", 9, "unknown_zone_near"),
        ('"slack:T01:U02", "slack:T01:U03"', '"slack:T01:U02", "slack:T01:U04"', 10, "rota_not_staff"),
        ('"slack:T01:U02", "slack:T01:U03"', '"slack:T01:U01"', 10, "rota_no_right"),
        ('"slack:T01:U02", "slack:T01:U03"', '"slack:T01:U02", "slack:T01:U02"', 10, "twice"),
        ('"slack:T01:U02", "slack:T01:U03"', "", 10, "empty_list"),
        ('members = ["slack:T01:U02", "slack:T01:U03"]', "", 8, "missing_key"),
        ("starts_on = 2026-11-02", "", 8, "missing_key"),
        ("starts_on = 2026-11-02", "starts_on = 2026-11-31", 11, "bad_value"),
        ("starts_on = 2026-11-02", 'starts_on = "Monday"', 11, "bad_date"),
        ("starts_on = 2026-11-02", "starts_on = 9999-12-31", 11, "out_of_range"),
        ("starts_on = 2026-11-02", "starts_on = 0001-01-01", 11, "out_of_range"),
        ('"08:30"', '"24:00"', 12, "bad_time"),
        ('"08:30"', '"8:30"', 12, "bad_time"),
        ('"08:30"', '"08:30:00"', 12, "bad_time"),
        ('"08:30"', "830", 12, "bad_time"),
        ('"08:30"', "08:30:00", 12, "bad_time"),
        ('"08:30"', "08:30", 12, "toml_syntax"),
        ("days = 14", "days = 0", 13, "out_of_range"),
        ("days = 14", "days = 367", 13, "out_of_range"),
        ("days = 14", "day = 14", 13, "unknown_key_near"),
    ],
)
def test_one_mistake_of_duty_is_said_with_its_line(file: Path, old: str, new: str, line: int, key: str) -> None:
    assert found(file, DUTY.replace(old, new, 1)) == [(line, key)]


def test_a_mistake_at_a_person_is_not_said_again_at_the_rota(file: Path) -> None:
    assert found(file, DUTY.replace('["supervisor"]', '["supervisr"]')) == [(21, "not_one_of_near")]
    assert found(file, DUTY.replace('account = "slack:T01:U02"', "account = slack:T01:U02")) == [(19, "bad_value")]


def test_what_to_do_about_a_member_without_the_right(file: Path) -> None:
    file.write_text(DUTY.replace('members = ["slack:T01:U02"', 'members = ["slack:T01:U01"'), "utf-8")
    with pytest.raises(BadInput) as caught:
        load(file)
    [fault] = caught.value.faults
    assert wording.fault("ja", fault).endswith(
        "Sato\uff08slack:T01:U01\uff09には当番にできる役割がありません。"
        "rolesに次のどれかを加えるか、membersから外してください\uff1asupervisor, lead, decision_maker"
    )
    assert "no role that may be on call" in wording.fault("en", fault)


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


ROTA = Rota("Asia/Tokyo", ("slack:T01:U02", "slack:T01:U01"), date(2026, 11, 2), time(9))
ON_DUTY = replace(SUPPORT, alert_channel="slack:T01:C0ALERT", leads_channel="slack:T01:C0LEADS", rota=ROTA)
LINE = "鈴木 (slack:T01:U02), 佐藤 (slack:T01:U01) / 2026-11-02 09:00 Asia/Tokyo / 7"


def test_duty_is_added_and_taken_away() -> None:
    assert difference((SUPPORT,), (ON_DUTY,)) == (
        Change(ChangeKind.ALERT_CHANNEL_ADDED, "導入", after="slack:T01:C0ALERT"),
        Change(ChangeKind.LEADS_CHANNEL_ADDED, "導入", after="slack:T01:C0LEADS"),
        Change(ChangeKind.ROTA_ADDED, "導入", after=LINE),
    )
    assert difference((ON_DUTY,), (SUPPORT,)) == (
        Change(ChangeKind.ALERT_CHANNEL_REMOVED, "導入", before="slack:T01:C0ALERT"),
        Change(ChangeKind.LEADS_CHANNEL_REMOVED, "導入", before="slack:T01:C0LEADS"),
        Change(ChangeKind.ROTA_REMOVED, "導入", before=LINE),
    )


def test_another_rota_is_one_line() -> None:
    other = replace(ROTA, members=("slack:T01:U02",), starts_on=date(2027, 1, 4), handover=time(8, 30), days=1)
    new = replace(ON_DUTY, alert_channel="slack:T01:C0OTHER", language="en", rota=other)
    after = "鈴木 (slack:T01:U02) / 2027-01-04 08:30 Asia/Tokyo / 1"
    changes = difference((ON_DUTY,), (new,))
    assert changes == (
        Change(ChangeKind.LANGUAGE_CHANGED, "導入", before="ja", after="en"),
        Change(ChangeKind.ALERT_CHANNEL_CHANGED, "導入", before="slack:T01:C0ALERT", after="slack:T01:C0OTHER"),
        Change(ChangeKind.ROTA_CHANGED, "導入", before=LINE, after=after),
    )
    assert wording.say("en", "change.rota_changed", **asdict(changes[-1])).endswith(f"{LINE} → {after}")


def test_a_member_who_is_called_something_else_leaves_the_rota_as_it_is() -> None:
    renamed = replace(ON_DUTY, staff=(SATO, replace(SUZUKI, name="鈴木(新)")))
    assert [change.kind for change in difference((ON_DUTY,), (renamed,))] == [ChangeKind.PERSON_RENAMED]


def test_a_new_team_that_is_written_to_in_english_changes_no_language() -> None:
    kinds = [change.kind for change in difference((), (replace(ON_DUTY, language="en"),))]
    assert ChangeKind.LANGUAGE_CHANGED not in kinds
    assert kinds[0] is ChangeKind.TEAM_ADDED
    assert kinds[-1] is ChangeKind.ROTA_ADDED


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
