"""Encrypted columns: unreadable at rest, readable to us, under any key in use."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps
from pytest_django import Settings

from accounts.actions import rotate_fields
from accounts.fields import EncryptedTextField, phone_hash

Letter = type[models.Model]


@pytest.fixture
def letters(transactional_db: None) -> Iterator[Letter]:
    """A table of its own, so that the field is tested apart from who uses it."""
    with isolate_apps("accounts"):

        class Letter(models.Model):
            phone = EncryptedTextField(blank=True)
            phone_hash = models.CharField(max_length=64, blank=True)

            class Meta:
                app_label = "accounts"

    with connection.schema_editor() as editor:
        editor.create_model(Letter)
    yield Letter
    with connection.schema_editor() as editor:
        editor.delete_model(Letter)


def _write(letters: Letter, phone: str) -> None:
    letters._default_manager.create(phone=phone, phone_hash=phone_hash(phone))


def _read(letters: Letter) -> list[tuple[str, str]]:
    return list(letters._default_manager.order_by("pk").values_list("phone", "phone_hash"))


def _at_rest() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_letter ORDER BY id")
        return [phone for (phone,) in cursor.fetchall()]


def test_a_number_is_unreadable_at_rest_and_readable_to_us(letters: Letter) -> None:
    _write(letters, "13812345678")

    assert "13812345678" not in _at_rest()[0]
    assert _read(letters) == [("13812345678", phone_hash("13812345678"))]


def test_the_same_number_looks_different_each_time(letters: Letter) -> None:
    _write(letters, "13812345678")
    _write(letters, "13812345678")

    one, other = _at_rest()
    assert one != other


def test_nothing_stays_nothing_and_can_be_asked_for(letters: Letter) -> None:
    _write(letters, "")
    _write(letters, "13812345678")

    assert _at_rest()[0] == ""
    assert letters._default_manager.filter(phone="").count() == 1
    assert letters._default_manager.filter(phone__isnull=True).count() == 0


@pytest.mark.parametrize("question", ["phone", "phone__contains", "phone__startswith"])
def test_questions_that_ciphertext_cannot_answer_are_refused(
    letters: Letter, question: str
) -> None:
    with pytest.raises(FieldError):
        letters._default_manager.filter(**{question: "138"}).count()


def test_a_rotation_writes_all_rows_under_the_newest_key(
    letters: Letter, settings: Settings
) -> None:
    for n in range(5):
        _write(letters, f"1381234567{n}")
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    readable_under_both = _read(letters)

    count = rotate_fields(letters, batch=2)

    settings.FIELD_KEYS = [new]
    assert count == 5
    assert [phone for phone, _ in _read(letters)] == [phone for phone, _ in readable_under_both]
    assert all(kept == phone_hash(phone) for phone, kept in _read(letters))


def test_a_rotation_of_nothing_is_no_work(letters: Letter) -> None:
    assert rotate_fields(letters) == 0
