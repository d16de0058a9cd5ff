"""Writes the fingerprints of the official texts into the `source.yaml` files of a rules folder.

    python tools/fingerprint.py SOURCES [RULES]

SOURCES holds the texts under the names that the `text:` of each source.yaml gives. Only the values of `fingerprint:` change;
items that the text has and the file does not list, and the reverse, are told. Run it when a document is registered, never to make
a changed text pass: first compare the change with the rules.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from rulecheck.language.diagnostics import render
from rulecheck.measures.places import load_places
from rulecheck.proving.sources import fingerprint, gaps, read_texts
from rulecheck.rules.model import SOURCE_FILE
from rulecheck.rules.resolve.documents import document_of

ENTRY = re.compile(r'(?P<head>^[ ]*- locator: *"?(?P<locator>[^"\s]+)"?[ ]*\n[ ]*fingerprint: *)(?P<value>.*)$', re.MULTILINE)


def main(sources: Path, rules: Path) -> int:
    places, _ = load_places(rules)
    status = 0
    for path in sorted(rules.rglob(SOURCE_FILE)):
        name = path.relative_to(rules).as_posix()
        document, problems = document_of(path.read_bytes(), name, places)
        texts = {}
        if document is not None:
            texts, found = read_texts(sources, [document])
            problems += found
        for problem in problems:
            print(render(problem, "en"), file=sys.stderr)
            status = 2
        if document is None or document.folder not in texts:
            continue
        items = {item.locator: item for item in texts[document.folder]}

        def filled(match: re.Match[str], items: dict = items) -> str:
            item = items.get(match["locator"])
            return match["head"] + (f'"{fingerprint(item.text)}"' if item is not None else match["value"])

        before = path.read_text(encoding="utf-8")
        after = ENTRY.sub(filled, before)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
        listed = {item.locator for item in document.items}
        numbered = [item.locator for item in items.values() if not item.is_heading]
        print(f"{name}: {sum(each in items for each in listed)} of {len(listed)} listed items fingerprinted")
        print("  not in the text:", " ".join(sorted(listed - set(items))) or "-")
        if document.coverage == "full":
            print("  not listed:", " ".join(each for each in numbered if each not in listed) or "-")
        print("  numbers left out by the copy:", " ".join(gaps(items.values())) or "-")
    return status


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    here = Path(__file__).resolve().parent.parent
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else here / "rules"))
