"""Replay: a real export goes through the very same door, and a person reads who would have been noticed."""

from adapters.replay.feed import Options, Replayed, replay

__all__ = ["Options", "Replayed", "replay"]
