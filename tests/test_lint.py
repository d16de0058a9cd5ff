"""`rulecheck lint`: each check finds its bad example and nothing else in it; a good example has no finding."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from rulecheck.data import read_text
from rulecheck.language.format import format_file
from rulecheck.linting.checks import CHECKS, NEEDLESS
from support_lint import FILES, SHARED, found, left, rule
from support_syntax import parsed

CODES = [*CHECKS, NEEDLESS]


@pytest.mark.parametrize("code", CODES)
def test_a_bad_example_has_this_finding_alone(code: str, tmp_path: Path) -> None:
    assert left(tmp_path, (FILES / f"{code}.rule").read_text(encoding="utf-8")) == [code]


@pytest.mark.parametrize("code", CODES)
def test_a_good_example_has_none(code: str, tmp_path: Path) -> None:
    assert left(tmp_path, (FILES / f"{code}.good.rule").read_text(encoding="utf-8")) == []


def test_every_code_has_its_message_and_its_files() -> None:
    assert list(tomllib.loads(read_text("dsl", "messages", "lint.toml"))) == CODES
    wanted = {f"{code}{kind}.rule" for code in CODES for kind in ("", ".good")}
    assert {path.name for path in FILES.iterdir()} == wanted | set(SHARED)


@pytest.mark.parametrize("path", sorted(FILES.glob("*.rule")), ids=lambda path: path.name)
def test_the_examples_are_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_file(parsed(text)) == text


# --- accepting ---

OLD = "单位原则上应当备案"


def test_an_acceptance_keeps_its_reason(tmp_path: Path) -> None:
    text = rule(OLD, '已核：K105："另有规定" / "ruled elsewhere"', "要求：已备案")
    kept = [each for each in found(tmp_path, text) if each.code == "K105"]
    assert [each.accepted.reason.en for each in kept if each.accepted] == ["ruled elsewhere"]
    assert left(tmp_path, text) == []


def test_an_acceptance_of_a_limb_reaches_no_other(tmp_path: Path) -> None:
    limbs = ("要求（甲）：编制 不少于 0人", "要求（乙）：人数 不少于 0人")
    accepted = '已核（甲）：K122："样例"'
    assert left(tmp_path, rule("单位应当备案", *limbs)) == ["K122", "K122"]
    assert left(tmp_path, rule("单位应当备案", accepted, *limbs)) == ["K122"]


def test_what_needs_the_texts_is_neither_found_nor_missed_without_them(tmp_path: Path) -> None:
    text = (FILES / "K110.rule").read_text(encoding="utf-8")
    assert left(tmp_path, text, with_texts=False) == []
    accepted = text + '  已核：K110："样例"\n'
    assert left(tmp_path, accepted, with_texts=False) == []
    assert left(tmp_path, accepted) == []


# --- the boundary word against the operator ---


@pytest.mark.parametrize(
    ("quote", "clause", "is_right"),
    [
        ("编制50人以上的", "适用情形：编制 不少于 50人", True),
        ("编制50人(含)以上的", "适用情形：编制≥50人", True),
        ("编制50人以上的", "适用情形：编制＞50人", False),
        ("编制不满50人的", "适用情形：编制 少于 50人", True),
        ("编制不满50人的", "适用情形：编制 不超过 50人", False),
        ("编制不满50人的不在此列", "除外情形：编制 不满 50人", True),
        ("编制50人以上的", "除外情形：编制 少于 50人", True),
        ("编制50人以上的", "除外情形：编制 不超过 50人", False),
        ("编制不得超过50人", "禁止：编制 超过 50人", True),
        ("编制不得超过50人", "禁止：编制 不少于 50人", False),
        ("编制达到50人", "要求：50人 不超过 编制", True),
        ("编制达到50人", "要求：50人 少于 编制", False),
        ("人数不低于编制的60%", "要求：人数 不少于 60%×编制", True),
        ("人数不低于编制60%", "要求：人数 超过 60%×编制", True),  # “不低于”不在数旁边：看不出
        ("达到60%", "要求：人数÷编制＞60%", False),
    ],
)
def test_a_boundary_word_agrees_with_its_operator(quote: str, clause: str, is_right: bool, tmp_path: Path) -> None:
    clauses = [clause] if clause.startswith(("要求", "禁止")) else [clause, "要求：已备案"]
    assert left(tmp_path, rule(quote, *clauses)) == ([] if is_right else ["K101"])


@pytest.mark.parametrize(
    ("due", "is_right"), [("受理日+5个工作日", True), ("受理日+5天", False), ("受理日+6个工作日", False)]
)
def test_a_limit_is_the_quoted_number_of_working_days(due: str, is_right: bool, tmp_path: Path) -> None:
    text = rule("五个工作日内办结", "要求：办结日", f"完成时限：{due}", kind="申领")
    assert (left(tmp_path, text) == []) is is_right


# --- figures ---


@pytest.mark.parametrize(
    ("quote", "requirement"),
    [
        ("每天开放不少于120分钟", "每一 开放日 满足 （时长 不少于 2小时）"),
        ("编制不少于0.1万人", "编制 不少于 1000人"),
        ("配备2名工作人员", "人数 不少于 2人"),
        ("配备两名工作人员", "人数 不少于 2人"),
        ("设立一批岗位", "人数 不少于 1人"),
        ("全部备案", "人数 不少于 100%×编制"),
        ("2023年底前备案", "已备案"),
        ("拨打12345热线备案", "已备案"),
    ],
)
def test_figures_that_are_the_same_in_both(quote: str, requirement: str, tmp_path: Path) -> None:
    text = rule(quote, f"要求：{requirement}", "完成时限：2023年底")
    assert left(tmp_path, text) in ([], ["K123"])


@pytest.mark.parametrize(
    ("quote", "requirement", "codes"),
    [
        ("每天开放不少于150分钟", "每一 开放日 满足 （时长 不少于 2小时）", ["K102", "K103"]),
        ("2022年底前备案", "已备案", ["K102"]),
        ("人数达到80%", "人数 达到 60%×编制", ["K102", "K103"]),
        ("备案率达到90%", "人数 不少于 编制", ["K102"]),
        ("应当备案", "人数 不少于 100%×编制", ["K103"]),
    ],
)
def test_figures_that_only_one_side_has(quote: str, requirement: str, codes: list[str], tmp_path: Path) -> None:
    assert left(tmp_path, rule(quote, f"要求：{requirement}", "完成时限：2023年底")) == codes


YEARLY = "事实：停电时长 / outage_time\n  所属对象：单位\n  类型：数量（分钟）\n  周期：每年\n"
AUTUMN = "计数（申领 其中 受理日 属于 每年9月1日至每年10月31日） 不少于 1"


@pytest.mark.parametrize(
    ("quote", "requirement", "codes"),
    [
        ("占总时长50%的开放日不少于2小时", "每一 开放日 其中 （居前（时长，50%）） 满足 （时长 不少于 2小时）", []),
        ("占总时长一半的开放日不少于2小时", "每一 开放日 其中 （居前（时长，50%）） 满足 （时长 不少于 2小时）", []),
        ("占总时长60%的开放日不少于2小时", "每一 开放日 其中 （居前（时长，50%）） 满足 （时长 不少于 2小时）", ["K102", "K103"]),
        ("主要的开放日不少于2小时", "每一 开放日 其中 （居前（时长，50%）） 满足 （时长 不少于 2小时）", ["K103"]),
        ("完成至少3种以上备案", "项数（已备案、编制 不少于 1人、人数 不少于 1人） 不少于 3", []),
        ("完成至少2种以上备案", "项数（已备案、编制 不少于 1人、人数 不少于 1人） 不少于 3", ["K102", "K103"]),
        ("停电时长同比压降10%", "降幅（停电时长） 不低于 10%", []),
        ("停电时长同比压降15%", "降幅（停电时长） 不低于 10%", ["K102", "K103"]),
        ("在每年9-10月份集中受理", AUTUMN, []),
        ("在每年9月至10月集中受理", AUTUMN, []),
        ("在每年8-10月份集中受理", AUTUMN, ["K102", "K103"]),
        ("在每年10月份集中受理", AUTUMN, ["K103"]),
        ("每年集中受理", AUTUMN, ["K103"]),
    ],
)  # fmt: skip
def test_figures_inside_other_terms_are_seen(quote: str, requirement: str, codes: list[str], tmp_path: Path) -> None:
    text = rule(quote, "周期：每年", f"要求：{requirement}")
    assert left(tmp_path, f"{YEARLY}\n{text}" if "停电" in requirement else text) == codes


@pytest.mark.parametrize(
    ("quote", "codes"),
    [("每年10月底前备案", []), ("每年底前备案", ["K103"]), ("每年备案", ["K103"]), ("每年9月底前备案", ["K102", "K103"])],
)
def test_the_month_of_a_yearly_limit_is_quoted(quote: str, codes: list[str], tmp_path: Path) -> None:
    text = rule(quote, "周期：每年", "要求：已备案", "完成时限：每年10月31日")
    assert left(tmp_path, text) == codes


# --- what can never be ---


@pytest.mark.parametrize(
    ("clauses", "code"),
    [
        (("适用情形：类型=学校 且 类型=医院", "要求：已备案"), "K121"),
        (("适用情形：类型 属于 （机关、学校） 且 类型=医院", "要求：已备案"), "K121"),
        (("适用情形：编制 超过 49人 且 编制 少于 50人", "要求：已备案"), "K121"),
        (("除外情形：编制 不少于 0人", "要求：已备案"), "K121"),
        (("适用情形：编制 不少于 50人", "除外情形：编制 不少于 10人", "要求：已备案"), "K121"),
        (("考核期：2021年1月1日至2022年12月31日", "要求：已备案"), "K121"),
        (("适用情形：编制 不少于 50人", "要求：编制 不少于 50人"), "K122"),
        (("要求：已备案 或 并非 已备案",), "K122"),
        (("适用情形：类型=学校", "要求：类型 属于 （学校、医院）"), "K122"),
        (("适用情形：类型=学校", "要求：类型=医院"), "K123"),
        (("要求：项数（已备案、编制 不少于 50人） 不少于 3",), "K123"),
    ],
)
def test_conditions_that_settle_everything(clauses: tuple[str, ...], code: str, tmp_path: Path) -> None:
    found = left(tmp_path, rule("编制50人以上、10人以上、超过49人、3项", *clauses))
    assert [each for each in found if each in ("K121", "K122", "K123")] == [code]


@pytest.mark.parametrize(
    "clauses",
    [
        ("适用情形：类型=学校 或 类型=医院", "要求：已备案"),
        ("适用情形：编制 不少于 50人 且 编制 不超过 50人", "要求：已备案"),
        ("要求：人数 不少于 编制",),
        ("要求：已备案 或 类型=学校",),
        ("除外情形：编制 不超过 999人", "要求：已备案"),
    ],
)
def test_conditions_that_leave_something_open(clauses: tuple[str, ...], tmp_path: Path) -> None:
    found = left(tmp_path, rule("编制50人", *clauses))
    assert not {"K121", "K122", "K123"} & set(found)


def test_what_none_counts_as_is_a_value_too(tmp_path: Path) -> None:
    fact = "事实：床位 / beds\n  所属对象：单位\n  类型：数量（个）\n  范围：10个至90个\n  无计为：0个\n\n"
    assert left(tmp_path, fact + rule("不少于10个", "要求：床位 不少于 10个")) == []
    assert left(tmp_path, fact + rule("不超过90个", "要求：床位 不超过 90个")) == ["K122"]


# --- lists and averages ---


def test_a_list_that_is_open_takes_what_it_does_not_name(tmp_path: Path) -> None:
    text = "事实：种类 / sort\n  所属对象：单位\n  类型：类别（机关办 / office、学校办 / school_office{}）\n\n"
    asked = rule("机关办、学校办等应当备案", "适用情形：种类 属于 （机关办、学校办）", "要求：已备案")
    assert left(tmp_path, text.format("") + asked) == ["K108"]
    assert left(tmp_path, text.format("、等") + asked) == []


@pytest.mark.parametrize(
    ("quote", "requirement", "codes"),
    [
        ("每所学校不少于2小时", "占比（开放日，时长 不少于 2小时） 不少于 100%", ["K107", "K103"]),
        ("每千人不少于2人", "人数 不少于 2人", []),
        ("每年不少于2小时", "合计（开放日的时长）÷计数（开放日） 不少于 2小时", []),
        ("机关、中等学校应当备案", "已备案 且 类型 属于 （机关、学校）", []),
    ],
)
def test_each_and_lists(quote: str, requirement: str, codes: list[str], tmp_path: Path) -> None:
    assert left(tmp_path, rule(quote, f"要求：{requirement}")) == codes
