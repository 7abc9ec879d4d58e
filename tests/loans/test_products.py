"""Product files: what good ones mean, what bad ones are told, and that writing and reading undo one another."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mora.core.calendar import CALENDARS, Adjustment
from mora.core.dates import DayCount
from mora.core.findings import Severity
from mora.core.money import Rounding
from mora.core.words import Language
from mora.loans.product_keys import (
    LATENESS_KEYS,
    MATERIALITY_KEYS,
    ORDER_KEYS,
    PENALTY_KEYS,
    PRODUCT_KEYS,
    SCHEDULE_KEYS,
    SECTIONS,
    SWITCH_KEYS,
)
from mora.loans.product_values import Choice, OneOf
from mora.loans.products import ProductSheet, dump_products, parse_products, parse_sheets
from mora.loans.schedule_terms import (
    AccrueTo,
    FirstPeriod,
    Frequency,
    InterestBy,
    Method,
    Payment,
    PlanTerms,
    Residue,
)
from mora.loans.terms import (
    Component,
    DaysRule,
    DueState,
    EarlyMoney,
    FeeStyle,
    GraceStyle,
    LatenessTerms,
    Materiality,
    PauseBoundary,
    PayoffStyle,
    PenaltyBase,
    PenaltyTerms,
    PenaltyUnit,
    Product,
    RescheduleStyle,
    ReversalStyle,
    Step,
    Switch,
    SwitchMeasured,
    WriteOffStyle,
)
from mora.loans.waterfalls import NAMED

HERE = Path(__file__).parent / "products"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "products.md"
C = Component


def good(name: str) -> dict[str, ProductSheet]:
    sheets, findings = parse_sheets((HERE / "good" / name).read_text(encoding="utf-8"), name)
    assert findings == []
    return sheets


def test_a_product_with_nothing_said_is_the_default_product() -> None:
    products, findings = parse_products("plain:\n")
    assert findings == []
    assert products == {"plain": Product(name="plain")}


def test_a_product_takes_what_it_does_not_say_from_the_one_it_extends() -> None:
    sheets = good("retail.yaml")
    consumer, housing = sheets["consumer"].product, sheets["housing"].product
    assert consumer.penalty == PenaltyTerms(
        uplift="1.5", grace_days=3, grace_style=GraceStyle.RETROACTIVE, compound=True, rate_cap_e12=240_000_000_000
    )
    assert consumer.lateness == LatenessTerms(grace_days=3, materiality=Materiality(50_000, 10_000))
    assert consumer.steps == NAMED["civil_code_561"][0]
    assert housing.lateness == LatenessTerms(grace_days=3)
    assert (housing.kind, housing.early, consumer.kind) == ("mortgage", EarlyMoney.LAST, "loan")
    assert sheets["consumer"].calendar == "cn"
    assert sheets["consumer"].plan == PlanTerms(payment_rounding=Rounding.UP, adjustment=Adjustment.FOLLOWING)


def test_card_article_57_pays_principal_first_from_day_91_and_from_13_january_2011() -> None:
    card = good("card.yaml")["card"].product
    assert card.switch is not None
    assert (card.switch.beyond_days, card.switch.start) == (90, date(2011, 1, 13))
    assert card.switch.steps[0] == Step(DueState.PAST_DUE, (C.PRINCIPAL,))
    past_due = [component for step in card.steps if step.state is DueState.PAST_DUE for component in step.components]
    assert past_due == [C.FEE, C.PENALTY, C.COMPOUND, C.INTEREST, C.PRINCIPAL]


def test_a_waterfall_given_anew_does_not_keep_the_switch_of_the_extended_product() -> None:
    products, _ = parse_products("card: {waterfall: card_art57}\nother: {extends: card, waterfall: standard}\n"
                                 "same: {extends: card, kind: card}\n")  # fmt: skip
    assert products["other"].switch is None
    assert products["same"].switch == products["card"].switch


def test_steps_may_take_pairs_of_due_state_and_component_in_any_order() -> None:
    product = good("steps.yaml")["stepwise"].product
    assert product.steps == (
        Step(DueState.PAST_DUE, (C.FEE, C.PENALTY)),
        Step(DueState.PAST_DUE, (C.COMPOUND, C.INTEREST)),
        Step(DueState.PAST_DUE, (C.PRINCIPAL,)),
        Step(DueState.DUE, (C.FEE, C.INTEREST, C.PRINCIPAL)),
    )
    assert product.switch is not None
    assert product.switch.measured is SwitchMeasured.START_OF_DAY
    assert product.switch.end == date(2030, 1, 1)
    assert len(product.switch.steps) == 15


BAD = sorted((HERE / "bad").glob("*.yaml"))


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_bad_file_is_told_its_fault_its_line_and_what_is_accepted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = re.match(r"# (?P<code>[A-Z_.0-9]+) line (?P<line>\d+): (?P<words>.*)", text)
    assert said is not None
    products, findings = parse_products(text, path.name)
    found = [finding for finding in findings if finding.code == said["code"]]
    assert found, f"expected {said['code']}, got {[str(f) for f in findings]}"
    assert found[0].row == (int(said["line"]) or None)
    for words in said["words"].split("; "):
        assert words in str(found[0])
    assert found[0].expected
    if found[0].severity is Severity.ERROR:
        assert not any(found[0].column.startswith(name + ".") or found[0].column == name for name in products)
    chinese = [f for f in parse_products(text, path.name, Language.ZH)[1] if f.code == said["code"]]
    assert chinese[0].message != found[0].message


def test_every_fault_of_a_file_is_told_in_one_pass() -> None:
    _, findings = parse_products("a: {kind: lone, fee: own}\nb: {payof: due}\nc: {kind: card}\n")
    assert [finding.row for finding in findings] == [1, 1, 2]


def test_only_products_without_a_fault_are_given() -> None:
    products, _ = parse_products("a: {kind: lone}\nc: {kind: card}\n")
    assert list(products) == ["c"]


orders = st.permutations(list(Component)).map(tuple)


@st.composite
def steps(draw: st.DrawFn) -> tuple[Step, ...]:
    pairs = [(DueState.PAST_DUE, component) for component in Component]
    rest = [(state, component) for state in (DueState.DUE, DueState.IN_ADVANCE) for component in Component]
    pairs += draw(st.lists(st.sampled_from(rest), unique=True))
    made: list[Step] = []
    for state, component in draw(st.permutations(pairs)):
        if made and made[-1].state is state and draw(st.booleans()):
            made[-1] = Step(state, (*made[-1].components, component))
        else:
            made.append(Step(state, (component,)))
    return tuple(made)


any_steps = st.one_of(st.sampled_from([named[0] for named in NAMED.values()]), steps())
money = st.integers(0, 10**15)
days = st.integers(0, 36_500)
dates = st.dates(date(1950, 1, 1), date(2199, 12, 31))
switches = st.builds(
    Switch, days, any_steps, st.sampled_from(SwitchMeasured), st.dates(date(1950, 1, 1), date(2019, 1, 1)),
    st.dates(date(2019, 1, 2), date(2200, 1, 1)),
)  # fmt: skip
penalties = st.builds(
    PenaltyTerms,
    uplift=st.decimals(0, 100, places=2).map(str),
    base=st.sampled_from(PenaltyBase), basis=st.sampled_from([360, 365, 366]), rounding=st.sampled_from(Rounding),
    unit=st.sampled_from(PenaltyUnit), grace_days=days, grace_style=st.sampled_from(GraceStyle), compound=st.booleans(),
    rate_cap_e12=st.none() | st.integers(0, 10**11).map(lambda whole: whole * 100),
    cap_percent=st.none() | st.integers(0, 100_000), pause_boundary=st.sampled_from(PauseBoundary),
)  # fmt: skip
latenesses = st.builds(
    LatenessTerms, st.sampled_from(DaysRule), st.booleans(), money,
    st.none() | st.builds(Materiality, money, st.integers(0, 10**6)), days, st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
names = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\ufffd"), min_size=1, max_size=64
).filter(str.isprintable)  # fmt: skip
products = st.builds(
    Product, name=names, jurisdiction=st.sampled_from(["cn", "us", "uk", "eu"]),
    kind=st.sampled_from(["loan", "card", "mortgage"]), steps=any_steps, early=st.sampled_from(EarlyMoney),
    switch=st.none() | switches | st.sampled_from([named[1] for named in NAMED.values()]), penalty=penalties,
    lateness=latenesses, write_off=st.sampled_from(WriteOffStyle), write_off_order=orders,
    recovery_is_income=st.booleans(), reschedule=st.sampled_from(RescheduleStyle), fee=st.sampled_from(FeeStyle),
    waiver_excess_refused=st.booleans(), reversal=st.sampled_from(ReversalStyle), payoff=st.sampled_from(PayoffStyle),
    next_due_after_as_of=st.booleans(), last_paid_sums_day=st.booleans(),
)  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> PlanTerms:
    method = draw(st.sampled_from(Method))
    return PlanTerms(
        method, draw(st.sampled_from(Frequency)), draw(st.sampled_from(InterestBy)), draw(st.sampled_from(DayCount)),
        draw(st.sampled_from(Rounding)), draw(st.sampled_from(Payment)), draw(st.sampled_from(Rounding)),
        draw(st.sampled_from(Residue)), draw(st.sampled_from(FirstPeriod)), draw(st.integers(0, 1200)),
        draw(st.none() | st.integers(1, 1200)) if method is Method.BALLOON else None, draw(st.booleans()),
        Adjustment.NONE, draw(st.sampled_from(AccrueTo)),
    )  # fmt: skip


@given(st.lists(products, min_size=1, max_size=3, unique_by=lambda product: product.name))
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_back_as_the_same_terms(made: list[Product]) -> None:
    written = dump_products({product.name: product for product in made})
    read, findings = parse_products(written)
    assert [f for f in findings if f.severity is Severity.ERROR] == []
    assert list(read.values()) == made
    assert dump_products(read) == written


@given(products, plans(), st.sampled_from(sorted(CALENDARS)))
@settings(max_examples=50, deadline=None)
def test_schedule_terms_and_calendar_read_back_too(product: Product, plan: PlanTerms, calendar: str) -> None:
    sheet = ProductSheet(product, plan, calendar)
    read, _ = parse_sheets(dump_products({product.name: sheet}))
    assert read == {product.name: sheet}


def test_a_product_that_a_file_cannot_say_is_not_written() -> None:
    with pytest.raises(ValueError, match="would never be paid"):
        dump_products({"p": Product(name="p", steps=(Step(DueState.PAST_DUE, (C.FEE,)),))})
    with pytest.raises(ValueError, match="is named"):
        dump_products({"p": Product(name="q")})


@given(st.text(max_size=200) | st.text("abc:{}[], -\n #&*!|>%@`'\"0159.", max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_text_whatever_makes_reading_raise(text: str) -> None:
    parse_products(text)


def test_the_reference_page_names_every_key_and_every_word() -> None:
    page = REFERENCE.read_text(encoding="utf-8")
    keys = (*PRODUCT_KEYS, *PENALTY_KEYS, *LATENESS_KEYS, *MATERIALITY_KEYS, *SWITCH_KEYS, *ORDER_KEYS, *SCHEDULE_KEYS)
    for key in keys:
        assert f"`{key.name}`" in page, key.name
        words: tuple[object, ...] = ()
        if isinstance(key.kind, Choice):
            words = tuple(key.kind.words)
        elif isinstance(key.kind, OneOf):
            words = key.kind.members
        for word in words:
            assert f"`{word}`" in page, f"{key.name}: {word}"
    for name in (*SECTIONS, *NAMED, "materiality"):
        assert f"`{name}`" in page, name


def test_the_examples_of_the_reference_page_are_good_files() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        found, findings = parse_sheets(example)
        assert findings == []
        assert found
