"""What a lender's own rules may say: where, when, for whom, about what; and what is refused before anybody is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gate.casebook import BASES, merged, request_of
from mora.core.errors import BadInput
from mora.gate import Gate, Request, Verdict

RULE = """
- id: {id}
  title: {{zh: 规则, en: A rule}}
  statement: {{zh: 规则。, en: A rule.}}
  jurisdiction: {jurisdiction}
  room: gate
  scope: {{actors: [{actors}], products: [{products}], channels: [{channels}]}}
  modality: must
  action: [{action}]
  status: later
  values:
{values}
  citation: {{instrument: {{zh: 本行制度, en: our own policy}}, article: "1"}}
  verification: {{status: primary, readings: 1, checked_on: 2026-11-24, sources: [this file]}}
"""

MakeGate = Callable[..., Gate]


def own(id_: str = "house.t.rule", values: str = "", **change: str) -> str:
    """One rule of the lender's own; ``values`` is ``day: {param: ..., ...}`` a line."""
    told = {
        "jurisdiction": "cn", "actors": "everyone", "products": "any", "channels": "any", "action": "block",
    } | change  # fmt: skip
    return RULE.format(id=id_, values="\n".join(f"    {line.strip()}" for line in values.strip().splitlines()), **told)


@pytest.fixture
def gate_of(tmp_path: Path) -> MakeGate:
    """A gate whose house pack holds these rules."""

    made: list[Path] = []

    def make(*rules: str) -> Gate:
        # A pack is read once in the life of a process, so each has a folder of its own.
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(folder)
        (folder / "own.yaml").write_text("".join(rules), encoding="utf-8")
        return Gate.of(folder)

    return make


def ask(gate: Gate, base: str = "lin", **change: Any) -> Verdict:
    """The verdict on a base request with something changed."""
    return gate.ask(given(base, **change))


def given(base: str = "lin", **change: Any) -> Request:
    """A base request with something changed."""
    return request_of(merged(BASES[base], change), "test")


def refused(verdict: Verdict) -> list[str]:
    """Rules that refuse."""
    return [each.rule for each in verdict.findings if each.effect == "refuse"]


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text)


NOBODY = "unknown: {question: people, min_age: 200}"
"""A rule that refuses everybody whose birthday is known."""
OLD = {"id": "lin", "role": "debtor", "born_on": "1980-01-01"}


def test_it_binds_only_the_actors_it_names(gate_of: MakeGate) -> None:
    gate = gate_of(own(values=NOBODY, actors="agency"))
    assert refused(ask(gate, party=OLD)) == []
    agency = {"actor": {"kind": "agency", "id": "jia"}, "agency": {"listed": True, "contract_until": "2027-01-01"}}
    assert "house.t.rule" in refused(ask(gate, "lin-agency", party=OLD, **agency))
    # A buyer of claims is a collector in the United States, and only there.
    buyer = {"lender": {"id": "b", "kind": "transferee"}, "actor": {"kind": "lender", "id": "b"}}
    assert refused(ask(gate, "adams", party=OLD, **buyer)) == ["house.t.rule"]
    assert "house.t.rule" not in refused(ask(gate, party=OLD, **buyer))


def test_it_holds_only_where_it_says(gate_of: MakeGate) -> None:
    gate = gate_of(own(values="unknown: {question: people, min_age: 200, places: [us-ny, uk]}"))
    assert refused(ask(gate, party=OLD)) == []
    assert refused(ask(gate, "adams", party=OLD)) == ["house.t.rule"]
    assert refused(ask(gate, "adams", party=OLD, places=["us-ny-nyc"])) == ["house.t.rule"]
    assert refused(ask(gate, "adams", party=OLD, places=["us-nj"])) == []
    assert refused(ask(gate, "adams", party=OLD, places=["us"], at="2026-06-01 19:00")) == []
    assert refused(ask(gate, "clarke", party=OLD, places=["uk-sct"])) == ["house.t.rule"]


def test_it_is_about_the_channels_and_debts_it_names(gate_of: MakeGate) -> None:
    gate = gate_of(own(values=NOBODY, channels="sms", products="non_retail"))
    assert refused(ask(gate, party=OLD, claim={"products": ["non_retail"]})) == []
    assert refused(ask(gate, party=OLD, channel="sms")) == []
    assert refused(ask(gate, party=OLD, channel="sms", claim={"products": ["non_retail"]})) == ["house.t.rule"]


def test_it_warns_when_it_does_not_block(gate_of: MakeGate) -> None:
    verdict = ask(gate_of(own(values=NOBODY, action="warn")), party=OLD)
    assert [(each.rule, each.effect) for each in verdict.findings] == [("house.t.rule", "warn")]


