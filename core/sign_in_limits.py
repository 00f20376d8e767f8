"""How often a password may be tried: per account and address, and fewer times while the account is under attack.

Nobody can shut another person out: the lock is of the account at one address, and addresses from which the account
was used lately keep their five tries whatever others do elsewhere.
"""

import unicodedata
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from core.models import AuditEntry, User

KNOWN_FOR = timedelta(days=30)
SIGNED_IN = "sign_in"
UNDER_PRESSURE = 1


def normalised(username: str) -> str:
    """The one spelling under which failures are counted: NFKC, no white space around it, no case."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def lock_key(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The account a try is counted for; called by axes."""
    given = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    return normalised(given)


def failure_limit(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """How many failures close the account at this address for a while; called by axes."""
    username = lock_key(request, credentials)
    if _failures(username) < settings.SIGN_IN_PRESSURE or _is_known(username, request.META.get("REMOTE_ADDR", "")):
        return int(settings.SIGN_IN_FAILURES)
    return UNDER_PRESSURE


def _failures(username: str) -> int:
    """Of the account within the last quarter of an hour, from everywhere."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    recent = AccessAttempt.objects.filter(username=username, attempt_time__gte=since)
    return recent.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def _is_known(username: str, address: str) -> bool:
    """Whether the account signed in from the address within the last thirty days."""
    owner = User.objects.filter(username__iexact=username).values_list("pk", flat=True).first()
    entries = AuditEntry.objects.filter(subject_label=User._meta.label_lower, subject_id=str(owner))
    return entries.filter(action=SIGNED_IN, success=True, address=address, at__gte=timezone.now() - KNOWN_FOR).exists()
