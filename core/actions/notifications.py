"""Leaving messages to people, in the transaction of what they tell."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from core.models import Notification, User
from core.privacy import mask_text

TEXT_LENGTH = Notification._meta.get_field("text").max_length or 0


def message(
    *, recipient: User, text: str, url: str = "", urgent: bool = False, recorded_at: datetime | None = None
) -> Notification:
    """A message not yet left. Identity and mobile numbers in it are masked; a long text ends in …"""
    return Notification(
        recipient=recipient,
        text=_fitting(mask_text(text)),
        url=url,
        urgent=urgent,
        created_at=recorded_at or timezone.now(),
    )


def notify(
    *, recipient: User, text: str, url: str = "", urgent: bool = False, recorded_at: datetime | None = None
) -> Notification:
    """Leave `recipient` a message."""
    left = message(recipient=recipient, text=text, url=url, urgent=urgent, recorded_at=recorded_at)
    left.save(force_insert=True)
    return left


def notify_all(messages: Iterable[Notification]) -> None:
    """Leave many messages at once."""
    Notification.objects.bulk_create(messages)


def _fitting(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else f"{text[: TEXT_LENGTH - 1]}…"