@pytest.mark.parametrize(
    ("base", "ends"),
    [
        ("lin", "2026-04-01T00:00:00+08:00"),
        ("adams", "2026-06-10T00:00:00-04:00"),
        ("weber", "2026-04-01T00:00:00+02:00"),
    ],
)
def test_it_ends_on_its_own_day_by_the_calendar_of_the_place(gate_of: MakeGate, base: str, ends: str) -> None:
    day = ends[:10]
    gate = gate_of(own(values=f"2020-01-01: {{question: people, min_age: 200, until: {day}}}"))
    change = {"party": OLD | {"role": "debtor"}, "channel": "letter", "message": {"contains": [
        "name", "balance", "reason", "rights", "dispute_channel", "contact", "seal"]}}  # fmt: skip
    verdict = ask(gate, base, **change)
    assert refused(verdict) == ["house.t.rule"]
    assert verdict.earliest_at == at(ends)


def test_a_later_version_takes_its_place(gate_of: MakeGate) -> None:
    gate = gate_of(own(values="""
        2020-01-01: {question: people, min_age: 200}
        2026-04-01: {question: people, min_age: 18}
    """))  # fmt: skip
    verdict = ask(gate, party=OLD)
    assert refused(verdict) == ["house.t.rule"]
    assert verdict.earliest_at == at("2026-04-01T08:00:00+08:00"), (
        "the version ends at midnight, and the night at eight"
    )


def test_before_its_first_day_it_says_nothing(gate_of: MakeGate) -> None:
    gate = gate_of(own(values="2026-03-03: {question: people, min_age: 200}"))
    assert refused(ask(gate, party=OLD)) == []
    assert refused(ask(gate, party=OLD, at="2026-03-03 15:00")) == ["house.t.rule"]


def test_its_hours_are_read_where_they_are_for(gate_of: MakeGate) -> None:
    gate = gate_of(own(values='unknown: {question: hours, places: [us], allowed: ["09:00", "17:00"]}'))
    both = {
        "places": ["cn", "us-ca"],
        "clock": "America/Los_Angeles",
        "claim": {"products": ["non_retail"]},
        "channel": "sms",
    }
    assert refused(ask(gate, **both, at="2026-06-01 16:59:59")) == []
    assert refused(ask(gate, **both, at="2026-06-01 17:00:00")) == ["house.t.rule"]
    assert refused(ask(gate, **both, at="2026-06-01 08:59:59")) == ["house.t.rule"]
    # where the rule names no place, every clock must allow: 09:00-17:00 in Beijing is 18:00-02:00 in Los Angeles
    everywhere = gate_of(own(values='unknown: {question: hours, allowed: ["09:00", "17:00"]}'))
    verdict = ask(everywhere, **both, at="2026-06-01 12:00")
    assert refused(verdict) == ["house.t.rule"]
    assert verdict.earliest_at is None


def test_hours_may_run_over_midnight(gate_of: MakeGate) -> None:
    gate = gate_of(own(values='unknown: {question: hours, allowed: ["22:00", "02:00"]}'))
    letters = {"claim": {"products": ["non_retail"]}, "channel": "sms"}
    assert refused(ask(gate, **letters, at="2026-03-02 21:59:59")) == ["house.t.rule"]
    assert refused(ask(gate, **letters, at="2026-03-02 22:00:00")) == []
    assert refused(ask(gate, **letters, at="2026-03-03 01:59:59")) == []
    verdict = ask(gate, **letters, at="2026-03-03 02:00:00")
    assert refused(verdict) == ["house.t.rule"]
    assert verdict.earliest_at == at("2026-03-03T22:00:00+08:00")


def test_hours_that_allow_nothing_are_refused_at_the_door(gate_of: MakeGate) -> None:
    with pytest.raises(BadInput, match=r"house\.t\.rule@unknown allows no hour of the day"):
        gate_of(own(values='unknown: {question: hours, allowed: ["08:00", "08:00"]}'))


def test_a_question_the_gate_does_not_know_is_refused_at_the_door(gate_of: MakeGate) -> None:
    with pytest.raises(BadInput, match=r"own\.yaml:2: house\.t\.rule asks 'hour'; a lender's rule asks one of hours, "):
        gate_of(own(values="unknown: {question: hour}"))


def test_unanswered_questions_may_refuse(gate_of: MakeGate) -> None:
    gate = gate_of(own(values="unknown: {question: owed, refuse_unanswered: [complaint_open], silent: [time_barred]}"))
    verdict = ask(gate)
    assert refused(verdict) == ["house.t.rule"]
    assert refused(ask(gate, claim={"owed": {"complaint_open": False}})) == []
    # what is neither refused nor silent warns, in one sentence, worst first
    said = [each.message_en for each in verdict.findings]
    assert [text.count(";") for text in said] == [0, 4]
    assert "close the complaint first" in said[0]


