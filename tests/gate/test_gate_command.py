"""The command others drive: one request, a batch, a record asked again, the schema."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from gate.asks import BASE
from mora.cli.main import app
from mora.gate.reading import schema

RUN = CliRunner()


def _write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_one_request_prints_the_verdict(tmp_path: Path) -> None:
    file = _write(tmp_path / "asked.json", BASE | {"at": "2026-03-02T22:00:00+08:00"})
    done = RUN.invoke(app, ["gate", str(file)])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["allowed"] is False
    assert told["outcome"] == "refused"
    assert told["earliest_at"] == "2026-03-03T08:00:00+08:00"
    first = told["findings"][0]
    assert first["rule"] == "cn.gbt45251.hours"
    assert {"rule", "clause", "message_zh", "message_en", "counter", "limit"} <= set(first)
    assert "GB/T 45251-2025" in first["clause"]


def test_the_law_alone_and_the_prudent_pack_differ(tmp_path: Path) -> None:
    hold = [{"kind": "complaint", "since": "2026-03-01T00:00:00+08:00"}]
    file = _write(tmp_path / "asked.json", BASE | {"holds": hold})
    prudent = json.loads(RUN.invoke(app, ["gate", str(file)]).stdout)
    alone = json.loads(RUN.invoke(app, ["gate", str(file), "--house", "none"]).stdout)
    assert prudent["outcome"] == "refused"
    assert alone["outcome"] == "allowed"


def test_a_table_for_people_names_rule_clause_and_both_languages(tmp_path: Path) -> None:
    file = _write(tmp_path / "asked.json", BASE | {"at": "2026-03-02T22:00:00+08:00"})
    shown = RUN.invoke(app, ["gate", str(file), "--table"]).stdout
    assert "不得联络 refused" in shown
    assert "cn.gbt45251.hours" in shown
    assert "2026-03-03T08:00:00+08:00" in shown


def test_a_record_is_asked_again_and_a_changed_one_is_refused(tmp_path: Path) -> None:
    file = _write(tmp_path / "asked.json", BASE)
    record = RUN.invoke(app, ["gate", str(file), "--record"]).stdout
    kept = tmp_path / "record.json"
    kept.write_text(record, encoding="utf-8")
    done = RUN.invoke(app, ["gate", "replay", str(kept)])
    assert done.exit_code == 0
    assert "answers the same" in done.stdout
    kept.write_text(record.replace('"lin"', '"lim"'), encoding="utf-8")
    done = RUN.invoke(app, ["gate", "replay", str(kept), "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout)["intact"] is False


def test_a_batch_answers_each_line_and_sets_aside_what_cannot_be_read(tmp_path: Path) -> None:
    lines = [json.dumps(BASE), "", "{", json.dumps(BASE | {"channel": "pigeon"})]
    file = tmp_path / "many.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    done = RUN.invoke(app, ["gate", "--batch", str(file)])
    assert done.exit_code == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["where"].rpartition(":")[2] for each in told] == ["1", "3", "4"]
    assert told[0]["outcome"] == "allowed"
    assert "not JSON" in told[1]["error"]
    assert "pigeon" in told[2]["error"]


def test_a_batch_of_columns_in_and_out(tmp_path: Path) -> None:
    nested, texts, out = tmp_path / "nested.parquet", tmp_path / "texts.parquet", tmp_path / "verdicts.parquet"
    late = BASE | {"at": "2026-03-02T22:00:00+08:00"}
    pl.DataFrame([BASE, late]).write_parquet(nested)
    pl.DataFrame({"request": [json.dumps(BASE), json.dumps(late)]}).write_parquet(texts)
    for file in (nested, texts):
        done = RUN.invoke(app, ["gate", "--batch", str(file), "--out", str(out)])
        assert done.exit_code == 0, done.output
        frame = pl.read_parquet(out)
        assert frame["outcome"].to_list() == ["allowed", "refused"]
        assert "cn.cba2026.hours" in frame["refused_by"][1].to_list()


def test_what_cannot_be_done_is_refused_with_two(tmp_path: Path) -> None:
    for args in (
        [str(tmp_path / "nowhere.json")], ["--batch", str(tmp_path / "nowhere.jsonl")],
        ["replay", str(tmp_path / "nowhere.json")], [str(_write(tmp_path / "bad.json", {"at": 1}))],
        [str(_write(tmp_path / "good.json", BASE)), "--house", "nobody"], ["ask"],
    ):  # fmt: skip
        done = RUN.invoke(app, ["gate", *args])
        assert done.exit_code == 2, args
        assert "Refused" in done.stderr


def test_the_schema_is_printed() -> None:
    assert json.loads(RUN.invoke(app, ["gate", "schema"]).stdout) == schema()
