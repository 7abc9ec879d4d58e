"""Text messages against a short-message centre that drops, throttles, dawdles and repeats itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from channels.hands import Book, HandClock, message
from channels.smsc import (
    BAD_ADDRESS,
    BIND,
    BIND_FAILED,
    DELIVER,
    ENQUIRE,
    OK,
    QUEUE_FULL,
    RESP,
    SUBMIT,
    THROTTLED,
    UNBIND,
    Centre,
    delivery,
)
from mora.channels.sms.receipts import Delivered, joined, read
from mora.channels.sms.segments import gsm7, split_header
from mora.channels.sms.send import Text
from mora.channels.sms.send import sender as way_out
from mora.channels.sms.settings import Settings
from mora.channels.state import Standing, state
from mora.channels.terms import Accepted, Fault, Kind, PossiblySent, RefusedForGood, RefusedForNow, Whose


@pytest.fixture
def centre() -> Iterator[Centre]:
    with Centre() as running:
        yield running


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def book() -> Book:
    return Book()


def settings(centre: Centre, **more: object) -> Settings:
    told = Settings("127.0.0.1", centre.port, "mora", "s3cret", "10690001", answer_seconds=20)
    return replace(told, **more)


@pytest.fixture
def text(centre: Centre, clock: HandClock, book: Book) -> Iterator[Text]:
    sender = way_out(settings(centre), clock, book)
    yield sender
    sender.close()


@contextmanager
def impatient(text: Text, really: bool) -> Iterator[None]:
    """Waits for answers only shortly, where none will come."""
    held = text._settings
    text._settings = replace(held, answer_seconds=0.3) if really else held
    yield
    text._settings = held


def receipt(name: str, stat: str, err: str = "000") -> bytes:
    said = f"id:{name} sub:001 dlvrd:001 submit date:2603021000 done date:2603021015 stat:{stat} err:{err} text:"
    return delivery(said.encode(), esm_class=4)


# -- what leaves ------------------------------------------------------------------------------------------------


def test_a_short_text_leaves_in_the_gsm_alphabet_and_asks_for_a_receipt(text: Text, centre: Centre) -> None:
    assert text.hand_over(message("Pay 5€ today")) == Accepted(("00000001",), units=1)
    (seen,) = centre.taken
    assert (seen.source, seen.destination, seen.registered) == ("10690001", "8613800138000", 1)
    assert (seen.esm_class, seen.data_coding, gsm7(seen.body)) == (0, 0, "Pay 5€ today")


def test_a_long_chinese_text_leaves_in_parts_that_join_to_the_same(text: Text, centre: Centre) -> None:
    told = "您好，您的贷款将于明日到期，请留意。" * 10
    handed = text.hand_over(message(told))
    assert isinstance(handed, Accepted)
    assert handed.units == len(centre.taken) == len(handed.ids) == 3  # 180 units at 67 a segment
    headers, bodies = zip(*(split_header(each.body) for each in centre.taken), strict=True)
    assert [(n, total) for _, n, total in headers] == [(1, 3), (2, 3), (3, 3)]
    assert len({reference for reference, _, _ in headers}) == 1
    assert b"".join(bodies).decode("utf-16-be") == told
    assert all(each.esm_class == 0x40 and each.data_coding == 8 and len(each.body) <= 140 for each in centre.taken)


@pytest.mark.parametrize("number", ["", "abc", "+86 138", "123", "1" * 21, "a@b.example"])
def test_what_is_no_number_never_reaches_the_gateway(text: Text, centre: Centre, number: str) -> None:
    handed = text.hand_over(message(to=number))
    assert isinstance(handed, RefusedForGood)
    assert handed.whose is Whose.ADDRESS
    assert centre.seen == []


# -- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [THROTTLED, QUEUE_FULL])
def test_no_room_is_a_refusal_for_now_that_waits_twice_as_long_each_time(
    text: Text, centre: Centre, status: int
) -> None:
    centre.script = [status] * 3
    waits = [text.hand_over(message()).retry_after for _ in range(3)]  # type: ignore[union-attr]
    assert waits == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert centre.taken == []
    assert isinstance(text.hand_over(message()), Accepted)
    centre.script = [status]
    assert text.hand_over(message()).retry_after == timedelta(seconds=5)  # type: ignore[union-attr]


def test_waiting_has_an_upper_end(centre: Centre, clock: HandClock, book: Book) -> None:
    sender = way_out(settings(centre, back_off_max_seconds=12), clock, book)
    centre.script = [THROTTLED] * 4
    waits = [sender.hand_over(message()).retry_after.total_seconds() for _ in range(4)]  # type: ignore[union-attr]
    assert waits == [5, 10, 12, 12]
    sender.close()


def test_a_number_that_does_not_exist_is_refused_for_good(text: Text, centre: Centre) -> None:
    centre.script = [BAD_ADDRESS]
    handed = text.hand_over(message())
    assert isinstance(handed, RefusedForGood)
    assert (handed.code, handed.whose) == ("SMPP 0x0B", Whose.ADDRESS)


def test_a_status_nobody_knows_may_be_tried_again(centre: Centre, clock: HandClock, book: Book) -> None:
    centre.script = [0x4FF, 0x4FE]
    sender = way_out(settings(centre, for_good=(0x4FE,)), clock, book)
    assert isinstance(sender.hand_over(message()), RefusedForNow)
    assert isinstance(sender.hand_over(message()), RefusedForGood)
    sender.close()


def test_a_refused_login_is_the_gateways_matter_and_hides_the_password(
    text: Text, centre: Centre, capfd: pytest.CaptureFixture[str]
) -> None:
    centre.bind_status = BIND_FAILED
    handed = text.hand_over(message())
    assert isinstance(handed, RefusedForNow)
    assert handed.whose is Whose.PROVIDER
    assert "s3cret" not in repr(handed) + "".join(capfd.readouterr())


def test_a_gateway_that_is_not_there(clock: HandClock, book: Book) -> None:
    with Centre() as centre:
        told = settings(centre)
    sender = way_out(told, clock, book)
    assert isinstance(sender.hand_over(message()), RefusedForNow)
    assert sender.listen(0.01) == 0


# -- accidents ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accident", ["drop", "drop_after", "nonsense", "silent", "half"])
def test_no_answer_after_a_hand_over_is_possibly_sent_and_the_next_message_finds_a_new_link(
    text: Text, centre: Centre, accident: str
) -> None:
    centre.script = [accident]
    with impatient(text, accident in {"silent", "half"}):
        handed = text.hand_over(message())
    assert isinstance(handed, PossiblySent)  # whether the centre took it, nobody here can know
    assert handed.ids == ()
    assert isinstance(text.hand_over(message(key="m-2")), Accepted)
    assert centre.binds == 2


def test_a_link_that_died_while_idle_is_noticed_before_anything_is_handed_over(text: Text, centre: Centre) -> None:
    assert isinstance(text.hand_over(message()), Accepted)
    centre.cut()
    assert isinstance(text.hand_over(message(key="m-2")), Accepted)
    assert centre.binds == 2
    assert len(centre.taken) == 2


def test_a_slow_answer_is_waited_for(text: Text, centre: Centre) -> None:
    centre.script = ["slow"]
    assert isinstance(text.hand_over(message()), Accepted)


def test_an_answer_to_somebody_else_is_not_ours(text: Text, centre: Centre) -> None:
    centre.script = ["stranger"]
    assert text.hand_over(message()) == Accepted(("00000001",), units=1)


def test_a_receipt_that_overtakes_the_answer_is_kept(text: Text, centre: Centre, book: Book) -> None:
    centre.script = ["receipt_first"]
    handed = text.hand_over(message())
    assert isinstance(handed, Accepted)
    assert state(handed.ids, book.receipts).standing is Standing.DELIVERED
    centre.wait(lambda: centre.acknowledged)


def test_a_later_part_without_room_is_tried_again_and_the_parts_taken_are_not_repeated(
    text: Text, centre: Centre, clock: HandClock
) -> None:
    centre.script = [OK, THROTTLED, THROTTLED, OK, OK]
    handed = text.hand_over(message("好" * 150))
    assert isinstance(handed, Accepted)
    assert [split_header(each.body)[0][1] for each in centre.taken] == [1, 2, 3]  # type: ignore[index]
    assert clock.slept == [5, 10]


@pytest.mark.parametrize("rest", [[THROTTLED] * 4, [BAD_ADDRESS], ["silent"]])
def test_a_message_of_which_only_a_part_was_taken_is_possibly_sent(
    text: Text, centre: Centre, rest: list[int | str]
) -> None:
    centre.script = [OK, *rest]
    with impatient(text, "silent" in rest):
        handed = text.hand_over(message("好" * 80))
    assert isinstance(handed, PossiblySent)
    assert handed.ids == ("00000001",)
    assert "segment 2 of 2" in handed.why


# -- what comes back ----------------------------------------------------------------------------------------------


def test_receipts_twice_and_in_any_order_give_one_state(text: Text, centre: Centre, book: Book) -> None:
    handed = text.hand_over(message("好" * 80))
    assert isinstance(handed, Accepted)
    one, two = handed.ids
    for name, stat in [(two, "DELIVRD"), (one, "DELIVRD"), (two, "ACCEPTD"), (one, "DELIVRD"), (one, "ENROUTE")]:
        centre.send(DELIVER, receipt(name, stat))
    assert text.listen(0.1) == 5
    for order in permutations(book.receipts):
        assert state(handed.ids, order).standing is Standing.DELIVERED


def test_a_receipt_that_could_not_be_recorded_is_not_acknowledged_and_comes_again(
    text: Text, centre: Centre, book: Book
) -> None:
    text.hand_over(message())
    book.broken = True
    first = centre.send(DELIVER, receipt("00000001", "DELIVRD"))
    with pytest.raises(OSError, match="disk full"):
        text.listen(0.05)
    centre.wait(lambda: centre.acknowledged)
    assert centre.acknowledged == [(first, 0x64)]  # a temporary error of ours
    book.broken = False
    again = centre.send(DELIVER, receipt("00000001", "DELIVRD"))
    text.listen(0.05)
    centre.wait(lambda: len(centre.acknowledged) == 2)
    assert centre.acknowledged[1] == (again, OK)
    assert [each.id for each in book.receipts] == ["00000001"]


def test_a_record_that_fails_during_a_hand_over_does_not_hide_how_that_ended(
    text: Text, centre: Centre, book: Book
) -> None:
    centre.script = ["receipt_first"]
    book.broken = True
    assert isinstance(text.hand_over(message()), Accepted)


def test_what_somebody_writes_is_recorded(text: Text, centre: Centre, book: Book) -> None:
    text.hand_over(message())
    centre.send(DELIVER, delivery("退订".encode("utf-16-be"), coding=8))
    centre.send(DELIVER, delivery("还五百".encode("gb18030"), coding=15))
    centre.send(DELIVER, delivery(b"\x1b\x65", coding=0))
    assert text.listen(0.1) == 3
    assert [each.text for each in book.incoming] == ["退订", "还五百", "€"]
    assert {each.sender for each in book.incoming} == {"8613800138000"}


def test_a_long_answer_is_put_together_from_parts_in_any_order(text: Text, centre: Centre, book: Book) -> None:
    text.hand_over(message())
    for number, piece in [(2, "下周五还五百"), (1, "这个月没钱，"), (2, "下周五还五百")]:
        body = bytes([5, 0, 3, 9, 2, number]) + piece.encode("utf-16-be")
        centre.send(DELIVER, delivery(body, esm_class=0x40, coding=8))
    text.listen(0.1)
    whole = joined(book.incoming)
    assert whole is not None
    assert whole.text == "这个月没钱，下周五还五百"
    assert joined(each for each in book.incoming if each.part and each.part[1] == 2) is None


def test_the_same_delivery_has_the_same_id(text: Text, centre: Centre, book: Book) -> None:
    text.hand_over(message())
    for _ in range(2):
        centre.send(DELIVER, delivery(b"TD"))
    text.listen(0.1)
    assert len({each.id for each in book.incoming}) == 1


def test_a_silent_link_is_asked_and_one_that_stays_silent_is_given_up(
    text: Text, centre: Centre, clock: HandClock
) -> None:
    text.hand_over(message())
    clock.at += timedelta(seconds=31)
    while ENQUIRE not in centre.seen or text._asked:
        text.listen(0.02)
    assert centre.seen.count(ENQUIRE) == 1
    centre.answers_enquiries = False
    clock.at += timedelta(seconds=31)
    while not text._asked:
        text.listen(0.02)
    clock.at += timedelta(seconds=51)
    while text._client is not None:
        text.listen(0.02)
    assert isinstance(text.hand_over(message(key="m-2")), Accepted)
    assert centre.binds == 2


def test_it_answers_the_gateways_own_questions(text: Text, centre: Centre) -> None:
    text.hand_over(message())
    centre.send(ENQUIRE)
    centre.send(UNBIND)
    text.listen(0.05)
    centre.wait(lambda: UNBIND | RESP in centre.seen)
    assert [each for each in centre.seen if each & RESP] == [ENQUIRE | RESP, UNBIND | RESP]
    assert isinstance(text.hand_over(message(key="m-2")), Accepted)


def test_it_leaves_in_good_order(text: Text, centre: Centre) -> None:
    text.hand_over(message())
    text.close()
    text.close()
    assert centre.seen == [BIND, SUBMIT, UNBIND]


# -- receipts read alone ------------------------------------------------------------------------------------------

READING = Settings("h", 1, "s", "p", "1", dead_codes=("001", "MK:0001"), blocked_codes=("MI:0024",))
AT = datetime(2026, 3, 2, 10, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("stat", "err", "kind", "fault"),
    [
        ("DELIVRD", "000", Kind.DELIVERED, None),
        ("UNDELIV", "MK:0001", Kind.UNDELIVERABLE, Fault.DEAD),
        ("UNDELIV", "MI:0024", Kind.UNDELIVERABLE, Fault.BLOCKED),
        ("EXPIRED", "MK:0005", Kind.UNDELIVERABLE, Fault.AWAY),
        ("REJECTD", "", Kind.UNDELIVERABLE, Fault.OTHER),
        ("ACCEPTD", "", Kind.PENDING, None),
    ],
)
def test_states_and_the_operators_codes(stat: str, err: str, kind: Kind, fault: Fault | None) -> None:
    raw = f"id:A1 sub:001 dlvrd:000 submit date:2603021000 done date:2603021015 stat:{stat} err:{err} Text:hello"
    (one,) = read(Delivered("1", "2", 4, 0, raw.encode()), READING, AT)
    assert (one.id, one.kind, one.fault, one.at) == ("A1", kind, fault, AT)  # type: ignore[union-attr]


def test_optional_parameters_go_before_the_text() -> None:
    raw = Delivered("1", "2", 4, 0, b"id:999 stat:ENROUTE", receipted_message_id="A1", message_state=2)
    (one,) = read(raw, READING, AT)
    assert (one.id, one.kind) == ("A1", Kind.DELIVERED)  # type: ignore[union-attr]


@pytest.mark.parametrize("raw", [b"", b"hello", b"id:", b"id:1 stat:WHATEVER", b"stat:DELIVRD", b"\xff\xfe id:1"])
def test_a_receipt_that_says_nothing_is_none(raw: bytes) -> None:
    assert read(Delivered("1", "2", 4, 0, raw), READING, AT) == ()


def test_an_impossible_time_is_unknown() -> None:
    (one,) = read(Delivered("1", "2", 4, 0, b"id:1 done date:9999999999 stat:DELIVRD"), READING, AT)
    assert one.at is None


def test_ids_that_are_hexadecimal_in_answers_and_decimal_in_receipts(
    centre: Centre, clock: HandClock, book: Book
) -> None:
    sender = way_out(settings(centre, receipt_ids="decimal_of_hex"), clock, book)
    for n in range(11):
        handed = sender.hand_over(message(key=f"m-{n}"))
    assert isinstance(handed, Accepted)
    assert handed.ids == ("11",)  # the centre called it 0000000B
    sender.close()
