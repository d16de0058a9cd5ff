"""What is written in rule files, where the resolved rule no longer shows it: which definitions a clause uses, and whether a rule
has a clause of its own. The files are read only where two versions differ."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from rulecheck.language import syntax
from rulecheck.rules.model import Bilingual

_UNSAID = frozenset({"span", "label_span", "comments"})

Files = tuple[syntax.File, ...]


class Trees:
    """The declarations of one rule set by their English ids. `read`: the files; `names`: Chinese names to English ids."""

    def __init__(self, read: Callable[[], Files], names: Mapping[str, str]) -> None:
        self._read = read
        self._names = names
        self._found: dict[tuple[str, str], syntax.Declaration] | None = None

    def _declarations(self) -> dict[tuple[str, str], syntax.Declaration]:
        if self._found is None:
            self._found = {
                (each.label, each.head.english.text): each
                for file in self._read()
                for each in file.declarations
                if isinstance(each.head, syntax.Pair)
            }
        return self._found

    def has(self, rule: str, labels: Collection[str]) -> bool:
        """Whether a rule has a clause of one of these labels."""
        return any(True for _ in self._clauses(rule, labels))

    def changed_definitions(self, other: Trees, rule: str, other_rule: str, labels: Collection[str]) -> list[Bilingual]:
        """The definitions that clauses of both versions use and that are not written alike, in the order of the names."""
        shared = self._used(rule, labels) & other._used(other_rule, labels)
        changed = [name for name in sorted(shared) if self._means(name) != other._means(name)]
        found = (other._declarations()["definition", name].head for name in changed)
        heads = [head for head in found if isinstance(head, syntax.Pair)]
        return [Bilingual(head.chinese.text, head.english.text.replace("_", " ")) for head in heads]

    def _clauses(self, rule: str, labels: Collection[str]) -> Iterator[syntax.Clause]:
        declaration = self._declarations().get(("rule", rule))
        return (each for each in declaration.clauses if each.label in labels) if declaration is not None else iter(())

    def _used(self, rule: str, labels: Collection[str]) -> set[str]:
        """Definitions named in the clauses, and those that these name in turn."""
        found: set[str] = set()
        waiting = [name for clause in self._clauses(rule, labels) for name in self._named(clause.body)]
        while waiting:
            name = waiting.pop()
            declaration = self._declarations().get(("definition", name))
            if declaration is not None and name not in found:
                found.add(name)
                waiting += [inner for clause in declaration.clauses for inner in self._named(clause.body)]
        return found

    def _means(self, definition: str) -> Any:
        declaration = self._declarations()["definition", definition]
        return [self._spoken(clause.body) for clause in declaration.clauses if clause.label == "means"]

    def _named(self, of: Any) -> Iterator[str]:
        if isinstance(of, syntax.Name):
            yield self._names.get(of.text, of.text)
        elif isinstance(of, tuple):
            for each in of:
                yield from self._named(each)
        elif hasattr(type(of), "__dataclass_fields__"):
            for name in of.__match_args__:
                if name not in _UNSAID:
                    yield from self._named(getattr(of, name))

    def _spoken(self, of: Any) -> Any:
        """A tree without where it stands, names as their ids: the same in both languages."""
        if isinstance(of, syntax.Name):
            return self._names.get(of.text, of.text)
        if isinstance(of, tuple):
            return tuple(map(self._spoken, of))
        if hasattr(type(of), "__dataclass_fields__"):
            return (type(of).__name__, *(self._spoken(getattr(of, name)) for name in of.__match_args__ if name not in _UNSAID))
        return of
