"""Who is asking, for the audit trail: address and request id of the request in hand."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    request_id: str
    address: str = ""
    actor_name: str = ""


OUTSIDE = RequestContext("")
_current: ContextVar[RequestContext] = ContextVar("request_context", default=OUTSIDE)


def current() -> RequestContext:
    """The context of the request being answered; empty outside one."""
    return _current.get()


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
