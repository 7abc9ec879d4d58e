"""``mora law duties``: what a person sees and which code comes back."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from mora.cli.law import app

run = CliRunner().invoke
FACTS = {
    "cn_claim": {"due_on": ["2024-01-01"]},
    "us_mortgage": {"payments": [{"due_on": "2026-01-01"}]},
    "uk_credit": {"plan_begun_on": "2026-02-01"},
}


def written(folder: Path, text: str) -> str:
    path = folder / "facts.json"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_json_holds_every_duty_with_its_clause(tmp_path: Path) -> None:
    result = run(app, ["duties", written(tmp_path, json.dumps(FACTS)), "--as-of", "2026-02-10", "--json"])
    assert result.exit_code == 0, result.output
    duties = {duty["rule"]: duty for duty in json.loads(result.output)}
    contact, limit, pause = duties["us.regx.39a"], duties["cn.civil.188"], duties["uk.conc7.3"]
    assert contact["act_by"] == contact["day"] == "2026-02-06"
    assert contact["status"] == "overdue"
    assert contact["clause"]["en"] == "12 CFR part 1024 (Regulation X), 1024.39(a)"
    assert limit["clause"]["zh"] == "《中华人民共和国民法典》第188条"
    assert (limit["day"], limit["provisional"]) == ("2027-01-01", True)
    assert (pause["act_by"], pause["day"], pause["decides"]) == (None, "2026-03-03", False)
    assert duties["us.regx.41f"]["kind"] == "not_before"
    assert [each["day"] or "9999" for each in json.loads(result.output)] == sorted(
        each["day"] or "9999" for each in json.loads(result.output)
    )


def test_the_table_says_day_clause_and_status_in_either_language(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps(FACTS))
    chinese = run(app, ["duties", path, "--as-of", "2026-02-10"]).output
    english = run(app, ["duties", path, "--as-of", "2026-02-10", "--lang", "en"]).output
    for piece in (
        "最迟 2026-02-06",
        "逾期",
        "不早于 2026-05-02",
        "2027-01-01 暂定",
        "至 2026-03-03 未核实",
        "us.regx.39a",
    ):
        assert piece in chinese
    for piece in (
        "by 2026-02-06",
        "overdue",
        "not before 2026-05-02",
        "2027-01-01 provisional",
        "unverified",
        "art. 188",
    ):
        assert piece in english


def test_facts_that_cannot_be_used_end_with_2_and_the_near_miss(tmp_path: Path) -> None:
    result = run(app, ["duties", written(tmp_path, '{"cn_clam": {}}'), "--as-of", "2026-02-10"])
    assert result.exit_code == 2
    assert "Did you mean cn_claim?" in result.output


def test_what_is_no_json_is_refused_with_its_line(tmp_path: Path) -> None:
    result = run(app, ["duties", written(tmp_path, '{"cn_claim":\n {"due_on": [}}'), "--as-of", "2026-02-10"])
    assert result.exit_code == 2
    assert "facts.json:2: this is not JSON" in result.output


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    text = '{"cn_claim": {"due_on": ["2023-06-30"]}, "cn_claim": {"due_on": ["2024-06-30"]}}'
    result = run(app, ["duties", written(tmp_path, text), "--as-of", "2026-02-10"])
    assert result.exit_code == 2
    assert "the key cn_claim is written twice" in result.output


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    result = run(app, ["duties", str(tmp_path / "none.json"), "--as-of", "2026-02-10"])
    assert result.exit_code == 2
    assert "There is no file" in result.output


def test_a_house_pack_is_laid_over_the_law(tmp_path: Path) -> None:
    facts = {"cn_complaint": {"received_on": "2026-03-02", "forwarded_by_pboc": True}}
    house = str(Path(__file__).parent / "house")
    path = written(tmp_path, json.dumps(facts))
    result = run(app, ["duties", path, "--as-of", "2026-03-03", "--json", "--house", house])
    assert json.loads(result.output)[0]["day"] == "2026-03-12"
