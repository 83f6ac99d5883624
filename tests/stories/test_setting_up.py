"""A team set up in a chat, its user groups and its own hours: on rows of both databases, without any platform."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from company import Company, account, team
from harness import Harness

from adapters.team import difference
from bot.domain.calendar import is_open
from bot.domain.errors import Refused
from bot.domain.events import GroupSeen, TeamsApplied, TeamSetUp
from bot.domain.model import Hours, Role, Rota, Staff, Team
from bot.domain.notices import Applied, Denied
from bot.domain.roster import Roster, calendar_of

GROUP, OTHER = "slack:TOWN:group:S0SUPPORT", "slack:TOWN:group:S0LEADS"
LISTED = Staff(GROUP, "サポート全員", (Role.AGENT,))
BY_GROUP = replace(team("USUPER1", "ULEAD"), groups=(LISTED,))
MEMBERS = ((account("UAGENT"), "佐藤"), (account("USUPER1"), "鈴木"))


def rows(house: Harness) -> tuple[Team, ...]:
    with house.database.read() as uow:
        return uow.teams.all()


def roles(house: Harness, name: str = "サポート1課") -> dict[str, tuple[Role, ...]]:
    return {one.account.rpartition(":")[2]: one.roles for one in Roster(rows(house)).team(name).staff}


def told(house: Harness, action: str) -> list[str]:
    with house.database.read() as uow:
        return [entry.detail.replace(" ", "") for entry in uow.audit.entries() if entry.action == action]


async def sets_up(house: Harness, made: Team, who: str = "ULEAD", *, founder: bool = False) -> object:
    return await house.submit(TeamSetUp(team=made, source="slack", actor=account(who), founder=founder))


async def test_the_first_team_of_all_is_an_admins_of_the_workspace(house: Harness) -> None:
    assert isinstance(await sets_up(house, team(), "UNEW"), Denied)
    assert isinstance(await sets_up(house, team(), "UNEW", founder=True), Applied)
    assert rows(house) == (team(),)
    assert isinstance(await sets_up(house, team(name="乗っ取り", channels=()), "UNEW", founder=True), Denied)
    assert isinstance(await sets_up(house, team(), "UAGENT"), Denied)
    assert rows(house) == (team(),) and house.chain_break() is None


async def test_a_team_set_up_anew_leaves_the_others_and_says_whose_words_it_replaced(house: Harness) -> None:
    first, second = team(), team("USUPER2", name="別", rota=None, channels=("slack:TOWN:C2",), alert="", leads="")
    await Company(house).opens(first, second, live=False)
    await sets_up(house, replace(first, zone="Asia/Seoul"))
    assert rows(house) == (replace(first, zone="Asia/Seoul"), second), "in its old place"
    assert '"replaced":"story"' in told(house, "team.applied")[-1]
    await house.submit(TeamsApplied(teams=(), source="story", actor="cli:test"))
    assert [one.name for one in rows(house)] == ["サポート1課"], "what was set in chat is no file's to end"


HARMFUL: list[tuple[dict[str, object], str]] = [
    ({"channels": ("slack:TOWN:C2",)}, "setup.channel_taken"),
    ({"alert_channel": "slack:TOWN:C2"}, "setup.own_channel"),
    ({"alert_channel": "slack:TOWN:support"}, "setup.own_channel"),
    ({"channels": ("slack:TOWN:ALERT2",)}, "setup.own_channel"),
    ({"staff": (Staff(account("UAGENT"), "佐藤", (Role.AGENT,)),), "rota": None}, "setup.nobody"),
    ({"rota": Rota("Asia/Tokyo", (account("UAGENT"),), date(2026, 11, 16))}, "setup.rota"),
    ({"name": " "}, "setup.name"),
]


async def test_a_team_that_would_harm_is_refused(house: Harness) -> None:
    second = team("USUPER2", name="別", rota=None, channels=("slack:TOWN:C2",), alert="slack:TOWN:ALERT2", leads="")
    await Company(house).opens(team(), second, live=False)
    for changes, why in HARMFUL:
        with pytest.raises(Refused, match=why):
            await sets_up(house, replace(team(), **changes), "UADMIN")  # type: ignore[arg-type]
    assert rows(house) == (team(), second)


async def test_members_of_a_group_come_and_go_with_it(house: Harness) -> None:
    leads = Staff(OTHER, "", (Role.LEAD,))
    await Company(house).opens(replace(BY_GROUP, groups=(LISTED, leads)), live=False)
    await house.submit(GroupSeen(group=GROUP, members=MEMBERS))
    await house.submit(GroupSeen(group=OTHER, members=MEMBERS[:1]))
    assert roles(house) == {
        "USUPER1": (Role.SUPERVISOR, Role.AGENT), "ULEAD": (Role.LEAD,), "UAGENT": (Role.AGENT, Role.LEAD),
    }  # fmt: skip
    again = await house.submit(GroupSeen(group=GROUP, members=MEMBERS))
    assert isinstance(again, Applied) and again.changed == () and len(told(house, "team.group")) == 2
    await house.submit(GroupSeen(group=GROUP, members=()))
    assert roles(house) == {"USUPER1": (Role.SUPERVISOR,), "ULEAD": (Role.LEAD,), "UAGENT": (Role.LEAD,)}
    await house.submit(GroupSeen(group=OTHER, members=()))
    assert not Roster(rows(house)).actor(account("UAGENT")).inside, "whoever left every group is an outsider"
    await house.submit(GroupSeen(group="slack:TOWN:group:S9", members=MEMBERS))
    assert "UAGENT" not in roles(house), "a group that nobody listed gives nothing"


async def test_applying_a_file_again_takes_nothing_away_and_changes_nothing(house: Harness) -> None:
    await Company(house).opens(BY_GROUP, live=False)
    await house.submit(GroupSeen(group=GROUP, members=MEMBERS))
    for source in ("story", "team.toml"):
        before = rows(house)
        assert difference(before, (BY_GROUP,)) == (), "members of a group are no change of the file"
        await house.submit(TeamsApplied(teams=(BY_GROUP,), source=source, actor="cli:test"))
        assert rows(house) == before, "nobody loses a role until the group is read again"
    await house.submit(TeamsApplied(teams=(replace(BY_GROUP, groups=()),), source="team.toml", actor="cli:test"))
    assert roles(house) == {"USUPER1": (Role.SUPERVISOR,), "ULEAD": (Role.LEAD,)}


async def test_a_desk_with_hours_of_its_own(house: Harness) -> None:
    night = tuple((Hours(time(20), time.max),) for _ in range(7))
    await Company(house).opens(replace(team(), hours=night))
    (read,) = rows(house)
    morning = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
    assert read.hours == night
    assert not is_open(calendar_of(read, house.policy.calendar, "Asia/Tokyo"), morning)
    assert is_open(calendar_of(team(), house.policy.calendar, "Asia/Tokyo"), morning)
    directory = await house.intake.write(lambda uow: uow.customers.directory())
    assert directory.hours == {"slack:TOWN:support": night}


async def test_its_own_hours_decide_what_waits_for_the_morning(house: Harness) -> None:
    night = tuple((Hours(time(20), time.max),) for _ in range(7))
    company = await Company(house).opens(replace(team(), hours=night))
    await house.customer().repeats("返事をください", 3, timedelta(minutes=1))
    assert company.pings() == [], "10:00 is outside this desk's hours"
    await company.opens(team())
    await house.customer("UOTHER").repeats("まだですか、早くして", 3, timedelta(minutes=1))
    assert len(company.pings()) == 1
