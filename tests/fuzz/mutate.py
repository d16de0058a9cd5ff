"""Inputs nobody would write: mutations of a corpus, the same for the same seed on every machine.

Characters are mutated most of the time and bytes sometimes, so that most inputs get past decoding and into the reader.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from random import Random

ODD = (
    "", " ", "\t", "\n", "\r", "\r\n", "\x00", "\x1b[31m", "\x7f", "\x85", "\u3000", "\u200b", "\u202e", "\u2028",
    "\ufeff", "\ud800", "𠮷", "é", "e\u0301", "а", "Ａ", "〇", "０", "½", "①", "²", "−", "－", "—", "/", "无",
    "未报全", "#REF!", "=1+1", "@", "'", '"', '""', ":", "：", ",", "，", ";", "{", "}", "[", "]", "（", "）", "(",
    ")", "&a", "*a", "!!str", "<<", "|", ">", "- ", "? ", "%YAML 9.9\n", "---\n", "...", "null", "~", "true", "yes",
    "NaN", "Infinity", "-Infinity", "1e1000000", "-1e-1000000", "0x1F", "012", "1_000", "1,000", "９９",
    "99999999999999999999999999999999", "-0", "0.1", ".5", "5.", "12:30", "2023-02-29", "2023-13-01", "0000-00-00",
    "9999-12-31", "2023年2月30日", "２０２３年１月", "十二", "百分之八十", "5个工作日", "人", "万元", "%", "个百分点",
    "batch/千人", "截至", "地区", "单位", "名称", "编号", "上级", "编制", "编制（人）", "合计", "小计", "填报单位：",
    "审核人", "说明理由@", "@2022年", "a", "规则：", "要求：", "依据：", "示例：", "对象：", "事实：", "且", "或",
    "非", "不少于", "＜", "≥", "×", "÷", "→", "> ", "#", "「", "」",
)  # fmt: skip

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def mutate(seeds: Sequence[bytes], random: Random) -> bytes:
    """One seed with a few mutations, sometimes none on its characters but some on its bytes. Of an archive one part is
    mutated."""
    content = random.choice(seeds)
    if content.startswith(b"PK\x03\x04"):
        return _mutate_part(content, random)
    if len(content) > 4_000 and random.random() < 0.9:
        content = _window(content, random)
    if random.random() < 0.15:
        for _ in range(random.randint(1, 8)):
            content = random.choice(_ON_BYTES)(content, seeds, random)
        return content
    text = content.decode("utf-8", "replace")
    for _ in range(random.choice((1, 1, 1, 2, 3, 5, 12))):
        text = random.choice(_ON_TEXT)(text, seeds, random)
    return text[:200_000].encode("utf-8", "surrogatepass")


def _mutate_part(content: bytes, random: Random) -> bytes:
    """The archive with one of its parts changed, left out, doubled or swapped; now and then its bytes instead."""
    if random.random() < 0.2:
        for _ in range(random.randint(1, 6)):
            content = random.choice(_ON_BYTES)(content, [content], random)
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(sorted(parts))
    shape = random.random()
    if shape < 0.1:
        del parts[name]
    elif shape < 0.2:
        parts[name] = parts[random.choice(sorted(parts))]
    elif shape < 0.25:
        parts[random.choice(("../x", "xl/worksheets/sheet9.xml", "a" * 300, name.upper()))] = parts[name]
    else:
        text = parts[name].decode("utf-8", "replace")
        for _ in range(random.choice((1, 1, 2, 4))):
            text = random.choice(_ON_XML)(text, random)
        parts[name] = text.encode("utf-8", "surrogatepass")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for each, part in parts.items():
            archive.writestr(zipfile.ZipInfo(each), part)
    return out.getvalue()


_ODD_XML = (
    "", "<", ">", "&", "&#0;", "&#x1F;", "&#55296;", "&lt;", "]]>", "<![CDATA[", "<!--", "-->", "<?x", "<!DOCTYPE a>",
    "<v>", "</v>", "<c/>", "<row/>", ' r="A1"', ' r="XFD1048576"', ' r="A0"', ' r="ZZZZ1"', ' t="s"', ' t="e"',
    ' t="b"', ' t="inlineStr"', ' s="999999"', ' s="-1"', "<f>1+1</f>", "<v>1e400</v>", "<v>NaN</v>",
    "<v>99999999</v>", "<v>-1</v>", "<v>0x10</v>", "<mergeCell ref='A1:XFD1048576'/>", "<mergeCell ref='B2:A1'/>",
    "1e308", "-5", "９", "\u202e", "合计", "名称", "编制", "填报单位：",
)  # fmt: skip
_TAG = re.compile(r"<[^>]{0,200}>|[^<]{1,200}")


def _insert_xml(text: str, random: Random) -> str:
    start, end = _place(len(text), random)
    return text[:start] + random.choice(_ODD_XML) + text[random.choice((start, end)) :]


def _swap_tags(text: str, random: Random) -> str:
    found = _TAG.findall(text)
    if len(found) < 2:
        return text
    one, two = random.randrange(len(found)), random.randrange(len(found))
    found[one], found[two] = found[two], random.choice((found[one], found[two], ""))
    return "".join(found)


def _repeat_xml(text: str, random: Random) -> str:
    start, end = _place(len(text), random)
    return text[:start] + text[start:end] * random.choice((2, 3, 50)) + text[end:]


def _number_xml(text: str, random: Random) -> str:
    return _number(text, (), random)


_ON_XML = (_insert_xml, _insert_xml, _swap_tags, _repeat_xml, _number_xml)


def _window(content: bytes, random: Random) -> bytes:
    """A stretch of whole lines, with the first lines of the file kept: the header matters."""
    lines = content.split(b"\n")
    start = random.randrange(len(lines))
    return b"\n".join([*lines[: random.choice((0, 2, 3))], *lines[start : start + random.randint(1, 40)]]) + b"\n"


def _place(length: int, random: Random) -> tuple[int, int]:
    start = random.randrange(length + 1)
    return start, min(length, start + random.choice((0, 1, 1, 2, 5, 20, 200)))


def _insert(text: str, seeds: Sequence[bytes], random: Random) -> str:
    start, _ = _place(len(text), random)
    return text[:start] + random.choice(ODD) + text[start:]


def _replace(text: str, seeds: Sequence[bytes], random: Random) -> str:
    start, end = _place(len(text), random)
    return text[:start] + random.choice(ODD) + text[end:]


def _delete(text: str, seeds: Sequence[bytes], random: Random) -> str:
    start, end = _place(len(text), random)
    return text[:start] + text[end:]


def _repeat(text: str, seeds: Sequence[bytes], random: Random) -> str:
    start, end = _place(len(text), random)
    times = random.choice((2, 2, 3, 10, 200, 3_000))
    return text[:start] + text[start:end] * min(times, 20_000 // max(1, end - start)) + text[end:]


def _number(text: str, seeds: Sequence[bytes], random: Random) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    match = random.choice(found)
    other = random.choice(
        ("0", "-1", "1", "49", "50", "51", "0.5", "1/3", "1e9", "9" * 60, "０", "99.999999999", "2023-06-31", "无")
    )
    return text[: match.start()] + other + text[match.end() :]


def _swap_lines(text: str, seeds: Sequence[bytes], random: Random) -> str:
    lines = text.split("\n")
    one, two = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "\n".join(lines)


def _double_line(text: str, seeds: Sequence[bytes], random: Random) -> str:
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines) + 1), random.choice(lines))
    return "\n".join(lines)


def _drop_line(text: str, seeds: Sequence[bytes], random: Random) -> str:
    lines = text.split("\n")
    del lines[random.randrange(len(lines))]
    return "\n".join(lines)


def _borrow_line(text: str, seeds: Sequence[bytes], random: Random) -> str:
    lines, others = text.split("\n"), random.choice(seeds).decode("utf-8", "replace").split("\n")
    lines.insert(random.randrange(len(lines) + 1), random.choice(others))
    return "\n".join(lines)


def _swap_words(text: str, seeds: Sequence[bytes], random: Random) -> str:
    """One word for another of the same text: what parses still mostly parses, and means something else."""
    words = re.findall(r"[\w]+", text)
    if len(words) < 2:
        return text
    one, two = random.choice(words), random.choice(words)
    return text.replace(one, two, random.choice((1, 1, -1)))


def _indent(text: str, seeds: Sequence[bytes], random: Random) -> str:
    lines = text.split("\n")
    position = random.randrange(len(lines))
    lines[position] = random.choice(("  ", "\t", "    ", "")) + lines[position].lstrip(random.choice((" ", "- ")))
    return "\n".join(lines)


_ON_TEXT: tuple[Callable[[str, Sequence[bytes], Random], str], ...] = (
    _insert, _replace, _delete, _repeat, _number, _swap_lines, _double_line, _drop_line, _borrow_line, _swap_words,
    _swap_words, _indent,
)  # fmt: skip


def _flip(content: bytes, seeds: Sequence[bytes], random: Random) -> bytes:
    if not content:
        return content
    place = random.randrange(len(content))
    return content[:place] + bytes([random.randrange(256)]) + content[place + 1 :]


def _cut(content: bytes, seeds: Sequence[bytes], random: Random) -> bytes:
    start, end = _place(len(content), random)
    return random.choice((content[:start], content[:start] + content[end:], content[start:]))


def _splice(content: bytes, seeds: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(seeds)
    start, _ = _place(len(content), random)
    there, end = _place(len(other), random)
    return content[:start] + other[there:end] + content[start:]


def _encode(content: bytes, seeds: Sequence[bytes], random: Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(random.choice(("utf-16", "utf-16-le", "utf-8-sig", "gb18030", "big5", "utf-32")), "replace")


_ON_BYTES: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (_flip, _flip, _flip, _cut, _splice, _encode)


def minimise(content: bytes, fails: Callable[[bytes], bool], seconds: int = 20) -> bytes:
    """A smaller input that still fails: pieces are left out, ever smaller ones, as long as that holds."""
    size, end = len(content) // 2, time.monotonic() + seconds
    while size > 0:
        start = 0
        while start < len(content):
            if time.monotonic() > end:
                return content
            shorter = content[:start] + content[start + size :]
            if fails(shorter):
                content = shorter
            else:
                start += size
        size //= 2
    return content
