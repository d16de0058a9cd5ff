"""What tables hold is found from their headings and types alone, with every fault at once."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow")

from rulecheck import batching  # noqa: E402
from rulecheck.batching.declaring.declare import Declared, TableHeader, TablePlan, declare  # noqa: E402
from rulecheck.batching.declaring.mapping import TableMapping, read_mapping  # noqa: E402
from rulecheck.data import folder, read_text  # noqa: E402
from rulecheck.facts.headings import Headings  # noqa: E402
from rulecheck.facts.nodes import Faults  # noqa: E402
from rulecheck.language.diagnostics import Diagnostic, render  # noqa: E402
from rulecheck.rules.load import load  # noqa: E402
from rulecheck.submission import NONE, UNTOLD  # noqa: E402
from support_facts import RULE_SET  # noqa: E402
from support_messages import assert_both_languages_name_the_same, assert_each_is_one_sentence_twice  # noqa: E402

HEADINGS = Headings(RULE_SET)
TEXT, WHOLE, DECIMAL, DATE = pa.string(), pa.int64(), pa.decimal128(18, 2), pa.date32()


def table(name: str, file: str = "", **columns: Any) -> TableHeader:
    """A table with columns of these types."""
    return TableHeader(name, file or f"{name}.parquet", tuple(columns.items()))


def header(name: str, *columns: tuple[str, Any], file: str = "") -> TableHeader:
    return TableHeader(name, file or f"{name}.parquet", columns)


def mapping(text: str) -> TableMapping:
    return read_mapping(text, HEADINGS, Faults("对照.yaml"))


def declared(*tables: TableHeader, text: str = "") -> Declared:
    return declare(RULE_SET, tables, mapping(text) if text else None, chosen=())


def plan(*tables: TableHeader, text: str = "") -> TablePlan:
    """The plan of the first table, where nothing is wrong."""
    found = declared(*tables, text=text)
    assert not found.errors, [render(each) for each in found.errors]
    return found.tables[0]


def told(problems: tuple[Diagnostic, ...]) -> list[str]:
    """Each code and place; every message can be written in both languages."""
    for each in problems:
        assert render(each, "zh")
        assert render(each, "en")
    return [f"{each.code} {each.place.where}".strip() for each in problems if each.place]


def faults(*tables: TableHeader, text: str = "") -> list[str]:
    return told(declared(*tables, text=text).errors)


def remarks(*tables: TableHeader, text: str = "") -> list[str]:
    found = declared(*tables, text=text)
    assert not found.errors
    # No rule is chosen here, so every table is said to be of no use.
    assert [each.code for each in found.warnings].count("B128") == len(tables)
    return told(tuple(each for each in found.warnings if each.code != "B128"))


def facts(of: TablePlan) -> dict[str, tuple[Any, str, Any]]:
    return {each.fact.id: (each.slot, each.unit.text if each.unit else "", each.blank) for each in of.facts}


# --- what a table holds ---


@pytest.mark.parametrize("name", ["单位", "unit", "1.单位", "单位情况表", "单位-2023年", "单位_甲局", "附表1 单位表", "UNIT"])
def test_the_kind_by_the_name(name: str) -> None:
    assert plan(table(name, 编号=TEXT)).kind.id == "unit"


def test_the_kind_by_the_file() -> None:
    assert plan(table("main", "数据/单位-2023.duckdb", 编号=TEXT)).kind.id == "unit"


def test_the_kind_by_the_mapping_file_comes_first() -> None:
    assert plan(table("单位", 编号=TEXT), text="表: {单位: 申领}").kind.id == "claim"
    assert plan(table("t_1", 编号=TEXT), text="tables: {T_1: claim}").kind.id == "claim"
    assert plan(table("t", "in/t_1.csv", 编号=TEXT), text="表: {t_1: 申领}").kind.id == "claim"


def test_the_only_kind_that_has_the_headings() -> None:
    given = table("t_1", 编号=TEXT, 受理日=DATE)
    assert plan(given).kind.id == "claim"
    assert remarks(given) == ["B125"]


def test_no_kind() -> None:
    assert faults(table("t_1", 编号=TEXT)) == ["B101"]
    assert faults(table("t_1", 编号=TEXT, 受理日=DATE, xx=DATE)) == ["B101"]


def test_two_tables_of_one_kind() -> None:
    assert faults(table("单位", 编号=TEXT), table("unit", 编号=TEXT)) == ["B102"]
    found = declared(table("单位", "全.duckdb", 编号=TEXT), table("unit", "全.duckdb", 编号=TEXT)).errors
    assert "全.duckdb 表“单位”" in render(found[0])
    assert "全.duckdb table “单位”" in render(found[0], "en")


def test_a_column_of_kinds() -> None:
    given = table("单位", 编号=TEXT, 核查对象=TEXT)
    assert faults(given) == ["B105 第2列“核查对象”"]
    assert plan(given, text="忽略: [核查对象]").ignored == (1,)


# --- who a row is about ---


def test_keys_in_the_order_in_which_they_count() -> None:
    found = plan(table("单位", 名称=TEXT, 编号=WHOLE, 信用代码=TEXT))
    assert [(each.word, each.number) for each in found.keys] == [("credit_code", 2), ("id", 1), ("name", 0)]
    assert found.name is not None
    assert found.name.number == 0
    assert [each.word for each in plan(header("unit", ("name", TEXT))).keys] == ["name"]


def test_no_key() -> None:
    assert faults(table("单位", 编制=WHOLE)) == ["B103"]


def test_a_key_that_is_no_text() -> None:
    for type in (pa.float64(), DATE, pa.list_(TEXT), pa.binary(), pa.decimal128(10, 2), pa.bool_()):
        assert faults(header("单位", ("编号", type))) == ["B115 第1列“编号”"]
    for type in (pa.decimal128(20, 0), pa.int8(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), TEXT)):
        assert plan(header("单位", ("编号", type))).keys[0].type == type


def test_the_parent() -> None:
    town, school = table("镇", 编号=TEXT), table("学校", 编号=TEXT, 上级=TEXT)
    assert plan(school, town).parent is not None
    assert plan(table("school", id=TEXT, parent=TEXT), town).parent is not None
    assert plan(table("school", id=TEXT, town=TEXT), town).parent is not None


def test_members_without_a_parent_where_there_is_a_table_of_them() -> None:
    school = table("学校", 编号=TEXT)
    assert faults(school, table("镇", 编号=TEXT)) == ["B104"]
    assert plan(school).parent is None


def test_a_parent_of_what_is_part_of_nothing() -> None:
    assert faults(table("镇", 编号=TEXT, 上级=TEXT)) == ["F226 第2列“上级”"]


def test_places_and_statements() -> None:
    found = plan(table("镇", 编号=TEXT, 地区=TEXT, 学校=TEXT))
    assert found.place is not None
    assert found.place.number == 1
    assert [(each.kind.id, each.number) for each in found.statements] == [("school", 2)]
    assert faults(table("镇", 编号=TEXT, 地区=DATE, 学校=pa.bool_())) == ["B115 第2列“地区”", "B115 第3列“学校”"]


def test_members_that_are_all_there() -> None:
    school, town = table("学校", 编号=TEXT, 上级=TEXT), table("镇", 编号=TEXT)
    assert plan(school, town, text="齐全: [学校]").is_complete
    assert plan(school, town, text="complete: school").is_complete
    assert not plan(school, town).is_complete


# --- facts ---


def test_units() -> None:
    found = plan(
        header(
            "单位", ("编号", TEXT), ("编制（百人）", WHOLE), ("安排比例(%)", DECIMAL), ("面积/亩", DECIMAL), ("职工工资", DECIMAL)
        ),
        text="计量单位: {职工工资: 万元}",
    )
    assert {name: unit for name, (_, unit, _) in facts(found).items()} == {
        "posts": "百人",
        "ratio": "%",
        "area": "亩",
        "wages": "万元",
    }
    assert [each.size for each in found.facts] == [100, 100, Fraction(200000, 3), 1000000]


def test_a_unit_by_the_heading_as_it_is_mapped() -> None:
    text = "表头: {staff: 编制, ratio1: 安排比例（%）}\n单位: {计量单位: {STAFF: 千人}}"
    assert facts(plan(header("单位", ("编号", TEXT), ("staff", WHOLE), ("ratio1", WHOLE)), text=text)) == {
        "posts": (0, "千人", UNTOLD),
        "ratio": (3, "%", UNTOLD),
    }


def test_a_share_without_a_unit() -> None:
    given = header("单位", ("编号", TEXT), ("安排比例", DECIMAL))
    assert faults(given) == ["B107 第2列“安排比例”"]
    assert facts(plan(given, text='计量单位: {安排比例: "%"}'))["ratio"][1] == "%"
    assert facts(plan(header("单位", ("编号", TEXT), ("安排比例", TEXT))))["ratio"][1] == ""  # each cell can say it


def test_units_that_do_not_fit() -> None:
    given = header("单位", ("编号", TEXT), ("编制（米）", WHOLE), ("面积（噸）", WHOLE))
    assert faults(given) == ["F304 第2列“编制（米）”", "F303 第3列“面积（噸）”"]
    given = header("单位", ("编号", TEXT), ("编制", WHOLE), ("成立日", DATE))
    assert faults(given, text="计量单位: {编制: 米, 成立日: 天}") == ["F304 第1行", "F305 第1行"]
    assert faults(given, text="计量单位: {编制: 噸}") == ["B134 第1行"]


def test_the_heading_and_the_mapping_file_agree_about_a_unit() -> None:
    given = header("单位", ("编号", TEXT), ("编制（百人）", WHOLE))
    assert faults(given, text="计量单位: {编制: 千人}") == ["B108 第1行"]
    assert faults(given, text="计量单位: {编制: 百人}") == []


def test_periods() -> None:
    found = plan(header("单位", ("编号", TEXT), ("新增就业人数@2022年（百人）", WHOLE), ("2023年新增就业人数", WHOLE)))
    assert [(each.slot, each.size) for each in found.facts] == [((13, "2022"), 100), ((13, "2023"), 1)]
    assert faults(header("单位", ("编号", TEXT), ("新增就业人数", WHOLE))) == ["B109 第2列“新增就业人数”"]
    assert faults(header("单位", ("编号", TEXT), ("编制@2022年", WHOLE))) == ["F224 第2列“编制@2022年”"]


def test_two_columns_for_one_fact() -> None:
    given = header("单位", ("编号", TEXT), ("编制", WHOLE), ("编制（百人）", WHOLE), ("id", TEXT))
    assert faults(given) == ["F209 第3列“编制（百人）”", "F209 第4列“id”"]
    periods = header("单位", ("编号", TEXT), ("新增就业人数@2022", WHOLE), ("2022年新增就业人数", WHOLE))
    assert faults(periods) == ["F209 第3列“2022年新增就业人数”"]


def test_surplus_columns() -> None:
    given = header("单位", ("编号", TEXT), ("编职", WHOLE), ("人口", WHOLE), ("x", WHOLE))
    assert faults(given) == ["B117 第2列“编职”", "F204 第3列“人口”", "B118 第4列“x”"]
    found = declared(given).errors[0]
    assert "编制" in found.values["near"]
    for each in (each for each in declared(given).errors if each.code != "F204"):
        assert "忽略: [" in render(each).splitlines()[-1]
        assert "ignore: [" in render(each, "en").splitlines()[-1]
    assert remarks(given, text="忽略: [编职, 人口, x]") == ["B124"]
    assert plan(given, text="忽略: [编职, 人口, x]").ignored == (1, 2, 3)


def test_columns_without_effect() -> None:
    given = header(
        "单位", ("编号", TEXT), ("序号", WHOLE), ("截至", DATE), ("佐证材料（编制）", TEXT), ("说明理由@至少安排一人", TEXT)
    )
    assert remarks(given) == [
        "F207 第2列“序号”",
        "B126 第3列“截至”",
        "B123 第4列“佐证材料（编制）”",
        "B123 第5列“说明理由@至少安排一人”",
    ]
    assert plan(given).ignored == (1, 2, 3, 4)


FITTING = {
    "编制": [pa.int8(), pa.uint64(), DECIMAL, pa.decimal256(60, 3), TEXT, pa.large_string(), pa.string_view(), pa.null()],
    "成立日": [DATE, pa.date64(), pa.timestamp("us"), TEXT, pa.dictionary(pa.int32(), DATE)],
    "开门时刻": [pa.time32("s"), pa.time64("ns"), TEXT],
    "是否公开": [pa.bool_(), TEXT],
    "单位类别": [TEXT, pa.dictionary(pa.int32(), TEXT), WHOLE],
    "情况": [TEXT, WHOLE, pa.decimal128(10, 0)],
}
UNFIT = {
    "编制": {
        "B106": [pa.float16(), pa.float32(), pa.float64(), pa.dictionary(pa.int8(), pa.float64())],
        "B111": [pa.bool_(), DATE, pa.timestamp("s"), pa.list_(WHOLE), pa.struct([("a", WHOLE)]), pa.binary(), pa.duration("s")],
    },
    "成立日": {
        "B112": [WHOLE, pa.float64(), pa.bool_()],
        "B116": [pa.timestamp("us", "Asia/Shanghai"), pa.timestamp("us", "UTC")],
    },
    "开门时刻": {"B113": [WHOLE, pa.timestamp("us"), DATE]},
    "是否公开": {"B114": [WHOLE, pa.float64()]},
    "单位类别": {"B115": [pa.bool_(), DECIMAL, pa.float32(), pa.map_(TEXT, TEXT)]},
    "情况": {"B115": [DATE, pa.float64(), DECIMAL]},
}


@pytest.mark.parametrize(("heading", "type"), [(heading, type) for heading, types in FITTING.items() for type in types])
def test_types_that_fit(heading: str, type: Any) -> None:
    assert plan(header("单位", ("编号", TEXT), (heading, type))).facts[0].type == type


@pytest.mark.parametrize(
    ("heading", "code", "type"),
    [(heading, code, each) for heading, rows in UNFIT.items() for code, types in rows.items() for each in types],
)
def test_types_that_do_not_fit(heading: str, code: str, type: Any) -> None:
    assert faults(header("单位", ("编号", TEXT), (heading, type))) == [f"{code} 第2列“{heading}”"]


def test_how_to_cast_a_floating_column() -> None:
    given = header("单位", ("编号", TEXT), ("职工工资（万元）", pa.float64()), ("编制", pa.float32()))
    found = declared(given).errors
    assert 'CAST("职工工资（万元）" AS DECIMAL(18, 6))' in render(found[0])
    assert 'CAST("编制" AS DECIMAL(18, 0))' in render(found[1], "en")


def test_what_a_blank_stands_for() -> None:
    given = header("单位", ("编号", TEXT), ("撤销日", DATE), ("编外人员", WHOLE), ("编制", WHOLE), ("是否公开", pa.bool_()))
    found = facts(plan(given, text="空值: {撤销日: 无, 编外人员: 无, is_public: none}"))
    assert [found[name][2] for name in ("closed_on", "others", "posts", "is_public")] == [NONE, 0, UNTOLD, 0]
    assert faults(given, text="空值: {编制: 无}") == ["F301 第1行"]
    assert faults(given, text="空值: {编制: 0}") == ["B131 第1行"]


# --- several things at once ---


def test_every_fault_of_every_table_at_once() -> None:
    found = faults(
        header("单位", ("编制", pa.float64()), ("安排比例", WHOLE), ("x", TEXT)),
        header("学校", ("编号", TEXT), ("人口", pa.bool_())),
        header("镇", ("编号", TEXT)),
        header("t", ("编号", TEXT)),
    )
    assert found == [
        "B106 第1列“编制”",
        "B107 第2列“安排比例”",
        "B118 第3列“x”",
        "B103",
        "B111 第2列“人口”",
        "B104",
        "B101",
    ]


def test_tables_of_one_database_are_named() -> None:
    found = faults(header("单位", ("编号", DATE), file="库.duckdb"), header("镇", ("编制", WHOLE), file="库.duckdb"))
    assert found == ["B115 表“单位”第1列“编号”", "F204 表“镇”第1列“编制”", "B103 表“镇”"]


def test_tables_that_are_in_no_file() -> None:
    found = declared(TableHeader("单位", "", (("编号", DATE),)), TableHeader("镇", "", (("编制", WHOLE),)))
    assert [(each.file, each.code) for each in found.errors] == [("单位", "B115"), ("镇", "F204"), ("镇", "B103")]
    assert told(found.errors)[:2] == ["B115 第1列“编号”", "F204 第1列“编制”"]


def test_english() -> None:
    found = declared(header("unit", ("posts", pa.float64())))
    assert [each.place.where_en for each in found.errors if each.place] == ["column 1 “posts”", ""]


# --- the mapping file ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("计量单位: [编制]\n", "S321 第1行"),
        ("计量单位: {编制: }\n", "S324 第1行"),
        ("计量单位: {编制: 人}\n单位: {计量单位: {编制: 百人}}\n", ""),
        ("计量单位: {编制: 人, 编 制: 百人}\n", "S326 第1行"),
        ("表: {t: 单未}\n", "F201 第1行"),
        ("表: 单位\n", "S321 第1行"),
        ("齐全: {学校: 是}\n", "B133 第1行"),
        ("齐全: [单位]\n", "B132 第1行"),
        ("齐全: [学笑]\n", "F201 第1行"),
        ("齐全: [学校, school]\n", "S326 第1行"),
        ("空值: {编制: 有}\n", "B131 第1行"),
        ("单位:\n  齐全: [学校]\n", "S322 第2行"),
        ("表投: {a: 编制}\n", "S322 第1行"),
        ("表头: {a: 编职}\n", "S327 第1行"),
        ("- 表\n", "S321 第1行"),
    ],
)
def test_faults_of_the_mapping_file(text: str, expected: str) -> None:
    found = mapping(text).faults
    assert told(tuple(found.errors)) == ([expected] if expected else [])


def test_what_is_not_a_fact_has_no_unit_and_no_blank() -> None:
    text = "计量单位: {编号: 人}\n空值: {x: 无}\n"
    assert faults(header("单位", ("编号", TEXT), ("x", TEXT)), text=text) == ["B135 第1行", "B135 第2行", "B118 第2列“x”"]


def test_what_was_never_used_is_told() -> None:
    text = "表: {t: 镇}\n表头: {a: 编制}\n计量单位: {面积: 亩}\n空值: {撤销日: 无}\n齐全: [学校]\n"
    assert remarks(table("单位", 编号=TEXT), text=text) == [
        "S325 第2行",
        "S325 第3行",
        "S325 第4行",
        "B136 第5行",
        "B136 第1行",
    ]


# --- what the rules read ---


def test_what_the_rules_read_and_no_table_has() -> None:
    rules, _ = load(folder("rules"))
    assert rules is not None
    claim = next(kind for kind in rules.kinds.values() if kind.occurs_on is not None)
    found = declare(rules, [table(claim.zh, 编号=TEXT)])
    assert found.errors == ()
    (missing,) = [each for each in found.warnings if each.code == "B121"]
    assert rules.facts[claim.occurs_on or ""].zh in missing.values["facts"]
    chosen = declare(rules, [table(claim.zh, 编号=TEXT)], chosen=[])
    assert [each.code for each in chosen.warnings] == ["B128"]


def test_members_that_the_rules_look_at_and_no_table_has() -> None:
    rules, _ = load(folder("rules"))
    assert rules is not None
    school = rules.kinds["school"]
    days = rules.kinds[next(iter(school.children))]
    alone = declare(rules, [table(school.zh, 编号=TEXT)])
    assert days.zh in [each.values["kind"] for each in alone.warnings if each.code == "B122"]
    for tables in (
        [table("school", 编号=TEXT, **{days.zh: TEXT})],
        [table("school", 编号=TEXT), table(days.id, 编号=TEXT, 上级=TEXT)],
    ):
        found = declare(rules, tables)
        assert found.errors == ()
        assert days.zh not in [each.values["kind"] for each in found.warnings if each.code == "B122"]


# --- messages ---

PACKAGE = Path(batching.__file__).parent
ROWS = tomllib.loads(read_text("dsl", "messages", "batching.toml"))
USED = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(B[12]\d\d)"', path.read_text(encoding="utf-8"))}


def test_codes_and_messages_are_the_same() -> None:
    assert {code for code in ROWS if re.match(r"B[12]\d\d\Z", code)} == USED


def test_every_code_is_tested() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_batch_*.py"))
    assert {code for code in USED if code not in tests} == set()


def test_every_message_is_there_twice_and_is_one_sentence() -> None:
    assert_each_is_one_sentence_twice(ROWS)


def test_both_languages_say_the_same_things() -> None:
    assert_both_languages_name_the_same(ROWS)
