"""Mail against a server that refuses, drops, dawdles and offers no encryption."""

from __future__ import annotations

import base64
import select
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from channels.hands import START, Book, HandClock, message
from channels.mailserver import Postbox, certificate, running
from mora.channels.email.mime import message_id, mime
from mora.channels.email.send import Mail
from mora.channels.email.send import sender as way_out
from mora.channels.email.settings import Settings
from mora.channels.terms import (
    Accepted,
    Attachment,
    Handed,
    Message,
    PossiblySent,
    RefusedForGood,
    RefusedForNow,
    Whose,
)

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
TO = "wang@example.com"


def settings(port: int, **more: object) -> Settings:
    told = Settings(
        "127.0.0.1", port, "service@bank.example", sender_name="某银行", tls="private_line",
        bounce_to="bounce@bank.example", unsubscribe_to="stop@bank.example", connect_seconds=20, answer_seconds=20,
        end_seconds=20,
    )  # fmt: skip
    return replace(told, **more)


def letter(key: str = "m-1", text: str = "您好，本期应还款500.00元。", **more: object) -> Message:
    return message(text, TO, key, **({"subject": "还款提醒", "name": "王某"} | more))


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest.fixture
def port(box: Postbox) -> Iterator[int]:
    with running(box) as number:
        yield number


@pytest.fixture
def mail(port: int) -> Iterator[Mail]:
    held = way_out(settings(port), HandClock(), Book())
    yield held
    held.close()


def now(handed: Handed) -> RefusedForNow:
    assert isinstance(handed, RefusedForNow), handed
    return handed


def good(handed: Handed) -> RefusedForGood:
    assert isinstance(handed, RefusedForGood), handed
    return handed


# -- what leaves ------------------------------------------------------------------------------------------------


