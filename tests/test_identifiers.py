"""Identifiers: real shapes pass, every slip is found, and no text carries a value.

Every number here is made up, printed in a standard, or the public number of a company.
"""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunjing_exchange.codes import code_list
from kunjing_exchange.identifiers import (
    CREDIT_CODE,
    DISABILITY_CERTIFICATE,
    DIVISION6,
    DIVISION12,
    IDENTIFIERS,
    RESIDENT_ID,
    STUDENT_NUMBER,
    check_digit,
    convert_15_to_18,
    credit_code_check_char,
    make_credit_code,
    make_resident_id,
)

STANDARD_ID = "11010519491231002X"  # printed in GB 11643-1999
CREDIT_CODES = ("9144030071526726XG", "91330100799655058B", "91110000802100433B", "91350100M000100Y43")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

VALID = [
    ("resident_id", STANDARD_ID),
    ("resident_id", "360426199101010071"),
    *(("credit_code", code) for code in CREDIT_CODES),
    ("disability_certificate", STANDARD_ID + "44"),
    ("disability_certificate", STANDARD_ID + "11B1"),
    ("disability_certificate", STANDARD_ID + "74B12"),
    ("student_number", "G" + STANDARD_ID),
    ("student_number", "J41130220100101001X"),
    ("student_number", "J411302201001010010"),
    ("student_number", "L411302201001011234"),
    ("school_code", "2141000001"),
    ("division6", "411303"),
    ("division6", "411371"),
    ("division9", "411302001"),
    ("division9", "110101001"),
    ("division12", "411302001001"),
    ("household_number", "411302001001-0007"),
    ("certificate_number", "宛民孤字〔2017〕第001号"),
    ("certificate_number", "a/B-3(补)（一）"),
]

INVALID = [
    ("resident_id", "", ["length"]),
    ("resident_id", "1101051949123100", ["length"]),
    ("resident_id", "1101051949123100200", ["length"]),
    ("resident_id", "abc", ["length", "characters"]),
    ("resident_id", "110105X9491231002X", ["characters"]),
    ("resident_id", "110105194912310020", ["check_digit"]),
    ("resident_id", "11010519490230002X", ["date", "check_digit"]),
    ("resident_id", "110105001301002", ["legacy", "date"]),
    ("resident_id", "11010549123100X", ["legacy", "characters"]),
    ("resident_id", "999999194912310021", ["check_digit"]),
    ("resident_id", "011105189912310021", ["date", "check_digit", "division"]),
    ("credit_code", "91350100M000100Y4", ["length"]),
    ("credit_code", "91350100I000100Y43", ["characters"]),
    ("credit_code", "9135A100M000100Y43", ["characters"]),
    ("credit_code", "91350100M000100Y44", ["check_digit"]),
    ("credit_code", "I", ["length", "characters"]),
    ("disability_certificate", STANDARD_ID, ["length"]),
    ("disability_certificate", STANDARD_ID + "84", ["characters"]),
    ("disability_certificate", STANDARD_ID + "45", ["characters"]),
    ("disability_certificate", STANDARD_ID + "85", ["characters", "characters"]),
    ("disability_certificate", STANDARD_ID + "44B", ["length", "characters"]),
    ("disability_certificate", STANDARD_ID + "44C1", ["characters"]),
    ("disability_certificate", "11010519491231002044", ["check_digit"]),
    ("student_number", "A" + STANDARD_ID, ["characters"]),
    ("student_number", "G110105194912310020", ["check_digit"]),
    ("student_number", "J411302201002300010", ["date"]),
    ("student_number", "L99000020100101123", ["length"]),
    ("student_number", "L990000201001011234", ["division"]),
    ("student_number", "L41130220100101A234", ["characters"]),
    ("school_code", "214100000", ["length"]),
    ("school_code", "214100000A", ["characters"]),
    ("division6", "990101", ["division"]),
    ("division6", "4113", ["length"]),
    ("division9", "411302999", ["division"]),
    ("division12", "411302001999", ["division"]),
    ("division12", "41130200100A", ["characters"]),
    ("household_number", "", ["length"]),
    ("household_number", "1" * 31, ["length"]),
    ("certificate_number", "证*1", ["characters"]),
]


