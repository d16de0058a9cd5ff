"""`rulecheck read`: the rules in plain sentences; goldens of all shipped rules, which a person reads when they change."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from rulecheck import data
from rulecheck.commands import DONE, REFUSED
from rulecheck.commands.read import read, render
from rulecheck.dataclass import replace
from rulecheck.language.diagnostics import display_width, help_text, message
from rulecheck.language.syntax import Language
from rulecheck.prose.documents import in_order, told
from rulecheck.rules.load import load
from rulecheck.rules.model import RuleSet
from support_explain import rule, rule_set
from support_golden import golden
from support_prose import line, part, prose, prose_of
from support_resolve import accepted, requiring

READ = Path(__file__).parent / "golden" / "read"
FOLDERS = ("huangshi/2022-22", "huangshi/2022-57", "huangshi/2022-58", "huangshi/2022-59", "huangshi/2022-60")
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    rules, problems = load()
    assert rules is not None, problems
    return rules


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_shipped_rule_in_plain_sentences(shipped: RuleSet, folder: str, language: Language) -> None:
    text = render(told(shipped, (), {folder}), language, color=False)
    golden(f"{folder.rpartition('/')[2]}.{language}.txt", text, READ)


def test_the_goldens_hold_every_shipped_document(shipped: RuleSet) -> None:
    assert {document.folder for document in shipped.documents} == set(FOLDERS)
    assert {path.name for path in READ.iterdir()} == {
        f"{folder.rpartition('/')[2]}.{language}.txt" for folder in FOLDERS for language in ("zh", "en")
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_is_wider_than_a_hundred_columns(shipped: RuleSet, language: Language) -> None:
    text = render(told(shipped, (), set(FOLDERS)), language, color=False)
    assert max(display_width(each) for each in text.splitlines()) <= 100


def test_rules_stand_in_the_order_of_the_document(shipped: RuleSet) -> None:
    (document,) = (each for each in shipped.documents if each.folder == "huangshi/2022-60")
    items = [item.locator for item in document.items]
    rules = in_order(document, [rule for rule in shipped.rules if rule.document is document])
    places = [items.index(rule.citations[0].locator) for rule in rules]
    assert places == sorted(places)
    assert [rule.id for rule in rules[:3]] == ["new_jobs_in_city", "city_organ_employs_disabled", "institution_employs_disabled"]


def test_every_item_of_a_document_is_told(shipped: RuleSet) -> None:
    (document,) = (each for each in shipped.documents if each.folder == "huangshi/2022-60")
    lines = render(told(shipped, (), {document.folder}), "zh", color=False).splitlines()
    assert [each for each in lines if each.startswith("条文 ")] == [f"条文 {item.locator}" for item in document.items]


# --- what a sentence says ---


@pytest.mark.parametrize(
    ("clauses", "zh", "en"),
    [
        ("要求：编制 不少于 50人", "编制不少于50人（含50人）。", "“posts” is at least 50 people (50 people included)."),
        ("要求：编制 ≥ 50人", "编制不少于50人（含50人）。", "“posts” is at least 50 people (50 people included)."),
        ("要求：编制 不满 50人", "编制不满50人（不含50人）。", "“posts” is under 50 people (50 people not included)."),
        ("要求：编制 达到 50人", "编制达到50人（含50人）。", "“posts” reaches 50 people (50 people included)."),
        (
            "要求：成立日 ≤ 2023年6月30日",
            "成立日不晚于2023年6月30日（含当日）。",
            "“founded on” is no later than 2023-06-30 (that day included).",
        ),
        ("要求：星级 ＞ 一星", "星级高于一星（不含一星）。", "“stars” is higher than one star (one star not included)."),
        ("要求：已公示", "“已公示”为“是”。", "“published” is “yes”."),
        (
            "要求：成立日 属于 每年9月1日至10月31日",
            "成立日在每年9月1日至10月31日之内（首尾两日都计入）。",
            "“founded on” falls within the time from 1 September to 31 October of every year (both days included).",
        ),
        (
            "要求：成立日 不属于 每年11月1日至2月29日",
            "成立日不在每年11月1日至次年2月29日（没有这一日的年份为2月28日）之内（首尾两日属于这段时间）。",
            "“founded on” does not fall within the time from 1 November of every year to 29 February "
            "(28 February in a year without it) of the next (both days belong to it).",
        ),
        (
            "周期：每年\n要求：降幅（新增岗位） 不低于 10%",
            "当年的新增岗位比上年的降幅不低于10%（含10%）。",
            "the fall of “new posts” of that year against the year before is no lower than 10% (10% included).",
        ),
        (
            "周期：每季度\n要求：增加（检修次数） 不少于 2次",
            "当季的检修次数比上季度的增加数不少于2次（含2次）。",
            "the increase of “repairs” of that quarter against the quarter before is at least 2 occasions (2 occasions "
            "included).",
        ),
        ("要求：单位类别 属于 （公司、机关）", "单位类别为“机关”或“公司”。", "“category” is “organ” or “company”."),
        (
            "要求：编制-（职工总数-残疾职工数） 不少于 安排比例×职工总数",
            "编制－（职工总数－残疾职工数）不少于安排比例×职工总数（含恰好相等）。",
            "“posts” - (“staff” - “disabled staff”) is at least “placement ratio” × “staff” (equality included).",
        ),
        (
            "要求：每一 检查 其中 （得分 不满 60个） 满足 （星期（检查日） 属于 （周一、周六））",
            "每一检查（只计检查日在考核期内、且得分不满60个（不含60个）的）都符合：检查日是周一或周六。",
            "for every record of “inspection” (only those whose “inspected on” is within the period owed and for which "
            "“score” is under 60 items (60 items not included)): “inspected on” falls on Monday or Saturday.",
        ),
        (
            "要求：已公示 且 （编制 不少于 50人 或 单位类别=机关）",
            "下列各项同时成立：（1）“已公示”为“是”；且（2）下列各项至少有一项成立："
            "① 编制不少于50人（含50人）；或② 单位类别为“机关”。",
            "all of these hold: (1) “published” is “yes”; and (2) at least one of these holds: "
            "(a) “posts” is at least 50 people (50 people included); or (b) “category” is “organ”.",
        ),
    ],
)
def test_what_is_required_is_a_whole_sentence_with_its_boundary(clauses: str, zh: str, en: str) -> None:
    assert line(clauses, "要求（必须做到）：") == zh
    assert line(clauses, "Required:", language="en") == en


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        (
            "受理日+5个工作日",
            "不晚于受理日之后的第5个工作日（含当日）。",
            "by the day 5 working days after “received on” (that day included).",
        ),
        ("受理日+1天", "不晚于受理日的次日（含当日）。", "by the day after “received on” (that day included)."),
        (
            "受理日+2个月",
            "不晚于受理日之后满2个月的那一天（含当日）。",
            "by the day 2 months after “received on” (that day included).",
        ),
        (
            "受理日+5天 遇休息日顺延",
            "不晚于受理日之后的第5天（遇休息日的，顺延到下一个工作日）（含当日）。",
            "by the day 5 days after “received on” (moved to the next working day where it is a rest day) (that day included).",
        ),
    ],
)
def test_a_limit_says_how_it_is_reckoned_and_that_its_day_is_in_time(limit: str, zh: str, en: str) -> None:
    clauses = f"要求：办结日\n完成时限：{limit}"
    assert line(clauses, "完成时限：", "申请") == zh
    assert line(clauses, "Due:", "申请", "en") == en


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        (
            "每一 单位的员工 其中 （持证） 满足 （编制 不少于 5人）",
            "每一单位名下的员工（只计“持证”为“是”的）都符合：所属单位的编制不少于5人（含5人）。",
            "for every record of “worker” of every unit (only those for which “disabled” is “yes”): "
            "“posts” of the unit it belongs to is at least 5 people (5 people included).",
        ),
        (
            "计数（单位的员工） 不少于 5",
            "单位名下的员工的个数不少于5个（含5个）。",
            "the number of records of “worker” of every unit is at least 5 (5 included).",
        ),
    ],
)
def test_members_of_members_say_through_whom(expression: str, zh: str, en: str) -> None:
    rules = accepted(requiring(expression, kind="城市"))
    assert part(prose_of(rules, "zh", "sample"), "要求（必须做到）：", "zh") == zh
    assert part(prose_of(rules, "en", "sample"), "Required:", "en") == en


def test_working_days_say_which_days_count_and_that_the_first_does_not() -> None:
    told_so = line("要求：办结日\n完成时限：受理日+5个工作日", "期限计算：", "申请")
    assert "放假的日子不算，调休上班的周六、周日算；起算当日不计，从次日算起" in told_so


@pytest.mark.parametrize(
    ("clauses", "due"),
    [
        ("要求：已公示", "没有另定时限，上述期间内随时按此判断。"),
        ("周期：每年\n要求：新增岗位 不少于 1个", "没有另定时限，即以当年12月31日为限（含当日）。"),
        ("周期：每年\n禁止：新增岗位 不少于 1个", "没有另定时限，上述期间内随时按此判断。"),
        ("要求：已公示\n完成时限：2024年底", "不晚于2024年12月31日（含当日）。"),
    ],
)
def test_a_duty_without_a_date_says_when_it_is_owed_instead(clauses: str, due: str) -> None:
    assert line(clauses, "完成时限：") == due


def test_what_limbs_share_is_told_once() -> None:
    text = prose("适用情形：编制 不少于 50人\n要求（甲）：已公示\n要求（乙）：窗口数 不少于 3个\n完成时限：2024年底")
    assert text.count("适用情形：") == text.count("完成时限：") == 1
    assert text.index("适用情形：") < text.index("【甲】") < text.index("【乙】") < text.index("完成时限：")


def test_a_reading_tells_only_what_it_changes() -> None:
    text = prose(
        "适用情形：编制 不少于 50人\n要求：已公示\n完成时限〔期末〕：2024年底\n"
        '口径：持续 / throughout（默认）："甲" / "a"\n口径：期末 / at_end："乙" / "b"\n口径：同义 / alike："丙" / "c"'
    )
    told_of = text[text.index("（2）“期末”") :].splitlines()
    assert [each.strip() for each in told_of[:4]] == [
        "（2）“期末”。理由：乙。",
        "改为：完成时限：不晚于2024年12月31日（含当日）。",
        "（3）“同义”。理由：丙。",
        "判断的内容与以上相同。",
    ]


def test_a_reading_may_take_a_limb_away() -> None:
    text = prose(
        "要求（甲）：已公示\n要求（乙）：编制 不少于 50人\n要求（乙）〔只要公示〕：无\n"
        '口径：都要 / both_owed（默认）："甲" / "a"\n口径：只要公示 / published_only："乙" / "b"'
    )
    assert "没有【乙】这一项。" in text
    assert "there is no [b]." in prose(
        "要求（甲）：已公示\n要求（乙）：编制 不少于 50人\n要求（乙）〔只要公示〕：无\n"
        '口径：都要 / both_owed（默认）："甲" / "a"\n口径：只要公示 / published_only："乙" / "b"',
        language="en",
    )


def test_what_none_counts_as_is_said_with_the_fact() -> None:
    rules = accepted(requiring("补贴金额 不少于 5元", kind="申领"))
    assert "补贴金额（元）（填“无”的，按0元计）" in prose_of(rules, "zh", "sample")
    assert "“granted” (in yuan) (“none” counts as 0 yuan)" in prose_of(rules, "en", "sample")


def test_who_signed_the_rules_and_which_items_have_none() -> None:
    rules = rule_set(rule("要求：已公示"))
    (document,) = rules.documents
    text = render(told(rules, (), {document.folder}), "zh", color=False)
    assert "这些规则还没有经律师核对签署。" in text
    assert text[text.index("条文 二\n") :].splitlines()[1] == "  本项尚未编写规则，也没有说明理由。"
    signed = replace(document, status={"state": "in_force", "checked_by": "甲律师", "checked_on": "2024-01-02"})
    again = replace(rules, documents=(signed,), rules=tuple(replace(each, document=signed) for each in rules.rules))
    assert "规则经甲律师于2024-01-02核对签署。" in render(told(again, (), {signed.folder}), "zh", color=False)


# --- which rules ---


def shown(capsys: pytest.CaptureFixture[str], names: list[str], documents: list[str], language: str = "zh") -> list[str]:
    assert read(names, rules=None, documents=documents, language=language, output=None) == DONE
    return [each for each in capsys.readouterr().out.splitlines() if each.startswith(("  规则：", "  Rule: "))]


def test_rules_are_named_in_either_language(capsys: pytest.CaptureFixture[str]) -> None:
    both = shown(capsys, ["city_organ_employs_disabled", "失业保险金审核时限"], [])
    assert both == [
        "  规则：失业保险金审核时限（unemployment_review_limit）",
        "  规则：市级机关安排残疾人就业（city_organ_employs_disabled）",
    ]


@pytest.mark.parametrize("name", ["2022-59", "huangshi/2022-59", "黄政办发〔2022〕59号"])
def test_documents_are_named_by_number_or_folder(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert len(shown(capsys, [], [name])) == 18


def test_all_rules_without_a_name(capsys: pytest.CaptureFixture[str], shipped: RuleSet) -> None:
    assert len(shown(capsys, [], [], "en")) == len(shipped.rules)


def test_a_rule_by_itself_tells_nothing_of_other_items(capsys: pytest.CaptureFixture[str]) -> None:
    assert read(["policy_evaluation"], rules=None, documents=[], language="zh", output=None) == DONE
    text = capsys.readouterr().out
    assert [each for each in text.splitlines() if each.startswith("条文 ")] == ["条文 三（四）"]
    assert "勘误" not in text


def test_an_unknown_name_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert read(["市级机关安排残疾人"], rules=None, documents=["2022-61"], language="zh", output=None) == REFUSED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "错误[P101] 没有叫“市级机关安排残疾人”的规则" in captured.err
    assert "是否想写：市级机关安排残疾人就业" in captured.err
    assert "错误[P102] 没有登记文件“2022-61”" in captured.err
    assert "请写文号或规则文件夹，如：2022-60" in captured.err
    assert read([], rules=None, documents=["甲"], language="zh", output=None) == REFUSED
    assert "如：黄政发〔2022〕22号、黄政办发〔2022〕57号" in capsys.readouterr().err


def test_the_text_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "规则.txt"
    assert read([], rules=None, documents=["2022-58"], language="en", output=target) == DONE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"the rules were written to {target}\n"
    assert target.read_text(encoding="utf-8") == (READ / "2022-58.en.txt").read_text(encoding="utf-8")


def test_an_unknown_language_and_an_unwritable_file_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read([], rules=None, documents=[], language="fr", output=None) == REFUSED
    assert read([], rules=None, documents=["2022-58"], language="zh", output=tmp_path / "none" / "x.txt") == REFUSED
    assert capsys.readouterr().out == ""


CODES = ("P101", "P102", "P103")


def test_every_message_that_is_written_is_used() -> None:
    assert set(tomllib.loads(data.read_text("dsl", "messages", "provisions.toml"))) == set(CODES)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_message_is_there_in_both_languages(code: str, language: Language) -> None:
    values = {"name": "甲", "near": "乙", "file": "丙"}
    assert message(code, language, values)
    assert help_text(code, language, values) or code == "P103"


# --- English ---


def test_the_english_text_holds_no_chinese_but_what_is_quoted(shipped: RuleSet) -> None:
    allowed = {agency.agency for rule in shipped.rules for agency in rule.responsible}
    allowed |= {quote for rule in shipped.rules for each in rule.citations for quote, _ in each.quotes}
    for document in shipped.documents:
        allowed |= {document.title, document.number, document.issuer, *document.basis}
        allowed |= {item.locator for item in document.items}
    for declaration in shipped.declarations:
        allowed |= {text.en for text in (declaration.printed, declaration.presumed) if text}
        allowed |= {text for text, _ in declaration.quotes}
    for each in told(shipped, (), set(FOLDERS)):
        for paragraph in (each[0].en, *(f"{one.mark.en}{one.text.en}" for one in each[1])):
            left = paragraph
            for text in sorted(allowed, key=len, reverse=True):
                left = left.replace(text, "")
            assert not HAN.search(left), paragraph
