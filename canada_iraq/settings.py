"""Settings, read top to bottom. Without any variable set they are those of a production site.

Every variable that is read here stands in the README's table.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from . import identity
from .delivery import security_txt
from .environment_variables import Variables
from .operations import backends, catalogues, private_files, site_secret

env = Variables()
BASE_DIR = Path(__file__).resolve().parent.parent

# Where this site keeps what is its own: database, pictures, collected static files and its secret.

DATA_DIR = Path(env.text("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
MEDIA_ROOT = DATA_DIR / "media"
private_files.tighten(DATA_DIR, MEDIA_ROOT, DATA_DIR / "secret_key")


# The file of the secret, which commands that make a site and the server write (see `existing_site`); reading settings
# makes nothing. None where SECRET_KEY is given.
SECRET_FILE = None if env.text("SECRET_KEY") else DATA_DIR / "secret_key"


def secret_key():
    """The secret of this site: SECRET_KEY, or the one in its data folder, or a new one that is not kept yet.

    A site on a shared database must be given one, or its processes would not accept each other's signatures.
    """
    if SECRET_FILE and env.text("DATABASE_URL"):
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Give every process that uses DATABASE_URL the same one."
        )
    try:
        key = site_secret.read(SECRET_FILE) if SECRET_FILE else env.text("SECRET_KEY")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ImproperlyConfigured(f"The secret in {SECRET_FILE} cannot be read: {reason}.") from None
    key = key or secrets.token_urlsafe(64)
    if len(key) >= 50 and len(set(key)) >= 10:
        return key
    if SECRET_FILE:
        raise ImproperlyConfigured(
            f"The secret in {SECRET_FILE} is too short, or only part of one. Put the file back from a copy, or delete"
            " it and the next start makes a new one: everybody signs in again and makes new recovery codes."
        )
    raise ImproperlyConfigured("SECRET_KEY is too weak: use at least 50 random characters.")


SECRET_KEY = secret_key()

# Security. The scheme of SITE_URL decides: plain http is for trying the site on one's own machine.

DEBUG = env.switch("DEBUG", default=False)
SITE_URL = env.site_address("SITE_URL", default="https://localhost")
HTTPS = urlsplit(SITE_URL).scheme == "https"
ALLOWED_HOSTS = env.hosts(
    "ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "localhost", "127.0.0.1", "[::1]"]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)\Z"]  # probes come straight to the process, without https

# What browsers are told about names that are not this site's, its operator chooses (decision 27). What is not chosen,
# `check --deploy` need not recommend again.
HSTS_INCLUDE_SUBDOMAINS = env.switch("HSTS_INCLUDE_SUBDOMAINS", default=True)
HSTS_PRELOAD = env.switch("HSTS_PRELOAD", default=False)
if HSTS_PRELOAD and not HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured(
        "HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS: browsers list only whole domains."
    )
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and HSTS_INCLUDE_SUBDOMAINS
SECURE_HSTS_PRELOAD = HTTPS and HSTS_PRELOAD
SILENCED_SYSTEM_CHECKS = [
    warning
    for warning, is_chosen in (("security.W005", HSTS_INCLUDE_SUBDOMAINS), ("security.W021", HSTS_PRELOAD))
    if not is_chosen
]

SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.switch("BEHIND_PROXY", default=False) else None
)
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # whatever happens meanwhile; `session_policy` sees to it
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", default=60, most=10_000)
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.reauthentication.csrf_failure"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Where weaknesses of this site are to be reported, for `/.well-known/security.txt`: without a contact there is none.
SECURITY_CONTACT = security_txt.read_contacts(env.text("SECURITY_CONTACT"))
SECURITY_POLICY = security_txt.read_policies(env.text("SECURITY_POLICY"))

# The public site runs no script at all; the admin gets its own policy, with a nonce (see `admin_site`).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
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
    "media-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}

# The largest file that readers may be offered, in megabytes: it is in memory while it is checked, and a backup takes
# none that is larger than 64 MB.
MAX_FILE_MB = env.number("MAX_FILE_MB", default=5, most=50)

# The largest body that is read, in bytes: staff upload pictures of up to 10 MB, and files of both languages at once,
# visitors only short texts.
PUBLIC_BODY_LIMIT = 64 * 1024
STAFF_BODY_LIMIT = max(12, 2 * MAX_FILE_MB + 2) * 1024 * 1024

# Requests that each process of the server works on at a time. Half as many threads beside them wait for bodies to come
# in (see `body_buffering`). Many more only wait for one another.
THREADS = env.number("THREADS", default=4, most=999)

# Problem reports that may be sent within ten minutes: from one address, which may be a whole office, and in all.
REPORTS_PER_SENDER = env.number("REPORTS_PER_SENDER", default=60)
REPORTS_PER_SITE = env.number("REPORTS_PER_SITE", default=1000)

# Whether the report form also asks what the visitor was looking for.
REPORTS_ASK_LOOKING_FOR = env.switch("REPORTS_ASK_LOOKING_FOR", default=False)

# Whether the server runs the daily jobs of `scheduled_jobs`; otherwise timers or cron run `run_scheduled_jobs`.
RUN_SCHEDULED_JOBS = env.switch("RUN_SCHEDULED_JOBS", default=True)

# How many days reports are kept; open ones stay, and their number per day is kept for ever.
REPORTS_KEPT_DAYS = env.number("REPORTS_KEPT_DAYS", default=180, most=36_500)
SPAM_KEPT_DAYS = env.number("SPAM_KEPT_DAYS", default=30, most=36_500)

# Days within which the translation has to follow what is published in one language only, in an emergency.
EMERGENCY_DAYS = env.number("EMERGENCY_DAYS", default=5, least=0, most=36_500)

# Whether what one person submits can be published only by another one.
REVIEW_BY_SECOND_PERSON = env.switch("REVIEW_BY_SECOND_PERSON", default=False)

# Settings, all of them in days, that a rich text may name in braces and lower case (see `pages.placeholders`).
PLACEHOLDERS = ["REPORTS_KEPT_DAYS", "SPAM_KEPT_DAYS", "EMERGENCY_DAYS"]

# Severities of content checks that differ from those in docs/findings.md: “list-long=off,dash=hints”. A rule that
# is off finds nothing, one that blocks keeps a page from being published.
CONTENT_CHECK_SEVERITIES = env.pairs("CONTENT_CHECK_SEVERITIES", default={})

# What other applications add to the screen on which a page is published (see `pages.admin.publishing.panels_of`).
PUBLISH_SCREEN_PANELS = ["reports.admin.publish_panel.PublishPanel"]

# What they add to the worklist and to the bar of a page's form (see `pages.admin.tasks.external_tasks`).
PAGE_TASKS = ["reports.admin.worklist.OpenReports"]

# What else people of the staff are told (see `pages.notifications.Kind`).
NOTIFICATION_KINDS = ["reports.notifications.ASSIGNED"]

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
    "accounts",
    "canada_iraq",
    "pages",
    "reports",
]

MIDDLEWARE = [
    "canada_iraq.operations.request_logging.request_id_middleware",
    # These five put their headers on every answer, refusals included, and read nothing of the request's body.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "canada_iraq.delivery.middleware.security_headers",
    "canada_iraq.delivery.middleware.declare_charset",
    "django.middleware.security.SecurityMiddleware",  # after those whose headers its way to https needs too
    "canada_iraq.operations.health.health",  # before anything that asks for the name of the host
    "canada_iraq.delivery.middleware.request_limits",  # before anything parses a body or a query
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Instead of LocaleMiddleware, which makes pages vary on cookies.
    "canada_iraq.delivery.middleware.language_from_path",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.session_policy.staff_session_middleware",  # instead of OTPMiddleware, which takes a query more
    "django.contrib.messages.middleware.MessageMiddleware",
]

# What begins the address of every page that only staff may see.
ADMIN_PREFIX = "/admin/"
ROOT_URLCONF = "canada_iraq.urls"
# Where signing in leads when the address to go on to is missing or of another site.
LOGIN_REDIRECT_URL = "admin:index"
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

DATABASES = {"default": backends.database_config(env.text("DATABASE_URL"), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": backends.cache_config(env.text("CACHE_URL"))}

# Megabytes that each process may keep of public pages, ready to send.
KEPT_PAGES = env.number("KEPT_PAGES", default=64, least=0)

# Languages. Addresses decide which one a page speaks; neither ever stands in for the other.

LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [catalogues.compiled_folder(DATA_DIR / "locale")]
FORMAT_MODULE_PATH = "canada_iraq.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_ENABLE_FALLBACKS = False
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", default="America/Toronto")

# Files.

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",  # the logos of an institution
    "pages.stylesheet.Finder",  # one file instead of one per component
]
STATIC_ROOT = Path(env.text("STATIC_ROOT") or DATA_DIR / "static").resolve()
MEDIA_URL = "/media/"
FILE_UPLOAD_DIRECTORY_PERMISSIONS = private_files.FOLDER_MODE
FILE_UPLOAD_PERMISSIONS = private_files.FILE_MODE
STORAGES = {
    "default": backends.media_storage_config(env.text("MEDIA_STORAGE")),
    "staticfiles": {"BACKEND": "canada_iraq.delivery.static_files.Storage"},
}

# Accounts.

AUTHENTICATION_BACKENDS = ["accounts.second_factor.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# A list of passwords from data breaches, on this machine: a file or a folder (see `breached_passwords`).
BREACHED_PASSWORDS = env.text("BREACHED_PASSWORDS")
if BREACHED_PASSWORDS:
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "accounts.breached_passwords.BreachedPasswordValidator",
            "OPTIONS": {"path": BREACHED_PASSWORDS},
        }
    )

# Whether staff must use two-factor authentication. Attempts are counted by `login_throttle`, never by account: a
# stranger could otherwise keep the owner of an account out.
REQUIRE_SECOND_FACTOR = env.switch("REQUIRE_SECOND_FACTOR", default=False)
OTP_TOTP_ISSUER = identity.otp_issuer  # what the app on a phone shows
OTP_TOTP_SYNC = False
OTP_TOTP_THROTTLE_FACTOR = 0
OTP_STATIC_THROTTLE_FACTOR = 0

# E-mail: to the terminal, unless there is a server to send it.

EMAIL_HOST = env.mail_server("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", default=587, most=65_535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.switch("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", default=f"noreply@{urlsplit(SITE_URL).hostname}")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "canada_iraq.operations.request_logging.JsonFormatter", "debug": DEBUG}},
    "filters": {"unexpected": {"()": "canada_iraq.operations.request_logging.ExpectedStatusFilter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["unexpected"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # Django's own handler would put the whole request, typed text included, into an e-mail to the administrators.
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        **dict.fromkeys(("accounts", "canada_iraq", "pages", "reports"), {"level": "INFO"}),
    },
}

# This site. An institution that is authorised to gives it its own name, look and footer links with a folder.

IDENTITY = Path(env.text("SITE_IDENTITY", default=str(BASE_DIR / "identity"))).resolve()
SITE_IDENTITY = identity.read(IDENTITY)
STATICFILES_DIRS = identity.static_folders(IDENTITY)
