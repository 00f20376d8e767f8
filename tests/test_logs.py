"""Nothing of a person in a log line: whatever breaks, what the handlers of the settings write is searched for it."""

import logging
import os
import runpy
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.db import IntegrityError, connection
from gunicorn.config import Config

from config.logs import NothingOfAPerson, told
from tests.disputes.conftest import _day, tables, village  # noqa: F401 (fixtures)

ROOT = Path(__file__).parent.parent
NAME, PHONE, ID_NUMBER = "沈水旺", "13800006072", "445381196803121235"
ADDRESS, STORY = "太平圩榕树脚十七号", "祖屋后墙被推倒，砖头压死了一窝小鸡。"
OF_A_PERSON = (NAME, "水旺", PHONE, "00006072", ID_NUMBER, "19680312", ADDRESS, "榕树脚", STORY, "祖屋", "小鸡")
ROW = f"Failing row contains (7, {NAME}, {PHONE}, {ID_NUMBER}, {ADDRESS}, {STORY})."
TYPED = {
    "idempotency_key": "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11",
    "narrative": STORY,
    "source": "visit",
    "registered_on": "2023-09-20",
    "case_type": "neighbour",
    "informed": "on",
    "parties-TOTAL_FORMS": "1",
    "parties-INITIAL_FORMS": "0",
    "parties-0-side": "applicant",
    "parties-0-kind": "person",
    "parties-0-name": NAME,
    "parties-0-phone": PHONE,
    "parties-0-id_number": ID_NUMBER,
    "parties-0-address": ADDRESS,
    "parties-0-consents": "on",
}


def of_a_person(text: str) -> list[str]:
    return [word for word in OF_A_PERSON if word in text or word.encode("unicode_escape").decode() in text]


# ── the web ──────────────────────────────────────────────────────────────────
@pytest.fixture
def desk(client_of, mediator_of_taiping, tables):  # noqa: F811
    client = client_of(mediator_of_taiping)
    client.raise_request_exception = False
    return client


@pytest.fixture
def typed(village) -> dict[str, str]:  # noqa: F811
    return TYPED | {"village": village.code}


def breaks(error: BaseException):
    def broken(*_args: object, **_named: object) -> None:
        try:
            raise LookupError(ROW)
        except LookupError as cause:
            raise error from cause

    return broken


def test_an_intake_and_a_search_log_nothing_of_a_person(desk, typed, log_file):
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        registered = desk.post("/disputes/new/", typed, follow=True)
        found = desk.post("/disputes/search/", {"q": NAME}, follow=True)
        assert NAME in found.content.decode()
        addresses = [unquote(where) for answer in (registered, found) for where, _ in answer.redirect_chain]
        assert (len(addresses), of_a_person("".join(addresses))) == (2, [])
        refused = desk.post("/disputes/new/", typed | {"registered_on": NAME, "idempotency_key": str(uuid4())})
        assert NAME in refused.content.decode()
    finally:
        logging.getLogger().setLevel(logging.WARNING)
    assert of_a_person(log_file()) == []


ERRORS = [IntegrityError(ROW), ValueError(f"could not convert {NAME!r}"), TypeError(NAME), KeyError(STORY)]


@pytest.mark.parametrize("error", [*ERRORS, BadRequest(NAME)], ids=lambda error: type(error).__name__)
def test_an_intake_that_breaks_logs_where_and_nothing_of_a_person(error, desk, typed, log_file, monkeypatch):
    monkeypatch.setattr("disputes.views.intake.register_dispute", breaks(error))
    answer = desk.post("/disputes/new/", typed)
    assert answer.status_code == (400 if isinstance(error, BadRequest) else 500)
    assert of_a_person(log_file()) == []
    for word in ("/views/", "raise error from cause", type(error).__name__, "LookupError", "direct c"):
        assert word in log_file(), word


def test_what_the_database_itself_says_is_not_repeated(desk, typed, log_file, monkeypatch, divisions):
    """PostgreSQL quotes the key that is there already."""

    def insert(*_args: object, **_named: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO core_division SELECT * FROM core_division WHERE name = %s", ["太平镇"])

    monkeypatch.setattr("disputes.views.intake.register_dispute", insert)
    assert desk.post("/disputes/new/", typed).status_code == 500
    told_by = {"sqlite": "SQLITE_CONSTRAINT_UNIQUE", "postgresql": "23505 core_division core_division_pkey"}
    assert f": {told_by[connection.vendor]}\n" in log_file()
    assert "django.db.utils.IntegrityError\n" in log_file()
    assert [quoted for quoted in ("UNIQUE constraint", "already exists") if quoted in log_file()] == []


# ── the worker, gunicorn ─────────────────────────────────────────────────────
WORKER = """
import os, sys
from config.celery import app
from celery.app.trace import build_tracer
said = os.environ["SAID"]
app.loader.init_worker()
app.log.setup(loglevel="WARNING", redirect_stdouts=True)

@app.task(name="liaison.broken")
def broken(text):
    raise ValueError(text)

request = {"id": "7", "argsrepr": repr((said,)), "kwargsrepr": "{}"}
build_tracer("liaison.broken", broken, app=app)("7", (said,), {}, request)
from celery.utils.log import get_task_logger
from billiard.util import get_logger
for logger in (get_task_logger("liaison"), get_logger()):
    try:
        broken(said)
    except ValueError:
        logger.exception("and once more")
"""


def test_a_task_that_fails_in_a_worker_logs_nothing_of_a_person(tmp_path):
    own = {**os.environ, "DEMO": "1", "VAR_DIR": str(tmp_path), "SAID": ROW}
    command = [sys.executable, "-c", WORKER]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=True)
    assert of_a_person(done.stdout + done.stderr) == []
    assert "Task liaison.broken[7] raised unexpected: ValueError\nTraceback" in done.stderr
    assert (done.stderr.count("and once more\nTraceback"), done.stderr.count("\nValueError\n")) == (2, 3)


