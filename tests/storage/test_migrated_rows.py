"""Rows of the first schema live on in the second; back again, nobody keeps what only a user group gave them."""

import json
from dataclasses import replace

from alembic import command
from company import Company, account, team
from harness import KEY, opened
from sqlalchemy import text
from test_migrations import config

from bot.domain.events import DrillWanted, GroupSeen, TeamSetUp
from bot.domain.model import Role, Staff, Team
from bot.domain.notices import Applied, DrillBegun
from storage.database import Database

GROUP = Staff("slack:TOWN:group:S1", "サポート全員", (Role.AGENT,))


def moved(database: Database, revision: str) -> None:
    with database.connect() as connection:
        getattr(command, "downgrade" if revision == "0001" else "upgrade")(config(connection), revision)
        connection.commit()


def rows(url: str) -> tuple[Team, ...]:
    database = Database(url, KEY)
    with database.read() as uow:
        found = uow.teams.all()
    database.close()
    return found


def first_schema(url: str) -> None:
    """A database of the first schema with a team and two people."""
    database = Database(url, KEY)
    moved(database, "0001")
    columns = "(id, name, zone, channels, workspaces, source)"
    team_row = f"INSERT INTO teams {columns} VALUES (1, '窓口', 'Asia/Tokyo', :c, :w, 's')"
    person = "INSERT INTO staff (id, team_id, account, name, roles) VALUES (:id, 1, :account, NULL, :roles)"
    with database.connect() as connection:
        connection.execute(text(team_row), {"c": json.dumps(["slack:TOWN:support"]), "w": json.dumps(["slack:TOWN"])})
        for id, (who, role) in enumerate((("USUPER1", "supervisor"), ("ULEAD", "lead")), start=1):
            values = {"id": id, "account": account(who), "roles": json.dumps([role])}
            connection.execute(text(person), values)
        connection.commit()
    database.close()


async def test_a_team_of_the_first_schema_lives_on(bare_url: str) -> None:
    first_schema(bare_url)
    (found,) = rows(bare_url)
    assert (found.name, found.hours, found.groups, found.rota, found.language) == ("窓口", (), (), None, "ja")
    assert [(one.account, one.own) for one in found.staff] == [
        (account("USUPER1"), (Role.SUPERVISOR,)), (account("ULEAD"), (Role.LEAD,)),
    ]  # fmt: skip
    async with opened(bare_url) as house:
        assert isinstance(await house.submit(DrillWanted(actor=account("ULEAD"), team="窓口")), DrillBegun)
        again = TeamSetUp(team=found, source="slack", actor=account("ULEAD"), over=found)
        assert isinstance(await house.submit(again), Applied)
    assert rows(bare_url) == (found,)


async def test_back_and_forth_nobody_keeps_what_a_group_gave(bare_url: str) -> None:
    async with opened(bare_url) as house:
        await Company(house).opens(replace(team("USUPER1", "ULEAD"), groups=(GROUP,)), live=False)
        await house.submit(GroupSeen(group=GROUP.account, members=((account("UAGENT"), ""), (account("ULEAD"), ""))))
    database = Database(bare_url, KEY)
    moved(database, "0001")
    with database.connect() as connection:
        left = set(connection.scalars(text("SELECT account FROM staff")))
    database.close()
    assert left == {account("USUPER1"), account("ULEAD"), GROUP.account}
    (found,) = rows(bare_url)
    assert found.groups == (Staff(GROUP.account, GROUP.name, GROUP.roles),)
    assert {one.account for one in found.staff} == {account("USUPER1"), account("ULEAD")}
