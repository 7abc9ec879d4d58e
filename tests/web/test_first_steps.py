"""Each role's first page says what to do there; nothing it names is out of the role's reach."""

from __future__ import annotations

import re

import pytest

from mora.casework.policy_files import rights
from mora.store.models import User
from mora.store.models.people import Role
from mora.web.first_steps import STEPS
from mora.web.frame import PAGES
from web.conftest import As

pytestmark = pytest.mark.django_db
RIGHT_OF = {name: right for name, right, _, _ in PAGES}


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_three_to_five_steps_within_its_rights(role: str) -> None:
    steps = STEPS[role]
    assert 3 <= len(steps) <= 5
    for step in steps:
        assert step.title.zh != step.title.en
        assert step.text.zh != step.text.en
        if step.page in RIGHT_OF:
            assert role in rights()[RIGHT_OF[step.page]], step.page
    keys = {step.key for step in steps}
    for key, right in (("n", "take_next"), ("p", "take_promise"), ("h", "set_hold"), ("1…0", "record_attempt")):
        assert key not in keys or role in rights()[right], key


@pytest.mark.parametrize("role", Role.values)
def test_they_stand_on_the_first_page_alone_until_put_away(house: dict[str, User], as_: As, role: str) -> None:
    person = next(user for user in house.values() if user.role == role)
    for language, title in (("en", STEPS[role][0].title.en), ("zh", STEPS[role][0].title.zh)):
        client = as_(person.username, language)
        first = client.get("/", follow=True)
        page = first.content.decode()
        assert page.count('class="first-steps"') == 1
        panel = re.findall(r'<section class="first-steps".*?</section>', page, re.DOTALL)[0]
        assert title in panel
        for address in panel.split('href="')[1:]:
            assert client.get(address.split('"')[0]).status_code == 200
    assert 'class="first-steps"' not in client.get("/accounts/2fa/").content.decode()

    client.post("/first-steps/", {"steps": "away"})
    assert 'class="first-steps"' not in client.get("/", follow=True).content.decode()
    others = next(user for user in house.values() if user.role != role)
    assert 'class="first-steps"' in as_(others.username).get("/", follow=True).content.decode()
    client.post("/first-steps/", {"steps": "back"})
    assert 'class="first-steps"' in client.get("/", follow=True).content.decode()
