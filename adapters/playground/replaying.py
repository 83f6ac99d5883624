"""A replay in the background: an export is opened, who is staff is asked, and the file is gone when all is told."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, Final

from adapters import team
from adapters.playground import dropping
from adapters.playground.room import Building
from adapters.replay import Options
from adapters.wording import say
from bot.domain.policy import Policy

WAIT: Final = 600.0
"""Seconds in which somebody may say who is staff; after that the file is gone."""


class Replaying:
    """One at a time; a file about which something is still being asked gives way to another one."""

    def __init__(self, build: Building, policy: Policy, tell: Callable[[dict[str, Any]], None]) -> None:
        self._build = build
        self._policy = policy
        self._tell = tell
        self._task: asyncio.Task[None] | None = None
        self._staff: asyncio.Future[tuple[str, ...] | None] | None = None

    @property
    def busy(self) -> bool:
        return self._task is not None and not self._task.done() and self._staff is None

    def begins(self, file: Path, folder: "tempfile.TemporaryDirectory[str]", language: str) -> bool:
        """A dropped file, which goes with its folder; False while another one is being replayed."""
        return self._starts(self._drops(file, folder, language))

    def samples(self, language: str) -> bool:
        """The bundled export, whose team is known."""
        return self._starts(self._sample(language))

    def answers(self, accounts: object) -> None:
        """Who is staff; None: the file is not to be replayed after all."""
        if accounts is not None and not isinstance(accounts, list):
            raise ValueError(accounts)
        if self._staff is not None and not self._staff.done():
            self._staff.set_result(None if accounts is None else tuple(map(str, accounts)))

    async def close(self) -> None:
        """Break off what runs."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _starts(self, work: Any) -> bool:
        if self.busy:
            work.close()
            return False
        self.answers(None)
        self._staff = None
        self._task = asyncio.create_task(work)
        return True

    async def _drops(self, file: Path, folder: "tempfile.TemporaryDirectory[str]", language: str) -> None:
        with folder:
            async with self._telling(language):
                self._tell({"t": "progress", "done": 0, "total": 0})
                export, people = await dropping.opened(file, language)
                staff = await self._asked(people) if people else ()
                if staff is not None:
                    known = {one.account for one in people}
                    options = Options(staff=tuple(one for one in staff if one in known))
                    await self._replays(export, options, language)

    async def _sample(self, language: str) -> None:
        async with self._telling(language):
            self._tell({"t": "progress", "done": 0, "total": 0})
            with resources.as_file(resources.files("adapters").joinpath("samples")) as sample:
                export, _ = await dropping.opened(sample / "slack", language)
                await self._replays(export, Options(teams=team.load(sample / "team.toml")), language)

    async def _asked(self, people: tuple[dropping.Author, ...]) -> tuple[str, ...] | None:
        """Who of these is staff; None: nobody answered, or another file came."""
        shown = [{"id": one.account, "name": one.name, "count": one.count} for one in people]
        mine: asyncio.Future[tuple[str, ...] | None] = asyncio.get_running_loop().create_future()
        self._staff = mine
        self._tell({"t": "authors", "people": shown})
        try:
            async with asyncio.timeout(WAIT):
                return await mine
        except TimeoutError:
            return None
        finally:
            if self._staff is mine:
                self._staff = None

    async def _replays(self, export: Any, options: Options, language: str) -> None:
        done = await dropping.replayed(export, self._build, self._policy, language, options, self._progress)
        self._tell({"t": "replayed", "cards": done.cards, "skipped": done.skipped, "more": done.more})

    @contextlib.asynccontextmanager
    async def _telling(self, language: str) -> Any:
        """Whatever goes wrong is told, and nothing runs any more."""
        try:
            yield
        except dropping.Unreadable as error:
            self._tell({"t": "trouble", "text": str(error), "replay": True})
        except Exception:
            self._tell({"t": "trouble", "text": say(language, "playground.trouble.failed"), "replay": True})
            raise

    def _progress(self, done: int, total: int) -> None:
        self._tell({"t": "progress", "done": done, "total": total})
