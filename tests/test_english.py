"""With `--lang en` everything a user sees is English, but for what is quoted: the documents, agencies as printed, the files and
the words of units."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rulecheck import facts
from rulecheck.rules.load import load
from rulecheck.rules.model import Bilingual, RuleSet
from support_command import call

PROJECT = Path(__file__).parent.parent
EXAMPLES = PROJECT / "examples"
HANDED_IN, REFUSED = EXAMPLES / "huangshi-2023", EXAMPLES / "refused"
RECORDS = EXAMPLES / "huangshi-2023-records.yaml"

HAN = re.compile(r"[\u3400-\u9fff]")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
QUOTED = re.compile("“[^”]*”")
"""The user's own words, in quotation marks."""
LIMB = re.compile("(?<=/)[甲乙丙丁戊己庚辛壬癸](?=/)")
"""Part of the id of a judgement, which is the same in every language."""
NEAR = re.compile("(?<=did you mean: )[^\n]*")
"""Names nearest to a Chinese word that the user wrote."""
SHOWN = re.compile(r"\s*(>|\d+ │)")
"""A line that shows operative words of a document, or a line of a rule file."""
BREAK = re.compile(r"[ \t]*\n[ \t│└├─*]*")


@cache
def shipped() -> RuleSet:
    rules, problems = load()
    assert rules is not None, problems
    return rules


@cache
def quotations() -> tuple[str, ...]:
    """Everything Chinese that may be shown as it is, the longest first."""
    rules = shipped()
    found = {agency.agency for rule in rules.rules for agency in rule.responsible}
    found |= {quote for rule in rules.rules for each in rule.citations for quote, _ in each.quotes}
    for document in rules.documents:
        found |= {document.title, document.number, document.issuer, *document.basis}
        found |= {item.locator for item in document.items}
    for declaration in rules.declarations:
        found |= {text.en for text in (declaration.printed, declaration.presumed) if text}
        found |= {text for text, _ in declaration.quotes}
    found |= {name for path in EXAMPLES.rglob("*") for name in (path.name, path.stem)}
    read = facts.read([HANDED_IN, REFUSED], rules, records=[RECORDS])
    for subject in (each for subjects in read.subjects.values() for each in subjects):
        found |= {subject.id, subject.name, *subject.reasons.values(), *(origin.written for origin in subject.origins.values())}
    found |= {text for each in read.records for text in (each.subject, each.by, each.document, each.reason)}
    return tuple(sorted((text for text in found if HAN.search(text)), key=len, reverse=True))


def left_over(text: str) -> list[str]:
    """The lines that hold Chinese once everything quoted is taken out, however it was wrapped."""
    lines = (line for line in NEAR.sub("", text).splitlines() if not SHOWN.match(line))
    flat = BREAK.sub("\0", "\n".join(lines))
    for quoted in quotations():
        if quoted[0] in flat:
            flat = re.sub("\0?".join(map(re.escape, quoted)), "", flat)
    flat = LIMB.sub("", QUOTED.sub("", flat))
    return [line for line in flat.split("\0") if HAN.search(line)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", HANDED_IN, "--records", RECORDS),
        ("check", HANDED_IN, "--records", RECORDS, "--verbose"),
        ("check", REFUSED),
        ("check", HANDED_IN, "--as-of", "明天"),
        ("check", HANDED_IN, "--place", "无此地"),
        ("check", HANDED_IN, "--format", "表格"),
        ("check",),
        ("coverage",),
        ("test",),
        ("read",),
        ("read", "“没有这条规则”"),
        ("fmt", "--check", PROJECT / "rules"),
        ("translate", "--to", "en", PROJECT / "rules" / "places.yaml"),
        ("template", "--document", "huangshi/2022-58", "--format", "yaml", "--output", "-"),
        ("无此命令",),
        ("--version",),
        *((verb, "--help") for verb in ("check", "template", "read", "test", "coverage", "fmt", "translate")),
        ("--help",),
    ],
    ids=lambda arguments: " ".join(getattr(each, "name", each) for each in arguments),
)
def test_a_verb_in_english(arguments: tuple[object, ...]) -> None:
    outcome = call(*arguments, "--lang", "en")
    assert outcome.out or outcome.err or arguments[0] == "fmt"
    assert left_over(outcome.out + "\n" + outcome.err) == []


def test_what_is_left_over_is_found() -> None:
    assert left_over("Undetermined: 待补报 posts") == ["Undetermined: 待补报 posts"]
    assert left_over("unknown name “编制数”, did you mean: 编制\n  > 编制50人") == []
    assert left_over("the agency is 市人力资源和社会保\n      障局") != []


# --- the tables of words ---

SAYS_CHINESE = {
    # how names, texts and types are written in a rule file, in whichever language
    *("L102", "L107", "L113", "L114", "L115", "L125", "L132", "L133", "R210", "R223"),
    # ways in which a date may be written
    *("U830", "U834"),
    # the character itself
    "F132",
    # the words of the clause
    *("K101", "K105"),
}


def texts_in_english(table: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(table, dict):
        for key, value in table.items():
            yield from texts_in_english(value, (*path, key))
    elif isinstance(table, list):
        for value in table:
            yield from texts_in_english(value, path)
    elif isinstance(table, str) and any(key == "en" or key.endswith("_en") for key in path):
        yield path, table


TABLES = sorted(
    path
    for folder in (PROJECT / "dsl", PROJECT / "dsl" / "messages", PROJECT / "reports")
    for path in folder.glob("*.toml")
    if path.name != "words.toml"
)


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_english_sentences_are_english(table: Path) -> None:
    found = [
        text
        for path, text in texts_in_english(tomllib.loads(table.read_text(encoding="utf-8")))
        if CHINESE.search(re.sub(r"黄政办发〔2022〕\d+号|《\{title\}》|　", "", text)) and path[0] not in SAYS_CHINESE
    ]
    assert found == []


def test_english_texts_of_the_rules_are_english() -> None:
    rules = shipped()
    told: list[Bilingual | None] = [rule.title for rule in rules.rules]
    told += [text for rule in rules.rules for text in rule.see_also]
    told += [text for rule in rules.rules for each in rule.readings for text in (each.name, each.reason)]
    told += [limb.partial for rule in rules.rules for each in rule.readings for limb in each.limbs]
    told += [text for fact in rules.facts.values() for text in (fact.action, fact.question, fact.note)]
    told += [kind.note for kind in rules.kinds.values()]
    told += [parameter.source for parameter in rules.parameters.values()]
    told += [relation.note for relation in rules.relations]
    told += [text for each in rules.declarations for text in (each.because, each.authority)]
    assert [text.en for text in told if text is not None and HAN.search(text.en)] == []
