"""The doctor says what is missing, where, and what to do: on the rows of a house, and against the local Slack."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from company import Company, account, team
from harness import Harness, sqlite_url
from slack import LocalSlack, faults, town

from adapters import doctor
from adapters.cli import main
from adapters.doctor import Grade, Household, Remark, gathered, household_remarks, status, told
from adapters.doctor.workspace import slack_remarks
from adapters.settings import Settings
from adapters.wording import LANGUAGES
from adapters.wording.say import _words
from bot.domain.events import OverrideSet, PostFailed, TeamsApplied
from bot.domain.model import Role, Rota, Staff, Team

ALERT, LEADS, SUPPORT = "slack:TOWN:GALERT", "slack:TOWN:GLEADS", "slack:TOWN:CSUPPORT"
Printed = pytest.CaptureFixture[str]
ALWAYS = {"audit", "notice"}
ADAPTERS = Path(doctor.__file__).parent.parent


def whole(**changes: object) -> Team:
    """A team of the local Slack's town to which nothing is missing."""
    base = team(channels=(SUPPORT,), alert=ALERT, leads=LEADS)
    care = Staff(account("UAGENT2"), "田中", (Role.AGENT, Role.HR_CARE))
    staff = tuple(care if person.account == care.account else person for person in base.staff)
    return replace(base, **{"staff": staff, **changes})  # type: ignore[arg-type]


async def look(house: Harness) -> list[Remark]:
    now = house.clock.now
    household = await house.intake.write(lambda uow: gathered(uow, now))
    return list(household_remarks(household, now))


def keys(remarks: list[Remark]) -> set[str]:
    return {remark.key for remark in remarks} - ALWAYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_says_what_to_do(language: str) -> None:
    plain = {"looking", "sum", "sum_good"}
    named = {key.removeprefix("doctor.") for key in _words(language) if key.startswith("doctor.")}
    found = {key for key in named - plain if not key.startswith("grade.")}
    assert {key for key in found if not key.endswith("_do")} == {key.removesuffix("_do") for key in found}
    code = "".join(file.read_text("utf-8") for folder in ("doctor", "cli") for file in (ADAPTERS / folder).glob("*.py"))
    assert set(re.findall(r'(?:error|warning|hint)\(\s*f?"(\w+)"', code)) - {"grade"} <= found


@pytest.mark.req("S3-25")
async def test_a_house_to_which_nothing_is_missing(house: Harness) -> None:
    await Company(house).opens(whole())
    found = await look(house)
    assert {remark.key for remark in found} == ALWAYS, "the notice to customers is always asked for"
    assert status(found) == 0


async def test_an_empty_house(house: Harness) -> None:
    found = await look(house)
    assert keys(found) == {"no_teams"} and status(found) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rota": None}, {"nobody_on_call"}),
        ({"rota": Rota("Asia/Tokyo", (account("USUPER1"),), date(2027, 1, 1))},
         {"nobody_on_call"}),
        ({"rota": Rota("Asia/Tokyo", (account("UAGENT"), account("USUPER1")), date(2026, 11, 16))},
         {"rota_without_role"}),
        ({"alert_channel": ""}, {"no_alert_channel"}),
        ({"alert_channel": SUPPORT}, {"own_channel_watched"}),
        ({"channels": ()}, {"no_channels"}),
        ({"staff": (Staff(account("UAGENT"), "佐藤", (Role.AGENT,)),), "rota": None},
         {"nobody_to_call", "no_supervisor", "no_lead", "no_admin", "no_care"}),
    ],
)  # fmt: skip
async def test_a_team_to_which_something_is_missing(
    house: Harness, changes: dict[str, object], expected: set[str]
) -> None:
    await Company(house).opens(whole(**changes), live=False)
    assert keys(await look(house)) - {"monitor"} == expected


async def test_two_teams_in_monitor_mode_watch_one_channel(house: Harness) -> None:
    await Company(house).opens(whole(), whole(name="夜間", alert_channel="", leads_channel=""), live=False)
    found = await look(house)
    assert keys(found) == {"monitor", "watched_twice", "no_alert_channel"} and status(found) == 3


