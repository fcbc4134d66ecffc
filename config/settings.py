"""Every setting of the deployment, read from the environment (12-factor); `.env.example` explains each.

Rules of the park that the regulation leaves open are *not* here: they are rows that the office edits
(`park/rules.py`, shown as 本园设定).
"""

import sys
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
INSECURE_KEY = "demo-only-key-that-production-refuses-to-start-with"
SECRET_KEY = env.str("SECRET_KEY", INSECURE_KEY if DEMO else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")  # the address printed in QR codes
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", 1)
ADMIN_PATH = env.str("ADMIN_PATH", "manage/")  # empty: no Django admin at all

# ── the database: embedded SQLite unless DATABASE_URL names PostgreSQL ──────────────────────────
DATABASE_URL = env.str("DATABASE_URL", "") or f"sqlite:///{VAR_DIR / 'park.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # writes say themselves where a transaction begins
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a second writer waits instead of failing half-way
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── keys for identity numbers and mobiles: "1:base64,2:base64", the last one encrypts ───────────
FIELD_KEYS = env.str("FIELD_KEYS", "1:ZGVtby1vbmx5LWZpZWxkLWtleS0zMi1ieXRlcy1sb24=" if DEMO else "")
BLIND_INDEX_KEY = env.str("BLIND_INDEX_KEY", "demo-only-blind-index-key" if DEMO else "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "config.apps.AdminConfig",  # django.contrib.admin with our own site
    "django.forms",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",  # recovery codes; the phone itself is park.models.SecondFactor
    "django_tasks",
    "django_tasks_db",
    "import_export",
    "simple_history",
    "park",
    "workshops",
    "applications",
    "assessments",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "park.middleware.BadInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "park.middleware.Actor",
    "park.middleware.RulesReadOnce",
    "park.middleware.Refusals",
    "park.middleware.PrivatePages",
    "park.middleware.SessionLimits",
    "park.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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
                "csp.context_processors.nonce",
                "config.context.site",
            ],
            "builtins": ["park.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# ── people ──────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "park.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "real_name", "mobile", "email"]},
    },
    {"NAME": "park.passwords.LengthByRole"},
    {"NAME": "park.passwords.ThreeOfFourClasses"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "portal"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 2
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]  # either one alone locks
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", 0)
AXES_CLIENT_IP_CALLABLE = (
    "park.middleware.address_of"  # by itself axes would lock the proxy, and all behind it
)
AXES_NEVER_LOCKOUT_GET = True
AXES_VERBOSE = False

STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", not DEMO)  # codes of a phone beside the password

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 8  # absolute limit; the idle limits are below
SESSION_IDLE_MINUTES = {"staff": env.int("STAFF_IDLE_MINUTES", 15), "others": env.int("IDLE_MINUTES", 30)}

# ── transport and content ───────────────────────────────────────────────────────────────────────
SECURE_TRANSPORT = env.bool("SECURE_TRANSPORT", not DEMO)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_TRANSPORT
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes inside the house speak plain http
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE_TRANSPORT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_TRANSPORT
if env.int("PROXY_COUNT", 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "SAMEORIGIN"  # the preview page shows our own PDF in a frame
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which asks for DENY there
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # Bootstrap's own icons inside its style sheet
        "object-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# ── files ───────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"


def _bootstrap_dir() -> Path:
    from bootstrap_wrapper import get_bootstrap_dir

    return get_bootstrap_dir()


STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", _bootstrap_dir())]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "files"), "base_url": None, "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG
PDF_FONTS = env.list("PDF_FONTS", [])  # families to put before the free stand-ins, e.g. 方正小标宋简体

# ── background work and mail ────────────────────────────────────────────────────────────────────
TASKS = {
    "default": {"BACKEND": env.str("TASKS_BACKEND", "django_tasks_db.DatabaseBackend"), "QUEUES": ["default"]}
}
EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "park@localhost")

# ── import and export ───────────────────────────────────────────────────────────────────────────
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"  # without these two, whoever enters the admin may import
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# ── what a government site must show at its foot; empty values are hidden in the demo ───────────
SITE = {
    "host_unit": env.str("SITE_HOST_UNIT", "镇江市人力资源和社会保障局"),
    "operator": env.str("SITE_OPERATOR", "镇江市技能大师产业创新园管理办公室"),
    "contact": env.str("SITE_CONTACT", ""),
    "address": env.str("SITE_ADDRESS", ""),
    "icp": env.str("SITE_ICP", ""),
    "police": env.str("SITE_POLICE", ""),
    "code": env.str("SITE_CODE", ""),
    "party_mark": env.str("SITE_PARTY_MARK", ""),
    "error_report": env.str("SITE_ERROR_REPORT", ""),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
    # The address of a refused request may hold the token of a one-time link.
    "loggers": {name: {"level": "ERROR"} for name in ("axes", "django.request", "django.security.csrf")},
}


def _refuse_unsafe_production():
    """Production must not start on anything that belongs to a demo."""
    faults = []
    if DEBUG:
        faults.append("DEBUG 必须关闭")
    if not SECRET_KEY or SECRET_KEY == INSECURE_KEY or len(SECRET_KEY) < 40:
        faults.append("SECRET_KEY 未设置、过短或仍为演示密钥")
    if not FIELD_KEYS or "demo" in FIELD_KEYS or "ZGVtby1v" in FIELD_KEYS:
        faults.append("FIELD_KEYS 未设置或仍为演示密钥")
    if not BLIND_INDEX_KEY or "demo" in BLIND_INDEX_KEY:
        faults.append("BLIND_INDEX_KEY 未设置或仍为演示密钥")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        faults.append("ALLOWED_HOSTS 必须列出域名")
    if DATABASES["default"]["ENGINE"].endswith("sqlite3") and WEB_CONCURRENCY > 1:
        faults.append("SQLite 只能配一个工作进程（WEB_CONCURRENCY=1）；多进程请用 PostgreSQL")
    if faults:
        raise ImproperlyConfigured("生产环境拒绝启动：" + "；".join(faults) + "。说明见 .env.example。")


# These touch neither data nor visitors.
if not DEMO and not {"collectstatic", "makemigrations"} & set(sys.argv):
    _refuse_unsafe_production()
