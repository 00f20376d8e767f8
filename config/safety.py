"""Settings of who gets in and what the browser is told: passwords, sessions, lock, TLS, content policy."""

from typing import Any

from csp.constants import NONE, SELF

from config.environment import DEMO, TRIAL, at_most, env, one_of

# ── passwords ────────────────────────────────────────────────────────────────
PASSWORD_HASHERS = ["core.hashers.Argon2"]
PASSWORD_PROFILE = one_of("PASSWORD_PROFILE", "mlps", "asvs")  # 等保: composition and 90 days; ASVS: neither
_COMPOSED = {"mlps": True, "asvs": False}[PASSWORD_PROFILE]
PASSWORD_MAX_DAYS = env.int("PASSWORD_MAX_DAYS", 90 if _COMPOSED else 0)  # 0: never asked
PASSWORD_AGAIN_MINUTES = env.int("PASSWORD_AGAIN_MINUTES", 15)
ONE_TIME_HOURS = at_most("ONE_TIME_HOURS", 24)
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "core.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "core.passwords.UnlikeOneself",
     "OPTIONS": {"user_attributes": ("username", "name", "unit")}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "core.passwords.NothingOfThisPlace"},
    {"NAME": "roster.passwords.NoneOfOnesNumbers"},
]  # fmt: skip
if _COMPOSED:
    AUTH_PASSWORD_VALIDATORS += [
        {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
        {"NAME": "core.passwords.ThreeOfFour"},
    ]

# ── the second factor, sessions, the lock ────────────────────────────────────
TOTP_ROLES = frozenset(
    env.list("TOTP_ROLES", default=[] if TRIAL else ["judge", "clerk", "justice", "committee", "admin", "auditor"])
)
TOTP_LOCK_MINUTES = env.int("TOTP_LOCK_MINUTES", 15)
HALF_SIGNED_IN_MINUTES = 5
SESSIONS_AT_ONCE = env.int("SESSIONS_AT_ONCE", 50 if DEMO else 3)  # an account of the demo is everybody's
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30)
SESSION_MAX_HOURS = env.int("SESSION_MAX_HOURS", 12)
SESSION_COOKIE_AGE = (SESSION_MAX_HOURS + 48) * 3600  # an ended session still knows whose form it is that comes late
CSRF_FAILURE_VIEW = "core.views.held.stale_page"
SESSION_COOKIE_HTTPONLY = True
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = "core.sign_in_limits.failure_limit"
AXES_COOLOFF_TIME = 0.25
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who keeps knocking does not keep the door shut
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "core.sign_in_limits.lock_key"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the audit trail keeps who came in
AXES_LOCKOUT_TEMPLATE = "core/locked_out.html"
SIGN_IN_FAILURES = 5
SIGN_IN_PRESSURE = env.int("SIGN_IN_PRESSURE", 15)

# ── personal data ────────────────────────────────────────────────────────────
REVEALS_A_DAY = env.int("REVEALS_A_DAY", 60)

# ── the web ──────────────────────────────────────────────────────────────────
TLS = env.bool("TLS", not TRIAL)
SECURE_SSL_REDIRECT = TLS and env.bool("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
if TLS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