def test_every_handler_of_the_settings_writes_so(log_file):
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    handlers = {handler for logger in loggers for handler in logger.handlers}
    others = {
        handler
        for handler in handlers
        if not type(handler).__module__.startswith("_pytest") and type(handler) is not logging.NullHandler
    }
    assert {type(handler.formatter) for handler in others} == {NothingOfAPerson}


def test_gunicorn_logs_as_we_do():
    error_log = logging.getLogger("gunicorn.error")
    before, error_log.handlers = error_log.handlers, []
    try:
        runpy.run_path(str(ROOT / "gunicorn.conf.py"))["logger_class"](Config())
        assert [type(handler.formatter) for handler in error_log.handlers] == [NothingOfAPerson]
    finally:
        error_log.handlers = before


# ── line by line ─────────────────────────────────────────────────────────────
@pytest.fixture
def line():
    """line("text", …) → what is written of it while an exception is handled, and of this how much."""
    formatter = NothingOfAPerson("%(message)s")

    def written(message: str, *args: object, error: BaseException | None = None) -> str:
        exc_info = (type(error), error, error.__traceback__) if error else None
        return formatter.format(logging.LogRecord("x", logging.ERROR, "x.py", 1, message, args, exc_info))

    return written


class DerivedError(ImportError):
    """Whose words may be anybody's."""


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError(NAME), "ValueError"),
        (DerivedError(NAME), "tests.test_logs.DerivedError"),
        (ImportError("no name x"), "ImportError: no name x"),
        (ImproperlyConfigured("SECRET_KEY"), "django.core.exceptions.ImproperlyConfigured: SECRET_KEY"),
        (PermissionError(13, "No", f"/{NAME}.xlsx"), "PermissionError: [Errno 13] Permission denied"),
        (OSError(NAME), "OSError"),
        (sqlite3.OperationalError(NAME), "sqlite3.OperationalError"),
        (AttributeError(NAME), "AttributeError"),
        (AttributeError(NAME, name="pk", obj=None), "AttributeError: pk of NoneType"),
    ],
)  # fmt: skip
def test_of_an_exception_is_told_what_cannot_be_of_a_person(error, text):
    assert told(error) == text


def test_a_message_that_repeats_an_exception_has_its_kind_instead(line):
    error = ValueError(NAME)
    assert line("no %s, %s", error, 7) == "no ValueError, 7"
    assert line(f"it says {NAME}", error=error) == "ValueError\nValueError"
    assert (
        line("%(what)s: %(exc)s", {"what": "task", "exc": repr(error)}, error=error) == "task: ValueError\nValueError"
    )
    assert line("%d", "three") == "%d"


def test_contexts_groups_and_circles_are_told_whole(line):
    first, second = ValueError(NAME), KeyError(PHONE)
    first.__context__, second.__context__ = second, first
    group = ExceptionGroup(STORY, [first, TypeError(ADDRESS)])
    text = line("broken", error=group)
    assert of_a_person(text) == []
    assert text.count("KeyError") == text.count("During handling") == 1
    assert text.splitlines()[:2] == ["broken", "ExceptionGroup"]
    first.__suppress_context__ = True
    assert "KeyError" not in line("broken", error=first)


def test_a_member_raised_while_its_group_is_handled_is_told_once(line):
    """Its context is the group whose member it is."""
    member = ValueError(NAME)
    member.__context__ = ExceptionGroup(STORY, [member, KeyError(PHONE)])
    text = line("broken", error=member)
    assert of_a_person(text) == []
    assert [text.count(word) for word in ("ValueError", "ExceptionGroup", "KeyError")] == [1, 1, 1]


class SilentError(Exception):
    """Which cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError(self.args[0])


class NamedError(Exception):
    """Whose words are not among its arguments."""

    def __init__(self, *, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return f"no {self.name}"


def test_an_exception_that_cannot_speak_and_one_without_arguments_are_told_by_their_kind(line):
    assert line("broken", error=SilentError(NAME)) == "broken\ntests.test_logs.SilentError"
    error = NamedError(name=NAME)
    assert line("it says %s", str(error), error=error).split("\n")[0] == "it says tests.test_logs.NamedError"


def test_what_cannot_be_written_is_named_and_logging_prints_nothing_of_it(line, capsys):
    """Where a formatter breaks, logging prints the message and what is filled into it, as they are."""
    assert line("%s %s", NAME, OSError(2**40, "x")) == "a line of x:1 that cannot be written (OverflowError)"
    handler = logging.StreamHandler()
    handler.setFormatter(NothingOfAPerson("%(message)s"))
    handler.handle(logging.LogRecord("x", logging.ERROR, "x.py", 1, "%s %s", (NAME, OSError(2**40, "x")), None))
    assert of_a_person(capsys.readouterr().err) == []


def test_a_traceback_that_another_handler_wrote_is_not_taken():
    try:
        int(NAME)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "broken", (), sys.exc_info())
    assert NAME in logging.Formatter().format(record)
    assert of_a_person(NothingOfAPerson().format(record)) == []
    assert NAME in record.exc_text
