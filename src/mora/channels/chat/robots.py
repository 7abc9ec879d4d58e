"""How each robot is asked: address, body, signature. Pure; the moment is given."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from mora.channels.chat.settings import Robot, Settings

MOST_OCTETS = {"wecom": 2048, "dingtalk": 20_000, "feishu": 20_000}
"""Octets of UTF-8 a text may have: WeCom's documented limit, and less than the two others take."""


def request(robot: Robot, text: str, settings: Settings, at: datetime) -> tuple[str, bytes]:
    """Address and body."""
    plain = {"msgtype": "text", "text": {"content": text}}
    if robot.kind == "wecom":
        return f"{settings.wecom_url}?{urlencode({'key': robot.token})}", msgspec.json.encode(plain)
    if robot.kind == "dingtalk":
        query = {"access_token": robot.token}
        if robot.secret:
            milli = str(int(at.timestamp() * 1000))
            query |= {"timestamp": milli, "sign": dingtalk_sign(robot.secret, milli)}
        return f"{settings.dingtalk_url}?{urlencode(query)}", msgspec.json.encode(plain)
    body: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
    if robot.secret:
        seconds = str(int(at.timestamp()))
        body |= {"timestamp": seconds, "sign": feishu_sign(robot.secret, seconds)}
    return f"{settings.feishu_url}/{robot.token}", msgspec.json.encode(body)


def dingtalk_sign(secret: str, milli: str) -> str:
    """The secret is the key, moment and secret are the text."""
    told = hmac.new(secret.encode(), f"{milli}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(told.digest()).decode()


def feishu_sign(secret: str, seconds: str) -> str:
    """Moment and secret are the key, and the text is empty."""
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()