def naive_check_digit(first17: str) -> str:
    """ISO 7064 MOD 11-2 by its definition: the whole number read as a polynomial of 2 leaves 1 modulo 11."""
    for value in range(11):
        remainder = 0
        for digit in [int(c) for c in first17] + [value]:
            remainder = (remainder * 2 + digit) % 11
        if remainder == 1:
            return "X" if value == 10 else str(value)
    raise AssertionError


def naive_credit_char(first17: str) -> str:
    """The character with which the sum of value times a power of 3 is a multiple of 31."""
    total, weight = 0, 1
    for char in first17:
        total += ALPHABET.index(char) * weight
        weight = weight * 3 % 31
    return next(char for value, char in enumerate(ALPHABET) if (total + value) % 31 == 0)


births = st.dates(date(1900, 1, 1), date(2199, 12, 31))
current = sorted(r["code"] for r in code_list("division").rows() if not r["valid_to"])
resident_ids = st.builds(make_resident_id, st.sampled_from(current), births, st.integers(0, 999))
credit_firsts = st.builds(
    lambda head, division, tail: head + division + tail,
    st.text(ALPHABET, min_size=2, max_size=2),
    st.sampled_from(current),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.parametrize(("name", "text"), VALID)
def test_valid(name: str, text: str) -> None:
    identifier = IDENTIFIERS[name]
    assert identifier.validate(text) == ()
    assert identifier.is_valid(text)
    assert identifier.compact(text) == text
    assert identifier.parts(text)


@pytest.mark.parametrize(("name", "text", "kinds"), INVALID)
def test_invalid(name: str, text: str, kinds: list[str]) -> None:
    found = IDENTIFIERS[name].validate(text)
    assert sorted(v.kind for v in found) == sorted(kinds)
    errors = [v for v in found if v.severity == "error"]
    assert IDENTIFIERS[name].is_valid(text) == (not errors)
    for verdict in found:
        assert verdict.severity == ("warning" if verdict.kind in ("division", "legacy") else "error")


class TestResidentId:
    @given(st.text("0123456789", min_size=17, max_size=17))
    def test_check_digit_agrees_with_the_definition(self, first17: str) -> None:
        assert check_digit(first17) == naive_check_digit(first17)

    @given(resident_ids)
    def test_a_made_one_is_valid(self, number: str) -> None:
        assert RESIDENT_ID.validate(number) == ()

    @given(st.sampled_from(current), births, st.integers(0, 999))
    def test_parts_give_back_what_it_was_made_of(self, division: str, birth: date, sequence: int) -> None:
        parts = RESIDENT_ID.parts(make_resident_id(division, birth, sequence))
        assert (parts.division, parts.birth_date, parts.sequence) == (division, birth, f"{sequence:03d}")
        assert parts.sex == ("1" if sequence % 2 else "2")

    @given(resident_ids, st.integers(0, 17), st.sampled_from("0123456789"))
    def test_one_changed_digit_is_found(self, number: str, place: int, digit: str) -> None:
        changed = number[:place] + digit + number[place + 1 :]
        assert RESIDENT_ID.is_valid(changed) == (changed == number)

    @given(resident_ids, st.integers(0, 16))
    def test_two_digits_the_wrong_way_round_are_found(self, number: str, place: int) -> None:
        changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert RESIDENT_ID.is_valid(changed) == (changed == number)

    @given(st.text())
    def test_any_text_is_judged(self, text: str) -> None:
        for identifier in IDENTIFIERS.values():
            found = identifier.validate(text)
            if not any(v.severity == "error" for v in found):
                assert identifier.parts(text)

    @given(st.text(string.digits + "XGJLB", min_size=14, max_size=24))
    def test_parts_or_error(self, text: str) -> None:
        for identifier in IDENTIFIERS.values():
            if identifier.is_valid(text):
                assert identifier.parts(text)

    def test_compact(self) -> None:
        assert RESIDENT_ID.compact(" 110105 19491231　002x\n") == STANDARD_ID
        assert RESIDENT_ID.compact("１１０１０５１９４９１２３１００２ｘ") == STANDARD_ID
        assert RESIDENT_ID.compact("O10105") == "O10105"  # never repaired
        assert RESIDENT_ID.is_valid("11010519491231002x")
        # other scripts' digits are digits to Python, not to the standard
        assert not RESIDENT_ID.is_valid("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X")

    def test_division_by_year_of_birth(self) -> None:
        def kinds(division: str, year: int) -> list[str]:
            return [v.kind for v in RESIDENT_ID.validate(make_resident_id(division, date(year, 1, 1), 1))]

        assert kinds("410322", 2010) == []  # 孟津县, abolished in 2021
        assert kinds("410322", 2022) == ["division"]
        assert kinds("410308", 2000) == []  # set up in 2021
        assert kinds("412901", 1960) == []  # 南阳市 of 南阳地区, abolished in 1994
        assert kinds("419999", 2010) == ["division"]
        assert kinds("000000", 2010) == ["division"]

    @pytest.mark.parametrize("prefix", ["810000", "820000", "830000", "941000"])
    def test_residence_permits(self, prefix: str) -> None:
        assert RESIDENT_ID.validate(make_resident_id(prefix, date(2012, 3, 4), 12)) == ()

    def test_fifteen_digits(self) -> None:
        found = RESIDENT_ID.validate("110105491231002")
        assert [(v.kind, v.severity) for v in found] == [("legacy", "warning")]
        assert RESIDENT_ID.is_valid("110105491231002")
        parts = RESIDENT_ID.parts("110105491231002")
        assert parts.birth_date == date(1949, 12, 31)
        assert parts.check == ""
        assert convert_15_to_18("110105491231002") == STANDARD_ID

    @pytest.mark.parametrize("text", ["11010549123100", "11010549123100X", "110105490231002", ""])
    def test_fifteen_digits_that_can_not_be_converted(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"digits|date") as caught:
            convert_15_to_18(text)
        assert not text or text not in str(caught.value)

    def test_making_refuses(self) -> None:
        for division, birth, sequence in (
            ("41130", date(2010, 1, 1), 1),
            ("４11302", date(2010, 1, 1), 1),
            ("411302", date(1899, 12, 31), 1),
            ("411302", date(2200, 1, 1), 1),
            ("411302", date(2010, 1, 1), 1000),
            ("411302", date(2010, 1, 1), -1),
        ):
            with pytest.raises(ValueError, match="must be"):
                make_resident_id(division, birth, sequence)
        with pytest.raises(ValueError, match="17 digits"):
            check_digit("1" * 16)

    def test_bounds_of_birth(self) -> None:
        for birth in (date(1900, 1, 1), date(2199, 12, 31)):
            assert RESIDENT_ID.is_valid(make_resident_id("411302", birth, 1))
        for day in ("18991231", "22000101"):
            first17 = f"411302{day}001"
            assert [v.kind for v in RESIDENT_ID.validate(first17 + check_digit(first17))] == ["date"]


class TestCreditCode:
    @given(credit_firsts)
    def test_check_character_agrees_with_the_definition(self, first17: str) -> None:
        assert credit_code_check_char(first17) == naive_credit_char(first17)

    @given(credit_firsts)
    def test_a_made_one_is_valid(self, first17: str) -> None:
        assert CREDIT_CODE.validate(make_credit_code(first17)) == ()

    @given(credit_firsts, st.integers(0, 17), st.sampled_from(ALPHABET))
    def test_one_changed_character_is_found(self, first17: str, place: int, char: str) -> None:
        code = make_credit_code(first17)
        changed = code[:place] + char + code[place + 1 :]
        assert CREDIT_CODE.is_valid(changed) == (changed == code)

    def test_parts(self) -> None:
        parts = CREDIT_CODE.parts("9144030071526726xg")
        assert parts == ("9", "1", "440300", "71526726X", "G")

    def test_division(self) -> None:
        assert [v.kind for v in CREDIT_CODE.validate(make_credit_code("12990000123456789"))] == ["division"]
        assert CREDIT_CODE.validate(make_credit_code("12411371123456789")) == ()
        assert CREDIT_CODE.validate(make_credit_code("11100000123456789")) == ()

    def test_making_refuses(self) -> None:
        with pytest.raises(ValueError, match="17 characters"):
            make_credit_code("9135010OM000100Y4")


class TestOthers:
    @given(resident_ids, st.sampled_from("1234567"), st.sampled_from("1234"), st.integers(0, 20))
    def test_disability_certificate(self, number: str, kind: str, grade: str, reissue: int) -> None:
        text = number + kind + grade + (f"B{reissue}" if reissue else "")
        assert DISABILITY_CERTIFICATE.validate(text) == ()
        parts = DISABILITY_CERTIFICATE.parts(text)
        assert parts.resident_id == RESIDENT_ID.parts(number)
        assert (parts.disability_class, parts.disability_grade, parts.reissue) == (kind, grade, reissue)

    def test_student_number_parts(self) -> None:
        assert STUDENT_NUMBER.parts("G" + STANDARD_ID) == ("G", "110105", date(1949, 12, 31), "002", "X", "2")
        assert STUDENT_NUMBER.parts("J411302201001010019") == ("J", "411302", date(2010, 1, 1), "001", "9", None)
        assert STUDENT_NUMBER.parts("L411302201001011234") == ("L", "411302", date(2010, 1, 1), "1234", "", None)

    @given(st.sampled_from("0123456789X"))
    def test_the_last_character_of_j_is_not_judged(self, char: str) -> None:
        assert STUDENT_NUMBER.validate("J41130220100101001" + char) == ()

    def test_division_parts(self) -> None:
        assert DIVISION12.parts("411302001001") == ("410000", "411300", "411302", "411302001", "411302001001")
        assert DIVISION6.parts("411300") == ("410000", "411300", None, None, None)
        assert DIVISION6.parts("410000") == ("410000", None, None, None, None)

    def test_every_known_division_passes(self) -> None:
        for name, lists in (
            ("division6", ("division", "division_statistical")),
            ("division9", ("township",)),
            ("division12", ("village",)),
        ):
            for codes in lists:
                assert all(IDENTIFIERS[name].validate(code) == () for code in code_list(codes))

    def test_registry(self) -> None:
        assert list(IDENTIFIERS) == [
            "resident_id",
            "credit_code",
            "disability_certificate",
            "student_number",
            "school_code",
            "division6",
            "division9",
            "division12",
            "household_number",
            "certificate_number",
        ]
        for name, identifier in IDENTIFIERS.items():
            assert identifier.name == name
            assert identifier.title_zh
            assert identifier.title_en


@pytest.mark.parametrize(("name", "text", "kinds"), INVALID)
def test_no_text_carries_a_value(name: str, text: str, kinds: list[str]) -> None:
    identifier = IDENTIFIERS[name]
    texts = [t for v in identifier.validate(text) for t in (v.zh, v.en)]
    # only a wrong check character or an unknown division leaves the number whole enough to be cut
    if {"length", "characters", "date"} & set(kinds) and name not in ("household_number", "certificate_number"):
        with pytest.raises(ValueError, match=r"digit|date|character|certificate") as caught:
            identifier.parts(text)
        texts.append(str(caught.value))
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
    for shown in texts:
        assert shown.strip()
        if len(text) > 3:
            assert text not in shown
            assert text[:6] not in shown
