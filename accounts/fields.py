"""Personal data at rest: encrypted columns and the keyed hash that finds a phone number."""

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from accounts.masking import mask_id, mask_name, mask_phone, mask_text
from accounts.phones import InvalidPhone, normalise_phone

__all__ = [
    "EncryptedTextField",
    "InvalidPhone",
    "encrypted_columns",
    "mask_id",
    "mask_name",
    "mask_phone",
    "mask_text",
    "normalise_phone",
    "phone_hash",
    "phone_hashes",
]


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
    _Equal = Exact[str]
else:
    _Text = models.TextField
    _Equal = Exact


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> MultiFernet:
    """Build the ciphers once a set of keys; the first one writes."""
    return MultiFernet([Fernet(key) for key in keys])


@lru_cache(maxsize=32)
def _hash_key(field_key: str) -> bytes:
    """Derive the hash's own key, so that the hash says nothing about the cipher."""
    return hmac.new(field_key.encode(), b"phone-hash", hashlib.sha256).digest()


def _hash(field_key: str, number: str) -> str:
    """Hash the line, not the desk: an extension behind 转 makes no other caller."""
    line = number.partition("转")[0]
    return hmac.new(_hash_key(field_key), line.encode(), hashlib.sha256).hexdigest()


def phone_hash(number: str) -> str:
    """Hash a normalised number under the newest key (号码指纹), 64 hex digits; "" for none."""
    return _hash(settings.FIELD_KEYS[0], number) if number else ""


def phone_hashes(number: str) -> list[str]:
    """Hash a normalised number under every key, newest first, to look it up during a rotation."""
    return [_hash(key, number) for key in settings.FIELD_KEYS] if number else []


class EncryptedTextField(_Text):
    """A text column that is ciphertext at rest (加密字段); the empty text stays empty."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """Decrypt what the database holds, whichever key wrote it."""
        if not value:
            return value
        return _ciphers(tuple(settings.FIELD_KEYS)).decrypt(value.encode()).decode()

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt under the newest key."""
        plain = super().get_prep_value(value)
        if not plain:
            return plain
        return _ciphers(tuple(settings.FIELD_KEYS)).encrypt(plain.encode()).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse questions that ciphertext cannot answer."""
        if lookup_name not in {"exact", "isnull"}:
            raise FieldError(f"{self.name} is encrypted: {lookup_name} finds nothing")
        return super().get_lookup(lookup_name)


def encrypted_columns(model: type[models.Model]) -> list[str]:
    """Name the encrypted columns of a model (加密字段)."""
    return [f.name for f in model._meta.fields if isinstance(f, EncryptedTextField)]


@EncryptedTextField.register_lookup
class _EmptyOnly(_Equal):
    """Let `field=""` through: the only text that is equal to itself when encrypted."""

    def get_prep_lookup(self) -> Any:
        if self.rhs:
            raise FieldError("An encrypted column can only be compared with the empty text")
        return self.rhs