async def test_whoever_stands_in_has_left(house: Harness) -> None:
    await Company(house).opens(whole())
    now = house.clock.now
    who = account("USUPER2")
    await house.submit(
        OverrideSet(actor=who, team=whole().name, account=who, start=now + timedelta(1), end=now + timedelta(2))
    )
    assert keys(await look(house)) == set()
    stayed = tuple(person for person in whole().staff if person.account != who)
    changed = whole(staff=stayed, rota=Rota("Asia/Tokyo", (account("USUPER1"),), date(2026, 11, 16)))
    await house.submit(TeamsApplied(teams=(changed,), source="story", actor="cli:test"))
    assert keys(await look(house)) == {"override_gone"}


async def test_posts_that_nobody_sends_and_posts_that_were_lost(house: Harness) -> None:
    company = await Company(house).opens(whole())
    await company.reports("怒鳴られた")
    assert keys(await look(house)) == set()
    house.clock.advance(minutes=11)
    assert keys(await look(house)) == {"posts_late"}
    await house.submit(PostFailed(key="ping:1:0", reason="archived"))
    assert keys(await look(house)) == {"posts_late", "posts_lost"}
    house.clock.advance(days=8)
    assert "posts_lost" not in keys(await look(house))


def settings(slack: LocalSlack, **more: str) -> Settings:
    tokens = {"slack_bot_token": slack.app.bot_token, "slack_app_token": slack.app.app_token}
    base = Settings(**tokens, slack_api_url=slack.api_url)  # type: ignore[arg-type]
    return replace(base, **more)  # type: ignore[arg-type]


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack(town()) as made:
        yield made


async def ask(slack: LocalSlack, *teams: Team, ahead: float = 0.0, **more: str) -> list[Remark]:
    """`ahead`: seconds that our clock is ahead of Slack's."""

    def clock() -> datetime:
        return datetime.fromtimestamp(slack.clock.now() + ahead, UTC)

    return await slack_remarks(settings(slack, **more), Household(teams or (whole(),)), clock)


async def test_a_workspace_in_order(slack: LocalSlack) -> None:
    assert await ask(slack) == []
    assert {call.method for call in slack.record.calls} <= {
        "auth.test", "apps.connections.open", "conversations.info", "conversations.members", "users.info", "dnd.info",
    }  # fmt: skip


