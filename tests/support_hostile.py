"""Submissions that nobody should send, each with what it is refused for."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from support_spreadsheets import sheet, xlsx, zipped

HEAD = "截至: 2023-06-30\n地区: 黄石市\n"


def yaml(unit: str, before: str = "") -> bytes:
    """A submission of one unit, 甲局, with these lines."""
    lines = "".join(f"    {line}\n" for line in unit.splitlines())
    return f"{before}{HEAD}单位:\n  - 名称: 甲局\n{lines}".encode()


def js(unit: str) -> bytes:
    return f'{{"截至": "2023-06-30", "地区": "黄石市", "单位": [{{"名称": "甲局", {unit}}}]}}'.encode()


def table(headings: str, *rows: str) -> bytes:
    return "".join(f"{line}\n" for line in (headings, *rows)).encode()


def book(*rows: str) -> bytes:
    return xlsx(sheet("".join(rows)))


def row(number: int, *texts: str) -> str:
    written = "".join(f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(texts))
    return f'<row r="{number}">{written}</row>'


ENTITY_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
    + ']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr">'
    "<is><t>&j;</t></is></c></row></sheetData></worksheet>"
)
YAML_BOMB = "a: &a [1, 1]\n" + "".join(f"{chr(98 + at)}: &{chr(98 + at)} [{f'*{chr(97 + at)}, ' * 9}1]\n" for at in range(20))


class Hostile(NamedTuple):
    """A file by name, how to make it, the code and the Chinese sentence it is refused with, and where it says it stands."""

    name: str
    make: Callable[[], bytes]
    code: str
    says: str = ""
    where: str = ""


SMALL: tuple[Hostile, ...] = (
    # unknown fact
    Hostile("unknown-fact.yaml", lambda: yaml("编织: 50人"), "F202", "“单位”没有“编织”这一项", "第5行"),
    Hostile("unknown-fact.json", lambda: js('"编织": 50'), "F202", "“单位”没有“编织”这一项", "$.单位[0].编织"),
    Hostile("单位-unknown-fact.csv", lambda: table("名称,编织", "甲局,50"), "F202", "“单位”没有“编织”这一项", "第1行"),
    Hostile(
        "单位-unknown-fact.xlsx",
        lambda: book(row(1, "名称", "编织"), row(2, "甲局", "50")),
        "F202",
        "“单位”没有“编织”这一项",
        "!表1!B1",
    ),
    # wrong unit
    Hostile("wrong-unit.yaml", lambda: yaml("编制: 50天"), "F304", "“编制”的单位应是“人”一类，不能是“天”", "第5行“编制”"),
    Hostile(
        "wrong-unit.json", lambda: js('"编制": "50万元"'), "F304", "“编制”的单位应是“人”一类，不能是“万元”", "$.单位[0].编制"
    ),
    Hostile(
        "单位-wrong-unit.csv",
        lambda: table("名称,编制（天）", "甲局,50"),
        "F304",
        "“编制”的单位应是“人”一类，不能是“天”",
        "第1行",
    ),
    # unreadable number
    Hostile("number.yaml", lambda: yaml("编制: 五十多人"), "U811", "“五十多人”用的是中文数字", "第5行“编制”"),
    Hostile("number.json", lambda: js('"编制": "5O"'), "F303", "“编制”的单位“O”不认识", "$.单位[0].编制"),
    Hostile("单位-number.csv", lambda: table("名称,编制", "甲局,约50"), "U819", "“约50”是约数", "第2行“编制”"),
    # two values for one fact
    Hostile("two-values.yaml", lambda: yaml("编制: 50\nposts: 51"), "F209", "“posts”给了两次，前一处是“编制”（第5行）", "第6行"),
    Hostile(
        "two-values.json",
        lambda: js('"编制": 50, "posts": 51'),
        "F209",
        "“posts”给了两次，前一处是“编制”（$.单位[0].编制）",
        "$.单位[0].posts",
    ),
    Hostile(
        "单位-two-values.csv",
        lambda: table("名称,编制,posts", "甲局,50,51"),
        "F209",
        "“posts”给了两次，前一处是“编制”（第1行）",
        "第1行",
    ),
    # duplicate keys and headings
    Hostile("duplicate.yaml", lambda: yaml("编制: 50\n编制: 50"), "F134", "“编制”写了两次，前一处在第5行", "第6行"),
    Hostile("duplicate.json", lambda: js('"编制": 50, "编制": 50'), "F142", "“编制”写了两次", "$.单位[0].编制"),
    Hostile(
        "单位-duplicate.csv", lambda: table("名称,编制,编制", "甲局,50,50"), "F152", "表头“编制”有两列：第2列和第3列", "第1行"
    ),
    Hostile(
        "单位-rows.csv",
        lambda: table("名称,编制", "甲局,50", "甲局,50"),
        "F407",
        "“甲局”在同一个文件里出现了两次，前一处在第2行",
        "第3行",
    ),
    # empty files
    Hostile("empty.yaml", lambda: b"", "F113", "文件是空的", ""),
    Hostile("empty.json", lambda: b"", "F113", "文件是空的", ""),
    Hostile("单位-empty.csv", lambda: b"", "F113", "文件是空的", ""),
    Hostile("empty.xlsx", lambda: b"", "F113", "文件是空的", ""),
    Hostile("blank.yaml", lambda: b"\xef\xbb\xbf \n# \n", "F113", "文件是空的", ""),
    # YAML: aliases, tags, merge keys, second documents
    Hostile("alias.yaml", lambda: yaml("编制: &a 50\n配备人数: *a"), "F135", "不读取 YAML 的引用标记“&a”", "第5行"),
    Hostile("bomb.yaml", lambda: YAML_BOMB.encode(), "F135", "不读取 YAML 的引用标记“&a”", "第1行"),
    Hostile(
        "tag.yaml",
        lambda: b"!!python/object/apply:os.system ['echo no']\n",
        "F139",
        "不读取 YAML 的类型标记“tag:yaml.org,2002:python/object/apply:o…”",
        "第1行",
    ),
    Hostile("tag-value.yaml", lambda: yaml("编制: !!int 50"), "F139", "不读取 YAML 的类型标记“tag:yaml.org,2002:int”", "第5行"),
    Hostile("merge.yaml", lambda: yaml("<<: {编制: 50}"), "F136", "不读取 YAML 的合并键“<<”", "第5行"),
    Hostile("second.yaml", lambda: yaml("编制: 50") + b"---\n" + yaml("编制: 51"), "F137", "一个文件中有几份 YAML 文档", "第6行"),
    # nesting
    Hostile("deep.yaml", lambda: b"[" * 10_000, "F115", "括号或缩进套得太深，超过32层", "第1行"),
    Hostile("deep-closed.yaml", lambda: b"[" * 10_000 + b"]" * 10_000, "F115", "括号或缩进套得太深，超过32层", "第1行"),
    Hostile(
        "deep-lines.yaml",
        lambda: "".join(" " * depth + "a:\n" for depth in range(3_000)).encode(),
        "F115",
        "括号或缩进套得太深，超过32层",
        "第33行",
    ),
    Hostile("deep.json", lambda: b"[" * 10_000, "F115", "括号或缩进套得太深，超过32层", ""),
    Hostile("deep-closed.json", lambda: b"[" * 10_000 + b"]" * 10_000, "F115", "括号或缩进套得太深，超过32层", ""),
    Hostile("deep-objects.json", lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "F115", "括号或缩进套得太深，超过32层", ""),
    # numbers that are none
    Hostile("nan.yaml", lambda: yaml("编制: NaN"), "U810", "“NaN”不是数", "第5行“编制”"),
    Hostile("dot-nan.yaml", lambda: yaml("编制: .nan"), "U810", "“.nan”不是数", "第5行“编制”"),
    Hostile("inf.yaml", lambda: yaml("编制: .inf"), "U810", "“.inf”不是数", "第5行“编制”"),
    Hostile("nan.json", lambda: js('"编制": NaN'), "F143", "“NaN”不是数", "$.单位[0].编制"),
    Hostile("inf.json", lambda: js('"编制": -Infinity'), "F143", "“-Infinity”不是数", "$.单位[0].编制"),
    Hostile("单位-nan.csv", lambda: table("名称,编制", "甲局,nan"), "U810", "“nan”不是数", "第2行“编制”"),
    Hostile("exponent.yaml", lambda: yaml("编制: 1e1000000"), "U812", "“1e1000000”是科学计数法", "第5行“编制”"),
    Hostile("exponent.json", lambda: js('"编制": 1e1000000'), "U812", "“1e1000000”是科学计数法", "$.单位[0].编制"),
    Hostile("单位-exponent.csv", lambda: table("名称,编制", "甲局,1e1000000"), "U812", "“1e1000000”是科学计数法", "第2行“编制”"),
    Hostile(
        "digits.yaml",
        lambda: yaml("编制: " + "9" * 9_000),
        "U817",
        "“999999999999999999999999999999999999999…”过长，数字不能超过 30 位",
        "第5行“编制”",
    ),
    Hostile(
        "digits.json",
        lambda: js('"编制": ' + "9" * 1_000_000),
        "F118",
        "内容太长（1000000个字符），最多10000个",
        "$.单位[0].编制",
    ),
    # encodings
    Hostile(
        "gbk.yaml",
        lambda: yaml("编制: 50").decode().encode("gb18030"),
        "F123",
        "文件看来是 GB18030（GBK）编码，YAML 和 JSON 只读取 UTF-8",
        "第1行",
    ),
    Hostile(
        "utf16.yaml", lambda: yaml("编制: 50").decode().encode("utf-16"), "F122", "文件是 UTF-16 或 UTF-32 编码，只读取 UTF-8", ""
    ),
    Hostile(
        "utf16.json", lambda: js('"编制": 50').decode().encode("utf-16"), "F122", "文件是 UTF-16 或 UTF-32 编码，只读取 UTF-8", ""
    ),
    Hostile("latin1.json", lambda: b'{"unit": [{"name": "caf\xe9"}]}', "F121", "从这里起不是 UTF-8 文字", "第1行"),
    Hostile(
        "单位-broken.csv",
        lambda: table("名称,编制", "甲局,50")[:-6] + b"\xff\xff,50\n",
        "F121",
        "从这里起不是 UTF-8 文字",
        "第2行",
    ),
    # characters that are not seen
    Hostile("control.yaml", lambda: yaml('编制: "\x1b[31m50"'), "F112", "有看不见的或控制字符：U+001B", "第5行"),
    Hostile("control.json", lambda: js('"编制": "\x01"'), "F112", "有看不见的或控制字符：U+0001", "第1行"),
    Hostile(
        "escaped-control.json", lambda: js('"编制": "\\u001b[31m"'), "F112", "有看不见的或控制字符：U+001B", "$.单位[0].编制"
    ),
    Hostile("单位-nul.csv", lambda: table("名称,编制", "甲\x00局,50"), "F112", "有看不见的或控制字符：U+0000", "第2行"),
    Hostile("bidi.yaml", lambda: yaml("编\u202e制: 50"), "F112", "有看不见的或控制字符：U+202E", "第5行"),
    Hostile("bidi-value.yaml", lambda: yaml("编制: 5\u20660"), "F112", "有看不见的或控制字符：U+2066", "第5行"),
    Hostile(
        "escaped-bidi.json", lambda: js('"\\u202e编制": 50'), "F112", "有看不见的或控制字符：U+202E", '$.单位[0]["\\u202e编制"]'
    ),
    Hostile("单位-bidi.csv", lambda: table("名称,编\u200b制", "甲局,50"), "F112", "有看不见的或控制字符：U+200B", "第1行"),
    Hostile(
        "bidi.xlsx",
        lambda: book(row(1, "名称", "编\u202e制"), row(2, "甲局", "50")),
        "S113",
        "这一格有看不见的或控制字符：U+202E",
        "!表1!B1",
    ),
    # letters that look like others
    Hostile("twin.yaml", lambda: yaml("p\u043ests: 50"), "F203", "“pоsts”里有形近字符（U+043E），看着像“posts”", "第5行"),
    Hostile(
        "twin.json", lambda: js('"p\u043ests": 50'), "F203", "“pоsts”里有形近字符（U+043E），看着像“posts”", "$.单位[0].pоsts"
    ),
    Hostile(
        "单位-twin.csv",
        lambda: table("名称,p\u043ests", "甲局,50"),
        "F203",
        "“pоsts”里有形近字符（U+043E），看着像“posts”",
        "第1行",
    ),
    Hostile(
        "单位-twin.xlsx",
        lambda: book(row(1, "名称", "p\u043ests"), row(2, "甲局", "50")),
        "F203",
        "“pоsts”里有形近字符（U+043E），看着像“posts”",
        "!表1!B1",
    ),
    # what is no submission
    Hostile("list.json", lambda: b"[1, 2, 3]", "F214", "文件最外层应是核查对象的种类", "$"),
    Hostile("text.json", lambda: b'"a"', "F214", "文件最外层应是核查对象的种类", "$"),
    Hostile("half.json", lambda: js('"编制": 50')[:-4], "F141", "不是有效的 JSON（第62列）", "第1行"),
    Hostile("half.yaml", lambda: "单位: [\n".encode(), "F131", "不是有效的 YAML", "第2行"),
    Hostile("tab.yaml", lambda: yaml("编制: 50").replace(b"    ", b"\t"), "F133", "行首用了制表符缩进", "第5行"),
    Hostile("单位-unclosed.csv", lambda: table("名称,编制", '"甲局,50'), "F151", "不是有效的 CSV", "第2行"),
    Hostile("surrogate.json", lambda: js('"\\ud800": 1'), "F112", "有看不见的或控制字符：U+D800", '$.单位[0]["\\ud800"]'),
    Hostile("long-key.yaml", lambda: yaml("甲" * 20_000 + ": 1"), "F131", "不是有效的 YAML", "第5行"),
    # spreadsheets
    Hostile(
        "far.xlsx",
        lambda: book('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "S105",
        "表“表1”的内容一直到 XFD1048576，范围太大（一个文件最多2,200,000格）",
        "",
    ),
    Hostile(
        "zip-bomb.xlsx",
        lambda: xlsx(sheet("<row r='1'><c r='A1'><v>1</v></c></row>" + " " * 300_000_000)),
        "S103",
        "表格解开后超过 128 MB，没有读取",
        "",
    ),
    Hostile(
        "entity-bomb.xlsx", lambda: xlsx(ENTITY_BOMB), "S104", "文件里有文档类型声明，表格软件不会写这样的内容，没有读取", ""
    ),
    Hostile("not-a-zip.xlsx", lambda: b"PK\x03\x04 and no more", "S102", "文件损坏或不完整，打不开", ""),
    Hostile("text.xlsx", lambda: "名称,编制\n甲局,50\n".encode(), "S108", "文件名像电子表格，内容却是文字", ""),
    Hostile("zip.xlsx", lambda: zipped({"a.txt": "a"}), "S107", "文件名像电子表格，内容却是 ZIP", ""),
)


# --- as large as a file may be ---

MEGABYTE = 1024 * 1024
YAML, JSON, CSV = 5 * MEGABYTE, 20 * MEGABYTE, 50 * MEGABYTE


def filled(size: int, piece: str, head: str = "", tail: str = "") -> bytes:
    """`piece` again and again, up to `size` bytes."""
    room = size - len(head.encode()) - len(tail.encode())
    return head.encode() + piece.encode() * (room // len(piece.encode())) + tail.encode()


LARGE: tuple[Hostile, ...] = (
    Hostile("aliases.yaml", lambda: filled(YAML, "- *a\n", "- &a 1\n"), "F135"),
    Hostile("braces.yaml", lambda: filled(YAML, "{},", "单位: [", "]"), "F114"),
    Hostile("values.yaml", lambda: filled(YAML, "1,", "单位: [", "]"), "F114"),
    Hostile("duplicates.yaml", lambda: filled(YAML, "a: 1\n"), "F134"),
    Hostile("unknown.yaml", lambda: filled(YAML, "  - {名称: 甲局, 乙: 1}\n", HEAD + "单位:\n"), "F202"),
    Hostile("open.yaml", lambda: b"[" * YAML, "F115"),
    Hostile("open.json", lambda: b"[" * JSON, "F115"),
    Hostile("objects.json", lambda: filled(JSON, "{},", '{"单位":[', "{}]}"), "F114"),
    Hostile("text.json", lambda: filled(JSON, "a", '{"单位":[{"名称":"', '"}]}'), "F118"),
    Hostile("duplicates.json", lambda: filled(JSON, '"a":1,', "{", '"b":1}'), "F114"),
    Hostile("单位-commas.csv", lambda: filled(CSV, ",", "名称,编制\n"), "F"),
    Hostile("单位-quotes.csv", lambda: filled(CSV, '"', "名称,编制\n"), "F"),
    Hostile("单位-rows.csv", lambda: filled(CSV, "甲局,50\n", "名称,编制\n"), "F"),
    Hostile("单位-blank.xlsx", lambda: xlsx(sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * (120 * MEGABYTE))), "S"),
    Hostile(
        "单位-comments.xlsx", lambda: xlsx(sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + "<!-- a -->" * (6 * MEGABYTE))), "S"
    ),
)
TOO_LARGE: tuple[Hostile, ...] = (
    Hostile("large.yaml", lambda: b"#" * (YAML + 1), "F111", "文件太大，超过 5 MB"),
    Hostile("large.json", lambda: b" " * (JSON + 1), "F111", "文件太大，超过 20 MB"),
    Hostile("单位-large.csv", lambda: b"\n" * (CSV + 1), "F111", "文件太大，超过 50 MB"),
    Hostile("large.xlsx", lambda: b"P" * (CSV + 1), "F111", "文件太大，超过 50 MB"),
)
