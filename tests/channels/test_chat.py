"""Group robots: what they are asked, what their answers mean, and that nothing goes to a group of others."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from channels.hands import START, Book, HandClock, message
from channels.webhook import Webhook
from mora.channels.chat.send import Robots
from mora.channels.chat.send import sender as way_out
from mora.channels.chat.settings import Robot, Settings
from mora.channels.terms import Accepted, Attachment, PossiblySent, RefusedForGood, RefusedForNow


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with Webhook() as running:
        yield running


@pytest.fixture
def robots(hook: Webhook) -> Iterator[Robots]:
    told = {
        "wang": Robot("wecom", "key-1", alone=True),
        "li": Robot("dingtalk", "token-2", "SEC", alone=True),
        "zhao": Robot("feishu", "token-3", "SEC", alone=True),
        "open group": Robot("wecom", "key-4"),
    }
    held = way_out(
        Settings(told, hook.url + "/wecom", hook.url + "/ding", hook.url + "/hook"),
        HandClock(),
        Book(),
    )
    yield held
    held.close()


def test_wecom(robots: Robots, hook: Webhook) -> None:
    assert robots.hand_over(message(to="wang")) == Accepted((), said="ok")
    (seen,) = hook.posted
    assert (seen.path, seen.json) == ("/wecom?key=key-1", {"msgtype": "text", "text": {"content": "您好"}})


def test_dingtalk_is_signed(robots: Robots, hook: Webhook) -> None:
    robots.hand_over(message(to="li"))
    query = parse_qs(urlsplit(hook.posted[0].path).query)
    milli = str(int(START.timestamp() * 1000))
    wanted = base64.b64encode(hmac.new(b"SEC", f"{milli}\nSEC".encode(), hashlib.sha256).digest()).decode()
    assert query == {"access_token": ["token-2"], "timestamp": [milli], "sign": [wanted]}


def test_feishu_is_signed_the_other_way_round(robots: Robots, hook: Webhook) -> None:
    hook.answer = (200, {"code": 0, "msg": "success", "data": {}})
    assert robots.hand_over(message(to="zhao")) == Accepted((), said="success")
    (seen,) = hook.posted
    seconds = str(int(START.timestamp()))
    wanted = base64.b64encode(hmac.new(f"{seconds}\nSEC".encode(), b"", hashlib.sha256).digest()).decode()
    assert seen.path == "/hook/token-3"
    assert seen.json == {"msg_type": "text", "content": {"text": "您好"}, "timestamp": seconds, "sign": wanted}


@pytest.mark.parametrize("to", ["open group", "nobody", ""])
def test_nothing_leaves_to_a_group_nobody_vouched_for(robots: Robots, hook: Webhook, to: str) -> None:
    assert isinstance(robots.hand_over(message(to=to)), RefusedForGood)
    assert hook.posted == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((200, {"errcode": 45009, "errmsg": "api freq out of limit"}), "HTTP 200 45009"),
        ((200, {"code": 19021, "msg": "sign match fail"}), "HTTP 200 19021"),
        ((429, {}), "HTTP 429"),
        ((302, {}, {"Location": "https://elsewhere.example"}), "HTTP 302"),
    ],
)
def test_a_refusal_inside_an_answer_of_200_is_a_refusal(
    robots: Robots, hook: Webhook, answer: object, code: str
) -> None:
    hook.script = [answer]
    handed = robots.hand_over(message(to="wang"))
    assert isinstance(handed, RefusedForNow)
    assert (handed.code, handed.retry_after) == (code, timedelta(seconds=60))


@pytest.mark.parametrize("answer", [(200, {}), (200, b"<html>"), (502, b""), "drop", "drop_at_once"])
def test_an_answer_without_sense_or_none_is_possibly_sent(robots: Robots, hook: Webhook, answer: object) -> None:
    hook.script = [answer]
    assert isinstance(robots.hand_over(message(to="wang")), PossiblySent)


def test_too_long_or_with_a_file_it_does_not_leave(robots: Robots, hook: Webhook) -> None:
    assert isinstance(robots.hand_over(message("好" * 682, to="wang")), Accepted)  # 2,046 octets
    assert isinstance(robots.hand_over(message("好" * 683, to="wang")), RefusedForGood)  # 2,049
    assert isinstance(robots.hand_over(message(to="wang", attachments=(Attachment("a.pdf", b""),))), RefusedForGood)
    assert len(hook.posted) == 1


def test_a_lost_line_shows_no_token(robots: Robots, hook: Webhook) -> None:
    hook.script = ["drop"]
    assert "key-1" not in repr(robots.hand_over(message(to="wang")))