@pytest.mark.rule("slack-30")
@pytest.mark.parametrize("broken", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_that_is_not_taken(slack: LocalSlack, broken: str) -> None:
    slack.app.broken = broken
    assert keys(await ask(slack)) == {"slack_token"}
    assert keys(await ask(slack, slack_api_url="http://127.0.0.1:9/api/")) == {"slack_unreachable"}


@pytest.mark.parametrize("fault", [faults.down(), faults.cut(), faults.refused("internal_error")])
async def test_a_slack_that_is_down_is_no_bad_token(slack: LocalSlack, fault: faults.Fault) -> None:
    slack.faults.on("auth.test", fault, times=9)
    assert keys(await ask(slack)) == {"slack_unreachable"}


@pytest.mark.rule("slack-29")
async def test_an_app_token_that_is_not_taken(slack: LocalSlack) -> None:
    assert keys(await ask(slack, slack_app_token="")) == {"app_token_missing"}
    assert keys(await ask(slack, slack_app_token="xapp-other")) == {"app_token"}
    slack.app.app_scopes = set()
    assert [dict(one.fields)["word"] for one in await ask(slack)] == ["missing_scope"]
    assert keys(await ask(slack, slack_mode="http")) == {"secret_missing"}
    assert keys(await ask(slack, slack_mode="post")) == {"slack_mode"}


@pytest.mark.rule("slack-28")
async def test_scopes_that_are_missing(slack: LocalSlack) -> None:
    slack.app.scopes -= {"users:read", "groups:read"}
    (found,) = await ask(slack)
    assert found.key == "scopes" and dict(found.fields)["scopes"] == "groups:read, users:read"


@pytest.mark.rule("slack-5")
@pytest.mark.parametrize(
    ("ahead", "expected", "exit"),
    [(30, set(), 0), (90, {"clock_ahead"}, 3), (-90, {"clock_behind"}, 3), (400, {"clock_ahead"}, 1)],
)
async def test_a_clock_that_is_wrong(slack: LocalSlack, ahead: float, expected: set[str], exit: int) -> None:
    found = await ask(slack, ahead=ahead)
    assert keys(found) == expected and status(found) == exit


@pytest.mark.rule("slack-24", "slack-26")
async def test_outsiders_where_pings_stand_are_counted_and_not_named(slack: LocalSlack) -> None:
    slack.channel("GALERT").members += ["UGUEST", "UGUEST1"]
    slack.channel("GLEADS").shared_with = ["TCUST"]
    found = await ask(slack)
    assert keys(found) == {"outsiders", "shared"} and status(found) == 1
    for language in LANGUAGES:
        text = "\n".join(told(remark, language) for remark in found)
        assert "#alert" in text and "2" in text and not re.search("Guest|UGUEST", text)


@pytest.mark.rule("slack-28")
async def test_where_the_bot_has_to_be(slack: LocalSlack) -> None:
    slack.channel("GALERT").members.remove(slack.app.bot_user)
    slack.channel("GLEADS").archived = True
    found = await ask(slack, whole(channels=(SUPPORT, "slack:TOWN:CGENERAL", "slack:TOWN:CNOWHERE", "slack:T9:C9")))
    told_of = sorted((one.key, str(dict(one.fields).get("channel", ""))) for one in found)
    assert told_of == [
        ("archived", "#leads"), ("not_in_own", "GALERT"), ("not_in_watched", "#general"),
        ("not_in_watched", "CNOWHERE"), ("other_workspace", ""),
    ]  # fmt: skip
    assert keys(await ask(slack, whole(workspaces=(), alert_channel="", leads_channel=""))) == {"workspace_not_ours"}


async def test_people_who_left_or_never_were(slack: LocalSlack) -> None:
    slack.workspace.users["USUPER1"].deleted = True
    slack.workspace.users["UAGENT"].deleted = True
    others = (Staff("slack:TOWN:UNOWHERE", "誰か", (Role.AGENT,)), Staff("slack:TOWN:UGUEST", "客", (Role.AGENT,)))
    found = await ask(slack, whole(staff=(*whole().staff, *others)))
    assert keys(found) == {"person_gone_on_rota", "person_gone", "person_unknown", "person_outside"}
    grades = {one.key: one.grade for one in found}
    assert grades["person_gone_on_rota"] is Grade.ERROR and grades["person_gone"] is Grade.WARNING


async def test_whoever_is_on_call_rests(slack: LocalSlack) -> None:
    slack.workspace.users["USUPER1"].rests = (0, slack.clock.now() + 3600)
    rota = Rota("Asia/Tokyo", (account("USUPER1"),), date(2026, 11, 16))
    found = await ask(slack, whole(rota=rota))
    assert keys(found) == {"resting"} and status(found) == 0


async def test_what_cannot_be_asked_is_said(slack: LocalSlack) -> None:
    slack.faults.on("conversations.info", faults.refused("fatal_error"))
    assert keys(await ask(slack)) == {"unasked_channel"}
    slack.faults.on("users.info", faults.refused("fatal_error"))
    assert keys(await ask(slack, whole(alert_channel="", leads_channel=""))) == {"unasked_person"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_command(
    slack: LocalSlack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    for name, value in slack.environment(KASUHARA_DATABASE_URL=sqlite_url(tmp_path)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SLACK_MODE", "socket")
    assert await asyncio.to_thread(main, ["doctor", "--lang", language]) == 1
    text = capsys.readouterr().out
    assert "team.toml" in text and text.count("→") == 4


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "value"),
    [("KASUHARA_KEY", "short"), ("KASUHARA_POLICY", "/nowhere"), ("KASUHARA_DATABASE_URL", "postgresql://localhost/x")],
)
def test_a_house_that_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed, language: str, name: str, value: str
) -> None:
    given = {"KASUHARA_DATABASE_URL": sqlite_url(tmp_path), "KASUHARA_KEY": "", "SLACK_BOT_TOKEN": "", name: value}
    for variable, said in given.items():
        monkeypatch.setenv(variable, said)
    assert main(["doctor", "--lang", language]) == 1
    assert capsys.readouterr().out.count("→") == 2, "the fault, and that Slack was not looked at"
