"""Settings, read top to bottom. Without any variable set they are those of a production site.

Every variable that is read here stands in the README's table.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from . import identity, stores

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# Where this site keeps what is its own: database, pictures, collected static files and its secret.

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()


def secret_key():
    """The secret of this site: SECRET_KEY, or one made on first use that only this account can read.

    A site on a shared database must be given one, or its processes would not accept each other's signatures.
    """
    key = env("SECRET_KEY", default="")
    if not key and env("DATABASE_URL", default=""):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Give every process that uses DATABASE_URL the same one."
        )
    try:
        key = key or kept_secret(DATA_DIR / "secret_key")
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR cannot be used: {error}") from None
    if len(key) < 50 or len(set(key)) < 10:
        raise ImproperlyConfigured("SECRET_KEY is too weak: use at least 50 random characters.")
    return key


def kept_secret(file):
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(64))
    return file.read_text().strip()


SECRET_KEY = secret_key()

# Security. The scheme of SITE_URL decides: plain http is for trying the site on one's own machine.

DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env("SITE_URL", default="https://localhost").rstrip("/")
HTTPS = urlsplit(SITE_URL).scheme == "https"
ALLOWED_HOSTS = [host.strip() for host in env.list("ALLOWED_HOSTS", default=[])] or [
    urlsplit(SITE_URL).hostname or "localhost",
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)\Z"]  # probes come straight to the process, without https
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # whatever happens meanwhile; `staff_sessions` sees to it
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=60)
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "canada_iraq.going_on.csrf_failure"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# The public site runs no script at all; the admin gets its own policy, with a nonce (see `admin_site`).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE],
    "style-src": [SELF, NONCE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}

# The largest body that is read, in bytes: staff upload pictures of up to 10 MB, visitors only short texts.
PUBLIC_BODY_LIMIT = 64 * 1024
STAFF_BODY_LIMIT = 12 * 1024 * 1024

# Threads of each process of the server, half of which may wait for slow senders. Many more only wait for one another.
THREADS = env.int("THREADS", default=4)

# Problem reports accepted within ten minutes: from one address, which may be a whole office, and from everywhere.
REPORTS_PER_SENDER = env.int("REPORTS_PER_SENDER", default=60)
REPORTS_PER_SITE = env.int("REPORTS_PER_SITE", default=1000)

# How many days `delete_old_reports` keeps them; their number per day is kept for ever.
REPORTS_KEPT_DAYS = env.int("REPORTS_KEPT_DAYS", default=180)
SPAM_KEPT_DAYS = env.int("SPAM_KEPT_DAYS", default=30)

# Whether what one person submits can be published only by another one.
REVIEW_BY_SECOND_PERSON = env.bool("REVIEW_BY_SECOND_PERSON", default=False)

# What other applications add to the screen on which a page is published (see `pages.admin.publishing.panels_of`).
PUBLISH_SCREEN_PANELS = ["reports.admin.publish_panel.PublishPanel"]

# What they add to the worklist and to the bar of a page's form (see `pages.admin.tasks.others`).
PAGE_TASKS = ["reports.admin.page_tasks.OpenReports"]

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, which it extends
    "canada_iraq.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "content_editor",
    "django_prose_editor",
    "js_asset",
    "csp",
    "canada_iraq",
    "pages",
    "reports",
]

MIDDLEWARE = [
    "canada_iraq.logs.numbered",
    # These four put their headers on every answer, refusals included, and read nothing of the request's body.
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "canada_iraq.middleware.browser_defences",
    "canada_iraq.health.health",  # before anything that asks for the name of the host
    "canada_iraq.middleware.refuse_hostile_requests",  # before anything parses a body or a query
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "canada_iraq.middleware.language_of_address",  # instead of LocaleMiddleware, which makes pages vary on cookies
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "canada_iraq.staff_sessions.only_those_that_hold",  # instead of OTPMiddleware, which takes a query more
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "canada_iraq.urls"
WSGI_APPLICATION = "canada_iraq.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database and cache: of this machine, or servers that several machines share.

DATABASES = {"default": stores.database(env("DATABASE_URL", default=""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": stores.cache(env("CACHE_URL", default=""))}

# Megabytes that each process may keep of public pages, ready to send.
KEPT_PAGES = env.int("KEPT_PAGES", default=64)

# Languages. Addresses decide which one a page speaks; neither ever stands in for the other.

LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "canada_iraq.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_ENABLE_FALLBACKS = False
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="America/Toronto")

# Files.

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",  # the logos of an institution
    "pages.stylesheet.Finder",  # one file instead of one per component
]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": stores.media(env("MEDIA_STORAGE", default="")),
    "staticfiles": {"BACKEND": "canada_iraq.static_files.Storage"},
}

# Accounts.

AUTHENTICATION_BACKENDS = ["canada_iraq.second_factor.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Whether staff must have a second factor. Tries are counted by `guessing`, never by account: a stranger who knows a
# password could otherwise keep its owner out.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=False)
OTP_TOTP_ISSUER = urlsplit(SITE_URL).hostname or "localhost"  # the name that the app on a phone shows
OTP_TOTP_SYNC = False
OTP_TOTP_THROTTLE_FACTOR = 0
OTP_STATIC_THROTTLE_FACTOR = 0

# E-mail: to the terminal, unless there is a server to send it.

EMAIL_HOST = env("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env(
    "DEFAULT_FROM_EMAIL", default=f"noreply@{urlsplit(SITE_URL).hostname or 'localhost'}"
)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "canada_iraq.logs.Line", "debug": DEBUG}},
    "filters": {"notable": {"()": "canada_iraq.logs.Notable"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["notable"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handler would put the whole request, typed text included, into an e-mail to the administrators.
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        **dict.fromkeys(("canada_iraq", "pages", "reports"), {"level": "INFO"}),
    },
}

# This site. An institution that is authorised to gives it its own name, look and footer links with a folder.

IDENTITY = Path(env("SITE_IDENTITY", default=str(BASE_DIR / "identity"))).resolve()
SITE_IDENTITY = identity.read(IDENTITY)
STATICFILES_DIRS = identity.static_folders(IDENTITY)
