"""Settings, read once from the environment; docs/reference/settings.md lists them."""

import hashlib
import hmac
from pathlib import Path
from wsgiref.headers import Headers

import dj_database_url
from csp.constants import NONE, SELF

from havenlight.core import env
from havenlight.site import release
from havenlight.team import languages

BASE_DIR = Path(__file__).resolve().parent.parent

# What an administrator gives.
SECRET_KEY = env.secret("SECRET_KEY", "Signs sessions and tokens; random.", at_least=40)
DATA_DIR = Path(
    env.text("DATA_DIR", "Where SQLite and static files live.", default="var")
).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASE_URL = env.text(
    "DATABASE_URL",
    "sqlite:///path, or postgres://user:password@host/name for several processes.",
    default=f"sqlite:///{DATA_DIR}/havenlight.sqlite3",
)
REDIS_URL = env.text(
    "REDIS_URL", "redis://host:port/0 when several processes serve; empty for one.", default=""
)
ALLOWED_HOSTS = env.names(
    "ALLOWED_HOSTS", "Host names under which pages are served.", default="127.0.0.1,localhost"
)
ORIGINS = env.names(
    "ORIGINS",
    "Origins of those pages, with scheme and port.",
    default="http://127.0.0.1:8000,http://localhost:8000",
)
ONION_ORIGIN = env.text(
    "ONION_ORIGIN",
    "http://….onion, when the same site is an onion service too; Tor Browser then offers it. "
    "It must stand in ALLOWED_HOSTS and ORIGINS as well.",
    default="",
)
DEMO = env.flag("DEMO", "Whether this is a demo, whose keys the server may make.", default=False)
WAITING_GRACE_SECONDS = env.number(
    "WAITING_GRACE_SECONDS", "How long a visitor who is away keeps her place.", default=300
)
ACTIVE_GRACE_SECONDS = env.number(
    "ACTIVE_GRACE_SECONDS", "How long a visitor who is away keeps her conversation.", default=1800
)
PRESENCE_SECONDS = env.number(
    "PRESENCE_SECONDS", "How often it is noted which visitors are there.", default=60, at_least=1
)
LETTER_DAYS = env.number(
    "LETTER_DAYS",
    "Days after which a message that was left and that nobody answered is closed.",
    default=14,
    at_least=1,
)
NOTES_DAYS = env.number(
    "NOTES_DAYS", "Days that notes are kept, until the helpline settles it.", default=30, at_least=1
)
CONTACT_DAYS = env.number(
    "CONTACT_DAYS",
    "Days that a referral which came in is kept, until the helpline settles it.",
    default=60,
    at_least=1,
)
ERASURE_LEDGER = Path(
    env.text(
        "ERASURE_LEDGER",
        "The file that tells a restored backup what was erased since; keep it beside your backups.",
        default=f"{DATA_DIR}/erasures.ledger",
    )
)
REFERRAL_LINK_DAYS = env.number(
    "REFERRAL_LINK_DAYS",
    "How long a link given to another organisation lasts.",
    default=60,
    at_least=1,
)
START_BURST = env.number(
    "START_BURST", "Chats that may begin at once from one address.", default=20, at_least=1
)
START_PER_MINUTE = env.number(
    "START_PER_MINUTE", "Chats a minute that may go on beginning from it.", default=20, at_least=1
)
LIVE_BURST = env.number("LIVE_BURST", "Messages a side may send at once.", default=10, at_least=1)
LIVE_RATE = env.number(
    "LIVE_RATE", "Messages a second a side may go on with.", default=1, at_least=1
)
LIVE_STREAMS = env.number(
    "LIVE_STREAMS", "Streams that one process holds.", default=20_000, at_least=1
)
RETURN_GUESSES = env.number(
    "RETURN_GUESSES",
    "Wrong return codes in a minute, of all visitors, until none is looked up.",
    default=120,
    at_least=1,
)
CAPACITY = env.number(
    "CAPACITY",
    "Conversations a member has at once, until the helpline settles it.",
    default=4,
    at_least=1,
)
WRAP_UP_SECONDS = env.number(
    "WRAP_UP_SECONDS",
    "How long an ended conversation keeps its place, until the helpline settles it.",
    default=300,
)

