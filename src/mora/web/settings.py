"""Django settings, from the environment. Without any, a small lender's: SQLite beside the book, one process.

``MORA_HOME`` is the folder of the installation (database, keys, attachments). A secret that is not given is made once
and kept there, readable by its owner only.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mora.web.words import compile_words

HOME = Path(os.environ.get("MORA_HOME", ".mora")).resolve()


def _secrets() -> dict[str, str]:
    """Keys of this installation: from the environment, else from a file made on first use."""
    file = HOME / "secrets.json"
    held: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    names = ("MORA_SECRET_KEY", "MORA_SEAL_KEY", "MORA_INDEX_KEY")
    given = {name: value for name in names if (value := os.environ.get(name))}
    missing = [name for name in names if name not in held and name not in given]
    if missing:
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        held |= {name: secrets.token_urlsafe(48) for name in missing}
        file.touch(mode=0o600)
        file.write_text(json.dumps(held))
    return held | given


_held = _secrets()
SECRET_KEY = _held["MORA_SECRET_KEY"]
MORA_KEYS: dict[str, str] = json.loads(os.environ.get("MORA_KEYS", "null")) or {"k1": _held["MORA_SEAL_KEY"]}
MORA_INDEX_KEY = _held["MORA_INDEX_KEY"]
MORA_BOOK = os.environ.get("MORA_BOOK", "")
"""Folder of the loan book; of several, separated as the system separates paths, the main one first."""
MORA_NIGHTLY = os.environ.get("MORA_NIGHTLY", "1") == "1"
"""Whether the clock runs the day at night."""
MORA_ORGANISATION = os.environ.get("MORA_ORGANISATION", "lender")
MORA_PLACE = os.environ.get("MORA_PLACE", "cn")
"""Whose law holds where neither a loan's product, its branch nor the party's region says: cn, us, us-ma, uk, eu-de."""
MORA_POLICY = os.environ.get("MORA_POLICY", "")
"""Folder of the lender's own policy files; those that come with Mora when empty."""

DEBUG = os.environ.get("MORA_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("MORA_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("MORA_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "rules.apps.AutodiscoverRulesConfig",
    "django_htmx",
    "bootstrap",
    "mora.store",
    "mora.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mora.web.language.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mora.web.accounts.FirstPasswordMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "mora.web.urls"
WSGI_APPLICATION = "mora.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "mora.web.templatetags.shown"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mora.web.frame.frame",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    """PostgreSQL when ``MORA_DATABASE`` names it (postgresql://user:password@host:port/name), else SQLite."""
    url = os.environ.get("MORA_DATABASE", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "mora.sqlite3",
            "OPTIONS": {
                # Writers take the lock when they begin, so two never wait for each other's end in a circle.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415  only where a server is named

    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database()}
AUTH_USER_MODEL = "store.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "mora.web.accounts.NoSignUp"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": ""}
"""Failed log-ins are counted once, by axes, in the database that every process shares."""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 9 * 60 * 60
"""A shift."""
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("MORA_HTTPS") == "1"
SESSION_COOKIE_HTTPONLY = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
"""A quarter of an hour."""
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF], "script-src": [SELF], "style-src": [SELF], "img-src": [SELF, "data:"],
        "form-action": [SELF], "frame-ancestors": [NONE], "base-uri": [SELF], "object-src": [NONE],
    }
}  # fmt: skip
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [HOME / "locale"]
compile_words(LOCALE_PATHS[0])
"""From web/locale, where it is newer: before anything asks for the first word, which would be kept."""
TIME_ZONE = os.environ.get("MORA_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = ["mora.web.static_files.LoadedFilesFinder"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": HOME / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "gz", "br", "png", "webp", "woff2")
"""A style sheet's map is asked for by people who look into it, and took longer to pack than all the rest."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FILE_UPLOAD_HANDLERS = ["mora.web.uploads.InMemory"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
