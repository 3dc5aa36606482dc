"""What is hidden in a citizen's words, and what must stay readable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.fields import mask_id, mask_name, mask_phone, mask_text
from accounts.masking import check_digit

ID = "33010619900101123" + check_digit("33010619900101123")
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
WORDS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=12)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("0571-87654321", "0571-****4321"),
        ("0571-87654321转801", "0571-****4321"),
        ("4001234567", "400****567"),
        ("95588", "*****"),
        ("", ""),
    ],
)
def test_a_number_shows_its_ends(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("张小三", "张**"), ("买买提·艾力", "买***"), ("", "")]
)
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_an_id_number_shows_its_ends() -> None:
    assert mask_id(ID) == f"330***********{ID[-4:]}"
    assert mask_id("1234") == "***"


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138-1234-5678",
        "138 1234 5678",
        "138－1234－5678",
        "１３８１２３４５６７８",
        "138 123 45678",
        "138 12 34 56 78",
        "1381 234 5678",
        "1381 2345 678",
        "138 - 1234 - 5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "+86 13812345678",
        "8613812345678",
        "0086-138-1234-5678",
    ],
)
def test_a_mobile_number_is_hidden_however_it_is_written(written: str) -> None:
    assert mask_text(f"请回电{written}，谢谢") == "请回电138****5678，谢谢"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("座机0571-87654321。", "座机0571-****4321。"),
        ("座机(0571)87654321。", "座机0571-****4321。"),
        ("座机０５７１８７６５４３２１。", "座机0571-****4321。"),
        ("010 6234 5678", "010-****5678"),
        ("联系电话：87654321", "联系电话：****4321"),
        ("电话8765 4321", "电话****4321"),
        ("电话号码是8765432。", "电话号码是****5432。"),
        ("手机一三八一二三四五六七八", "手机一三八****五六七八"),
        ("微信wx13812345678", "微信wx138****5678"),
        ("13812345678/13912345678", "138****5678/139****5678"),
    ],
)
def test_other_numbers_are_hidden_too(text: str, shown: str) -> None:
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    "written",
    [
        ID,
        f"{ID[:6]} {ID[6:14]} {ID[14:]}",
        f"{ID[:6]}-{ID[6:14]}-{ID[14:]}",
        "33010619900101123x",
        "３３０１０６１９９００１０１１２３Ｘ",
        "330106900101123",
    ],
)
def test_an_id_number_is_hidden_even_with_a_slip_in_it(written: str) -> None:
    shown = mask_text(f"身份证{written}号")

    assert re.fullmatch(r"身份证330\*+.{4}号", shown)


@pytest.mark.parametrize(
    "card", ["6222021234567890128", "6222 0212 3456 7890 128", "4111-1111-1111-1111"]
)
def test_a_bank_card_is_hidden(card: str) -> None:
    assert "*" * 8 in mask_text(f"卡号{card}，退到这里")


@pytest.mark.parametrize(
    "text",
    [
        "工单990100202611230000013什么时候办",
        "工单SZPS202611231234560001",
        "〔2025〕66号文",
        "国办发〔2020〕45号、2026-11-23 13:20:30、20261123",
        "18位单号261123202030000017",
        "欠薪15000.50元，面积138.1234平方米",
        "订单6222021234567890127号",
        "18位编号330106202630001234",
        "15位设备号863010190001234",
        "热线12345、110、95598、12333，客服400-123-4567",
        "合同编号2026112300001",
        "发票号码6008937",
        "二〇二五年一月",
        "邮编330106，3号楼2单元1502室",
    ],
)
def test_other_figures_stay_readable(text: str) -> None:
    assert mask_text(text) == text


@given(WORDS, MOBILES, WORDS)
def test_no_mobile_number_survives_in_any_words(before: str, number: str, after: str) -> None:
    shown = mask_text(before + number + after)

    assert number not in shown
    assert f"{number[:3]}****{number[-4:]}" in shown


@given(st.text(st.sampled_from("0123456789Xx- ０１２１３８第号电话〔〕"), max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask_text(text)

    assert mask_text(once) == once


def test_a_long_text_is_masked_quickly() -> None:
    text = "小区楼下商铺噪声扰民12号楼，" * 700 + "13812345678"

    assert mask_text(text).endswith("138****5678")
