"""Telephone numbers: one form for each, a Chinese sentence for what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.fields import InvalidPhone, normalise_phone, phone_hash, phone_hashes

MOBILES = st.from_regex(r"1(3[0-9]|5[0-35-9]|8[0-9])[0-9]{8}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "13812345678"),
        (" 138 1234 5678 ", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("１３８－１２３４－５６７８", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("0571-87654321", "0571-87654321"),
        ("057187654321", "0571-87654321"),
        ("（010）62345678", "010-62345678"),
        ("0571-87654321转801", "0571-87654321转801"),
        ("0571-87654321 分机 801", "0571-87654321转801"),
        ("400-123-4567", "4001234567"),
        ("800 123 4567", "8001234567"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_each_way_of_writing_leads_to_one_form(typed: str, kept: str) -> None:
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("87654321", "加上区号"),
        ("1381234567", "您输入了 10 位"),
        ("138123456789", "您输入了 12 位"),
        ("", "11 位手机号"),
        ("没有电话", "11 位手机号"),
        ("13812345678abc", "11 位手机号"),
        ("12345", "11 位手机号"),
        ("１" * 300, "11 位手机号"),
    ],
)
def test_a_number_that_nobody_could_ring_is_refused_with_advice(typed: str, advice: str) -> None:
    with pytest.raises(InvalidPhone, match=advice):
        normalise_phone(typed)


@given(MOBILES)
def test_a_kept_number_is_kept_as_it_is(number: str) -> None:
    kept = normalise_phone(number)

    assert normalise_phone(kept) == kept == number


def test_the_same_number_has_the_same_hash_and_none_has_none() -> None:
    assert phone_hash("13812345678") == phone_hash("13812345678") != phone_hash("13812345679")
    assert phone_hash("0571-87654321转801") == phone_hash("0571-87654321")
    assert (phone_hash(""), phone_hashes("")) == ("", [])


def test_a_number_is_looked_up_under_every_key_and_written_under_the_newest(
    settings: Settings,
) -> None:
    old = phone_hash("13812345678")

    settings.FIELD_KEYS = ["bmV3" * 11, *settings.FIELD_KEYS]

    assert phone_hash("13812345678") != old
    assert phone_hashes("13812345678") == [phone_hash("13812345678"), old]
