"""Counting: which windows a message fills, and the bursts they make (rules.md 2)."""

from bot.domain.repetition.burst import Burst, bursts_of, gathered, joined
from bot.domain.repetition.fill import Fill, reach
from bot.domain.repetition.timeline import MIXED, SLACK, Timeline

__all__ = ["MIXED", "SLACK", "Burst", "Fill", "Timeline", "bursts_of", "gathered", "joined", "reach"]
