"""A replay writes into its own file: never into a live database, nor into the file of another replay."""

from pathlib import Path

import pytest
from harness import opened

from adapters import pack, wiring
from adapters.replay.watch import FollowingClock
from bot.domain.errors import BadInput
from storage.keys import key_file


async def opens(path: Path, identity: int) -> None:
    async with wiring.throw_away(pack.load(None), FollowingClock(), path, identity):
        pass


async def test_a_live_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "live.db"
    async with opened(f"sqlite:///{path}", key=key_file(path.with_suffix(".key"))) as house:
        await house.customer().says("請求書を直してください")
        before = await house.audit()
        with pytest.raises(BadInput):
            await opens(path, 7)
        assert await house.audit() == before


async def test_a_file_belongs_to_one_replay(tmp_path: Path) -> None:
    path = tmp_path / "replay.db"
    await opens(path, 7)
    await opens(path, 7)
    with pytest.raises(BadInput):
        await opens(path, 8)
