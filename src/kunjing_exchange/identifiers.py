"""Identifiers of people, organisations, schools and places: one small object per kind.

Each has ``compact`` (as it should be written), ``validate`` (all that is wrong with it), ``is_valid`` and ``parts``::

    >>> RESIDENT_ID.is_valid("11010519491231002X")
    True
    >>> RESIDENT_ID.parts("11010519491231002X").birth_date
    datetime.date(1949, 12, 31)

``compact`` takes away spaces and makes full-width digits and letters half-width; it never repairs a digit. ``validate``
judges the compact form; whether a file writes it so is for the patterns of the model. No message and no exception text
carries a value, because most values here name a person.

A valid number called invalid does more harm than the other way round: what real numbers are known to do (abolished
counties, residence permits of 81, 82 and 83, 15 digits) is a warning at most.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from operator import mul
from types import MappingProxyType
from typing import Literal, NamedTuple

from kunjing_exchange.codes import code_list, division_exists

__all__ = [
    "CERTIFICATE_NUMBER",
    "CREDIT_CODE",
    "DISABILITY_CERTIFICATE",
    "DIVISION6",
    "DIVISION9",
    "DIVISION12",
    "HOUSEHOLD_NUMBER",
    "IDENTIFIERS",
    "RESIDENT_ID",
    "SCHOOL_CODE",
    "STUDENT_NUMBER",
    "CreditCodeParts",
    "DisabilityCertificateParts",
    "DivisionParts",
    "Identifier",
    "LocalNumberParts",
    "ResidentIdParts",
    "SchoolCodeParts",
    "StudentNumberParts",
    "Verdict",
    "check_digit",
    "convert_15_to_18",
    "credit_code_check_char",
    "make_credit_code",
    "make_resident_id",
]

Kind = Literal["length", "characters", "date", "check_digit", "division", "legacy"]
Level = Literal["error", "warning"]

# Fixed bounds, not today's date: the same file must give the same findings tomorrow
_FIRST_BIRTH = date(1900, 1, 1)
_LAST_BIRTH = date(2199, 12, 31)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_VALUES = {char: value for value, char in enumerate(_CREDIT_ALPHABET)}
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

_HALF_WIDTH = {
    ord(wide): ord(wide) - 0xFEE0
    for wide in "０１２３４５６７８９"
    "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"
    "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ"
}

# fullmatch only: `$` would let a final newline pass, and \d would take １２３
_DIGITS = re.compile("[0-9]+")
_RESIDENT_18 = re.compile("[0-9]{17}[0-9X]")
_CREDIT_CODE = re.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CREDIT_FIRST_17 = re.compile("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{9}")
_LOCAL_NUMBER = re.compile(r"[0-9A-Za-z〔〕()（）号第字\-/一-龥]*")


class Verdict(NamedTuple):
    """One thing that is wrong with an identifier. The texts carry no value."""

    kind: Kind
    severity: Level
    zh: str
    en: str


class ResidentIdParts(NamedTuple):
    """What a resident id says. ``sex`` is a code of GB/T 2261.1; ``check`` is empty for 15 digits."""

    division: str
    birth_date: date
    sequence: str
    sex: str
    check: str


class CreditCodeParts(NamedTuple):
    """Registering department, kind of organisation, division of registration, organisation code (GB 11714), check."""

    department: str
    category: str
    division: str
    organisation: str
    check: str


class DisabilityCertificateParts(NamedTuple):
    """The holder's resident id, codes of GB/T 26341, and how often the certificate was reissued."""

    resident_id: ResidentIdParts
    disability_class: str
    disability_grade: str
    reissue: int


class StudentNumberParts(NamedTuple):
    """``prefix`` G (from the resident id), J (without one) or L (temporary). ``sex`` is known for G only.

    ``division`` is that of the resident id for G, of the school for J and L. ``check`` is empty for L.
    """

    prefix: str
    division: str
    birth_date: date
    sequence: str
    check: str
    sex: str | None


