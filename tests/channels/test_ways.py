"""Every channel has the same files, and the lender adds one by copying a folder."""

from __future__ import annotations

import doctest
import re
import shutil
import sys
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

import mora.channels
from channels.hands import START, Book, HandClock, message
from mora.channels import load_way, way_names
from mora.channels.chat.settings import Robot
from mora.channels.chat.settings import Settings as ChatSettings
from mora.channels.email.settings import Settings as EmailSettings
from mora.channels.portal.receipts import read as portal_read
from mora.channels.portal.send import sender as portal_sender
from mora.channels.portal.settings import Settings as PortalSettings
from mora.channels.providers import read_providers
from mora.channels.state import Standing, state
from mora.channels.terms import Accepted, Attachment, RefusedForGood
from mora.channels.voice.settings import Settings as VoiceSettings
from mora.core.errors import BadInput
from mora.gate.terms import Channel

HOME = Path(mora.channels.__file__).parent
NAMES = ("chat", "email", "letter", "null", "portal", "sms", "voice")
GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "channel.md"


def test_these_are_the_channels() -> None:
    assert way_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_has_the_same_files_and_says_what_it_is(name: str) -> None:
    files = {each.name for each in (HOME / name).glob("*.py")}
    assert {"__init__.py", "settings.py", "send.py", "receipts.py"} <= files
    way = load_way(name)
    assert way.gate <= set(Channel)
    assert issubclass(way.settings, msgspec.Struct)
    told = sys.modules[f"mora.channels.{name}"].__doc__ or ""
    assert "needs" in told.lower()


def test_every_written_or_machine_channel_of_the_gate_has_a_way_out() -> None:
    served = frozenset[Channel]().union(*(load_way(name).gate for name in NAMES if name != "null"))
    assert set(Channel) - served == {Channel.VOICE, Channel.VISIT, Channel.INTERVIEW}  # these a person does


def test_the_room_knows_no_django() -> None:
    for path in HOME.rglob("*.py"):
        assert not re.search(r"^\s*(import|from) django", path.read_text(encoding="utf-8"), re.MULTILINE), path


def test_a_channel_nobody_has() -> None:
    with pytest.raises(BadInput, match="no channel 'pigeon'"):
        load_way("pigeon")
    with pytest.raises(BadInput, match="cannot be loaded"):
        load_way("our_bank.channels.pigeon")


def test_a_missing_package_is_told_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mora.channels.sms.send", raising=False)
    monkeypatch.setitem(sys.modules, "smpplib", None)  # as if it were not installed
    with pytest.raises(BadInput, match=r"mora\[channels\]"):
        load_way("sms")


@pytest.mark.parametrize("name", ["prices", "sms.segments", "email.mime", "email.text", "voice.click"])
def test_the_examples_in_the_docstrings(name: str) -> None:
    found = doctest.testmod(import_module(f"mora.channels.{name}"))
    assert found.attempted
    assert not found.failed


# -- the guide ------------------------------------------------------------------------------------------------------


