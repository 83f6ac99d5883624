"""How grave something is: four levels, the same word everywhere (glossary.md)."""

from enum import IntEnum


class Severity(IntEnum):
    """Critical means that a body is in danger: only a person says so."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def key(self) -> str:
        """low, medium, high, critical: as packs and screens write it."""
        return self.name.lower()

    @classmethod
    def named(cls, key: str) -> "Severity":
        """The severity of a key; ValueError for another word."""
        try:
            return cls[key.upper()]
        except KeyError:
            raise ValueError(key) from None
