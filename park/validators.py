"""Is this text what the form asks for? Identity numbers, mobiles, credit codes, names (domain.md §2.8).

Each function returns the value in its one canonical spelling, or raises a ValidationError of one plain Chinese
sentence; so it serves as a cleaner in code and as a validator of a field. Messages never repeat the whole
value: they end up in logs and on screens that others see.
"""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
ID_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O S V Z
CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")
# C0 and C1 control characters but tab and line feed; marks that turn the writing direction; lone surrogates;
# and the non-characters that XML, and so docx, xlsx and PDF metadata, cannot carry.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# Han with its extensions: 〇, ext. A, the main block, compatibility forms, and planes 2 and 3 (ext. B and later).
_NOT_HAN = re.compile(r"[^〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_DOTS = re.compile(r"[•‧∙⋅・･﹒．]")


def _refuse(sentence: str, code: str = "invalid"):
    raise ValidationError(sentence, code=code)


def _shown(char: str) -> str:
    return f"“{char}”" if char.isprintable() and not char.isspace() else f"U+{ord(char):04X}"


def half_width(value) -> str:
    """Full-width digits, letters and signs as their ordinary forms; blanks at the ends dropped."""
    return unicodedata.normalize("NFKC", str(value or "")).strip()


def _compact(value) -> str:
    """Half-width, upper case, no blanks: how a number is meant, however it was typed."""
    return _SPACES.sub("", half_width(value)).upper()


def clean_text(value: str) -> str:
    """Free text with LF line ends; refuses what no database, PDF or spreadsheet can carry, or no reader can see."""
    text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
    if found := _FORBIDDEN.search(text):
        _refuse(
            f"第{found.start() + 1}个字符（{_shown(found[0])}）是无法保存的控制字符，请删去后重新填写。",
            "control",
        )
    return text


def resident_check_digit(first17: str) -> str:
    return ID_CHECKS[sum(int(d) * w for d, w in zip(first17, ID_WEIGHTS, strict=True)) % 11]


@dataclass(frozen=True)
class ResidentId:
    """What an identity number says about its holder. The region is where it was first issued: at most a hint."""

    number: str
    birth_date: date
    sex: str  # code of GB/T 2261.1: "1" 男, "2" 女
    region: str

    @classmethod
    def parse(cls, value):
        """Read an 18-digit identity number, or an old one of 15 digits, which gets its century and check digit.

        The same shape serves 港澳台居民居住证 and the foreigners' card of 2023; the region is never an error.
        """
        number = _compact(value)
        if not number:
            _refuse("请填写身份证号码。", "required")
        for place, char in enumerate(number, 1):
            if char not in "0123456789" and not (char == "X" and place == len(number) == 18):
                hint = "，字母X只能在第18位" if char == "X" else ""
                _refuse(f"身份证号码第{place}位（{_shown(char)}）不是数字{hint}。")
        if len(number) == 15:
            first17 = f"{number[:6]}19{number[6:]}"
            number = first17 + resident_check_digit(first17)
        if len(number) != 18:
            _refuse(f"身份证号码应为18位，现在是{len(number)}位。", "length")
        digits = number[6:14]
        try:
            born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            _refuse(f"身份证号码第7至14位（{digits}）不是真实的日期。", "date")
        if born.year < 1900 or born > timezone.localdate():
            _refuse(f"身份证号码第7至14位（{digits}）应在1900年至今天之间。", "date")
        if resident_check_digit(number[:17]) != number[17]:
            _refuse("身份证号码的末位校验码不对，请逐位核对。", "check")
        return cls(number, born, "1" if int(number[16]) % 2 else "2", number[:6])


def resident_id(value) -> str:
    """The identity number as 18 characters, GB 11643-1999."""
    return ResidentId.parse(value).number


def mobile(value) -> str:
    """A mainland mobile number of 11 digits; blanks, hyphens and the country code are dropped."""
    number = _compact(value).replace("-", "")
    number = re.sub(r"^(\+86|0086|86(?=[0-9]{11}$))", "", number)
    if not number:
        _refuse("请填写手机号码。", "required")
    if stray := re.search(r"[^0-9]", number):
        _refuse(f"手机号码第{stray.start() + 1}位（{_shown(stray[0])}）不是数字。")
    if len(number) != 11:
        _refuse(f"手机号码应为11位，现在是{len(number)}位。", "length")
    if not re.match(r"1[3-9]", number):
        _refuse("手机号码应以13至19开头。")
    return number


def credit_check_char(first17: str) -> str:
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[-total % 31]


def credit_code(value) -> str:
    """A 统一社会信用代码 of 18 characters, GB 32100-2015."""
    code = _compact(value).replace("-", "")
    if not code:
        _refuse("请填写统一社会信用代码。", "required")
    for place, char in enumerate(code, 1):
        if char not in CREDIT_ALPHABET:
            hint = "，代码不使用字母I、O、S、V、Z" if char in "IOSVZ" else ""
            _refuse(f"统一社会信用代码第{place}位（{_shown(char)}）不是规定的字符{hint}。")
    if len(code) != 18:
        _refuse(f"统一社会信用代码应为18位，现在是{len(code)}位。", "length")
    if credit_check_char(code[:17]) != code[17]:
        _refuse("统一社会信用代码的末位校验码不对，请逐位核对。", "check")
    return code


def person_name(value) -> str:
    """A name of 2–30 Han characters, rare ones included; `·` separates the parts of a transliterated name."""
    name = _DOTS.sub("·", _SPACES.sub("", str(value or "")))
    if not name:
        _refuse("请填写姓名。", "required")
    if found := _NOT_HAN.search(name.replace("·", "一")):
        _refuse(f"姓名第{found.start() + 1}个字符（{_shown(found[0])}）不是汉字。")
    if not 2 <= len(name) <= 30:
        _refuse(f"姓名应为2至30个字，现在是{len(name)}个。", "length")
    if name[0] == "·" or name[-1] == "·" or "··" in name:
        _refuse("姓名中的间隔号“·”只能单独放在两个字之间。")
    return name


# ── what a form or an address sends ─────────────────────────────────────────────────────────────
def is_uuid(text) -> bool:
    """A key sent by a form; nothing else is looked up."""
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def number_in(text, default=-1) -> int:
    """A number sent by a form; anything else is `default`, which no row has."""
    return int(text) if str(text).isdecimal() and len(str(text)) < 10 else default