class SchoolCodeParts(NamedTuple):
    """A school identification code has no published parts."""

    code: str


class DivisionParts(NamedTuple):
    """The codes from the province down; None below the level of the code, and where a level is 00."""

    province: str
    city: str | None
    county: str | None
    township: str | None
    village: str | None


class LocalNumberParts(NamedTuple):
    """A number that a place gives by its own rule has no parts that are known everywhere."""

    number: str


_BAD_DATE = Verdict("date", "error", "出生日期部分不是有效日期", "the date of birth in it is not a real date")
_DATE_RANGE = Verdict(
    "date", "error", "出生日期部分不在1900年至2199年之间", "the date of birth in it is not between 1900 and 2199"
)
_BAD_CHECK = Verdict("check_digit", "error", "校验码不正确，请核对是否录错", "the check character is wrong")
_LEGACY = Verdict(
    "legacy",
    "warning",
    "是15位旧身份号码，请换成18位号码",
    "this is an old resident id of 15 digits; use the one of 18",
)
_ID_DIVISION = Verdict(
    "division",
    "warning",
    "前6位不是出生年份及以后有效的行政区划代码",
    "the first 6 digits were not a division in the year of birth or later",
)
_SCHOOL_DIVISION = Verdict(
    "division",
    "warning",
    "学校所在地代码不是有效的行政区划代码",
    "the division of the school is not one of GB/T 2260",
)
_CREDIT_DIVISION = Verdict(
    "division",
    "warning",
    "登记机关行政区划代码（第3至8位）不是有效的行政区划代码",
    "the division of registration (places 3 to 8) is not one of GB/T 2260",
)
_NO_DIVISION = Verdict(
    "division", "warning", "代码表中没有这个区划代码", "this division is not in the code list of the library"
)


def _length(zh: str, en: str) -> Verdict:
    return Verdict("length", "error", f"长度应为{zh}", f"the length must be {en}")


def _characters(zh: str, en: str) -> Verdict:
    return Verdict("characters", "error", f"含有不允许的字符：{zh}", f"a character is not allowed: {en}")


_ID_LENGTH = _length("18位", "18")
_ID_CHARACTERS = _characters("前17位应为数字，最后一位应为数字或X", "17 digits, then a digit or X")
_ID15_CHARACTERS = _characters("15位号码应全部为数字", "a number of 15 has digits only")
_CREDIT_LENGTH = _length("18位", "18")
_CREDIT_CHARACTERS = _characters(
    "只能用数字和除I、O、S、V、Z外的大写字母，第3至8位应为数字",
    "digits and capital letters but I, O, S, V and Z; places 3 to 8 are digits",
)
_CARD_LENGTH = _length("20位，补发的另加B和次数", "20, and B with the number of reissues after it")
_CARD_SUFFIX = _characters("第20位之后应为B加1至2位数字", "after place 20 only B and one or two digits")
_CARD_CLASS = _characters("第19位（残疾类别）应为1至7", "place 19 (class of disability) is 1 to 7")
_CARD_GRADE = _characters("第20位（残疾等级）应为1至4", "place 20 (grade of disability) is 1 to 4")
_STUDENT_LENGTH = _length("19位", "19")
_STUDENT_PREFIX = _characters("第1位应为G、J或L", "the first is G, J or L")
_STUDENT_CHARACTERS = _characters(
    "字母后应为17位数字，最后一位应为数字或X", "17 digits after the letter, then a digit or X"
)
_SCHOOL_LENGTH = _length("10位", "10")
_ONLY_DIGITS = _characters("应全部为数字", "digits only")
_LOCAL_LENGTH = _length("1至30个字符", "1 to 30")
_LOCAL_CHARACTERS = _characters(
    "只能用数字、字母、汉字、括号、连字符和斜线", "digits, letters, Chinese characters, brackets, hyphen and slash only"
)


