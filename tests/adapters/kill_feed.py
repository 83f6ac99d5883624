"""A house in a process of its own that is fed messages and says which are committed; somebody will kill it.

`python kill_feed.py DATABASE SEED MESSAGES FROM` prints "ready", then the number of every delivery whose future
resolved, and "done". What is fed follows from SEED and MESSAGES alone.
"""

import asyncio
import base64
import sys
from dataclasses import replace
from datetime import timedelta
from random import Random

from harness import POLICY, START

from bot.app import Bot
from bot.domain.events import MessagePosted
from bot.domain.model import Platform
from bot.intake import Intake
from storage.database import Database

KEY = base64.urlsafe_b64encode(b"the same in every process".ljust(32)).decode()
CUSTOMERS = 10
IN_FLIGHT = 100
TEXTS = (
    "在庫の数が合いません。直してください",
    "在庫の数が合いません、直してください!!",
    "請求書の金額が間違っています",
    "ログインできません",
    "Please reset my password.",
    "please reset my password",
    "納期はいつになりますか",
)


def deliveries(seed: int, count: int) -> list[MessagePosted]:
    """`count` messages of ten customers, now and then repeated or edited; one delivery in five comes again later."""
    random = Random(seed)
    at, events = START, []
    for number in range(count):
        at += timedelta(seconds=random.choice((0, 20, 60, 60, 300, 3000)))
        text = random.choice(TEXTS) if random.random() < 0.5 else f"{random.choice(TEXTS)} {number} 番の話"
        event = MessagePosted(
            platform=Platform.SLACK,
            workspace="TOWN",
            channel=f"C{random.randrange(3)}",
            message_id=f"m{number}",
            author=f"U{random.randrange(CUSTOMERS)}",
            home="TCUST",
            text=text,
            sent_at=at,
        )
        events.append(event)
        if random.random() < 0.05:
            events.append(replace(event, edit="1", text=random.choice(TEXTS)))
        if random.random() < 0.25:
            events.append(events[max(0, len(events) - random.randrange(1, 60))])
    return events


async def feed(url: str, events: list[MessagePosted], start: int) -> None:
    database = Database(url, KEY)
    intake = Intake(Bot(database, POLICY, lambda: events[-1].sent_at, database.lookup.content_key))
    intake.start()
    say("ready")
    waiting = []
    for number in range(start, len(events)):
        waiting.append((number, intake.submit(events[number])))
        if len(waiting) > IN_FLIGHT:
            first, future = waiting.pop(0)
            await future
            say(str(first))
    for number, future in waiting:
        await future
        say(str(number))
    await intake.stop()
    database.close()
    say("done")


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    address, seed, count, start = sys.argv[1], *map(int, sys.argv[2:5])
    asyncio.run(feed(address, deliveries(seed, count), start))
