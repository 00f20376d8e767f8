"""What may stand in a log line: nothing of a person, and no secret of an address that opens without signing in.

People come into logs by the messages of exceptions. PostgreSQL quotes the row that it refuses, a ValueError what was
typed, Django the value that a field could not take (as a TypeError, too). So of an exception only its kind is written,
and where it happened: files, lines, functions and lines of the program, with all causes. A message is kept of kinds
(exactly these: what is derived from them may quote) whose words can only be those of the program or its settings. Of
databases and of the operating system the numbers and names are kept that say what went wrong, not their sentences.
"""

import copy
import logging
import os
import re
import sqlite3
import traceback
from collections.abc import Iterator, Set
from contextlib import suppress
from textwrap import indent
from types import TracebackType
from typing import Any

from django.core.exceptions import AppRegistryNotReady, DisallowedHost, ImproperlyConfigured
from django.template.exceptions import TemplateDoesNotExist, TemplateSyntaxError

SECRET_LINK = re.compile(r"(/points/calendar/)[^/\s?\"']+")
OWN_WORDS: frozenset[type[BaseException]] = frozenset(
    {
        AppRegistryNotReady,
        DisallowedHost,  # the name by which the browser asked: whoever sets up the site looks for it
        ImportError,
        ImproperlyConfigured,
        ModuleNotFoundError,
        NameError,
        RecursionError,
        TemplateDoesNotExist,
        TemplateSyntaxError,
        UnboundLocalError,
    }
)
CAUSED = "The above exception was the direct cause of the following exception:"
DURING = "During handling of the above exception, another exception occurred:"
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class NothingOfAPerson(logging.Formatter):
    """Writes a record without what exceptions quote, in its message and in its traceback, and without secret links."""

    def format(self, record: logging.LogRecord) -> str:
        """Of a copy: other handlers have the record as it was, and a traceback that another one wrote is not taken.

        What cannot be written is only named: logging would print the record as it is in place of it.
        """
        plain = copy.copy(record)
        plain.exc_text = None
        try:
            plain.msg, plain.args = SECRET_LINK.sub(r"\1…", _message(record)), None
            return super().format(plain)
        except Exception as why:
            place = f"{record.module}:{record.lineno}"
            plain.msg, plain.args = f"a line of {place} that cannot be written ({type(why).__name__})", None
            plain.exc_info = plain.exc_text = plain.stack_info = None
            return super().format(plain)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (the name logging gives it)
        """The whole traceback, its causes and contexts before it, of each exception what `told` says."""
        return "" if ei[1] is None else _with_causes(ei[1], ei[2])


def told(error: BaseException) -> str:
    """The kind of an exception and, where these are known, words or numbers that quote nothing."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    words = str(error) if kind in OWN_WORDS else _numbers_and_names(error)
    return f"{name}: {words}" if words else name


def _numbers_and_names(error: BaseException) -> str:
    if type(error) is AttributeError and error.name:
        return f"{error.name} of {type(error.obj).__name__}"
    if isinstance(error, OSError):  # without the name of the file
        return f"[Errno {error.errno}] {os.strerror(error.errno)}" if isinstance(error.errno, int) else ""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "")
    where = getattr(error, "diag", None)  # of psycopg, which is not there on SQLite
    known = [getattr(where, name, None) for name in ("sqlstate", "table_name", "column_name", "constraint_name")]
    return " ".join(filter(None, known))


# ── the message ──────────────────────────────────────────────────────────────
def _message(record: logging.LogRecord) -> str:
    """The message; an exception filled into it, and what repeats one that is logged with it, only by its kind."""
    logged = list(_chain(record.exc_info[1])) if record.exc_info and record.exc_info[1] else []
    text, args = _plain(str(record.msg), logged), record.args
    if isinstance(args, dict):
        args = {name: _plain(value, logged) for name, value in args.items()}
    elif args:
        args = tuple(_plain(value, logged) for value in args)
    try:
        return text % args if args else text
    except Exception:  # a message that does not fit what is filled in: better half of it than none
        return text


def _plain(value: Any, logged: list[BaseException]) -> Any:
    if isinstance(value, BaseException):
        return told(value)
    if isinstance(value, str):
        return next((told(error) for error in logged if any(said in value for said in _sayings(error))), value)
    return value


def _sayings(error: BaseException) -> Iterator[str]:
    """The ways in which others repeat what an exception says; not of those that may be repeated."""
    if type(error) in OWN_WORDS:
        return
    words = [arg for arg in error.args if isinstance(arg, str)]
    for say in (str, repr):
        with suppress(Exception):  # nobody can repeat what it cannot say itself
            words.append(say(error))
    for said in filter(None, words):
        yield said
        yield said.encode("unicode_escape").decode()  # as Django writes it


# ── the traceback ────────────────────────────────────────────────────────────
def _before(error: BaseException) -> BaseException | None:
    if error.__cause__ is not None or error.__suppress_context__:
        return error.__cause__
    return error.__context__


def _chain(error: BaseException, above: Set[int] = frozenset()) -> Iterator[BaseException]:
    """An exception, what it was caused by, what that was caused by; each once, and none of those above it."""
    seen = set(above)
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = _before(at)


def _with_causes(error: BaseException, places: TracebackType | None, above: Set[int] = frozenset()) -> str:
    last, *earlier = _chain(error, above)
    above = above | {id(each) for each in (last, *earlier)}
    parts, after = [_alone(last, places, above)], last
    for each in earlier:
        parts += [DURING if after.__cause__ is None else CAUSED, _alone(each, each.__traceback__, above)]
        after = each
    return "\n\n".join(reversed(parts))


def _alone(error: BaseException, places: TracebackType | None, above: Set[int]) -> str:
    """Where it happened and what it is; of a group also its members, but for those that are told above it."""
    lines = ["Traceback (most recent call last):\n", *traceback.format_tb(places)] if places else []
    text = "".join(lines) + told(error)
    for member in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        if id(member) not in above:
            text += "\n" + indent(_with_causes(member, member.__traceback__, above), "  | ")
    return text
