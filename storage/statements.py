"""The statements on the path of every message, in the words of both databases, run on the driver's own cursor.

Each is set-based, finds its rows by an index (tests/storage/test_statements.py asks EXPLAIN), and takes its sets as one
parameter, so that its text never changes: json_each on SQLite, arrays on PostgreSQL.
"""

from dataclasses import dataclass
from typing import Final

MESSAGE_COLUMNS: Final = (
    "root", "place_id", "message_id", "edit", "speaker", "customer_id", "attributed_id", "author", "sent_at",
    "thread", "reply_to", "mentions", "direct", "body", "content_key", "raw_key", "numbers_key", "bitmap", "alike",
)  # fmt: skip
OWNER_COLUMNS: Final = "c.lookup, c.customer_id, coalesce(u.merged_into, u.id), c.source = 'seen', u.name IS NULL"
KNOWN_COLUMNS: Final = (
    "m.id, m.root, m.place_id, m.message_id, m.edit, m.speaker, m.customer_id, m.sent_at, m.raw_key, m.deleted_at"
)
TRACE_COLUMNS: Final = "m.id, m.root, m.sent_at, m.content_key, m.raw_key, m.numbers_key, m.bitmap, m.alike"


@dataclass(frozen=True, slots=True)
class Statements:
    """One dialect's texts."""

    epoch: str
    contacts: str
    hold: str
    bump: str
    known: str
    insert: str
    recent: str
    body: str


SQLITE: Final = Statements(
    epoch="SELECT value FROM epochs WHERE name = 'people'",
    contacts=f"SELECT {OWNER_COLUMNS} FROM json_each(?) AS j"
    " CROSS JOIN contacts AS c ON c.lookup = j.value CROSS JOIN customers AS u ON u.id = c.customer_id",
    hold="SELECT u.id, u.version FROM json_each(?) AS j CROSS JOIN customers AS u ON u.id = j.value",
    bump="UPDATE customers SET version = version + 1 WHERE id IN (SELECT value FROM json_each(?))",
    known=f"SELECT {KNOWN_COLUMNS}"
    " FROM json_each(?) AS j CROSS JOIN messages AS m"
    " ON m.place_id = json_extract(j.value, '$[0]') AND m.message_id = json_extract(j.value, '$[1]')",
    insert=f"INSERT INTO messages ({', '.join(MESSAGE_COLUMNS)}) VALUES ({', '.join('?' * len(MESSAGE_COLUMNS))})",
    recent=f"SELECT {TRACE_COLUMNS}, d.detection_id FROM messages AS m LEFT JOIN detection_messages AS d"
    " ON d.message_id = coalesce(m.root, m.id) AND d.live = 1"
    " WHERE m.customer_id = ? AND m.sent_at BETWEEN ? AND ? AND m.content_key IS NOT NULL ORDER BY m.sent_at, m.id",
    body="SELECT m.body FROM messages AS m WHERE m.id = ?",
)

_TYPES: Final = {
    "root": "bigint", "place_id": "bigint", "customer_id": "bigint", "attributed_id": "bigint", "sent_at": "bigint",
    "direct": "boolean", "body": "bytea", "content_key": "bytea", "raw_key": "bytea", "numbers_key": "bytea",
    "bitmap": "bytea", "alike": "bytea",
}  # fmt: skip
_ARRAYS: Final = ", ".join(f"%s::{_TYPES.get(name, 'text')}[]" for name in MESSAGE_COLUMNS)

POSTGRESQL: Final = Statements(
    epoch="SELECT value FROM epochs WHERE name = 'people' FOR SHARE",
    contacts=f"SELECT {OWNER_COLUMNS} FROM contacts AS c"
    " JOIN customers AS u ON u.id = c.customer_id WHERE c.lookup = ANY(%s::text[])",
    hold="SELECT id, version FROM customers WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE",
    bump="UPDATE customers SET version = version + 1 WHERE id = ANY(%s::bigint[])",
    known=f"SELECT {KNOWN_COLUMNS}"
    " FROM unnest(%s::bigint[], %s::text[]) AS j(place_id, message_id) JOIN messages AS m"
    " ON m.place_id = j.place_id AND m.message_id = j.message_id",
    insert=f"INSERT INTO messages ({', '.join(MESSAGE_COLUMNS)}) SELECT * FROM unnest({_ARRAYS})"
    " ON CONFLICT DO NOTHING RETURNING id, place_id, message_id, edit",
    recent=SQLITE.recent.replace("?", "%s").replace("d.live = 1", "d.live"),
    body=SQLITE.body.replace("?", "%s"),
)
