"""Settings: SQLite and a file-system broker by default, PostgreSQL and Redis by environment."""

from datetime import time
from pathlib import Path
from typing import Any

from config.environment import BASE_DIR, DEMO, TESTING, TRIAL, VAR, env, field_keys, one_of, secret_key, stretch
from config.safety import *

DEMO_PASSWORD = "demo-2023"  # noqa: S105 (no secret: the sign-in page shows it while DEMO)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret_key(env.str("SECRET_KEY", ""), trial=TRIAL, var=VAR)
FIELD_KEYS = field_keys(env.str("FIELD_KEYS", ""), trial=TRIAL, var=VAR)
FIELD_CIPHER = one_of("FIELD_CIPHER", "aes-256-gcm", "sm4-gcm")
FIELD_HASH = one_of("FIELD_HASH", "hmac-sha256", "hmac-sm3")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# ── what runs ────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "config.apps.ManageConfig",
    "axes",
    "csp",
    "django_htmx",
    "rules",
    "crispy_forms",
    "crispy_bootstrap5",
    "core",
    "roster",
    "liaison",
    "disputes",
    "mediation",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.RequestContextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.SignInMiddleware",
    "core.middleware.SessionLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "core.sessions.AccountBackend",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "core.User"
SESSION_ENGINE = "core.sessions"
MESSAGE_STORAGE = "core.toasts.RecentMessages"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["core.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.navigation",
            ],
        },
    },
    {
        "NAME": "quick",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "core.quick_templates.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ── data ─────────────────────────────────────────────────────────────────────
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'liaison.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a deferred transaction that starts to write fails at once when another writes.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000;"
        ),
    }
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query pays for reports of minutes: a search over a million rows took 47 ms, its compiling 1.4 s.
    # Nor does a second process for a query of a millisecond: starting it took six. Whole tables are still shared out.
    # What is planned once (core.prepared) is planned when the connection is told of it, not five times over.
    _pace = "-c jit=off -c parallel_setup_cost=20000 -c plan_cache_mode=force_generic_plan"
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", _pace)
# Off where connections are handed out by a pooler a transaction at a time (pgbouncer): plans belong to a connection.
DATABASE_KEEPS_PLANS = env.bool("DATABASE_KEEPS_PLANS", True)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR / "media")))
MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── broker, worker, beat ─────────────────────────────────────────────────────
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.15}
else:
    BROKER_DIR = Path(env.str("BROKER_DIR", str(VAR / "broker")))
    _folders = {name: BROKER_DIR / name for name in ("queue", "processed", "control")}
    for _folder in _folders.values():
        _folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_folders["queue"]),
        "data_folder_out": str(_folders["queue"]),
        "processed_folder": str(_folders["processed"]),
        "control_folder": str(_folders["control"]),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # workers log by LOGGING, too
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "celerybeat-schedule")
CELERY_TIMEZONE = "Asia/Shanghai"

# ── language, time, files ────────────────────────────────────────────────────
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
VENDOR_DIR = VAR / "vendor"
VENDOR_DIR.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", VENDOR_DIR)]
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = TRIAL
STORAGES = {
    "default": {"BACKEND": "core.storage.DurableStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if TRIAL
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
UPLOAD_LIMIT = 20 * 1024 * 1024

# ── safety ───────────────────────────────────────────────────────────────────
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
_LOG_LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
_ALL_BY_ROOT: dict[str, Any] = {"handlers": [], "propagate": True}  # in place of the handlers that Django gives them
_BY_CONSOLE = {"handlers": ["console"], "propagate": False}  # Celery gives them none of its own where they have one
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.NothingOfAPerson", "fmt": _LOG_LINE}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django": _ALL_BY_ROOT,
        "django.server": _ALL_BY_ROOT,
        "celery.task": _BY_CONSOLE,
        "multiprocessing": _BY_CONSOLE,
    },
}

# ── the county ───────────────────────────────────────────────────────────────
COUNTY_CODE = env.str("COUNTY_CODE", "445381")
COURT_NAME = env.str("COURT_NAME", "罗定市人民法院")
CONFIRMATION_NUMBER_PATTERN = env.str("CONFIRMATION_NUMBER_PATTERN", "（{year}）粤5381诉前调确{serial}号")
SUPERVISOR_USERNAME = env.str("SUPERVISOR_USERNAME", "committee")
SYSTEM_USE_DAYS = env.int("SYSTEM_USE_DAYS", 90)
LATE_ENTRY_DAYS = env.int("LATE_ENTRY_DAYS", 7)
DUTY_MORNING = stretch("DUTY_MORNING", "08:30-12:00")
DUTY_AFTERNOON = stretch("DUTY_AFTERNOON", "14:30-17:30")
SUGGESTION_REPLY_DAYS = env.int("SUGGESTION_REPLY_DAYS", 60)  # proposed only: the court writes the day
ASSISTANCE_LOCATION_DAYS = env.int("ASSISTANCE_LOCATION_DAYS", 30)
RETENTION_MONTHS: list[str] = env.list("RETENTION_MONTHS", default=[])
RETENTION_AUTO = env.bool("RETENTION_AUTO", False)

# ── the clock, the trail, the papers ─────────────────────────────────────────
REMIND_SOON_DAYS = env.int("REMIND_SOON_DAYS", 3)
REMIND_FROM = time.fromisoformat(env.str("REMIND_FROM", "08:30"))
REMIND_UNTIL = time.fromisoformat(env.str("REMIND_UNTIL", "17:30"))
SWEEP_MAX_AGE_SECONDS = env.int("SWEEP_MAX_AGE_SECONDS", 300)
AUDIT_ANCHOR_DIR = Path(env.str("AUDIT_ANCHOR_DIR", str(VAR / "anchors")))
WORD_TEMPLATE_DIR = BASE_DIR / "templates" / "word"
