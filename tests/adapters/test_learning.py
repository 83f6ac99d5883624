"""What a platform did not say at first: nothing that came while it was asked is taken for answered."""

import asyncio

from adapters.chat.learning import Learning
from bot.domain.events import AuthorLookedUp, Event
from bot.domain.model import Membership, Platform


def settled(author: str) -> AuthorLookedUp:
    return AuthorLookedUp(platform=Platform.SLACK, workspace="T", author=author, membership=Membership.OUTSIDER)


async def test_who_was_wanted_again_while_being_asked_about_is_asked_about_once_more() -> None:
    asked, asking, answering, done = 0, asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def look_up(author: str) -> Event:
        nonlocal asked
        asked += 1
        asking.set()
        await answering.wait()
        return settled(author)

    async def submit(_: Event) -> None:
        if asked == 2:
            done.set()

    authors: Learning[str] = Learning("author", look_up, submit, 0.01)
    authors.wanted("U1")
    minding = asyncio.create_task(authors.mind())
    async with asyncio.timeout(5):
        await asking.wait()
        authors.wanted("U1")  # a message that came too late for this answer
        answering.set()
        await done.wait()
    await asyncio.sleep(0.1)
    minding.cancel()
    assert asked == 2 and not authors._wanted


async def test_who_has_become_known_waits_no_longer() -> None:
    learned: list[Event] = []
    done = asyncio.Event()

    async def look_up(author: str) -> Event:
        if author == "U1" and not told:
            raise OSError
        return settled(author)

    async def submit(event: Event) -> None:
        learned.append(event)
        done.set()

    told = False
    authors: Learning[str] = Learning("author", look_up, submit, 0.02)
    authors.wanted("U1")
    minding = asyncio.create_task(authors.mind())
    await asyncio.sleep(0.2)
    authors._wanted["U1"] = (authors._wanted["U1"][0] + 600.0, 600.0)
    told = True
    authors.known("U1")
    async with asyncio.timeout(5):
        await done.wait()
    minding.cancel()
    assert learned == [settled("U1")]