def test_the_guides_steps_give_a_channel_that_sends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What docs/howto/channel.md says, done: copy null, change the lines it names, put it into the channels file."""
    blocks = re.findall(r"```(\w+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    python = next(body for kind, body in blocks if kind == "python")
    channels_file = next(body for kind, body in blocks if kind == "yaml")
    home = tmp_path / "our_bank" / "channels"
    home.mkdir(parents=True)
    (tmp_path / "our_bank" / "__init__.py").touch()
    (home / "__init__.py").touch()
    shutil.copytree(HOME / "null", home / "pigeon")
    for path in (home / "pigeon").glob("*.py"):
        told = path.read_text(encoding="utf-8").replace("mora.channels.null", "our_bank.channels.pigeon")
        path.write_text(told, encoding="utf-8")
    (home / "pigeon" / "settings.py").write_text(python, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    provider = read_providers(channels_file, {"PIGEON_KEY": "coo"})["pigeons"]
    assert msgspec.structs.asdict(provider.settings) == {"loft": "north", "key": "coo"}
    sender = provider.way.open(provider.settings, HandClock(), Book())
    handed = sender.hand_over(message())
    assert isinstance(handed, Accepted)
    assert "您好" in handed.record


@pytest.mark.parametrize("key", ["", "../up", ".hidden", "a/b", "x" * 121, "a b"])
def test_a_key_that_could_not_name_a_file_is_none(key: str) -> None:
    with pytest.raises(ValueError, match="must be up to 120"):
        message(key=key)


# -- null and portal --------------------------------------------------------------------------------------------------


def test_null_says_what_would_have_left() -> None:
    way = load_way("null")
    sender = way.open(way.settings(), HandClock(), Book())
    handed = sender.hand_over(message(attachments=(Attachment("a.pdf", b"abc"),)))
    assert isinstance(handed, Accepted)
    left = msgspec.json.decode(handed.record)
    assert (left["to"], left["text"], left["files"][0]["bytes"]) == ("+8613800138000", "您好", 3)
    assert isinstance(sender.hand_over(message("  ")), RefusedForGood)
    assert sender.listen(0) == 0
    sender.close()


def test_a_notice_is_its_own_record_and_the_portal_tells_when_it_was_opened() -> None:
    portal = portal_sender(PortalSettings(max_characters=100), HandClock(), Book())
    handed = portal.hand_over(message(to="P-17", attachments=(Attachment("a.pdf", b"abc"),)))
    assert isinstance(handed, Accepted)
    notice = msgspec.json.decode(handed.record)
    assert (notice["id"], notice["to"], notice["files"][0]["content_base64"]) == ("notice-m-1", "P-17", "YWJj")
    assert handed == portal.hand_over(message(to="P-17", attachments=(Attachment("a.pdf", b"abc"),)))
    opened = portal_read(msgspec.json.encode({"event": "opened", "notice": "notice-m-1", "at": START}))
    shown = portal_read(msgspec.json.encode({"event": "shown", "notice": "notice-m-1", "at": START}))
    assert state(handed.ids, opened + shown).standing is Standing.READ  # type: ignore[arg-type]
    (said,) = portal_read(
        msgspec.json.encode(
            {"event": "answered", "id": "a-1", "notice": "notice-m-1", "sender": "P-17", "text": "已还", "at": START}
        )
    )
    assert said.text == "已还"  # type: ignore[union-attr]
    for wrong in (message("好" * 101, to="P-17"), message(" ", to="P-17"), message(to=" ")):
        assert isinstance(portal.hand_over(wrong), RefusedForGood)
    with pytest.raises(BadInput, match="no event of the portal"):
        portal_read(b'{"event": "burnt"}')


# -- the channels file --------------------------------------------------------------------------------------------

FILE = """
sms-main:
  way: sms
  rate: {count: 50, burst: 50}
  prices: [{from_on: 2026-01-01, per_unit: "0.035"}]
  settings: {host: smsc.example, port: 2775, system_id: mora, password: {env: SMS_PASSWORD}, source: "10690001"}
"""


def test_a_provider_is_read_with_its_secret_from_elsewhere(tmp_path: Path) -> None:
    one = read_providers(FILE, {"SMS_PASSWORD": "s3cret"})["sms-main"]
    assert (one.way.name, one.prices[0].from_on, one.prices[0].per_unit) == ("sms", date(2026, 1, 1), Decimal("0.035"))
    assert one.settings.password == "s3cret"  # type: ignore[attr-defined]
    assert "s3cret" not in repr(one)
    (tmp_path / "secret").write_text("from a file\n")
    told = FILE.replace("{env: SMS_PASSWORD}", f"{{file: {tmp_path / 'secret'}}}")
    assert read_providers(told, {})["sms-main"].settings.password == "from a file"  # type: ignore[attr-defined]


def test_settings_are_shown_without_their_secrets() -> None:
    told = (
        EmailSettings("h", 25, "a@b.example", password="s3cret"),
        ChatSettings({"wang": Robot("wecom", "s3cret", "s3cret")}),
        VoiceSettings("https://x.example", "s3cret, sixteen letters", former_secret="s3cret"),
    )
    assert "s3cret" not in repr(told)
    assert "a@b.example" in repr(told)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("way: sms", "way: pigeon", "no channel 'pigeon'"),
        ("port: 2775", "port: many", "port"),
        ("port: 2775", "portt: 2775", "portt"),
        ("SMS_PASSWORD", "NOT_THERE", "NOT_THERE"),
        ("count: 50", "count: 0", "at least 1"),
        ("rate:", "speed:", "speed"),
        ('"0.035"', "cheap", "per_unit"),
        ("sms-main:", "- sms", "must map|not YAML"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_without_its_secrets(old: str, new: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as told:
        read_providers(FILE.replace(old, new), {"SMS_PASSWORD": "s3cret"})
    assert "s3cret" not in str(told.value)
