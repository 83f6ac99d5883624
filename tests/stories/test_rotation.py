"""The company changes its key: texts and counts stay, the old key alone opens nothing."""

import asyncio
import time

import pytest
from harness import KEY, START, opened

from bot.domain.errors import KeyMissing
from storage.database import Database
from storage.keys import Keys, new_key
from storage.rotation import Resealed, reseal_all, seals_of

STOCK, ADDRESS = "在庫の数がおかしいです", "住所を直してください"


def reseal(url: str, written: str) -> Resealed:
    database = Database(url, written)
    try:
        resealed = reseal_all(database, START, lambda _: None)
        assert set(seals_of(database).values) == {seals_of(database).active}
        return resealed
    finally:
        database.close()


async def test_counts_and_texts_survive_a_new_key(database_url: str) -> None:
    new = new_key()
    async with opened(database_url) as house:
        await house.known("架空商事", "slack:TCUST:UKYAKU", "email::taro@yama.example")
        await house.customer().writes(STOCK, 0, 1, channel="before")
        numbers = house.numbers
    # Two texts, the customer's name and its mail address.
    assert reseal(database_url, f"{new},{KEY}").values == 4
    assert reseal(database_url, f"{new},{KEY}").values == 0
    async with opened(database_url, key=new) as house:
        house.numbers = numbers
        await house.customer("UOTHER", mail="taro@yama.example").writes(STOCK, 2)
        story = await house.only()
        assert (story.detection.count, story.customer.name) == (3, "架空商事")
        assert [m.text for m in story.messages] == [STOCK] * 3
        assert house.chain_break() is None
        assert (await house.audit()).count("keys.resealed") == 2


async def test_the_old_key_alone_is_refused_afterwards(database_url: str) -> None:
    new = new_key()
    async with opened(database_url) as house:
        await house.customer().says(STOCK)
    reseal(database_url, f"{new},{KEY}")
    with pytest.raises(KeyMissing):
        Database(database_url, KEY)


async def test_another_key_opens_nothing(database_url: str) -> None:
    async with opened(database_url) as house:
        await house.customer().says(STOCK)
    with pytest.raises(KeyMissing):
        Database(database_url, new_key())


async def test_a_house_with_both_keys_works_while_seals_are_mixed(database_url: str) -> None:
    new = new_key()
    async with opened(database_url) as house:
        await house.customer(name="架空太郎").writes(STOCK, 0, 1)
        numbers = house.numbers
    async with opened(database_url, key=f"{new},{KEY}") as house:
        house.numbers = numbers
        await house.customer().writes(STOCK, 2)
        assert [m.text for m in (await house.only()).messages] == [STOCK] * 3
        assert len(seals_of(house.database).values) == 2


async def test_a_text_redacted_during_a_rotation_stays_away(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    new = new_key()
    async with opened(database_url, key=f"{new},{KEY}") as house:
        loop = asyncio.get_running_loop()
        with monkeypatch.context() as patch:
            patch.setattr(house.database.keys, "active", Keys(KEY).active)
            event = await house.customer().says(STOCK)
        rotating, redacted = Database(database_url, f"{new},{KEY}"), []
        unsealed = rotating.keys.open

        def redact_meanwhile(sealed: bytes, place: bytes) -> str:
            loop.call_soon_threadsafe(lambda: redacted.append(asyncio.ensure_future(house.redact(event))))
            time.sleep(0.3)  # between the rotation's reading of the text and its writing
            return unsealed(sealed, place)

        monkeypatch.setattr(rotating.keys, "open", redact_meanwhile)
        await asyncio.to_thread(reseal_all, rotating, START, lambda _: None)
        await asyncio.gather(*redacted)
        rotating.close()
        assert house.one("SELECT count(*) FROM messages WHERE body IS NOT NULL") == 0
