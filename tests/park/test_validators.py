"""Identity numbers, mobiles, credit codes and names: the listed vectors, and properties over all of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from park import validators
from park.validators import CREDIT_ALPHABET, ResidentId

DIGITS = "0123456789"
FULL_WIDTH = str.maketrans(
    "0123456789ABCDEFGHJKLMNPQRTUWXY", "０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＸＹ"
)


def refusal(check, value) -> str:
    """The one sentence with which a value is refused."""
    with pytest.raises(ValidationError) as caught:
        check(value)
    (sentence,) = caught.value.messages
    assert sentence.endswith("。")
    assert sentence.count("。") == 1
    sentence.encode()  # no lone surrogate may travel on in a message
    return sentence


@st.composite
def resident_ids(draw):
    born = draw(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
    first17 = f"{draw(st.integers(100000, 999999))}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first17 + validators.resident_check_digit(first17)


@st.composite
def credit_codes(draw):
    first17 = draw(st.text(CREDIT_ALPHABET, min_size=17, max_size=17))
    return first17 + validators.credit_check_char(first17)


mobiles = st.builds("1{}{}".format, st.integers(3, 9), st.text(DIGITS, min_size=9, max_size=9))
anything = st.text(st.characters(), max_size=40)


# ── identity numbers ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("321102197501011230", date(1975, 1, 1), "1"),
        ("32112119750101123X", date(1975, 1, 1), "1"),
        ("321183198503031238", date(1985, 3, 3), "1"),
    ],
)
def test_resident_id_listed_vectors(number, born, sex):
    assert ResidentId.parse(number) == ResidentId(number, born, sex, number[:6])


@pytest.mark.parametrize(
    "typed",
    [
        "32112119750101123x",
        " 321121 19750101 123X ",
        "３２１１２１１９７５０１０１１２３Ｘ",
        "321121\u300019750101\u200b123ｘ\ufeff",
        "321121750101123",  # fifteen digits, as issued before 1999
    ],
)
def test_resident_id_normalised(typed):
    assert validators.resident_id(typed) == "32112119750101123X"


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000", "911000", "321171", "999999"])
def test_resident_id_region_is_never_an_error(prefix):
    first17 = f"{prefix}19800229001"
    number = first17 + validators.resident_check_digit(first17)
    assert ResidentId.parse(number).region == prefix


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写身份证号码。"),
        (None, "请填写身份证号码。"),
        ("32110219750101123", "身份证号码应为18位，现在是17位。"),
        ("3211021975010112300", "身份证号码应为18位，现在是19位。"),
        ("3211021975010112X0", "身份证号码第17位（“X”）不是数字，字母X只能在第18位。"),
        ("32110219750101123O", "身份证号码第18位（“O”）不是数字。"),
        ("3211O2197501011230", "身份证号码第5位（“O”）不是数字。"),
        ("321102\x0019750101123", "身份证号码第7位（U+0000）不是数字。"),
        ("321102\ud80019750101123", "身份证号码第7位（U+D800）不是数字。"),
        ("٣٢١١٠٢١٩٧٥٠١٠١١٢٣٠", "身份证号码第1位（“٣”）不是数字。"),
        ("321102197502311230", "身份证号码第7至14位（19750231）不是真实的日期。"),
        ("321102189912311230", "身份证号码第7至14位（18991231）应在1900年至今天之间。"),
        ("321102000000001230", "身份证号码第7至14位（00000000）不是真实的日期。"),
        ("321102197501011231", "身份证号码的末位校验码不对，请逐位核对。"),
    ],
)
def test_resident_id_refusals(typed, sentence):
    assert refusal(validators.resident_id, typed) == sentence


def test_resident_id_born_tomorrow():
    from django.utils import timezone

    tomorrow = timezone.localdate() + timedelta(days=1)
    first17 = f"321102{tomorrow:%Y%m%d}123"
    sentence = refusal(validators.resident_id, first17 + validators.resident_check_digit(first17))
    assert sentence == f"身份证号码第7至14位（{tomorrow:%Y%m%d}）应在1900年至今天之间。"


@given(resident_ids())
def test_resident_id_valid_numbers_pass_and_stay_themselves(number):
    person = ResidentId.parse(number)
    assert (person.number, f"{person.birth_date:%Y%m%d}") == (number, number[6:14])
    assert person.sex == ("1" if number[16] in "13579" else "2")
    assert validators.resident_id(validators.resident_id(number.translate(FULL_WIDTH).lower())) == number


@given(resident_ids(), st.data())
def test_resident_id_any_single_change_is_refused(number, data):
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from((DIGITS + "X" * (place == 17)).replace(number[place], "")))
    refusal(validators.resident_id, number[:place] + other + number[place + 1 :])


@given(resident_ids(), st.integers(0, 16))
def test_resident_id_any_swap_of_neighbours_is_refused(number, place):
    a, b = number[place : place + 2]
    swapped = number[:place] + b + a + number[place + 2 :]
    if a == b:
        assert validators.resident_id(swapped) == number
    else:
        refusal(validators.resident_id, swapped)


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_resident_id_of_fifteen_digits_gets_its_century(born, order):
    person = ResidentId.parse(f"321102{born:%y%m%d}{order:03}")
    assert (person.birth_date, person.number[:6], person.number[14:17]) == (born, "321102", f"{order:03}")
    assert ResidentId.parse(person.number) == person


# ── mobiles ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "typed",
    [
        "13800001111", "138 0000 1111", "138-0000-1111", "+8613800001111", "+86 138 0000 1111",
        "008613800001111", "8613800001111", "１３８００００１１１１",
    ],
)  # fmt: skip
def test_mobile_normalised(typed):
    assert validators.mobile(typed) == "13800001111"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写手机号码。"),
        ("1380000111", "手机号码应为11位，现在是10位。"),
        ("138000011112", "手机号码应为11位，现在是12位。"),
        ("1380000111a", "手机号码第11位（“A”）不是数字。"),
        ("12800001111", "手机号码应以13至19开头。"),
        ("051185000000"[:11], "手机号码应以13至19开头。"),
    ],
)
def test_mobile_refusals(typed, sentence):
    assert refusal(validators.mobile, typed) == sentence


@given(mobiles)
def test_mobile_valid_numbers_pass_and_stay_themselves(number):
    assert validators.mobile(number) == number
    assert validators.mobile(f"+86 {number[:3]} {number[3:]}") == number


# ── credit codes ────────────────────────────────────────────────────────────────────────────────


def test_credit_code_listed_vector():
    assert validators.credit_code(" 91110000６00037341l ".upper()) == "91110000600037341L"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写统一社会信用代码。"),
        ("9111000060003734", "统一社会信用代码应为18位，现在是16位。"),
        ("9111OOOO600037341L", "统一社会信用代码第5位（“O”）不是规定的字符，代码不使用字母I、O、S、V、Z。"),
        ("9111000060003734中L", "统一社会信用代码第17位（“中”）不是规定的字符。"),
        ("91110000600037342L", "统一社会信用代码的末位校验码不对，请逐位核对。"),
    ],
)
def test_credit_code_refusals(typed, sentence):
    assert refusal(validators.credit_code, typed) == sentence


@given(credit_codes())
def test_credit_code_valid_codes_pass_and_stay_themselves(code):
    assert validators.credit_code(code) == code
    assert validators.credit_code(f" {code[:8]}-{code[8:]} ".lower().translate(FULL_WIDTH)) == code


@given(credit_codes(), st.data())
def test_credit_code_any_single_change_is_refused(code, data):
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from(CREDIT_ALPHABET.replace(code[place], "")))
    refusal(validators.credit_code, code[:place] + other + code[place + 1 :])


# ── names and free text ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张三", "张三"),
        ("王　芳", "王芳"),
        ("镕喆玥垚昇堃珺䶮", "镕喆玥垚昇堃珺䶮"),
        ("李\U00020164", "李\U00020164"),  # 𠅤, extension B
        ("王\U00030edd", "王\U00030edd"),  # extension G
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提"),
        ("王〇", "王〇"),
    ],
)
def test_person_name_accepted(typed, name):
    assert validators.person_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写姓名。"),
        ("张", "姓名应为2至30个字，现在是1个。"),
        ("张" * 31, "姓名应为2至30个字，现在是31个。"),
        ("Zhang", "姓名第1个字符（“Z”）不是汉字。"),
        ("张3", "姓名第2个字符（“3”）不是汉字。"),
        ("张\x00三", "姓名第2个字符（U+0000）不是汉字。"),
        ("张\udfff", "姓名第2个字符（U+DFFF）不是汉字。"),
        ("张\ue000", "姓名第2个字符（U+E000）不是汉字。"),
        ("·张三", "姓名中的间隔号“·”只能单独放在两个字之间。"),
        ("张··三", "姓名中的间隔号“·”只能单独放在两个字之间。"),
        ("··", "姓名中的间隔号“·”只能单独放在两个字之间。"),
    ],
)
def test_person_name_refusals(typed, sentence):
    assert refusal(validators.person_name, typed) == sentence


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=30))
def test_person_name_any_han_passes_and_stays_itself(name):
    assert validators.person_name(name) == name


def test_clean_text_keeps_prose():
    assert validators.clean_text("第一行\r\n第二行\t𠅤 😀\r") == "第一行\n第二行\t𠅤 😀\n"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\x00", "U+0000"),
        ("a\ud83d", "U+D83D"),
        ("a\x1b", "U+001B"),
        ("a\u202e", "U+202E"),
        ("a\uffff", "U+FFFF"),
    ],
)
def test_clean_text_refuses_what_nothing_can_carry(typed, shown):
    sentence = f"第2个字符（{shown}）是无法保存的控制字符，请删去后重新填写。"
    assert refusal(validators.clean_text, typed) == sentence


# ── every validator, on anything at all ─────────────────────────────────────────────────────────

ALL = [
    validators.resident_id, validators.mobile, validators.credit_code, validators.person_name, validators.clean_text,
]  # fmt: skip


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
@given(value=anything)
@example(value="\ud800")
@example(value="\ufdfa" * 40)  # one character that NFKC makes eighteen of
def test_any_text_is_accepted_canonically_or_refused_in_one_sentence(check, value):
    try:
        canonical = check(value)
    except ValidationError as error:
        (sentence,) = error.messages
        sentence.encode()
    else:
        assert check(canonical) == canonical
        canonical.encode()


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
def test_a_hundred_thousand_characters_are_answered(check):
    answer = refusal(check, "９" * 99_999 + "\x00")
    assert len(answer) < 60
