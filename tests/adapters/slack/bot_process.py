"""The product in a process of its own: the real command line, on a clock that a test moves.

`python bot_process.py CLOCK` is `kasuhara run`; `python bot_process.py CLOCK nursery` has imported everything and makes
such a process for every line that it reads, saying "born PID" and, when it is over, "dead PID STATUS". CLOCK is a file
with the seconds that the clock is ahead, as the test writes them (8 bytes).
"""

import functools
import gc
import mmap
import os
import struct
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters import wiring
from adapters.cli import everyday, main
from adapters.slack import connection
from adapters.timer import Beat

BEAT = Beat(steps=timedelta(seconds=0.2), digests=timedelta(seconds=0.3), forgetting=timedelta(hours=1))
NEEDED = (everyday, connection)
"""Imported here, so that who is born in the nursery need not."""


def clock(file: Path) -> Callable[[], datetime]:
    """As far ahead of the machine as the file says at this moment."""
    with file.open("rb") as known:
        ahead = mmap.mmap(known.fileno(), 8, access=mmap.ACCESS_READ)

    def now() -> datetime:
        return datetime.fromtimestamp(time.time() + struct.unpack("d", ahead[:8])[0], UTC)

    return now


def live(file: Path) -> int:
    """`kasuhara run` until it is told to stop."""
    wiring.on_chats = functools.partial(wiring.on_chats, clock=clock(file), beat=BEAT)  # type: ignore[assignment]
    return main(["run"])


def nursery(file: Path) -> None:
    gc.freeze()
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            status = live(file)
            sys.stdout.flush()
            os._exit(status)
        say(f"born {child}")
        threading.Thread(target=lambda pid=child: say(f"dead {pid} {wait(pid)}"), daemon=True).start()


def wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    if sys.argv[2:] == ["nursery"]:
        nursery(Path(sys.argv[1]))
    else:
        sys.exit(live(Path(sys.argv[1])))
