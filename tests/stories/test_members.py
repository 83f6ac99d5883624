"""Where a platform does not tell who is in a group, each member is looked at by itself (Discord's roles)."""

from dataclasses import replace

from company import Company, team
from harness import Harness

from bot.domain.events import MemberSeen, TeamsApplied
from bot.domain.model import Role, Staff
from bot.domain.roster import Roster

AGENTS, LEADS = "discord:G1:group:11", "discord:G1:group:12"
GROUPS = (Staff(AGENTS, "Agents", (Role.AGENT,)), Staff(LEADS, "Leads", (Role.LEAD,)))
HANA = "discord:G1:7"


async def held(house: Harness, account: str = HANA) -> frozenset[Role]:
    with house.database.read() as uow:
        return frozenset().union(*Roster(uow.teams.all()).actor(account).roles.values())


async def test_a_member_holds_what_the_groups_give_and_nothing_after(house: Harness) -> None:
    await Company(house).opens(replace(team("USUPER1"), groups=GROUPS), live=False)
    assert await held(house) == frozenset()
    await house.submit(MemberSeen(account=HANA, name="花", groups=(AGENTS, LEADS, "discord:G1:group:99")))
    assert await held(house) == {Role.AGENT, Role.LEAD}
    await house.submit(MemberSeen(account=HANA, name="花", groups=(AGENTS,)))
    assert await held(house) == {Role.AGENT}
    before = await house.audit()
    await house.submit(MemberSeen(account=HANA, name="花", groups=(AGENTS,)))
    assert await house.audit() == before, "nothing changed, nothing recorded"
    await house.submit(MemberSeen(account=HANA, name="花", groups=()))
    assert await held(house) == frozenset()
    assert house.chain_break() is None


async def test_groups_of_another_workspace_are_not_touched(house: Harness) -> None:
    far = Staff("discord:G10:group:11", "Elsewhere", (Role.ADMIN,))
    await Company(house).opens(replace(team("USUPER1"), groups=(*GROUPS, far)), live=False)
    await house.submit(MemberSeen(account="discord:G10:7", name="花", groups=("discord:G10:group:11",)))
    await house.submit(MemberSeen(account=HANA, name="花", groups=(AGENTS,)))
    assert (await held(house, "discord:G10:7"), await held(house)) == ({Role.ADMIN}, {Role.AGENT})


async def test_what_was_given_by_name_stays_and_a_file_takes_nobody_out(house: Harness) -> None:
    by_name = replace(team("USUPER1"), staff=(Staff(HANA, "花", (Role.SUPERVISOR,)),), rota=None, groups=GROUPS)
    await Company(house).opens(by_name, live=False)
    await house.submit(MemberSeen(account=HANA, name="花", groups=(AGENTS,)))
    await house.submit(TeamsApplied(teams=(by_name,), source="story", actor="cli:test"))
    assert await held(house) == {Role.SUPERVISOR, Role.AGENT}
    await house.submit(MemberSeen(account=HANA, name="花", groups=()))
    assert await held(house) == {Role.SUPERVISOR}
