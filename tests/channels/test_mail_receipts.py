"""Bounces, complaints and answers as they come by mail, whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mora.channels.email.mime import message_id
from mora.channels.email.receipts import read
from mora.channels.email.settings import Settings
from mora.channels.email.text import unquoted
from mora.channels.terms import Fault, Incoming, Kind, Receipt

SETTINGS = Settings("h", 25, "service@bank.example", unsubscribe_to="stop@bank.example")
NAME = message_id("m-1", "bank.example")


def bounce(
    action: str, status: str, *, returned: str = "message/rfc822", envelope: bool = False, more: str = ""
) -> bytes:
    original = f"Message-ID: {NAME}\r\nFrom: service@bank.example\r\nSubject: hello\r\n\r\nbody\r\n"
    back = f"--b\r\nContent-Type: {returned}\r\n\r\n{original}\r\n" if returned else ""
    about = f"Original-Envelope-Id: {NAME.strip('<>')}\r\n" if envelope else ""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: bounce@bank.example\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example\r\n{about}Arrival-Date: Mon, 2 Mar 2026 10:15:00 +0800\r\n\r\n"
        f"Final-Recipient: rfc822; wang@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 no such\r\n  user\r\n{more}\r\n"
        f"{back}--b--\r\n"
    ).encode()


AT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "status", "kind", "fault"),
    [
        ("failed", "5.1.1", Kind.UNDELIVERABLE, Fault.DEAD),
        ("failed", "5.1.10", Kind.UNDELIVERABLE, Fault.DEAD),
        ("failed", "5.2.2", Kind.UNDELIVERABLE, Fault.FULL),
        ("failed", "4.2.2", Kind.UNDELIVERABLE, Fault.FULL),
        ("failed", "5.7.1", Kind.UNDELIVERABLE, Fault.BLOCKED),
        ("failed", "4.4.7", Kind.UNDELIVERABLE, Fault.AWAY),  # tried for days, then given up
        ("failed", "5.0.0", Kind.UNDELIVERABLE, Fault.OTHER),
        ("failed", "oops", Kind.UNDELIVERABLE, Fault.OTHER),
        ("Failed", "5.1.1 (bad destination)", Kind.UNDELIVERABLE, Fault.DEAD),
        ("delayed", "4.4.1", Kind.PENDING, None),
        ("relayed", "2.0.0", Kind.PENDING, None),
        ("delivered", "2.0.0", Kind.DELIVERED, None),
    ],
)
def test_what_a_bounce_says(action: str, status: str, kind: Kind, fault: Fault | None) -> None:
    (one,) = read(bounce(action, status), SETTINGS)
    assert isinstance(one, Receipt)
    assert (one.id, one.kind, one.fault, one.at) == (NAME, kind, fault, AT)
    assert one.said == "smtp; 550 5.1.1 no such user"


@pytest.mark.parametrize("form", [{"returned": "text/rfc822-headers"}, {"returned": "", "envelope": True}])
def test_the_message_is_found_by_headers_alone_or_by_its_envelope(form: dict[str, object]) -> None:
    (one,) = read(bounce("failed", "5.1.1", **form), SETTINGS)  # type: ignore[arg-type]
    assert one.id == NAME


def test_a_bounce_about_two_recipients_gives_two_receipts() -> None:
    more = "\r\nFinal-Recipient: rfc822; li@example.com\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
    kinds = [each.kind for each in read(bounce("failed", "5.1.1", more=more), SETTINGS) if isinstance(each, Receipt)]
    assert kinds == [Kind.UNDELIVERABLE, Kind.DELIVERED]


def test_a_bounce_about_nothing_of_ours_is_a_machines_message() -> None:
    (one,) = read(bounce("failed", "5.1.1", returned=""), SETTINGS)
    assert isinstance(one, Incoming)
    assert one.automatic


def complaint(kind: str) -> bytes:
    return (
        "From: fbl@example.com\r\nTo: abuse@bank.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {kind}\r\nUser-Agent: Example/1.0\r\nVersion: 1\r\n"
        "Arrival-Date: Mon, 2 Mar 2026 10:15:00 +0800\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {NAME}\r\nSubject: hello\r\n\r\nbody\r\n--b--\r\n"
    ).encode()


def test_a_complaint() -> None:
    (one,) = read(complaint("abuse"), SETTINGS)
    assert one == Receipt(NAME, Kind.COMPLAINED, AT, "abuse", "Example/1.0")


def test_not_spam_is_no_complaint() -> None:
    (one,) = read(complaint("not-spam"), SETTINGS)
    assert isinstance(one, Incoming)


def answer(text: str = "下周五还五百", **headers: str) -> bytes:
    told = {"From": "王某 <wang@example.com>", "To": "service@bank.example", "Subject": "Re: hello",
            "Message-ID": "<reply@example.com>", "In-Reply-To": NAME, "Content-Type": "text/plain; charset=utf-8",
            "Date": "Mon, 2 Mar 2026 10:15:00 +0800"}  # fmt: skip
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return ("".join(f"{name}: {value}\r\n" for name, value in told.items()) + "\r\n").encode() + text.encode()


def test_an_answer_leads_back_to_its_message_without_the_quoted_one() -> None:
    (one,) = read(answer("下周五还五百\r\n\r\n在 2026-03-01，某银行 写道：\r\n> 请还款\r\n"), SETTINGS)
    assert one == Incoming("<reply@example.com>", "wang@example.com", "下周五还五百", AT, NAME)


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; x=y"}, {"Return_Path": "<>"},
     {"Precedence": "bulk"}, {"X_Autoreply": "yes"}, {"From": "postmaster@example.com"}],
)  # fmt: skip
def test_a_machines_answer_says_so(headers: dict[str, str]) -> None:
    (one,) = read(answer("I am away until Monday, STOP by later.", **headers), SETTINGS)
    assert isinstance(one, Incoming)
    assert one.automatic


def test_a_persons_answer_is_no_machines() -> None:
    (one,) = read(answer(Auto_Submitted="no"), SETTINGS)
    assert isinstance(one, Incoming)
    assert not one.automatic


def test_a_mail_to_the_unsubscribe_mailbox_refuses_the_channel() -> None:
    (one,) = read(answer("", To="stop@bank.example", Subject=f"unsubscribe {NAME}", In_Reply_To=""), SETTINGS)
    assert isinstance(one, Incoming)
    assert (one.opt_out, one.in_reply_to) == (True, NAME)


def test_html_and_old_charsets_are_read() -> None:
    html = "<html><style>p{}</style><p>我已&#36824;款</p><blockquote>quoted</blockquote></html>"
    (one,) = read(answer(html, Content_Type="text/html; charset=utf-8"), SETTINGS)
    assert one.text == "我已还款"  # type: ignore[union-attr]
    raw = answer("", Content_Type="text/plain; charset=gb2312") + "已還款囍".encode("gb18030")
    (one,) = read(raw, SETTINGS)
    assert one.text == "已還款囍"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "below",
    ["-----Original Message-----", "--- 原始邮件 ---", "On Mon, 2 Mar 2026 at 10:15, Bank <b@x.example> wrote:",
     "发件人: service@bank.example", "2026年3月1日 某银行写道：", "-- "],
)  # fmt: skip
def test_where_the_quotation_begins(below: str) -> None:
    assert unquoted(f"paid\n\n{below}\nplease pay") == "paid"


def test_the_same_mail_has_the_same_id() -> None:
    raw = answer(Message_ID="")
    assert read(raw, SETTINGS) == read(raw, SETTINGS)
    assert read(raw, SETTINGS)[0].id.startswith("mail-")


def test_a_mail_nested_a_thousand_times_is_set_aside() -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000))
    (one,) = read(raw, SETTINGS)
    assert isinstance(one, Incoming)


@settings(deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([b"", bounce("failed", "5.1.1"), complaint("abuse"), answer()]), st.data()
)
def test_no_mail_stops_the_reading(noise: bytes, whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole)))
    assert read(whole[:at] + noise + whole[at:], SETTINGS)
