"""``mora law``: what a person sees and which code comes back."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from mora.cli.law import app

HERE = Path(__file__).parent
run = CliRunner().invoke


def test_list_as_json_holds_the_whole_register() -> None:
    result = run(app, ["list", "--json"])
    assert result.exit_code == 0
    assert len(json.loads(result.output)) == 173


def test_list_can_be_narrowed() -> None:
    result = run(app, ["list", "--room", "riskclass", "--jurisdiction", "eu", "--status", "encoded", "--json"])
    ids = [line["id"] for line in json.loads(result.output)]
    assert "eu.ifrs9.sicr" in ids
    assert all(id_.startswith("eu.") for id_ in ids)


def test_list_reads_without_colour() -> None:
    result = run(app, ["list", "--room", "riskclass", "--jurisdiction", "cn"])
    assert "\x1b[" not in result.output
    line = next(line for line in result.output.splitlines() if line.startswith("cn.class2023.upgrade"))
    assert "warns only" in line
    assert "不良资产上调" in line
    assert "The way up from non-performing" in result.output


def test_show_says_both_languages_the_values_and_the_effect() -> None:
    result = run(app, ["show", "cn.class2023.dpd", "--on", "2026-01-01"])
    assert result.exit_code == 0
    for piece in (
        "逾期天数对应的分类下限",
        "Floors by days past due",
        "▸ from 2023-07-01",
        "91, substandard",
        "art. 10-13",
        "T-CN-6",
    ):
        assert piece in result.output


def test_show_says_when_a_rule_only_warns_and_what_a_house_pack_changes() -> None:
    assert "warns only: unverified" in run(app, ["show", "cn.class2023.upgrade"]).output
    with_house = run(app, ["show", "cn.class2023.upgrade", "--house", "example"]).output
    assert "decides: confirmed by the house pack example on 2026-11-22" in with_house


def test_show_says_when_nothing_is_in_force() -> None:
    assert "nothing in force on 2020-01-01" in run(app, ["show", "cn.class2023.dpd", "--on", "2020-01-01"]).output


def test_show_as_json_keeps_ratios_exact() -> None:
    shown = json.loads(run(app, ["show", "cn.prov2011.ratios", "--on", "2026-01-01", "--json"]).output)
    assert shown["params"]["loan_provision_ratio"] == "0.025"
    assert shown["effect"] == "decides"


def test_an_unknown_rule_is_refused_with_the_near_miss() -> None:
    result = run(app, ["show", "cn.class2023.dpt"])
    assert result.exit_code == 2
    assert "Did you mean cn.class2023.dpd?" in result.output


def test_check_passes_on_the_packaged_packs() -> None:
    result = run(app, ["check"])
    assert result.exit_code == 0, result.output
    assert "173 rules: 0 errors" in result.output


def test_check_ends_with_2_when_a_pack_is_wrong() -> None:
    result = run(app, ["check", str(HERE / "bad" / "unknown-room.yaml")])
    assert result.exit_code == 2
    assert "Did you mean gate?" in result.output


def test_show_says_who_asks_a_rule_who_asks_beside_it_and_where_its_cases_are() -> None:
    shown = run(app, ["show", "cn.gbt45251.freq.voice"]).output
    for piece in (
        "read by mora.gate.calls",
        "mora.gate.calls.effective_calls: Have this collector's effective calls to the person reached today's limit?",
        "house.prudent.calls",
        "T-CN-2, gate/china-frequency",
    ):
        assert piece in shown
    # A rule with several questions names them all; another house pack has other rules of its own.
    massachusetts = json.loads(run(app, ["show", "us.ma.940cmr7", "--json"]).output)
    assert [each.partition(":")[0] for each in massachusetts["asked_by"]] == [
        "mora.gate.hours.at_this_hour", "mora.gate.calls.massachusetts", "mora.gate.holds.oral_at_work",
    ]  # fmt: skip
    assert "house.prudent.hours" in massachusetts["asked_beside"]
    assert "house.prudent" not in run(app, ["show", "cn.gbt45251.freq.voice", "--house", "example"]).output


def test_show_finds_a_lender_s_own_rule_by_its_id_alone() -> None:
    shown = run(app, ["show", "house.prudent.holds"])
    assert shown.exit_code == 0, shown.output
    assert "mora.gate.holds.own_holds" in shown.output
    assert "gate/holds" in shown.output
    assert run(app, ["show", "house.nobody.holds"]).exit_code == 2


def test_show_says_nothing_about_the_gate_where_it_asks_nothing() -> None:
    shown = json.loads(run(app, ["show", "cn.class2023.dpd", "--json"]).output)
    assert shown["asked_by"] == shown["asked_beside"] == []
    assert "asked" not in run(app, ["show", "cn.class2023.dpd"]).output
