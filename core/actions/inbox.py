"""What a reader does with their messages."""

from django.utils import timezone

from core.models import Notification, User


def mark_read(*, notification: Notification) -> None:
    """Keep when the message was first opened; a second call changes nothing."""
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])


def mark_all_read(*, by: User) -> int:
    """Mark every message of `by` as read; returns how many were unread."""
    return Notification.objects.filter(recipient=by, read_at=None).update(read_at=timezone.now())
