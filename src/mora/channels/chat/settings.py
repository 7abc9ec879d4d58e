"""What the channels file says of robots."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from mora.channels.hidden import shown


class Robot(Struct, frozen=True, forbid_unknown_fields=True):
    """One robot in one group."""

    kind: Literal["wecom", "dingtalk", "feishu"]
    token: str
    secret: str = ""
    """Signs messages (DingTalk, Feishu); empty where the robot asks for none."""
    alone: bool = False
    """Somebody made sure that no third person is in the group, and stays responsible for it."""

    def __repr__(self) -> str:
        return shown(self)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """The lender's robots."""

    robots: dict[str, Robot]
    """By the name messages are addressed to."""
    wecom_url: str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    dingtalk_url: str = "https://oapi.dingtalk.com/robot/send"
    feishu_url: str = "https://open.feishu.cn/open-apis/bot/v2/hook"
    connect_seconds: float = 10.0
    answer_seconds: float = 15.0
    retry_seconds: int = 60
