"""Getting in: a name and a password, a second factor where one is set, and a lock after five failures."""

from __future__ import annotations

import pytest
from django.test import Client

from mora.casework.people import DEMO_PASSWORD
from mora.store.models import User
from web.conftest import As


def _try(client: Client, password: str = DEMO_PASSWORD, name: str = "chen") -> object:
    return client.post("/accounts/login/", {"login": name, "password": password})


def test_in_and_out(house: dict[str, User]) -> None:
    client = Client()
    response = _try(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/queue/"
    assert client.get("/accounts/logout/").status_code == 200  # asks first
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/queue/")["Location"] == "/accounts/login/?next=/queue/"


def test_one_comes_back_to_where_one_wanted(house: dict[str, User]) -> None:
    told = {"login": "chen", "password": DEMO_PASSWORD, "next": "/rights/"}
    assert Client().post("/accounts/login/?next=/rights/", told)["Location"] == "/rights/"


@pytest.mark.parametrize(("username", "first"), [("chen", "/queue/"), ("admin", "/people/"), ("zheng", "/queue/")])
def test_everybody_begins_somewhere(as_: As, username: str, first: str) -> None:
    assert as_(username).get("/")["Location"] == first


def test_a_wrong_password_says_so_and_keeps_the_name(house: dict[str, User]) -> None:
    response = _try(Client(), "wrong")
    page = response.content.decode()
    assert 'value="chen"' in page
    assert 'role="alert"' in page


def test_five_failures_lock(house: dict[str, User]) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    for _ in range(5):
        response = _try(client, "wrong")
    assert response.status_code == 429
    assert "Locked for a while" in response.content.decode()
    assert _try(client).status_code == 429  # the right one too
    assert _try(Client(), name="sun").status_code == 302  # nobody else is locked out


def test_a_second_factor_is_asked_for(house: dict[str, User]) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(house["chen"], secret)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert _try(client)["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/queue/").status_code == 302  # half logged in is not logged in
    page = client.get("/accounts/2fa/authenticate/").content.decode()
    assert "Enter the six digits" in page
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert 'role="alert"' in wrong.content.decode()
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert client.get("/queue/").status_code == 200


@pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "confirm-email/", "password/set/"])
def test_strangers_find_no_other_door(db: None, path: str) -> None:
    assert Client().get(f"/accounts/{path}").status_code == 404
    assert Client().post(f"/accounts/{path}", {"email": "a@example.cn"}).status_code == 404


def test_the_language_of_the_browser_and_the_one_chosen(db: None) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9")
    assert "Log in" in client.get("/accounts/login/").content.decode()
    assert "登录" in client.get("/accounts/login/?lang=zh").content.decode()
    assert "登录" in client.get("/accounts/login/").content.decode()  # kept in the browser
    assert '<html lang="zh-CN">' in client.get("/accounts/login/").content.decode()


def test_pages_keep_the_content_policy(as_: As) -> None:
    response = as_("chen").get("/queue/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    page = response.content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page
