"""How well, and how fast, does the wording guard read? Precision and recall by kind and language on a labelled part.

    python benchmarks/words.py tests/gate/words/development.yaml
    python benchmarks/words.py tests/gate/words/test.yaml --page docs/algorithms/wording.md   # writes the page's table

A finding is right when it overlaps a span of its kind. Counting is by text and kind: a kind labelled and found there
is a hit, labelled and not found a miss, found and not labelled a false alarm. Intervals are Wilson's at 95 %.
``suspect`` names no kind, so it counts only for the question whether a text is faulty at all. Everything in the part
is counted.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from mora.gate.words.speech import Hit, faults
from mora.gate.words.terms import SPEECH, Kind

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from gate.words.split import half_of

BEGIN, END = "<!-- figures: written by benchmarks/words.py -->", "<!-- figures end -->"


def wilson(hits: int, of: int) -> str:
    """A share with its 95 % interval, in percent."""
    if not of:
        return "-"
    z, p = 1.959964, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return f"{100 * p:.0f} ({100 * max(middle - half, 0):.0f}-{100 * min(middle + half, 1):.0f})"


def overlaps(hits: list[Hit], row: dict[str, Any], kind: str) -> bool:
    """Whether a finding overlaps a labelled span of its kind."""
    for words in row["spans"][kind]:
        start = row["text"].index(words)
        if any(hit.start < start + len(words) and start < hit.end for hit in hits):
            return True
    return False


def count(rows: list[dict[str, Any]], patterns_only: bool) -> tuple[dict[str, Counter[tuple[str, str]]], float]:
    """Hits, misses and false alarms by (language, kind), and seconds of processor time spent reading."""
    got: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in ("hit", "miss", "false", "text")}
    spent = 0.0
    for row in rows:
        began = time.process_time()
        hits = faults(row["text"], row["lang"], row["to"] == "third_party")
        spent += time.process_time() - began
        if patterns_only:
            hits = tuple(hit for hit in hits if ".second." not in hit.pattern)
        language, labels = row["lang"], set(row["labels"])
        for kind in (each.value for each in SPEECH):
            own = [hit for hit in hits if hit.kind.value == kind]
            if kind in labels:
                got["hit" if overlaps(own, row, kind) else "miss"][language, kind] += 1
            elif own:
                got["false"][language, kind] += 1
        group = "faulty" if labels else ("near_miss" if row["form"] == "near_miss" else "clean")
        got["text"][language, group] += 1
        if hits:
            got["text"][language, f"{group} flagged"] += 1
            if any(hit.kind is Kind.SUSPECT for hit in hits) and all(hit.kind is Kind.SUSPECT for hit in hits):
                got["text"][language, f"{group} suspect only"] += 1
        if labels:
            got["text"][language, f"form {row['form']}"] += 1
            got["text"][language, f"form {row['form']} flagged"] += bool(hits)
    return got, spent


def figures(rows: list[dict[str, Any]], name: str) -> str:
    """The tables as Markdown."""
    got, spent = count(rows, False)
    plain, _ = count(rows, True)
    lines = [
        f"Measured on `{name}`, {len(rows)} texts, all of them. Percent with 95 % Wilson intervals.", "",
        "| kind | zh precision | zh recall | en precision | en recall |", "|---|---|---|---|---|",
    ]  # fmt: skip

    def row(title: str, kinds: list[str], of: dict[str, Counter[tuple[str, str]]]) -> str:
        cells = []
        for language in ("zh", "en"):
            hit, miss, false = (sum(of[what][language, kind] for kind in kinds) for what in ("hit", "miss", "false"))
            cells += [wilson(hit, hit + false), wilson(hit, hit + miss)]
        return f"| {title} | " + " | ".join(cells) + " |"

    kinds = [each.value for each in SPEECH]
    lines += [row(kind, [kind], got) for kind in kinds]
    lines += [row("**all together**", kinds, got), row("all, patterns alone", kinds, plain)]
    for title, of in (("mean of the kinds", got),):
        cells = []
        for language in ("zh", "en"):
            for other in ("false", "miss"):
                shares = [
                    of["hit"][language, kind] / max(of["hit"][language, kind] + of[other][language, kind], 1)
                    for kind in kinds
                ]
                cells.append(f"{100 * sum(shares) / len(shares):.0f}")
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    lines += ["", "| whole texts, any finding | zh | en |", "|---|---|---|"]
    text = got["text"]
    for title, group in (
        ("faulty, flagged (recall)", "faulty"),
        ("clean, flagged (false alarm)", "clean"),
        ("near miss, flagged (false alarm)", "near_miss"),
    ):
        shares = [wilson(text[language, f"{group} flagged"], text[language, group]) for language in ("zh", "en")]
        lines.append(f"| {title} | " + " | ".join(shares) + " |")
    for form in sorted({key[5:] for _, key in text if key.startswith("form ") and not key.endswith("flagged")}):
        shares = [
            wilson(text[language, f"form {form} flagged"], text[language, f"form {form}"]) for language in ("zh", "en")
        ]
        lines.append(f"| faulty, form {form} | " + " | ".join(shares) + " |")
    lines += [
        "",
        (
            f"Speed in the same run: {len(rows) / spent:.0f} texts and "
            f"{sum(len(each['text']) for each in rows) / spent / 1000:.0f} thousand characters a CPU second."
        ),
    ]
    return "\n".join(lines)


def dresses() -> dict[tuple[str, str], Callable[[str], str]]:
    """Ways of dressing a plain text, by language and name."""
    import opencc
    from pypinyin import lazy_pinyin

    traditional = opencc.OpenCC("s2twp").convert
    leet = str.maketrans("aeiost", "4310$7")
    return {
        ("zh", "as written"): str,
        ("zh", "traditional, Taiwan words"): traditional,
        ("zh", "a blank between characters"): " ".join,
        ("zh", "a dash between characters"): "-".join,
        ("zh", "all in pinyin"): lambda text: " ".join(lazy_pinyin(text)),
        ("en", "as written"): str,
        ("en", "capitals"): str.upper,
        ("en", "a blank between letters"): lambda text: "  ".join(" ".join(word) for word in text.split()),
        ("en", "leet, every second word"): lambda text: " ".join(
            word.translate(leet) if place % 2 and word.isalpha() else word for place, word in enumerate(text.split())
        ),
        ("en", "two letters swapped, every third word"): lambda text: " ".join(
            word[:2] + word[3] + word[2] + word[4:] if place % 3 == 0 and len(word) > 4 and word.isalpha() else word
            for place, word in enumerate(text.split())
        ),
    }


def dressed(rows: list[dict[str, Any]]) -> str:
    """How many plain faulty texts are still found (with a kind of theirs, by patterns) when a program dresses them."""
    plain = [row for row in rows if row["labels"] and row["form"] == "plain"]
    lines = ["| language | dress | found, of plain faulty texts |", "|---|---|---|"]
    for (language, name), dress in dresses().items():
        own = [row for row in plain if row["lang"] == language]
        found = 0
        for row in own:
            hits = faults(dress(row["text"]), language, row["to"] == "third_party")
            found += bool({hit.kind.value for hit in hits if ".second." not in hit.pattern} & set(row["labels"]))
        lines.append(f"| {language} | {name} | {found} of {len(own)} |")
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("part", type=Path)
    arguments.add_argument("--page", type=Path, help="write the tables into this page")
    arguments.add_argument("--dress", action="store_true", help="also dress the plain faulty texts by program")
    arguments.add_argument(
        "--half", choices=("extend", "measure"), help="only this half of the second development part"
    )
    arguments.add_argument("--ids", default="", help="only ids that this regular expression finds itself in")
    given = arguments.parse_args()
    faults("预热 warm up the patterns", None, False)
    rows = yaml.safe_load(given.part.read_text(encoding="utf-8"))
    rows = [row for row in rows if re.search(given.ids, row["id"]) and given.half in (None, half_of(row["id"]))]
    told = figures(rows, given.part.name)
    if given.dress:
        told += "\n\n" + dressed(rows)
    print(told)
    if given.page is not None:
        page = given.page.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        given.page.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
