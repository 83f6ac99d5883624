"""Two people set a team up at the same time, and what nobody but an admin gives (rules of issue 4, part 2)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from company import Company, account, team
from harness import Harness, opened

from bot.domain.errors import Refused
from bot.domain.events import TeamSetUp
from bot.domain.model import Role, Staff, Team
from bot.domain.notices import Applied, Denied
from bot.domain.roster import NOBODY, Roster

NEW = team(name="新しい課", channels=("slack:TOWN:C9",), alert="", leads="", rota=None)


@pytest.fixture
async def twin(house: Harness, database_url: str) -> AsyncIterator[Harness]:
    """A second house on the same database."""
    async with opened(database_url) as other:
        other.beside(house)
        yield other


def rows(house: Harness) -> tuple[Team, ...]:
    with house.database.read() as uow:
        return uow.teams.all()


def set_up(made: Team, who: str = "ULEAD", over: Team | None = None, *, founder: bool = False) -> TeamSetUp:
    return TeamSetUp(team=made, source="slack", actor=account(who), founder=founder, over=over)


def appointing(made: Team, who: str) -> Team:
    return replace(made, staff=(*made.staff, Staff(account(who), "", (Role.ADMIN,))))


async def test_only_one_of_two_founders_founds(house: Harness, twin: Harness) -> None:
    mine, theirs = team("USUPER1", "ULEAD"), replace(NEW, staff=team("USUPER2").staff)
    took = await asyncio.gather(
        house.intake.submit(set_up(mine, "UFIRST", NOBODY, founder=True)),
        twin.intake.submit(set_up(theirs, "USECOND", NOBODY, founder=True)),
    )
    assert sorted(type(one).__name__ for one in took) == ["Applied", "Denied"]
    assert len(rows(house)) == 1 and (await house.audit()).count("team.applied") == 1


async def test_of_two_who_change_a_team_the_later_looks_again(house: Harness, twin: Harness) -> None:
    before = team()
    await Company(house).opens(before, live=False)
    took = await asyncio.gather(
        house.intake.submit(set_up(replace(before, zone="Asia/Seoul"), "ULEAD", before)),
        twin.intake.submit(set_up(replace(before, language="en"), "UBOSS", before)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in took) == ["Applied", "Refused"], "nothing is overwritten unseen"
    (late,) = [one for one in took if isinstance(one, Refused)]
    assert str(late) == "setup.changed"
    (now,) = rows(house)
    assert (now.zone, now.language) in (("Asia/Seoul", "ja"), ("Asia/Tokyo", "en"))
    assert isinstance(await house.submit(set_up(replace(now, language="ja"), "UBOSS", now)), Applied)


async def test_a_new_team_takes_nobodys_name(house: Harness) -> None:
    await Company(house).opens(live=False)
    with pytest.raises(Refused, match=r"setup\.changed"):
        await house.submit(set_up(replace(NEW, name=team().name), "UADMIN", NOBODY))
    assert rows(house) == (team(),)


async def test_a_lead_makes_nobody_an_admin_and_takes_nobody_away(house: Harness) -> None:
    await Company(house).opens(live=False)
    without = tuple(one for one in team().staff if Role.ADMIN not in one.roles)
    group = Staff("slack:TOWN:group:S1", "", (Role.ADMIN,))
    for made in (
        appointing(team(), "ULEAD"), replace(team(), staff=without), replace(team(), groups=(group,)),
        appointing(NEW, "ULEAD"),
    ):  # fmt: skip
        denied = await house.submit(set_up(made))
        assert isinstance(denied, Denied) and denied.reason == "role"
    assert rows(house) == (team(),) and (await house.audit()).count("access.refused") == 4
    assert isinstance(await house.submit(set_up(appointing(NEW, "ULEAD"), "UADMIN")), Applied)
    assert Roster(rows(house)).actor(account("ULEAD")).is_in(frozenset({Role.ADMIN}), NEW.name)


async def test_a_founder_is_nobody_once_there_is_a_team(house: Harness) -> None:
    await Company(house).opens(live=False)
    assert isinstance(await house.submit(set_up(NEW, "UOWNER", NOBODY, founder=True)), Denied)
    assert isinstance(await house.submit(set_up(team(), "UOWNER", founder=True)), Denied)
