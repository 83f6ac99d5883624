"""Keys: the company's key that seals texts, and the look-up key that it seals (rules.md 4)."""

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.domain.errors import KeyMissing

KEY_BYTES: Final = 32
ID_BYTES: Final = 4
NONCE_BYTES: Final = 12


def new_key() -> str:
    """A fresh key in the form that KASUHARA_KEY and the key file take."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class Key:
    """One 256-bit key; its id is what a sealed value names and says nothing about the key."""

    id: bytes
    cipher: AESGCM

    @classmethod
    def parse(cls, written: str) -> "Key":
        try:
            raw = base64.urlsafe_b64decode(written.strip())
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != KEY_BYTES:
            raise KeyMissing("key.malformed")
        return cls(hashlib.sha256(b"kasuhara key id" + raw).digest()[:ID_BYTES], AESGCM(raw))


class Keys:
    """Seals with the first key, opens with any; what is sealed by a key not given raises KeyMissing."""

    def __init__(self, written: str) -> None:
        """`written` is one key, or several separated by commas, the newest first."""
        keys = [Key.parse(part) for part in written.split(",") if part.strip()]
        if not keys:
            raise KeyMissing("key.malformed")
        self.active = keys[0]
        self._by_id = {key.id: key for key in keys}

    def seal(self, text: str, place: bytes) -> bytes:
        return self.seal_bytes(text.encode("utf-8", "replace"), place)

    def seal_bytes(self, plain: bytes, place: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return self.active.id + nonce + self.active.cipher.encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> str:
        return self.open_bytes(sealed, place).decode()

    def open_bytes(self, sealed: bytes, place: bytes) -> bytes:
        key = self._by_id.get(bytes(sealed[:ID_BYTES]))
        if key is None:
            raise KeyMissing("key.unknown")
        body = ID_BYTES + NONCE_BYTES
        try:
            return key.cipher.decrypt(bytes(sealed[ID_BYTES:body]), bytes(sealed[body:]), place)
        except (InvalidTag, ValueError):
            raise KeyMissing("key.damaged") from None


def key_file(beside: Path) -> str:
    """The key beside a SQLite file, made with mode 0600 on the first start."""
    if not beside.exists():
        beside.parent.mkdir(parents=True, exist_ok=True)
        draft = beside.with_name(f"{beside.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # somebody else started at the same moment: theirs is the key
            os.link(draft, beside)
        draft.unlink()
    return ",".join(beside.read_text().split())


class Lookup:
    """Keyed hashes that survive a rotation of the company's key: look-up, counting, the audit chain."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.content_key = self.derive(b"content")

    def derive(self, purpose: bytes) -> bytes:
        """A key for one purpose; purposes never share hashes."""
        return hmac.digest(self._key, purpose, "sha256")

    def hash(self, purpose: bytes, value: str) -> bytes:
        return hmac.digest(self.derive(purpose), value.encode("utf-8", "replace"), "sha256")[:16]
