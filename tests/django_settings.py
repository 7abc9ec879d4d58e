"""Mora's own settings in a folder that is thrown away, with fast hashing for made-up people's passwords."""

import os
import tempfile

os.environ.setdefault("MORA_HOME", tempfile.mkdtemp(prefix="mora-test-"))

from mora.web.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, not memory: several connections at once are what some tests are about.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["MORA_HOME"], "test.sqlite3")}  # noqa: F405
