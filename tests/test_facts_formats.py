"""Facts written as YAML, JSON, CSV or XLSX, in Chinese or English, are the same facts."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulecheck.facts.headings import listed
from rulecheck.measures.numerals import read_marker
from rulecheck.submission import NONE, UNTOLD, Subject
from support_facts import CATEGORIES, RULE_SET, Desk, shown

# A fact's value as both languages write it, and what it is read as.
Written = tuple[str, str, Any]


def _people(number: int) -> Written:
    return f"{number:,}人", f"{number} people", number


def _day(offset: int) -> Written:
    day = date(2020, 1, 1) + timedelta(days=offset)
    return f"{day.year}年{day.month}月{day.day}日", day.isoformat(), day.toordinal()


def _time(minutes: int) -> Written:
    hour, minute = divmod(minutes, 60)
    return f"{hour}时{minute}分", f"{hour}:{minute:02}", minutes


def _share(steps: int) -> Written:
    return f"{steps / 100:.2f}%", f"{steps / 10:.1f}‰", steps


def _category(position: int) -> Written:
    member = CATEGORIES.members[position]
    return member.zh, member.en, position


_TEXT = st.text(st.characters(categories=("Lo", "Ll", "Nd", "Zs", "Po", "Sm")), min_size=1, max_size=20)


def _is_plain(text: str) -> bool:
    return read_marker(text) is None


FACTS: dict[str, st.SearchStrategy[Written]] = {
    "posts": st.one_of(st.integers(0, 1000).map(_people), st.just(("未填", "", UNTOLD))),
    "others": st.just(("无", "none", 0)),
    "ratio": st.integers(0, 10000).map(_share),
    "category": st.integers(0, 2).map(_category),
    "founded_on": st.integers(0, 3000).map(_day),
    "closed_on": st.one_of(st.integers(0, 3000).map(_day), st.just(("无", "None", NONE))),
    "opens_at": st.integers(0, 1439).map(_time),
    "is_public": st.sampled_from([("是", "yes", 1), ("否", "no", 0), ("无", "false", 0)]),
    "remarks_text": _TEXT.filter(_is_plain).map(lambda text: (text, text, text.strip())),
    "new_jobs@2022": st.integers(0, 500).map(_people),
    "new_jobs@2023": st.integers(0, 500).map(_people),
}

RECORDS = st.dictionaries(
    _TEXT.filter(lambda text: _is_plain(text) and text.strip().strip().lower() not in listed("totals")).map(str.strip),
    st.fixed_dictionaries({}, optional=FACTS),
    min_size=1,
    max_size=5,
)


def _key(name: str, language: str) -> str:
    fact, *period = name.split("@")
    zh = RULE_SET.facts[fact].zh
    return "@".join([zh if language == "zh" else fact, *(f"{each}年" if language == "zh" else each for each in period)])


def _rows(records: dict[str, dict[str, Written]], language: str) -> list[dict[str, str]]:
    column = 0 if language == "zh" else 1
    return [
        {("名称" if language == "zh" else "name"): name}
        | {_key(fact, language): written[column] for fact, written in facts.items()}
        for name, facts in records.items()
    ]


def _as_json(rows: list[dict[str, str]], kind: str) -> str:
    return json.dumps({kind: rows}, ensure_ascii=False)


def _as_yaml(rows: list[dict[str, str]], kind: str) -> str:
    lines = [f"{kind}:"]
    for row in rows:
        written = [f"{key}: '{value.replace(chr(39), chr(39) * 2)}'" for key, value in row.items()]
        lines += ["  - " + "\n    ".join(written)]
    return "\n".join(lines) + "\n"


def _as_csv(rows: list[dict[str, str]], kind: str) -> str:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["kind", *headings])
    writer.writerows([[kind, *(row.get(heading, "") for heading in headings)] for row in rows])
    return text.getvalue()


def _as_xlsx(rows: list[dict[str, str]], kind: str) -> bytes:
    headings = list(dict.fromkeys(key for row in rows for key in row))
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet(kind)
    for number, cells in enumerate([headings, *([row.get(heading, "") for heading in headings] for row in rows)]):
        for column, text in enumerate(cells):
            sheet.write_string(number, column, text)
    book.close()
    return content.getvalue()


WRITERS = {"yaml": _as_yaml, "json": _as_json, "csv": _as_csv}


def _told(subject: Subject) -> dict[str, Any]:
    """What is known of a subject: untold values and the lack of them are the same."""
    told: dict[str, Any] = {}
    for name, slot in subject.kind.slots.items():
        value = subject.values[slot]
        if isinstance(value, dict):
            told |= {f"{name}@{period}": each for period, each in value.items() if each is not UNTOLD}
        elif value is not UNTOLD:
            told[name] = value
    return told


def _assert_same(tmp_path: Path, records: dict[str, dict[str, Written]], writers: dict[str, Any]) -> None:
    expected = {
        name: {fact: value for fact, (_, _, value) in facts.items() if value is not UNTOLD} for name, facts in records.items()
    }
    for language, kind in (("zh", "单位"), ("en", "unit")):
        for ending, write in writers.items():
            submission = Desk(tmp_path).read({f"facts.{ending}": write(_rows(records, language), kind)})
            assert not submission.refused, shown(submission)
            assert {each.name: _told(each) for each in submission.subjects["unit"]} == expected, (language, ending)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS)
def test_three_formats_in_two_languages_say_the_same(tmp_path: Path, records: dict[str, dict[str, Written]]) -> None:
    _assert_same(tmp_path, records, WRITERS)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS)
def test_a_spreadsheet_says_the_same(tmp_path: Path, records: dict[str, dict[str, Written]]) -> None:
    _assert_same(tmp_path, records, {"xlsx": _as_xlsx})
