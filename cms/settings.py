"""Settings: read from the environment, and nothing else happens on import.

What the operator may set stands in docs/operations.md. A missing or wrong value stops the start with a sentence.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from sessions.mailbox import complaint

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
TESTING = env.bool("GELIJKOP_TESTING", False)

if env.str("STORAGE_URL", ""):
    raise ImproperlyConfigured("STORAGE_URL is set, but this version does not use it. Take it out of the environment.")
if oidc := [name for name in env.ENVIRON if name.startswith("OIDC_")]:
    raise ImproperlyConfigured(
        f"{oidc[0]} is set, but this version has no sign-in with an organisation's own account yet."
    )


def _demo_secret_key() -> str:
    """A key of this machine's own, kept in var/ so that people stay signed in over a restart."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "") or (_demo_secret_key() if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Put a long random text in the environment variable SECRET_KEY, or set DEMO=1 to try the demo."
    )

SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")
if urlsplit(SITE_URL).scheme not in ("http", "https") or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured("SITE_URL must be a full address such as https://leren.example.nl.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost"])
if not all(ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS has an empty name. Separate names with one comma.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "cms",
    "commitments",
    "certificates",
    "sessions",
    "courses",
    "parties",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "cms.admin_apps.WagtailUsers",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "easy_thumbnails",
    "filer",
    "polymorphic",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "rules.apps.AutodiscoverRulesConfig",
    "cms.admin_apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "parties.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "parties.middleware.AdminGateMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
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
                "cms.context_processors.site",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'gelijkop.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so that a storm queues instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")}

TASKS_URL = env.str("TASKS_URL", "")
if TASKS_URL:
    raise ImproperlyConfigured(
        "TASKS_URL is set, but this version only has the queue in the database. Take it out of the environment."
    )
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Mail: every message is a row in the outbox first (parties.models.OutboxMessage); EMAIL_URL says where it goes from there.
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Gelijkop <gelijkop@demo.example>" if DEMO or TESTING else "")
if not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL is not set. Give the platform's own mail address, for example gelijkop@example.nl."
    )
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_TIMEOUT = 20
elif DEMO:
    EMAIL_BACKEND = "parties.mail.FolderBackend"
elif not TESTING:
    raise ImproperlyConfigured(
        "EMAIL_URL is not set. Give the SMTP server, for example smtp+tls://user:password@smtp.example.nl:587."
    )
MAIL_DIR = VAR_DIR / "mail"
REPLY_MAILBOX_URL = env.str(
    "REPLY_MAILBOX_URL", ""
)  # IMAP, where answers of calendars arrive; empty: they are not read
if REPLY_MAILBOX_URL and (wrong := complaint(REPLY_MAILBOX_URL)):
    raise ImproperlyConfigured(f"REPLY_MAILBOX_URL is not right: {wrong}.")

AUTH_USER_MODEL = "parties.Person"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"  # names, so that these pages are in the language of the page before
LOGIN_REDIRECT_URL = "mine"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "parties.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"
FORMAT_MODULE_PATH = ["cms.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

WAGTAIL_SITE_NAME = "Gelijkop"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # that is done in one's own details
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_FINISH_WORKFLOW_ACTION = "courses.publishing.workflow_publish"
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False  # who has to approve gets a mail, see courses/emails.py
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "ods", "odt", "pdf", "pptx", "txt", "vtt", "webm", "xlsx"]
WAGTAILDOCS_CONTENT_TYPES = {"mp4": "video/mp4", "vtt": "text/vtt", "webm": "video/webm"}

FILER_IS_PUBLIC_DEFAULT = False
FILER_ENABLE_PERMISSIONS = True
FILER_STORAGES = {
    "public": {
        "main": {
            "ENGINE": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(MEDIA_ROOT / "filer"), "base_url": "/media/filer/"},
        },
        "thumbnails": {
            "ENGINE": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(MEDIA_ROOT / "thumbs"), "base_url": "/media/thumbs/"},
        },
    },
    "private": {
        "main": {
            "ENGINE": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(VAR_DIR / "private" / "filer"), "base_url": "/smedia/"},
        },
        "thumbnails": {
            "ENGINE": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(VAR_DIR / "private" / "thumbs"), "base_url": "/smedia/thumbs/"},
        },
    },
}

SECURE = not (DEMO or DEBUG or TESTING)
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
X_FRAME_OPTIONS = "SAMEORIGIN"

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/cms/", "/beheer/"],  # Wagtail's and Django's own screens use inline style and script
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
