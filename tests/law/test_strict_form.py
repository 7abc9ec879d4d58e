"""Each file in bad/ holds one fault; its first line says the code, line and words of the finding it must cause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mora.core.findings import Finding
from mora.law.lints import check

HERE = Path(__file__).parent
SAID = re.compile(r"# (?P<code>[A-Z._]+) line (?P<line>\d+): (?P<message>.+)")


def found_in(path: Path) -> list[Finding]:
    """What the check says about one file; what it says about the packaged packs is left out."""
    return [item for item in check(path) if item.file == str(path)]


@pytest.mark.parametrize(
    "path", sorted([*HERE.glob("bad/*.yaml"), *HERE.glob("house/bad/*.yaml")]), ids=lambda p: p.stem
)
def test_a_broken_pack_is_told_what_is_wrong_and_where(path: Path) -> None:
    said = SAID.match(path.read_text(encoding="utf-8"))
    assert said is not None, "the first line must say what is expected"
    found = found_in(path)
    shown = "\n".join(map(str, found))
    matching = [item for item in found if item.code == said["code"] and item.row == int(said["line"])]
    assert any(said["message"] in item.message for item in matching), shown
    assert {item.code for item in found} == {said["code"]}, f"one fault, one kind of finding:\n{shown}"


@pytest.mark.parametrize(
    "path", sorted([*HERE.glob("good/*.yaml"), *HERE.glob("house/good/*.yaml")]), ids=lambda p: p.stem
)
def test_a_sound_pack_has_no_fault(path: Path) -> None:
    assert [item for item in found_in(path) if item.code != "LAW.UNKNOWN"] == []


def test_a_folder_is_read_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name in ("a.yaml", "inner/b.yaml"):
        (tmp_path / name).write_text((HERE / "good" / "calls.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    doubled = [item.message for item in check(tmp_path) if item.code == "LAW.DUPLICATE"]
    assert len(doubled) == 2  # both ids of the second file stand already in the first
    assert all("a.yaml" in message for message in doubled)


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    text = (HERE / "good" / "calls.yaml").read_text(encoding="utf-8")
    path = tmp_path / "gb.yaml"
    path.write_bytes(text.encode("gb18030"))
    assert [item.code for item in found_in(path)] == ["LAW.YAML"]


def test_the_reference_page_names_every_code_and_every_code_has_a_broken_pack() -> None:
    root = HERE.parents[1]
    source = "".join(path.read_text(encoding="utf-8") for path in (root / "src" / "mora" / "law").glob("*.py"))
    codes = set(re.findall(r'"(LAW\.[A-Z_]+)"', source))
    page = (root / "docs" / "reference" / "law-packs.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(LAW\.[A-Z_]+)`", page)) == codes
    broken = {path.read_text(encoding="utf-8").split()[1] for path in HERE.glob("**/bad/*.yaml")}
    # The register's own faults, a missing file and an unknown value have tests of their own.
    assert codes - broken == {"LAW.REGISTER", "LAW.FILE", "LAW.UNKNOWN"}


def test_a_path_that_is_not_there_is_a_finding() -> None:
    assert [item.code for item in found_in(HERE / "nowhere")] == ["LAW.FILE"]