def test_a_rule_without_its_figures_asks_nothing(gate_of: MakeGate) -> None:
    bare = [
        own(f"house.t.{name}", f"unknown: {{question: {name}}}")
        for name in ("hours", "effective_calls", "holds", "people", "opening", "visit", "placement")
    ]
    party = OLD | {"identified": False}
    gate = gate_of(*bare)
    for base, channel in (("lin", "visit"), ("lin-agency", "visit"), ("lin", "voice"), ("lin", "interview")):
        verdict = ask(
            gate, base, party=party, channel=channel, claim={"placed_with": []},
            message={"discloses": True}, holds=[{"kind": "fraud", "since": "2026-01-01 00:00"}],
        )  # fmt: skip
        assert [each.rule for each in verdict.findings if each.rule.startswith("house.")] == []


def test_a_law_made_stricter_cites_both_and_decides_by_the_stricter_figure(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
- id: house.t.fewer
  base: cn.gbt45251.freq.voice
  title: {zh: 两次, en: Two}
  values:
    2025-02-28:
      max_per_day: 2
  citation: {instrument: {zh: 本行制度, en: our own policy}, article: "5"}
""",
        encoding="utf-8",
    )
    history = [["2026-03-02 09:00", "voice", "connected"], ["2026-03-02 10:00", "voice", "connected"]]
    request = given(history=history)
    assert refused(Gate.of(None).ask(request)) == []
    verdict = Gate.of(tmp_path).ask(request)
    assert refused(verdict) == ["cn.gbt45251.freq.voice"]
    assert verdict.findings[0].clause_en.endswith("; our own policy 5")
    assert (verdict.findings[0].counter, verdict.findings[0].limit) == (2, 2)


def test_a_lender_may_count_what_regulation_f_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
- id: house.t.count
  base: us.regf.calls.exclusions
  title: {zh: 一律计次, en: All of them count}
  values:
    2021-11-30:
      exclude: []
  citation: {instrument: {zh: 本行制度, en: our own policy}, article: "6"}
""",
        encoding="utf-8",
    )
    busy = [[f"2026-05-{day} 10:00", "voice", "busy"] for day in range(26, 32)]
    consent = [["2026-06-01 10:00", "voice", "voicemail", {"with_consent": True}]]
    permission = [{"rule": "us.regf.calls.7in7", "kind": "consent", "since": "2026-05-31 10:00"}]
    asked = {"history": busy + consent, "permissions": permission}
    assert refused(ask(Gate.of(None), "adams", **asked)) == []
    assert refused(ask(Gate.of(tmp_path), "adams", **asked)) == ["us.regf.calls.7in7"]
    counsel = {"party": {"id": "counsel", "role": "attorney"}, "attempt": {"party": "counsel"}}
    talk = {"history": [["2026-06-01 10:00", "voice", "right_party"]]}
    assert refused(ask(Gate.of(None), "adams", **counsel, **talk)) == []
    assert refused(ask(Gate.of(tmp_path), "adams", **counsel, **talk)) == ["us.regf.calls.afterconv"]


def test_a_rule_that_excludes_a_law_in_force_is_refused(gate_of: MakeGate) -> None:
    rule = own(values=NOBODY).rstrip() + "\n  excludes: [cn.gbt45251.hours]\n"
    with pytest.raises(BadInput, match=r"cannot be used: .*house\.t\.rule excludes cn\.gbt45251\.hours"):
        gate_of(rule)


def test_a_pack_that_is_not_there_or_loosens_the_law_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="name a packaged one or a directory"):
        Gate.of(tmp_path / "nowhere")
    (tmp_path / "own.yaml").write_text(
        """
- id: house.t.more
  base: cn.gbt45251.freq.voice
  title: {zh: 四次, en: Four}
  values:
    2025-02-28:
      max_per_day: 4
  citation: {instrument: {zh: 本行制度, en: our own policy}, article: "5"}
""",
        encoding="utf-8",
    )
    with pytest.raises(BadInput, match="is looser than the law's 3"):
        Gate.of(tmp_path)


def test_a_limit_of_none_is_always_reached_and_never_left(gate_of: MakeGate) -> None:
    gate = gate_of(own(values="unknown: {question: effective_calls, max_per_day: 0}"))
    verdict = ask(gate)
    assert refused(verdict) == ["house.t.rule"]
    assert verdict.earliest_at is None


def test_who_is_of_age_in_one_zone_alone_is_not_of_age(gate_of: MakeGate) -> None:
    # 20:00 in China is 01:00 of the next day in Auckland: the eighteenth birthday has begun there, and not at home.
    gate = gate_of(own(values="unknown: {question: people, min_age: 18}"))
    zones = ["Asia/Shanghai", "Pacific/Auckland"]
    young = ask(
        gate, at="2026-03-02 20:00", party={"id": "lin", "role": "debtor", "born_on": "2008-03-03", "zones": zones}
    )
    [finding] = [each for each in young.findings if each.rule == "house.t.rule"]
    assert finding.clears_at == at("2026-03-03T00:00:00+08:00"), "when the birthday has begun at home as well"
    grown = ask(
        gate, at="2026-03-02 20:00", party={"id": "lin", "role": "debtor", "born_on": "2008-03-02", "zones": zones}
    )
    assert "house.t.rule" not in refused(grown)