def test_a_mail_arrives_with_its_file_and_headers(mail: Mail, box: Postbox) -> None:
    handed = mail.hand_over(
        letter(attachments=(Attachment("对账单.pdf", PDF),), unsubscribe_url="https://bank.example/stop/abc")
    )
    name = message_id("m-1", "bank.example")
    assert isinstance(handed, Accepted)
    assert handed.ids == (name,)
    (seen,) = box.parsed
    assert (seen["Message-ID"], seen["Subject"], seen["Auto-Submitted"]) == (name, "还款提醒", "auto-generated")
    assert seen["From"] == "某银行 <service@bank.example>"
    assert seen["List-Unsubscribe"].startswith("<https://bank.example/stop/abc>, <mailto:stop@bank.example?subject=")
    assert seen["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body, file = seen.get_body(), next(seen.iter_attachments())
    assert body is not None
    assert body.get_content().strip() == "您好，本期应还款500.00元。"
    assert (file.get_filename(), file.get_content()) == ("对账单.pdf", PDF)
    assert box.said[0].startswith("MAIL FROM:<bounce@bank.example>")


def test_lines_that_begin_with_a_dot_stay_as_they_are(mail: Mail, box: Postbox) -> None:
    text = ".\r\n..\r\n.end\r\nlast"
    mail.hand_over(letter(text=text))
    body = box.parsed[0].get_body()
    assert body is not None
    assert body.get_content().split() == [".", "..", ".end", "last"]


def test_the_same_record_makes_the_same_bytes(port: int) -> None:
    told = letter(attachments=(Attachment("a.pdf", PDF),))
    assert mime(told, settings(port), START) == mime(told, settings(port), START)
    assert message_id("m-1", "a.example") != message_id("m-2", "a.example")


def test_every_line_is_short_and_seven_bits_wide(port: int) -> None:
    raw = mime(
        letter(text="好" * 5000 + "\n" + "a" * 5000, attachments=(Attachment("对.pdf", PDF),)), settings(port), START
    )
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_one_line_serves_many_mails(mail: Mail, box: Postbox) -> None:
    for n in range(3):
        assert isinstance(mail.hand_over(letter(f"m-{n}")), Accepted)
    assert len(box.mails) == 3


def test_receipts_are_asked_for_where_the_server_knows_how(box: Postbox, port: int) -> None:
    box.dsn = True
    held = way_out(settings(port, success_receipts=True), HandClock(), Book())
    assert isinstance(held.hand_over(letter()), Accepted)
    held.close()
    assert f"ENVID={message_id('m-1', 'bank.example').strip('<>')}" in box.said[0]
    assert "NOTIFY=FAILURE,DELAY,SUCCESS" in box.said[1]


@pytest.mark.parametrize(
    "to", ["", "wang", "wang@", "@x.example", "a b@x.example", "a@x\r\nRCPT TO:<b@x.example>", "a@b@c.d"]
)
def test_what_is_no_address_never_reaches_the_server(mail: Mail, box: Postbox, to: str) -> None:
    assert good(mail.hand_over(replace(letter(), to=to))).whose is Whose.ADDRESS
    assert box.said == []


def test_domains_in_other_scripts_are_written_as_the_name_system_does(mail: Mail, box: Postbox) -> None:
    assert isinstance(mail.hand_over(replace(letter(), to="wang@例子.example")), Accepted)
    assert box.recipients == ["wang@xn--fsqu00a.example"]
    assert box.parsed[0]["To"] == "王某 <wang@xn--fsqu00a.example>"


def test_names_in_other_scripts_are_not_built(mail: Mail, box: Postbox) -> None:
    assert good(mail.hand_over(replace(letter(), to="王@例子.example"))).whose is Whose.ADDRESS
    assert box.said == []


def test_a_header_cannot_be_smuggled_in(mail: Mail, box: Postbox) -> None:
    assert good(mail.hand_over(letter(subject="hello\r\nBcc: all@example.com"))).code == "mora form"
    assert good(mail.hand_over(letter(name="a\nBcc: b@example.com"))).code == "mora form"
    assert box.mails == []


# -- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "whose", "code"),
    [
        ("550 5.1.1 no such user", Whose.ADDRESS, "550 5.1.1"),
        ("550 no such user", Whose.ADDRESS, "550"),
        ("552 5.2.2 mailbox full", Whose.ADDRESS, "552 5.2.2"),
        ("550 5.7.1 refused by policy", Whose.MESSAGE, "550 5.7.1"),
    ],
)
def test_a_recipient_refused_for_good(mail: Mail, box: Postbox, answer: str, whose: Whose, code: str) -> None:
    box.on_rcpt = [answer]
    handed = good(mail.hand_over(letter()))
    assert (handed.whose, handed.code) == (whose, code)
    assert isinstance(mail.hand_over(letter("m-2")), Accepted)  # the line is good for others


@pytest.mark.parametrize("answer", ["450 4.2.1 greylisted", "451 4.3.0 try later", "452 4.2.2 mailbox full"])
def test_a_recipient_refused_for_now(mail: Mail, box: Postbox, answer: str) -> None:
    box.on_rcpt = [answer]
    handed = now(mail.hand_over(letter()))
    assert (handed.code, handed.retry_after.total_seconds()) == (answer[:9], 900)


def test_a_refused_sender_is_the_servers_matter_and_no_reason_to_give_up(mail: Mail, box: Postbox) -> None:
    box.on_mail = ["550 5.7.1 sender not allowed"]
    assert now(mail.hand_over(letter())).whose is Whose.PROVIDER
    box.on_mail = ["552 5.3.4 too big"]
    assert good(mail.hand_over(letter())).whose is Whose.MESSAGE


def test_the_answer_to_the_data_decides(mail: Mail, box: Postbox) -> None:
    box.on_data = ["554 5.7.1 looks like spam", "451 4.7.0 later", "421 4.3.2 closing"]
    assert good(mail.hand_over(letter())).whose is Whose.MESSAGE
    assert now(mail.hand_over(letter())).code == "451 4.7.0"
    assert now(mail.hand_over(letter())).code == "421 4.3.2"
    assert isinstance(mail.hand_over(letter()), Accepted)
    assert len(box.mails) == 1


def test_a_mail_bigger_than_the_server_takes_is_not_begun(box: Postbox) -> None:
    with running(box, data_size_limit=20_000) as number:
        held = way_out(settings(number), HandClock(), Book())
        assert good(held.hand_over(letter(attachments=(Attachment("a.pdf", PDF * 10),)))).code == "mora too_long"
        held.close()
    assert box.said == []


