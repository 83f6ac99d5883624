"""Whose message it is: contact, mail, channel, workspace, domain; and who is never counted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from harness import Harness, Person

from bot.domain.events import AuthorLookedUp
from bot.domain.model import CustomerKind, Membership, Platform
from bot.domain.questions import AuthorsAsked, AuthorsShown

STOCK = "在庫の数がおかしいです"
MINUTE = timedelta(minutes=1)


async def counted(house: Harness) -> dict[str, int]:
    """Messages by customer, for those that have any."""
    return await house.counts()


def looked_up(person: Person, membership: Membership, workspace: str = "") -> AuthorLookedUp:
    return AuthorLookedUp(
        platform=person.platform, workspace=workspace or person.workspace, author=person.author, membership=membership
    )


@pytest.mark.req("S0-16")
async def test_the_first_rule_that_matches_wins(house: Harness) -> None:
    await house.known("contact", "slack:TCUST:U1")
    await house.known("mail", "email::taro@yama.example")
    await house.known("channel", channels=("slack:TOWN:theirs",))
    await house.known("workspace", workspaces=("slack:TCUST",))
    await house.known("domain", domains=("Yama.example",))
    anybody = house.customer("U2", mail="hana@yama.example")
    await house.customer("U1", mail="taro@yama.example").says(STOCK, "theirs")
    await replace(anybody, author="U3", mail=" Taro@YAMA.example").says(STOCK, "theirs")
    await anybody.says(STOCK, "theirs")
    await anybody.says(STOCK, "support")
    await replace(anybody, home="TELSE").says(STOCK, "support")
    await replace(anybody, home="TELSE", mail="x@other.example").says(STOCK, "support")
    assert await counted(house) == {
        "contact": 1, "mail": 1, "channel": 1, "workspace": 1, "domain": 1, "slack:TELSE:U2": 1
    }  # fmt: skip


async def test_our_own_workspace_is_no_customer(house: Harness) -> None:
    await house.staffed()
    await house.known("誤登録", workspaces=("slack:TOWN",))
    await house.customer("UGUEST", home="TOWN").writes(STOCK, 0, 1, 2)
    story = await house.only()
    assert (story.customer.kind, story.customer.label) == (CustomerKind.UNKNOWN, "slack:TOWN:UGUEST")


async def test_a_free_mail_address_stands_for_no_company(house: Harness) -> None:
    await house.known("誤登録", domains=("gmail.com", "yahoo.co.jp"))
    await house.customer("U1", mail="a@gmail.com").says(STOCK)
    await house.customer("U2", mail="b@Yahoo.co.jp").says(STOCK)
    assert await counted(house) == {"slack:TCUST:U1": 1, "slack:TCUST:U2": 1}


async def test_colleagues_and_bots_are_never_counted_and_a_guest_is(house: Harness) -> None:
    await house.staffed()
    guest = house.customer("UGUEST", home="TOWN")
    colleague = replace(guest, author="UNEIGHBOUR", membership=Membership.MEMBER)
    robot = replace(guest, author="UBOT", membership=Membership.BOT)
    for person in (colleague, robot, house.agent(), guest):
        await person.repeats(STOCK, 8, timedelta(seconds=30))
    story = await house.only()
    assert (story.customer.label, story.detection.count) == ("slack:TOWN:UGUEST", 8)
    assert await counted(house) == {"slack:TOWN:UGUEST": 8}
    assert house.one("SELECT count(*) FROM messages WHERE speaker IN ('colleague', 'bot') AND body IS NOT NULL") == 0


async def test_a_relay_that_is_mapped_to_a_customer_counts(house: Harness) -> None:
    await house.known("架空商事", "slack:TOWN:UFORM")
    await house.customer("UFORM", home="TOWN", membership=Membership.BOT).writes(STOCK, 0, 1, 2)
    assert (await house.only()).customer.name == "架空商事"


async def test_staff_are_not_counted_in_a_customers_channel(house: Harness) -> None:
    await house.staffed()
    await house.known("架空商事", channels=("slack:TOWN:theirs",))
    await house.agent().writes(STOCK, 0, 1, 2, channel="theirs")
    assert not await house.detections()


async def test_staff_listed_later_are_not_counted_from_then_on(house: Harness) -> None:
    newcomer = house.customer("UNEW", home="TOWN")
    await newcomer.writes(STOCK, 0, 1)
    await house.staffed("UNEW")
    await newcomer.writes(STOCK, 2, 3, 4)
    assert not await house.detections()


@pytest.mark.parametrize("membership", list(Membership)[:3])
async def test_who_is_not_known_yet_waits_until_looked_up(house: Harness, membership: Membership) -> None:
    person = Person(house, "7", Platform.DISCORD, "G1", "G1", Membership.UNKNOWN)
    await person.writes(STOCK, 0, 1, 2)
    assert not await house.detections()
    assert not await house.customers()
    house.clock.advance(hours=2)
    await house.submit(looked_up(person, membership))
    stories = await house.detections()
    if membership is not Membership.OUTSIDER:
        assert not stories
        return
    detection = stories[0].detection
    assert (detection.count, detection.found_later) == (3, True)
    assert detection.at == house.clock.now - timedelta(hours=2) + 2 * MINUTE


async def test_whoever_waits_is_known_from_the_rows(house: Harness) -> None:
    for author, platform in (("7", Platform.DISCORD), ("8", Platform.DISCORD), ("U7", Platform.SLACK)):
        await Person(house, author, platform, "G1", "G1", Membership.UNKNOWN).writes(STOCK, 0, 1)
    await house.customer("U1").writes(STOCK, 0)
    assert await house.intake.ask(AuthorsAsked(Platform.DISCORD)) == AuthorsShown(("discord:G1:7", "discord:G1:8"))
    await house.submit(looked_up(Person(house, "7", Platform.DISCORD, "G1", "G1"), Membership.OUTSIDER))
    assert await house.intake.ask(AuthorsAsked(Platform.DISCORD)) == AuthorsShown(("discord:G1:8",))


async def test_who_is_looked_up_in_a_customers_channel_is_that_customer(house: Harness) -> None:
    await house.known("架空商事", channels=("discord:G1:theirs",))
    person = Person(house, "7", Platform.DISCORD, "G1", "G1", Membership.UNKNOWN)
    await person.writes(STOCK, 0, 1, channel="theirs")
    await person.writes(STOCK, 2, channel="lobby")
    await house.submit(looked_up(person, Membership.OUTSIDER))
    assert await counted(house) == {"架空商事": 2, "discord:G1:7": 1}


async def test_who_is_looked_up_may_belong_to_another_workspace(house: Harness) -> None:
    person = Person(house, "U7", membership=Membership.UNKNOWN)
    await person.writes(STOCK, 0, 1, 2)
    await house.submit(looked_up(person, Membership.OUTSIDER, workspace=person.home))
    assert (await house.only()).customer.label == "slack:TCUST:U7"
