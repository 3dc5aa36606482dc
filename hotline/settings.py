"""All settings, from the environment; nothing set means embedded, everything under DATA_DIR."""

import secrets
from pathlib import Path

import environ
from celery.schedules import crontab

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEPLOYED = not env.bool("DEBUG", default=True)
DEBUG = False  # Django's own: pages of a fault would show settings and rows to whoever meets it
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SHARED_DATA = Path(env.str("SHARED_DATA", default=str(BASE_DIR.parent / "shared" / "data")))
KEYS_DIR = DATA_DIR / "keys"
DATABASE_URL = env.str("DATABASE_URL", default="")
REDIS_URL = env.str("REDIS_URL", default="")
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", default="")
DISTRIBUTED = bool(REDIS_URL)


def _kept_secret(name: str, made: str) -> str:
    """Read the secret NAME under DATA_DIR/keys, writing MADE there (0600) at first run."""
    path = KEYS_DIR / name
    if not path.exists():
        KEYS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(made)
        try:
            path.hardlink_to(fresh)  # the first of two processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def _new_field_key() -> str:
    """Make a key for encrypted fields."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret("secret", secrets.token_urlsafe(48))
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", default=[]) or _kept_secret(
    "field", _new_field_key()
).split(",")
OWN_KEYS = bool(env.str("SECRET_KEY", default="") and env.list("FIELD_KEYS", default=[]))
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "django_htmx",
    "template_partials",
    "outbox",
    "city",
    "accounts",
    "knowledge",
    "tickets",
    "hotline",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hotline.web.headers.content_policy",
    "hotline.web.headers.never_kept",
    "hotline.web.steadiness.one_state",
]

CSRF_FAILURE_VIEW = "hotline.web.lost.forged"
ROOT_URLCONF = "hotline.urls"
ASGI_APPLICATION = "hotline.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "hotline" / "templates"],  # before the templates of the admin site
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hotline.web.rail.rail",
                "hotline.web.bell.bell",
                "hotline.web.preparing.preparing",
            ],
        },
    },
]

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",  # DEFERRED fails at once when a transaction reads first
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=134217728;"
        "PRAGMA cache_size=-32000;PRAGMA journal_size_limit=67108864;"
    ),
}
if DATABASE_URL:
    POOL = {"min_size": 1, "max_size": 12, "timeout": 10}  # a thread a request: none keeps its own
    DATABASES = {
        "default": env.db_url_config(DATABASE_URL)
        | {"OPTIONS": {"pool": POOL}, "CONN_HEALTH_CHECKS": True}
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "hotline.sqlite",
            "NAME": str(DATA_DIR / "db.sqlite3"),
            "OPTIONS": SQLITE_OPTIONS,
            "CONN_MAX_AGE": None,  # hotline.web.gate has few threads, and they stay
            "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
        }
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.LockingBackend"]
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 30 * 60  # since the last request, not since signing in
LOGIN_URL = "accounts:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SILENCED_SYSTEM_CHECKS = ["models.W040"]  # SQLite needs no columns beside those of an index
if DEPLOYED:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("HTTPS", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 30 * 24 * 3600
    SILENCED_SYSTEM_CHECKS += ["security.W005", "security.W021"]  # subdomains are the operator's

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = not DEPLOYED

SEARCH_ENGINE = "elastic" if ELASTICSEARCH_URL else "embedded"
SEARCH_DIR = DATA_DIR / "index"
FILE_UPLOAD_HANDLERS = [
    "hotline.web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
EXPORT_DIR = Path(env.str("EXPORT_DIR", default="") or DATA_DIR / "exports")
ATTACHMENT_DIR = Path(env.str("ATTACHMENT_DIR", default="") or DATA_DIR / "attachments")
SEARCH_EMBEDDING = env.bool("SEARCH_EMBEDDING", default=False)  # requirements-embedding.txt
SEARCH_PREFIX = env.str("SEARCH_PREFIX", default="hotline-")  # of index names, in a shared cluster

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 1, "visibility_timeout": 600}
    if REDIS_URL
    else {"polling_interval": 0.02}  # how soon the worker thread sees a task
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"outbox.tasks.sweep": {"queue": "live"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = 4
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "hotline.celery:Timetable"
CELERY_BEAT_MAX_LOOP_INTERVAL = 0.5
CELERY_BEAT_SCHEDULE = {
    "train": {"task": "tickets.tasks.train_routing", "schedule": crontab(hour=3, minute=10)},
    "authority": {"task": "tickets.tasks.keep_authority", "schedule": crontab(minute=40)},
    "sweep": {"task": "outbox.tasks.sweep", "schedule": 0.4, "options": {"expires": 0.4}},
    "indexes": {"task": "hotline.tasks.keep_indexes", "schedule": crontab()},
    "model": {"task": "hotline.tasks.keep_model", "schedule": crontab()},
    "topics": {"task": "tickets.tasks.count_topics", "schedule": crontab(minute="*/2")},
    "deadlines": {"task": "tickets.tasks.keep_deadlines", "schedule": crontab(minute=10)},
    "cards": {
        "task": "tickets.tasks.show_cards",
        "schedule": crontab(),
        "options": {"expires": 50},
    },
    "limits": {"task": "tickets.tasks.reckon_limits", "schedule": crontab()},
    "promises": {"task": "tickets.tasks.keep_promises", "schedule": crontab(minute="*/5")},
    "anchors": {"task": "hotline.tasks.anchor_ledgers", "schedule": crontab(minute=5)},
    "successors": {"task": "tickets.tasks.follow_successors", "schedule": crontab(minute="*/5")},
    "inquiries": {"task": "tickets.tasks.keep_inquiries", "schedule": crontab(minute="*/10")},
    "exports": {"task": "hotline.tasks.write_exports", "schedule": crontab()},
    "old-exports": {"task": "hotline.tasks.sweep_exports", "schedule": crontab(minute=20)},
    "drafts": {"task": "hotline.tasks.sweep_drafts", "schedule": crontab(hour=3, minute=50)},
    "notices": {"task": "hotline.tasks.sweep_notices", "schedule": crontab(hour=3, minute=45)},
    "files": {"task": "tickets.tasks.sweep_files", "schedule": crontab(hour=3, minute=40)},
    "archive": {"task": "tickets.tasks.archive_closed", "schedule": crontab(hour=2, minute=30)},
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "hotline",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "hotline"},
    }
    if REDIS_URL
    else {"BACKEND": "hotline.realtime.layers.OneProcessLayer"}
}

INTAKE_PER_IP = env.str("INTAKE_PER_IP", default="")  # e.g. 30/min; unset: no limit per address
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hotline.web.api.problems.as_problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "12345 热线接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