def _compact(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text  # nearly every value of a file: nothing to take away
    return "".join(text.split()).translate(_HALF_WIDTH)


def _date_of(digits: str) -> date | None:
    """The day that eight digits write; None where there is no such day."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _judge_date(digits: str) -> Verdict | None:
    day = _date_of(digits)
    if day is None:
        return _BAD_DATE
    return None if _FIRST_BIRTH <= day <= _LAST_BIRTH else _DATE_RANGE


def _birth_date(digits: str) -> date:
    if _judge_date(digits) is not None:
        raise ValueError("the date of birth in it is not a real date between 1900 and 2199")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def check_digit(first17: str) -> str:
    """The 18th character of a resident id (GB 11643-1999, ISO 7064 MOD 11-2).

    Raises ValueError where the argument is not 17 digits.
    """
    if len(first17) != 17 or not _DIGITS.fullmatch(first17):
        raise ValueError("17 digits are needed")
    return _CHECK_DIGITS[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def convert_15_to_18(id15: str) -> str:
    """The resident id of 18 for an old one of 15: the century 19 is put in, the check character added.

    Raises ValueError where it is not 15 digits or its date is not real. Source: GB 11643-1999.
    """
    compact = _compact(id15)
    if len(compact) != 15 or not _DIGITS.fullmatch(compact):
        raise ValueError("15 digits are needed")
    first17 = f"{compact[:6]}19{compact[6:]}"
    _birth_date(first17[6:14])
    return first17 + check_digit(first17)


def make_resident_id(division: str, birth_date: date, sequence: int) -> str:
    """A resident id with a right check character. An odd sequence is male, an even one female.

    Raises ValueError where the division is not 6 digits, the sequence not 0 to 999, or the year not 1900 to 2199.
    """
    if len(division) != 6 or not _DIGITS.fullmatch(division):
        raise ValueError("the division must be 6 digits")
    if not 0 <= sequence <= 999:
        raise ValueError("the sequence must be 0 to 999")
    if not _FIRST_BIRTH <= birth_date <= _LAST_BIRTH:
        raise ValueError("the date of birth must be between 1900 and 2199")
    first17 = f"{division}{birth_date:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def credit_code_check_char(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015).

    Raises ValueError where the argument is not 17 characters of its alphabet with digits in places 3 to 8.
    """
    if not _CREDIT_FIRST_17.fullmatch(first17):
        raise ValueError("17 characters of the alphabet of GB 32100 are needed")
    total = sum(_CREDIT_VALUES[char] * weight for char, weight in zip(first17, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def make_credit_code(first17: str) -> str:
    """A unified social credit code with a right check character; ValueError as :func:`credit_code_check_char`."""
    return first17 + credit_code_check_char(first17)


class Identifier(ABC):
    """One kind of identifier: its name, its titles, the document that rules it, and four functions."""

    name: str
    title_zh: str
    title_en: str
    standard: str

    def compact(self, text: str) -> str:
        """The number as it should be written: no spaces, half-width, letters in capitals. No digit is repaired."""
        return _compact(text).upper()

    @abstractmethod
    def validate(self, text: str) -> tuple[Verdict, ...]:
        """All that is wrong with the number, in its compact form; empty where nothing is."""

    def is_valid(self, text: str) -> bool:
        """Is there no error? Warnings don't count."""
        return not any(verdict.severity == "error" for verdict in self.validate(text))

    @abstractmethod
    def parts(self, text: str) -> tuple[object, ...]:
        """What the number says, as a named tuple. Raises ValueError (with no value in its text) where that fails."""

    def __repr__(self) -> str:
        return f"<Identifier {self.name}>"


def _known_at_birth(division: str, year: int | None) -> bool:
    # 81, 82, 83: residence permits of people from 香港, 澳门 and 台湾. 9: permanent residence cards of foreigners since
    # 2023, which carry a country code after the province (from memory, so nothing is checked there)
    return division[:2] in ("81", "82", "83") or division[0] == "9" or division_exists(division, year)


def _judge_resident_id(compact: str) -> list[Verdict]:
    found: list[Verdict] = []
    if len(compact) == 15:
        found.append(_LEGACY)
        if not _DIGITS.fullmatch(compact):
            found.append(_ID15_CHARACTERS)
        digits = f"{compact[:6]}19{compact[6:]}"
    else:
        if len(compact) != 18:
            found.append(_ID_LENGTH)
        if not _DIGITS.fullmatch(compact[:17] or "0") or not _DIGITS.fullmatch(
            compact[17:].replace("X", "0", 1) or "0"
        ):
            found.append(_ID_CHARACTERS)
        if len(compact) != 18:
            # with a digit too many or too few no place can be relied on
            return found
        digits = compact
    year: int | None = None
    if _DIGITS.fullmatch(digits[6:14]):
        verdict = _judge_date(digits[6:14])
        if verdict is None:
            year = int(digits[6:10])
        else:
            found.append(verdict)
    if len(compact) == 18 and _RESIDENT_18.fullmatch(compact) and check_digit(compact[:17]) != compact[17]:
        found.append(_BAD_CHECK)
    if _DIGITS.fullmatch(digits[:6]) and not _known_at_birth(digits[:6], year):
        found.append(_ID_DIVISION)
    return found


def _resident_parts(compact: str) -> ResidentIdParts:
    if len(compact) == 15 and _DIGITS.fullmatch(compact):
        digits = f"{compact[:6]}19{compact[6:]}"
    elif _RESIDENT_18.fullmatch(compact):
        digits = compact
    else:
        raise ValueError("a resident id has 17 digits and a digit or X, or 15 digits")
    birth_date = _birth_date(digits[6:14])
    return ResidentIdParts(digits[:6], birth_date, digits[14:17], "1" if int(digits[16]) % 2 else "2", digits[17:])


class _ResidentId(Identifier):
    name = "resident_id"
    title_zh = "公民身份号码"
    title_en = "Resident identity number"
    standard = "GB 11643-1999"

    def validate(self, text: str) -> tuple[Verdict, ...]:
        return tuple(_judge_resident_id(self.compact(text)))

    def parts(self, text: str) -> ResidentIdParts:
        return _resident_parts(self.compact(text))


class _CreditCode(Identifier):
    name = "credit_code"
    title_zh = "统一社会信用代码"
    title_en = "Unified social credit code"
    standard = "GB 32100-2015"

    def validate(self, text: str) -> tuple[Verdict, ...]:
        compact = self.compact(text)
        found: list[Verdict] = []
        if len(compact) != 18:
            found.append(_CREDIT_LENGTH)
        if any(char not in _CREDIT_VALUES for char in compact) or (
            len(compact) == 18 and not _CREDIT_CODE.fullmatch(compact)
        ):
            found.append(_CREDIT_CHARACTERS)
        if found:
            return tuple(found)
        if credit_code_check_char(compact[:17]) != compact[17]:
            found.append(_BAD_CHECK)
        division = compact[2:8]
        # 100000 is registration by the state. Zones with offices of their own use their statistical code
        if division != "100000" and not division_exists(division) and division not in code_list("division_statistical"):
            found.append(_CREDIT_DIVISION)
        return tuple(found)

    def parts(self, text: str) -> CreditCodeParts:
        compact = self.compact(text)
        if not _CREDIT_CODE.fullmatch(compact):
            raise ValueError("a unified social credit code has 18 characters of the alphabet of GB 32100")
        return CreditCodeParts(compact[0], compact[1], compact[2:8], compact[8:17], compact[17])


class _DisabilityCertificate(Identifier):
    name = "disability_certificate"
    title_zh = "残疾人证号"
    title_en = "Disability certificate number"
    standard = "中华人民共和国残疾人证管理办法"

    _shape = re.compile("([0-9]{17}[0-9X])([1-7])([1-4])(?:B([0-9]{1,2}))?")
    _suffix = re.compile("B[0-9]{1,2}")

    def validate(self, text: str) -> tuple[Verdict, ...]:
        compact = self.compact(text)
        suffix = compact[20:]
        found: list[Verdict] = []
        if len(compact) not in (20, 22, 23):
            found.append(_CARD_LENGTH)
        if len(compact) < 20:
            if not _DIGITS.fullmatch(compact.replace("X", "0") or "0"):
                found.append(_ID_CHARACTERS)
            return tuple(found)
        found += _judge_resident_id(compact[:18])
        if compact[18] not in "1234567":
            found.append(_CARD_CLASS)
        if compact[19] not in "1234":
            found.append(_CARD_GRADE)
        if suffix and not self._suffix.fullmatch(suffix):
            found.append(_CARD_SUFFIX)
        return tuple(found)

    def parts(self, text: str) -> DisabilityCertificateParts:
        match = self._shape.fullmatch(self.compact(text))
        if match is None:
            raise ValueError(
                "a disability certificate number is a resident id, a class 1-7, a grade 1-4, and perhaps B1"
            )
        return DisabilityCertificateParts(
            _resident_parts(match[1]), match[2], match[3], int(match[4]) if match[4] is not None else 0
        )


class _StudentNumber(Identifier):
    name = "student_number"
    title_zh = "全国学籍号"
    title_en = "National student number"
    standard = "中小学生学籍管理办法"

    _shape = re.compile("[GJL][0-9]{17}[0-9X]")

    def validate(self, text: str) -> tuple[Verdict, ...]:
        compact = self.compact(text)
        found: list[Verdict] = []
        if len(compact) != 19:
            found.append(_STUDENT_LENGTH)
        if compact[:1] not in ("G", "J", "L"):
            found.append(_STUDENT_PREFIX)
        rest = compact[1:]
        if not _DIGITS.fullmatch(rest[:17] or "0") or not _DIGITS.fullmatch(rest[17:].replace("X", "0", 1) or "0"):
            found.append(_STUDENT_CHARACTERS)
        if len(compact) != 19:
            return tuple(found)
        if compact[0] == "G":
            found += [verdict for verdict in _judge_resident_id(rest) if verdict is not _ID_CHARACTERS]
            return tuple(found)
        # J ends in a check character whose rule is not published; L ends in random digits. Neither is checked
        if _DIGITS.fullmatch(rest[6:14]):
            verdict = _judge_date(rest[6:14])
            if verdict is not None:
                found.append(verdict)
        if _DIGITS.fullmatch(rest[:6]) and not (
            division_exists(rest[:6]) or rest[:6] in code_list("division_statistical")
        ):
            found.append(_SCHOOL_DIVISION)
        return tuple(found)

    def parts(self, text: str) -> StudentNumberParts:
        compact = self.compact(text)
        if not self._shape.fullmatch(compact):
            raise ValueError("a student number is G, J or L, 17 digits, and a digit or X")
        prefix, rest = compact[0], compact[1:]
        birth_date = _birth_date(rest[6:14])
        if prefix == "L":
            return StudentNumberParts(prefix, rest[:6], birth_date, rest[14:], "", None)
        sex = ("1" if int(rest[16]) % 2 else "2") if prefix == "G" else None
        return StudentNumberParts(prefix, rest[:6], birth_date, rest[14:17], rest[17], sex)


class _SchoolCode(Identifier):
    name = "school_code"
    title_zh = "学校（机构）标识码"
    title_en = "School identification code"
    standard = "教育部学校（机构）代码"

    def validate(self, text: str) -> tuple[Verdict, ...]:
        compact = self.compact(text)
        found: list[Verdict] = []
        if len(compact) != 10:
            found.append(_SCHOOL_LENGTH)
        if not _DIGITS.fullmatch(compact or "0"):
            found.append(_ONLY_DIGITS)
        return tuple(found)

    def parts(self, text: str) -> SchoolCodeParts:
        compact = self.compact(text)
        if len(compact) != 10 or not _DIGITS.fullmatch(compact):
            raise ValueError("a school identification code has 10 digits")
        return SchoolCodeParts(compact)


class _Division(Identifier):
    def __init__(self, name: str, length: int, title_zh: str, title_en: str, standard: str) -> None:
        self.name = name
        self.title_zh = title_zh
        self.title_en = title_en
        self.standard = standard
        self._length = length
        self._bad_length = _length(f"{length}位", str(length))

    def validate(self, text: str) -> tuple[Verdict, ...]:
        compact = self.compact(text)
        found: list[Verdict] = []
        if len(compact) != self._length:
            found.append(self._bad_length)
        if not _DIGITS.fullmatch(compact or "0"):
            found.append(_ONLY_DIGITS)
        if not found and not self._known(compact):
            found.append(_NO_DIVISION)
        return tuple(found)

    def _known(self, code: str) -> bool:
        if not division_exists(code[:6]) and code[:6] not in code_list("division_statistical"):
            return False
        # Townships are known for Henan, villages for 南阳; elsewhere the county is all that can be judged
        if self._length == 6 or not code.startswith("41"):
            return True
        if code[:9] not in code_list("township"):
            return False
        return self._length == 9 or not code.startswith("4113") or code in code_list("village")

    def parts(self, text: str) -> DivisionParts:
        compact = self.compact(text)
        if len(compact) != self._length or not _DIGITS.fullmatch(compact):
            raise ValueError(f"a division code of this kind has {self._length} digits")
        return DivisionParts(
            f"{compact[:2]}0000",
            f"{compact[:4]}00" if compact[2:4] != "00" else None,
            compact[:6] if compact[4:6] != "00" else None,
            compact[:9] if self._length >= 9 and compact[6:9] != "000" else None,
            compact if self._length == 12 and compact[9:12] != "000" else None,
        )


class _LocalNumber(Identifier):
    def __init__(self, name: str, title_zh: str, title_en: str) -> None:
        self.name = name
        self.title_zh = title_zh
        self.title_en = title_en
        self.standard = ""

    def compact(self, text: str) -> str:
        """No spaces, half-width digits and letters. Letters and brackets stay: each place has its own rule."""
        return _compact(text)

    def validate(self, text: str) -> tuple[Verdict, ...]:
        compact = self.compact(text)
        found: list[Verdict] = []
        if not 1 <= len(compact) <= 30:
            found.append(_LOCAL_LENGTH)
        if not _LOCAL_NUMBER.fullmatch(compact):
            found.append(_LOCAL_CHARACTERS)
        return tuple(found)

    def parts(self, text: str) -> LocalNumberParts:
        if self.validate(text):
            raise ValueError("a local number has 1 to 30 characters")
        return LocalNumberParts(self.compact(text))


RESIDENT_ID = _ResidentId()
CREDIT_CODE = _CreditCode()
DISABILITY_CERTIFICATE = _DisabilityCertificate()
STUDENT_NUMBER = _StudentNumber()
SCHOOL_CODE = _SchoolCode()
DIVISION6 = _Division("division6", 6, "行政区划代码", "Division, county and above", "GB/T 2260")
DIVISION9 = _Division("division9", 9, "乡级行政区划代码", "Township", "GB/T 10114-2003")
DIVISION12 = _Division("division12", 12, "村级统计用区划代码", "Village or community", "统计用区划代码")
HOUSEHOLD_NUMBER = _LocalNumber("household_number", "户号", "Household number")
CERTIFICATE_NUMBER = _LocalNumber("certificate_number", "证件（证书）编号", "Certificate number")

IDENTIFIERS: Mapping[str, Identifier] = MappingProxyType(
    {
        identifier.name: identifier
        for identifier in (
            RESIDENT_ID,
            CREDIT_CODE,
            DISABILITY_CERTIFICATE,
            STUDENT_NUMBER,
            SCHOOL_CODE,
            DIVISION6,
            DIVISION9,
            DIVISION12,
            HOUSEHOLD_NUMBER,
            CERTIFICATE_NUMBER,
        )
    }
)
