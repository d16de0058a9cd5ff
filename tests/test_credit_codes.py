"""统一社会信用代码: its shape and its check digit. All codes are invented: 429900 is the number of no place.

Check digits by hand, by GB 32100: each of the first 17 characters is a number (0-9 are 0 to 9, then ABCDEFGH 10 to 17, JKLMN 18
to 22, PQR 23 to 25, TU 26 and 27, WXY 28 to 30) and counts by its weight, which is 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13,
8, 24, 10, 30, 28; the check digit makes the sum a multiple of 31.
"""

from __future__ import annotations

import pytest

from rulecheck.facts.credit_codes import looks_like_credit_code, read_credit_code
from rulecheck.facts.nodes import Problem
from rulecheck.language.diagnostics import help_text, message

# 11429900 00000000 0: 1·1 + 1·3 + 4·9 + 2·27 + 9·19 + 9·26 = 499 = 16·31 + 3, and 31 - 3 = 28, which is W.
PLAIN = "11429900000000000W"
# N2429900 MA000000 1: N is 22: 22 + 2·3 + 36 + 54 + 171 + 234 = 523; M is 21: 21·20 = 420; A is 10: 10·29 = 290; 1·28 = 28;
# in all 1261 = 40·31 + 21, and 31 - 21 = 10, which is A.
VILLAGE = "N2429900MA0000001A"
# A1…: A is 10, so 9 more than PLAIN: 508 = 16·31 + 12, and 31 - 12 = 19, which is K.
MILITARY = "A1429900000000000K"
# Y1…: Y is 30, so 29 more than PLAIN: 528 = 17·31 + 1, and 31 - 1 = 30, which is Y.
OTHER = "Y1429900000000000Y"
# 91429900 00000000 0: 8 more than PLAIN: 507 = 16·31 + 11, and 31 - 11 = 20, which is L.
COMPANY = "91429900000000000L"
# 10…: 3 less than PLAIN: 496 = 16·31, and nothing is left: 0.
NOUGHT = "104299000000000000"


@pytest.mark.parametrize("code", [PLAIN, VILLAGE, MILITARY, OTHER, COMPANY, NOUGHT])
def test_right_codes_letters_first_included(code: str) -> None:
    assert read_credit_code(code) == code


@pytest.mark.parametrize(
    "written",
    ["n2429900ma0000001a", "Ｎ２４２９９００ＭＡ００００００１Ａ", " N2429900 MA000000 1A\u3000", "N2429900\nMA0000001A"],
)
def test_width_case_and_blanks_do_not_matter(written: str) -> None:
    assert read_credit_code(written) == VILLAGE


def fault(text: str) -> Problem:
    problem = read_credit_code(text)
    assert isinstance(problem, Problem)
    values = {key: str(value) for key, value in problem.values.items()}
    for language in ("zh", "en"):
        assert message(problem.code, language, values)
    return problem


def said(text: str) -> str:
    problem = fault(text)
    return message(problem.code, "zh", {key: str(value) for key, value in problem.values.items()})


@pytest.mark.parametrize(("text", "count"), [(PLAIN[:-1], 17), (PLAIN + "0", 19), ("JG-06", 5)])
def test_a_code_has_eighteen_characters(text: str, count: int) -> None:
    assert fault(text).code == "E101"
    assert f"这里有{count}位" in said(text)


@pytest.mark.parametrize(("letter", "twin"), [("I", "1"), ("O", "0"), ("S", "5"), ("Z", "2"), ("V", "U")])
def test_letters_that_no_code_has_are_told_with_their_position(letter: str, twin: str) -> None:
    text = PLAIN[:9] + letter + PLAIN[10:]
    problem = fault(text)
    assert (problem.code, problem.values["position"], problem.values["letter"]) == ("E102", 10, letter)
    assert f"“{twin}”" in help_text("E102", "zh", {key: str(value) for key, value in problem.values.items()})


def test_the_place_of_registration_is_in_digits() -> None:
    assert fault("11A29900000000000W").code == "E103"
    assert "第3位应为数字，这里是“A”" in said("11A29900000000000W")
    assert fault("1142990A000000000W").values["position"] == 8
    assert fault("11429900A00000000W").code == "E104"  # the ninth may be a letter, but then the check digit is another


@pytest.mark.parametrize("sign", ["-", "号", "²", "①"])
def test_other_signs_are_refused(sign: str) -> None:
    assert fault(PLAIN[:9] + sign + PLAIN[10:]).code == "E106"


def test_a_wrong_check_digit_is_told_with_the_right_one() -> None:
    assert fault(NOUGHT[:-1] + "X").code == "E104"
    assert "按前17位算，最后一位应为“0”，这里是“X”" in said(NOUGHT[:-1] + "X")


def test_two_characters_out_of_order_are_noticed() -> None:
    # 4 and 2 changed places: 2·9 + 4·27 is 36 more than 4·9 + 2·27, and 36 is no multiple of 31
    assert fault("11249900000000000W").code == "E104"


@pytest.mark.parametrize("written", ["1.1429900E+17", "1.1429900000000E17", "1E+17"])
def test_a_code_that_was_stored_as_a_number_is_told(written: str) -> None:
    assert fault(written).code == "E105"


def test_what_is_meant_for_a_credit_code() -> None:
    assert looks_like_credit_code(PLAIN)
    assert looks_like_credit_code("1142990000000000OW")  # the letter O: wrong, but meant
    assert not looks_like_credit_code("SL-01")
    assert not looks_like_credit_code("示例市风筝局示例市风筝局示例市风筝局")