def test_a_server_that_is_not_there(box: Postbox) -> None:
    with running(box) as number:
        pass
    assert now(way_out(settings(number), HandClock(), Book()).hand_over(letter())).whose is Whose.PROVIDER


# -- encryption and log-in ------------------------------------------------------------------------------------------


def test_nothing_leaves_when_the_server_offers_no_encryption(box: Postbox, port: int) -> None:
    held = way_out(settings(port, tls="starttls", user="u", password="s3cret"), HandClock(), Book())
    handed = now(held.hand_over(letter()))
    assert handed.code == "TLS"
    assert (box.said, box.mails) == ([], [])


def test_a_certificate_nobody_vouches_for_is_refused(box: Postbox, tmp_path: Path) -> None:
    context, trusted = certificate(tmp_path)
    with running(box, context, require_starttls=True) as number:
        stranger = way_out(settings(number, tls="starttls"), HandClock(), Book())
        assert "certificate" in now(stranger.hand_over(letter())).why.lower()
        assert box.said == []
        held = way_out(settings(number, tls="starttls", ca_file=trusted), HandClock(), Book())
        assert isinstance(held.hand_over(letter()), Accepted)
        held.close()


def test_a_wrong_password_is_the_servers_matter(box: Postbox, tmp_path: Path) -> None:
    context, trusted = certificate(tmp_path)
    box.user, box.password = "mora", "right"
    with running(box, context, require_starttls=True) as number:
        told = settings(number, tls="starttls", ca_file=trusted, user="mora", password="s3cret")
        handed = now(way_out(told, HandClock(), Book()).hand_over(letter()))
        assert (handed.code, handed.whose) == ("535 log-in", Whose.PROVIDER)
        assert "s3cret" not in repr(handed)
        held = way_out(replace(told, password="right"), HandClock(), Book())
        assert isinstance(held.hand_over(letter()), Accepted)
        held.close()


# -- accidents ----------------------------------------------------------------------------------------------------


def test_a_line_lost_before_the_end_of_the_data_took_nothing_with_it(mail: Mail, box: Postbox) -> None:
    box.drop_in_data = 1
    big = letter(
        attachments=(Attachment("a.pdf", b"%PDF-" + b"x" * 2_000_000),)
    )  # more than any buffer on the way holds
    handed = now(mail.hand_over(big))
    assert (handed.code, box.mails) == ("SMTP link", [])
    assert isinstance(mail.hand_over(letter()), Accepted)


@pytest.mark.parametrize("accident", ["drop", "silent", "999 nonsense", "hello"])
def test_no_answer_after_the_data_is_possibly_sent(box: Postbox, accident: str) -> None:
    with running(box) as number:
        held = way_out(settings(number, end_seconds=0.2 if accident == "silent" else 20), HandClock(), Book())
        box.on_data = [accident]
        handed = held.hand_over(letter())
        assert isinstance(handed, PossiblySent), handed
        assert handed.ids == (message_id("m-1", "bank.example"),)
        held.close()
        held = way_out(settings(number), HandClock(), Book())
        assert isinstance(held.hand_over(letter("m-2")), Accepted)
        held.close()


def test_a_slow_answer_is_waited_for(mail: Mail, box: Postbox) -> None:
    box.on_data = ["slow"]
    assert isinstance(mail.hand_over(letter()), Accepted)


def test_a_line_that_died_while_idle_is_noticed(mail: Mail, box: Postbox) -> None:
    box.on_data = ["250 taken, bye"]
    assert isinstance(mail.hand_over(letter()), Accepted)
    assert mail._smtp is not None
    assert select.select([mail._smtp.sock], [], [], 5)[0]
    assert isinstance(mail.hand_over(letter("m-2")), Accepted)
    assert len(box.mails) == 2


def test_what_was_written_is_what_arrives(mail: Mail, box: Postbox) -> None:
    """The file's bytes, through base64 and the wire."""
    mail.hand_over(letter(attachments=(Attachment("a.pdf", PDF),)))
    part = next(box.parsed[0].iter_attachments())
    assert base64.b64decode(str(part.get_payload())) == PDF
