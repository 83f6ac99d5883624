"""A customer who writes the same again and again is noticed once, wherever they write it."""

from datetime import timedelta

import pytest
from harness import Harness

from bot.domain.model import Kind, Platform

MINUTE = timedelta(minutes=1)


@pytest.mark.req("S0-16")
async def test_a_flood_over_three_channels_and_two_platforms_is_one_detection(house: Harness) -> None:
    await house.known("架空商事", "slack:TCUST:UA", "discord:G1:900")
    slack = house.customer("UA")
    discord = house.customer("900", platform=Platform.DISCORD, workspace="G1", home="G1")
    await slack.says("在庫の数が合いません。直してください", "support")
    house.clock.advance(minutes=2)
    await slack.says("在庫の数が合いません。直してください!!", "billing")
    house.clock.advance(minutes=2)
    await discord.says("在庫の数が合いません、直してください", "help")
    story = await house.only()
    assert (story.detection.window, story.detection.count, story.detection.kind) == ("10m", 3, Kind.NEAR)
    assert story.detection.at == house.clock.now
    assert {m.channel for m in story.messages} == {"support", "billing", "help"}
    assert story.customer.name == "架空商事"
