"""Who is asking, for the audit trail: address and request id of the request in hand."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RequestContext:
    """`accounts`: read along with the session of the request, by key, until `take_account`."""

    request_id: str
    address: str = ""
    actor_name: str = ""
    accounts: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)


OUTSIDE = RequestContext("")
_current: ContextVar[RequestContext] = ContextVar("request_context", default=OUTSIDE)


def current() -> RequestContext:
    """The context of the request being answered; empty outside one."""
    return _current.get()


def keep_account(key: Any, account: Any) -> None:
    """Let the sign-in check of this request find an account that was read already; outside of one nothing is kept."""
    if current() is not OUTSIDE:
        current().accounts[key] = account


def take_account(key: Any) -> Any:
    """The account kept for this request, once: whoever asks again reads it anew."""
    return current().accounts.pop(key, None)


def new_request_id() -> str:
    """A short id people can read over the telephone."""
    return secrets.token_hex(4).upper()


@contextmanager
def entered(context: RequestContext) -> Iterator[RequestContext]:
    """Make `context` the current one for the block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