# Another key for another purpose, so that a token never passes for anything else Django signs.
TOKEN_SECRET = hmac.digest(SECRET_KEY.encode(), b"havenlight/token", hashlib.sha256)

INSTALLED_APPS = [
    "havenlight.site",
    "havenlight.console",
    "havenlight.live",
    "havenlight.report",
    "havenlight.retention",
    "havenlight.figures",
    "havenlight.casework",
    "havenlight.referral",
    "havenlight.chat",
    "havenlight.team",
    "havenlight.audit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "havenlight.site.static_files.StaticFiles",
    "havenlight.site.middleware.no_store",
    "havenlight.site.middleware.onion_location",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "havenlight.site.urls"
ASGI_APPLICATION = "havenlight.site.asgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "havenlight.team.context.rights",
            ]
        },
    }
]

DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue for the lock instead of failing halfway through a transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: what was committed survives a power cut. secure_delete: what was erased is gone.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        ),
    }
else:
    # Whoever asks while the database is away is told so within seconds, not after half a minute.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": 4,
        "timeout": 5,
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "team.Member"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:desk"
# Where a role works that does not work at the desk.
WORKPLACES = {"researcher": "figures:estimation", "administrator": "console:settings"}
ACCOUNT_ADAPTER = "havenlight.team.adapters.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# By the account that is tried, and by all together: no limit of ours knows where anyone is.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/5m/key,60/d/key",
    "login_failed_together": "30/10m/key",
}
MFA_ADAPTER = "havenlight.team.adapters.SecondFactorAdapter"
MFA_RATE_LIMITS = {"webauthn_login": ""}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Only a demo is served without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
# Attempts to sign in are counted in what all processes share; one process needs nothing else.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "havenlight.team.attempts.cache_key",
    }
}
if REDIS_URL:
    CACHES["default"] |= {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
elif not DATABASE_URL.startswith("sqlite"):
    CACHES["default"] |= {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "team_attempt",
    }
SESSION_ENGINE = "havenlight.team.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SAMESITE = "Strict"
# Only a demo is served without TLS.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
CSRF_TRUSTED_ORIGINS = ORIGINS
# A form that stood open too long is a page of ours to her, and not the framework's.
CSRF_FAILURE_VIEW = "havenlight.site.error_pages.not_from_here"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# No file is ever taken, so there is nothing that could handle one.
FILE_UPLOAD_HANDLERS: list[str] = []
DATA_UPLOAD_MAX_MEMORY_SIZE = 16_384
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
    }
}

# What members work in; visitors have more to choose from.
LANGUAGES = list(languages.OURS.items())
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"


RELEASE = release.name()
STATIC_ROOT = DATA_DIR / "static" / RELEASE
STATIC_URL = f"/static/{RELEASE}/"
# The words of codes, which Python reads and browsers are served.
STATICFILES_DIRS = [BASE_DIR / "core" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "havenlight.site.static_files.NeutralStorage"},
}
WHITENOISE_MIMETYPES = {".mjs": "text/javascript"}


def WHITENOISE_IMMUTABLE_FILE_TEST(_path: str, _url: str) -> bool:  # noqa: N802 -- WhiteNoise's name
    """Every file may be kept: its address changes with its release."""
    return True


def WHITENOISE_ADD_HEADERS_FUNCTION(headers: Headers, _path: str, url: str) -> None:  # noqa: N802 -- WhiteNoise's name
    """Let no browser keep what tells that its owner visited; deploy/nginx.conf does the same."""
    if url.startswith((f"{STATIC_URL}chat/", f"{STATIC_URL}p/", f"{STATIC_URL}words/")):
        headers["Cache-Control"] = "no-store"


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "quiet": {
            "()": "havenlight.core.logs.QuietFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "havenlight": {"level": "INFO"},
        # A refused request is the visitor's affair: what was wrong with it stays out of the log.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        "django.server": {"level": "CRITICAL"},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "uvicorn": {"handlers": [], "level": "WARNING", "propagate": True},
        # Named, or it would have its parent's handlers and format an address for each request.
        "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
