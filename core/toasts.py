"""What a person is told at the head of the next page."""

from collections.abc import Sequence
from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse

KEPT = 8


class RecentMessages(FallbackStorage):
    """As Django's, but of messages that nobody came to read only the last: a client that follows no redirect would
    otherwise carry a longer and longer cookie with it."""

    def _store(self, messages: Sequence[Any], response: HttpResponse, *args: Any, **kwargs: Any) -> list[Any]:
        stored: list[Any] = super()._store(list(messages)[-KEPT:], response, *args, **kwargs)  # type: ignore[misc]
        return stored
