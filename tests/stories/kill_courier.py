"""Couriers in processes of their own that die at a chosen moment around commit and send; somebody counts afterwards.

`python kill_courier.py FOLDER SEED RUNS LOOK` puts posts and brings them in RUNS processes, all but the last of which
are killed with -9. `put` in FOLDER gets the key of every post whose transaction was committed, `platform` every message
that the chat accepted, `rest` what still waits in the end.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from harness import POLICY, START
from scripted_chat import How, Look, ScriptedChat, rolled

from bot.app import Bot
from bot.delivery import Courier, Courtesy
from bot.domain.model import Destination, Priority
from bot.domain.notices import HelpComing, Post
from bot.intake import Intake
from storage.database import Database

KEY = "dGhlIHNhbWUgaW4gZXZlcnkgcHJvY2VzcyAgICAgICA="
A_RUN = 3
MOMENTS = 34
"""How many moments one run of three posts passes: two for every transaction and two for every send."""


@dataclass
class Death:
    """Counts moments and kills this process at one of them; never if `at` is 0."""

    at: int = 0
    seen: int = 0

    def __call__(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


async def bring(folder: Path, run: int, look: Look, death: Death) -> None:
    """Put three posts, then bring what waits until nothing is left or this process is dead."""
    database = Database(f"sqlite:///{folder / 'killed.db'}", KEY)
    now = began = START + run * timedelta(hours=1)
    intake = Intake(Bot(database, POLICY, lambda: now, database.lookup.content_key))
    intake.start()
    script = rolled(run, How.LOST, How.CRASHED, How.DOWN, worse=0.2)
    chat = ScriptedChat(script, look, folder / "platform", death)

    async def write(work: Callable[[Any], Any]) -> Any:
        death()
        done = await intake.write(work)
        death()
        return done

    await put(write, folder / "put", run, began)
    courier = Courier(write, {"slack": chat}, lambda: now, intake.submit, Courtesy())
    while now < began + timedelta(hours=1) and await intake.write(lambda uow: len(uow.outbox.waiting())):
        while await courier.run_once():
            pass
        now += timedelta(seconds=31)
    await intake.stop()
    database.close()


async def put(write: Callable[[Any], Any], file: Path, run: int, now: datetime) -> None:
    for number in range(A_RUN):
        key = f"ping:{run}:{number}"
        call = Post(
            key, f"customer:{run % 2}", Priority.PING, Destination("slack:TOWN:alerts"),
            HelpComing(run, "架空花子", START, "Asia/Tokyo"), round=f"ping:{run}",
        )  # fmt: skip
        await write(lambda uow, call=call: uow.outbox.put(call, now))
        with file.open("a", encoding="utf-8") as known:
            known.write(f"{key}\n")


def main(folder: Path, seed: int, runs: int, look: Look) -> None:
    random = Random(seed)
    Database(f"sqlite:///{folder / 'killed.db'}", KEY).close()
    for run in range(runs):
        last = run == runs - 1
        at = 0 if last or run % 4 == 3 else random.randrange(1, MOMENTS)
        child = os.fork()
        if not child:
            asyncio.run(bring(folder, run, look, Death(at)))
            os._exit(0)
        alarm = threading.Timer(random.random() * 0.1, os.kill, (child, signal.SIGKILL))
        if not at and not last:
            alarm.start()
        _, status = os.waitpid(child, 0)
        alarm.cancel()
        sys.stdout.write("killed\n" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}\n")
    database = Database(f"sqlite:///{folder / 'killed.db'}", KEY)
    with database.read() as uow:
        (folder / "rest").write_text("\n".join(post.key for post in uow.outbox.waiting()), "utf-8")
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Look(sys.argv[4]))
