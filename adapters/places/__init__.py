"""TOML with line numbers: what a person wrote, read so that every mistake can say in which file and line it stands."""

from adapters.places.document import Document, contents, decode, parse, read
from adapters.places.lines import Place
from adapters.places.suggestion import known_zone, mistaken, shown, zones
from adapters.places.table import Table

__all__ = [
    "Document",
    "Place",
    "Table",
    "contents",
    "decode",
    "known_zone",
    "mistaken",
    "parse",
    "read",
    "shown",
    "zones",
]
