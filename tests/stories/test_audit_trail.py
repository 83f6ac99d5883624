"""Every change of state leaves an entry in a chain that nobody can change unseen."""

import pytest
from harness import KEY, Harness, opened

from adapters import wiring
from adapters.settings import Settings
from bot.domain.errors import Refused
from bot.domain.events import AuthorLookedUp, OutageEnded, RetentionDue, TeamsApplied
from bot.domain.model import Membership, Platform

STOCK = "在庫の数がおかしいです"


async def a_day(house: Harness) -> None:
    """A little of everything."""
    await house.staffed()
    known = await house.known("架空商事", "slack:TCUST:UA")
    other = await house.known("本店")
    await house.customer("UB").writes(STOCK, 0, 1, 2)
    event = await house.customer("UA").writes(STOCK, 3)
    await house.assign("slack:TCUST:UB", known)
    await house.merge(known, other)
    await house.merge(known, other, undo=True)
    await house.redact(event)


@pytest.mark.req("S2-16")
async def test_every_change_leaves_its_entry(house: Harness) -> None:
    await a_day(house)
    await house.submit(
        AuthorLookedUp(platform=Platform.SLACK, workspace="TOWN", author="U7", membership=Membership.MEMBER)
    )
    for number in range(5):
        await house.customer(f"U{number}").writes(STOCK, 10, 11, 12, channel=f"c{number}")
    await house.submit(OutageEnded(actor="cli:test"))
    await house.customer("UB").says("住所を直してください")
    house.clock.advance(days=32)
    await house.submit(RetentionDue())
    actions = await house.audit()
    assert actions[:5] == [
        "team.applied",
        "customer.imported",
        "customer.imported",
        "customer.seen",
        "detection.opened",
    ]
    assert set(actions) >= {
        "contact.assigned", "customer.merged", "customer.parted", "message.redacted", "author.settled",
        "detection.lapsed", "outage.declared", "outage.ended", "retention.run",
    }  # fmt: skip
    assert house.chain_break() is None


async def test_a_team_that_the_file_no_longer_names_leaves_an_entry(house: Harness) -> None:
    await house.staffed()
    before = len(await house.audit())
    await house.submit(TeamsApplied(teams=(), source="story", actor="cli:test"))
    assert len(await house.audit()) > before


async def test_no_entry_carries_words_or_names(house: Harness) -> None:
    await a_day(house)
    with house.database.read() as uow:
        written = " ".join(entry.detail + entry.subject for entry in uow.audit.entries())
    assert not [word for word in (STOCK, "架空商事", "本店") if word in written]


async def test_a_redelivery_changes_nothing_and_leaves_no_entry(house: Harness) -> None:
    await a_day(house)
    event = await house.customer("UA").says(STOCK)
    before = await house.audit()
    await house.submit(event)
    await house.submit(event)
    assert await house.audit() == before


@pytest.mark.req("S2-16")
@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE audit SET actor = 'somebody' WHERE seq = 4", 4),
        ("UPDATE audit SET detail = '[]' WHERE seq = 4", 4),
        ("UPDATE audit SET at = at + 1 WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq > 4", 5),
        ("DELETE FROM audit", 1),
    ],
)
async def test_what_was_tampered_with_is_found(house: Harness, change: str, broken: int) -> None:
    await a_day(house)
    house.one(change)
    assert house.chain_break() == broken


@pytest.mark.parametrize(
    "change", ["UPDATE audit_head SET seq = 4", "UPDATE audit_head SET seq = 0, hash = mac", "DELETE FROM audit_head"]
)
async def test_a_forged_note_of_the_end_is_found(house: Harness, change: str) -> None:
    await a_day(house)
    house.one("DELETE FROM audit WHERE seq > 4")
    house.one(change)
    with pytest.raises(Refused):
        house.chain_break()


async def test_the_command_sees_the_same(database_url: str) -> None:
    settings = Settings(database_url=database_url, key=KEY)
    async with opened(database_url) as house:
        await a_day(house)
        entries = len(await house.audit())
        assert wiring.audit_state(settings) == wiring.AuditState(entries, None)
        house.one("DELETE FROM audit WHERE seq > 4")
        assert wiring.audit_state(settings) == wiring.AuditState(4, 5)


async def test_a_house_where_nothing_happened_yet_is_whole(house: Harness) -> None:
    assert house.chain_break() is None
