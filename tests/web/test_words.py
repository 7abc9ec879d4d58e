"""The words of the pages: every text has its Chinese, placeholders survive, and compiling happens once."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from mora.casework import names
from mora.casework.policy_files import levels, scripts
from mora.core.words import Words
from mora.web.words import SOURCE, compile_words

ROOT = Path(__file__).parents[2]
PO = SOURCE / "zh_Hans/LC_MESSAGES/django.po"
PLAIN = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Queue"
msgstr "队列"
"""
PLACE = re.compile(r"%\(\w+\)[sd]|</?kbd>")


def _made() -> set[str]:
    spec = importlib.util.spec_from_file_location("make_words", ROOT / "docs/make_words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {message if isinstance(message, str) else message[0] for message, _ in module.said()}


def test_every_text_of_the_pages_has_its_chinese() -> None:
    catalogue = read_po(PO.open("rb"), locale="zh_Hans")
    said = _made()
    assert len(said) > 300
    empty = []
    for text in said:
        held = catalogue.get(text)
        told = held.string if held is not None else ""
        if not (all(told) if isinstance(told, tuple) else told):
            empty.append(text)
    assert not empty, f"run docs/make_words.py and translate: {empty}"


def test_placeholders_survive_translation() -> None:
    for message in read_po(PO.open("rb"), locale="zh_Hans"):
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[1]
            told = message.string if isinstance(message.string, str) else message.string[0]
            assert sorted(set(PLACE.findall(told))) == sorted(set(PLACE.findall(source))), message.id


def test_compiled_once_and_again_when_newer(tmp_path: Path) -> None:
    source = tmp_path / "source/xx/LC_MESSAGES"
    source.mkdir(parents=True)
    (source / "django.po").write_text(PLAIN, encoding="utf-8")
    out = tmp_path / "out"
    # Babel wants a language it knows.
    (tmp_path / "source/xx").rename(tmp_path / "source/zh_Hans")
    assert compile_words(out, tmp_path / "source") == 1
    assert compile_words(out, tmp_path / "source") == 0
    later = (out / "zh_Hans/LC_MESSAGES/django.mo").stat().st_mtime + 10
    os.utime(tmp_path / "source/zh_Hans/LC_MESSAGES/django.po", (later, later))
    assert compile_words(out, tmp_path / "source") == 1
    assert [path.name for path in (out / "zh_Hans/LC_MESSAGES").iterdir()] == ["django.mo"]


TABLES = ["CHANNEL", "RESULT", "HOLD", "OUTCOME", "SKIP", "RIGHT", "REACH", "ACT", "EVENT", "LIST", "SKILL"]


@pytest.mark.parametrize("table", TABLES)
def test_closed_lists_have_both_languages(table: str) -> None:
    for key, words in getattr(names, table).items():
        assert isinstance(words, Words), key
        assert re.search(r"[\u4e00-\u9fff]", words.zh), key
        assert not re.search(r"[\u4e00-\u9fff]", words.en), key


def test_closed_lists_are_whole() -> None:
    from mora.casework.queue import SKIPS
    from mora.gate.terms import Channel, HoldKind, Result

    assert set(names.CHANNEL) == set(Channel)
    assert set(names.RESULT) == set(Result)
    assert set(names.HOLD) == set(HoldKind)
    assert set(names.SKIP) == set(SKIPS)


PRESSURE = re.compile(
    r"起诉|坐牢|拘留|报警|家人|单位|同事|邻居|曝光|后果|上门|必须|立即|马上|黑名单|失信|sue|jail|arrest|police|family|"
    r"employer|neighbour|expose|consequence|must|immediately|blacklist|threat", re.IGNORECASE,
)  # fmt: skip


def test_scripts_press_nobody_and_name_no_debt_before_identity() -> None:
    for level, parts in scripts().items():
        for part, words in parts.items():
            for text in (words.zh, words.en):
                assert not PRESSURE.search(text), f"{level}.{part}: {text}"
            if part == "opening":
                assert not re.search(r"贷款|逾期|欠|还款|\{amount\}|\{late\}", words.zh)
                assert not re.search(r"loan|debt|owe|late|due|\{amount\}", words.en)
    assert {rule.level for rule in levels()} | {"any"} >= set(scripts())
