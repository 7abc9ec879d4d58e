"""Cut the labelled sentences into a part to work with and a part to measure with.

``sentences/*.txt`` is where people write and correct, one sentence a line::

    zh-threat-001 | plain | debtor | ... {threat: the words at fault} ...

- id: stays with its sentence for good, since the part a sentence falls into hangs on nothing else;
- form: how the fault is dressed, one of ``FORMS``;
- to: ``third_party`` when the reader or listener does not owe the debt, else ``debtor``;
- text, in which every stretch at fault stands in braces after the names of its kinds, joined by ``+``.

From these lines come ``development.yaml``, ``test.yaml`` and the table of counts in ``README.md``.

A second development part, written later and never cut, comes from ``sentences2/*.txt`` in the same form: one half of
it (``half_of``) is for extending the guard, the other for measuring what that brought.

    python tests/gate/words/split.py            # write them
    python tests/gate/words/split.py --check    # say whether they are what the sentences give; exit 1 if not
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
SENTENCES = HERE / "sentences"
SECOND = HERE / "sentences2"
README = HERE / "README.md"
COUNTS_BEGIN, COUNTS_END = "<!-- counts: written by split.py -->", "<!-- counts end -->"

LANGUAGES = ("zh", "en")
PARTS = ("development", "test")
HALVES = ("extend", "measure")
KINDS = (
    "threat", "insult", "impersonation", "false_consequence", "disclosure", "false_urgency", "extra_fee",
    "induce_borrowing", "harassment", "unconsented_entry",
)  # fmt: skip
FORMS = (
    "plain", "spaced", "homophone", "traditional", "fullwidth", "pinyin", "leet", "euphemism", "near_miss", "long",
)  # fmt: skip
READERS = ("debtor", "third_party")

LINE = re.compile(r"(?P<id>(?P<lang>[a-z]{2})-[a-z_]+-\d{3}) \| (?P<form>\w+) \| (?P<to>\w+) \| (?P<marked>\S.*\S)")
FAULT = re.compile(r"\{(?P<kinds>[a-z_]+(?:\+[a-z_]+)*): (?P<words>[^{}]+)\}")


@dataclass(frozen=True)
class Sentence:
    """One labelled text. ``spans`` holds, under each of ``labels``, the stretches of ``text`` at fault."""

    id: str
    lang: str
    form: str
    to: str
    text: str
    labels: list[str]
    spans: dict[str, list[str]]


def read_line(line: str, where: str) -> Sentence:
    """The sentence a line of ``sentences/*.txt`` stands for; ValueError names the place and what is accepted."""
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"{where}: expected 'zh-threat-001 | form | to | text', found {line!r}")
    spans: dict[str, list[str]] = {}
    for fault in FAULT.finditer(found["marked"]):
        for kind in fault["kinds"].split("+"):
            spans.setdefault(kind, []).append(fault["words"])
    text = FAULT.sub(lambda fault: fault["words"], found["marked"])
    known = {"lang": LANGUAGES, "form": FORMS, "to": READERS}
    for key, accepted in known.items():
        if found[key] not in accepted:
            raise ValueError(f"{where}: {key} {found[key]!r} is not one of {', '.join(accepted)}")
    if unknown := spans.keys() - set(KINDS):
        raise ValueError(f"{where}: {', '.join(sorted(unknown))} is not one of {', '.join(KINDS)}")
    if "{" in text or "}" in text:
        raise ValueError(f"{where}: a brace is open, nested or without a kind; write {{threat: words}}")
    labels = [kind for kind in KINDS if kind in spans]
    return Sentence(
        found["id"], found["lang"], found["form"], found["to"], text, labels, {kind: spans[kind] for kind in labels}
    )


def read_sentences(folder: Path = SENTENCES) -> list[Sentence]:
    """Every sentence, files in order of their names and lines as written."""
    return [
        read_line(line, f"{path.name}:{number}")
        for path in sorted(folder.glob("*.txt"))
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
        if line
    ]


def part_of(sentence_id: str) -> str:
    """The part a sentence belongs to: the lowest bit of one byte of BLAKE2b over a fixed word and the id."""
    bit = blake2b(f"mora words {sentence_id}".encode(), digest_size=1).digest()[0] & 1
    return PARTS[bit]


def half_of(sentence_id: str) -> str:
    """The half of the second development part a sentence belongs to, by the same rule over other words."""
    bit = blake2b(f"mora words second {sentence_id}".encode(), digest_size=1).digest()[0] & 1
    return HALVES[bit]


def second_yaml(sentences: list[Sentence]) -> str:
    """The text of ``development2.yaml``."""
    rows: list[dict[str, Any]] = [asdict(s) for s in sentences]
    head = "# The second development part, written by split.py from sentences2/*.txt. Correct there, not here.\n"
    return head + yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=10_000)


def part_yaml(sentences: list[Sentence], part: str) -> str:
    """The text of ``development.yaml`` or ``test.yaml``."""
    rows: list[dict[str, Any]] = [asdict(s) for s in sentences if part_of(s.id) == part]
    head = f"# The {part} part, written by split.py from sentences/*.txt. Correct there, not here.\n"
    if part == "test":
        head += "# For measuring only: nobody who tunes the guard reads this file.\n"
    return head + yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=10_000)


def counts_table(sentences: list[Sentence]) -> str:
    """How many sentences carry each label, by language and part; then form by form. Markdown."""
    columns = [(lang, part) for lang in LANGUAGES for part in PARTS]
    tally: Counter[tuple[str, str, str]] = Counter()
    for s in sentences:
        rows = ["all", "faulty" if s.labels else "clean", *s.labels, f"form: {s.form}", f"to: {s.to}"]
        rows += ["two or more labels"] * (len(s.labels) > 1)
        tally.update((row, s.lang, part_of(s.id)) for row in rows)
    names = ["all", "clean", "faulty", "two or more labels", *KINDS]
    names += [f"form: {form}" for form in FORMS] + [f"to: {to}" for to in READERS]
    lines = ["| | " + " | ".join(f"{lang} {part}" for lang, part in columns) + " | total |"]
    lines.append("|---|" + "---:|" * (len(columns) + 1))
    for name in names:
        cells = [tally[name, lang, part] for lang, part in columns]
        lines.append(f"| {name} | " + " | ".join(str(n) for n in [*cells, sum(cells)]) + " |")
    return "\n".join(lines)


def readme_with(counts: str) -> str:
    """``README.md`` with its table of counts made true."""
    before, rest = README.read_text(encoding="utf-8").split(COUNTS_BEGIN)
    after = rest.split(COUNTS_END)[1]
    return f"{before}{COUNTS_BEGIN}\n\n{counts}\n\n{COUNTS_END}{after}"


def outputs(sentences: list[Sentence]) -> dict[Path, str]:
    """Every file that follows from the sentences, and what it must hold."""
    files = {HERE / f"{part}.yaml": part_yaml(sentences, part) for part in PARTS}
    files[HERE / "development2.yaml"] = second_yaml(read_sentences(SECOND))
    return files | {README: readme_with(counts_table(sentences))}


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which of them are not what the sentences give."""
    files = outputs(read_sentences())
    if arguments == ["--check"]:
        stale = [path.name for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
        sys.stdout.write(f"stale: {', '.join(stale)}\n" if stale else "as the sentences give them\n")
        return 1 if stale else 0
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
