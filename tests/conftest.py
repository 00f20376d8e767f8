"""What every test may lean on: fixed keys, the divisions of four towns, and the cast."""

import base64
import gc
import io
import json
import logging
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.utils import timezone
from whitenoise.middleware import WhiteNoiseMiddleware

from core import append_only
from core.choices import Level, RestKind, Role
from core.models import CalendarYear, Division, RestDay, User, UserScope

COUNTY = "445381"
TAIPING, SHUANGDONG, FENJIE, HUASHI = "445381101", "445381004", "445381102", "445381110"
TOWNS = (SHUANGDONG, TAIPING, FENJIE, HUASHI)
PASSWORD = "Taiping-2023-ok"
DIVISIONS_FILE = Path(__file__).parent.parent / "core/reference/divisions/445381.json"


# A property holds or not; how long an example takes on a busy machine is no property of it.
hypothesis.settings.register_profile("no-clock", deadline=None)
hypothesis.settings.load_profile("no-clock")


def pytest_configure() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "core.hashers.Argon2"]
    settings.FIELD_KEYS = {name: (name * 32)[:32].encode() for name in ("k1", "lookup", "audit")}
    settings.SECRET_KEY = base64.b64encode(b"tests only " * 6).decode()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """ONLY_WITH_DATABASE=1, for a second database: what asks none was tested beside the first, and is left out."""
    if os.environ.get("ONLY_WITH_DATABASE"):
        left_out = [item for item in items if not _asks_a_service(item)]
        items[:] = [item for item in items if _asks_a_service(item)]
        config.hook.pytest_deselected(items=left_out)


def _asks_a_service(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("django_db", "services"))
    return marked or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Thousands of collected tests live to the end: the collector of garbage need not look through them each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _static_files_listed_once() -> Iterator[None]:
    """Every test client has its own handler, and each would look for all the static files again."""
    listed: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def look_once(self: WhiteNoiseMiddleware) -> None:
        if not listed:
            before = dict(self.files)
            look(self)
            listed.update({url: file for url, file in self.files.items() if url not in before})
        self.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path):
    """Uploads, anchors and broker files of one test never meet those of another."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Takes the guard off the audit trail: a guarded table cannot be emptied between tests. Its tests put it back."""
    with django_db_blocker.unblock():
        append_only.remove(connection)


# ── divisions and calendar ───────────────────────────────────────────────────
@pytest.fixture
def divisions(db) -> dict[str, Division]:
    """罗定市 with 太平镇, 双东街道, 分界镇, 华石镇 and all their villages, by code."""
    source = json.loads(DIVISIONS_FILE.read_text(encoding="utf-8"))
    rows = [
        Division(code="44", name="广东省", level=Level.PROVINCE),
        Division(code="4453", name="云浮市", level=Level.CITY, parent_id="44"),
        Division(code=COUNTY, name="罗定市", level=Level.COUNTY, parent_id="4453"),
    ]
    for town in source["towns"]:
        if town["code"] in TOWNS:
            short = town["short_code"]
            rows.append(
                Division(code=town["code"], name=town["name"], level=Level.TOWN, parent_id=COUNTY, short_code=short)
            )
            rows += [
                Division(code=code, name=name, level=Level.VILLAGE, parent_id=town["code"])
                for code, name in town["villages"].items()
            ]
    return {row.code: row for row in Division.objects.bulk_create(rows)}


@pytest.fixture
def taiping(divisions) -> Division:
    return divisions[TAIPING]


@pytest.fixture
def shuangdong(divisions) -> Division:
    return divisions[SHUANGDONG]


HOLIDAYS_2026 = (  # weekdays off, from the State Council's notice for 2026
    ("元旦", "2026-01-01 2026-01-02"),
    ("春节", "2026-02-16 2026-02-17 2026-02-18 2026-02-19 2026-02-20 2026-02-23"),
    ("清明节", "2026-04-06"),
    ("劳动节", "2026-05-01 2026-05-04 2026-05-05"),
    ("端午节", "2026-06-19"),
    ("中秋节", "2026-09-25"),
    ("国庆节", "2026-10-01 2026-10-02 2026-10-05 2026-10-06 2026-10-07"),
)
WORKING_WEEKENDS_2026 = "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10"


@pytest.fixture
def calendar_2026(db) -> None:
    """The published rest days of 2026; 2027 is not published."""
    source = "国务院办公厅关于2026年部分节假日安排的通知"
    days = [(day, RestKind.HOLIDAY, name) for name, text in HOLIDAYS_2026 for day in text.split()]
    days += [(day, RestKind.WORKDAY, "调休上班") for day in WORKING_WEEKENDS_2026.split()]
    CalendarYear.objects.create(year=2026, source=source)
    RestDay.objects.bulk_create(
        RestDay(date=date.fromisoformat(day), kind=kind, name=name, source=source) for day, kind, name in days
    )


@pytest.fixture
def reference_data(db) -> None:
    """All of core's reference data as `load_reference` loads it: divisions, rest days, rule rows."""
    from core import reference  # noqa: PLC0415 - heavy, and only some tests need it

    reference.load(lambda line: None)


# ── the cast ─────────────────────────────────────────────────────────────────
MakeUser = Callable[..., User]


@pytest.fixture
def make_user(divisions) -> MakeUser:
    """make_user("name", Role.JUDGE, "445381101", "445381004") → an active user who sees those divisions."""

    def make(username: str, role: Role, *codes: str, name: str = "") -> User:
        user = User.objects.create_user(username, password=PASSWORD, role=role, name=name or username)
        UserScope.objects.bulk_create(UserScope(user=user, division_id=code) for code in codes)
        return user

    return make


@pytest.fixture
def mediator_of_taiping(make_user) -> User:
    return make_user("mediator_of_taiping", Role.MEDIATOR, TAIPING, name="黎桂生")


@pytest.fixture
def mediator_of_shuangdong(make_user) -> User:
    return make_user("mediator_of_shuangdong", Role.MEDIATOR, SHUANGDONG, name="陈水莲")


@pytest.fixture
def officer_of_taiping(make_user) -> User:
    return make_user("officer_of_taiping", Role.OFFICER, TAIPING, name="谭少芬")


@pytest.fixture
def reviewing_judge(make_user) -> User:
    return make_user("reviewing_judge", Role.JUDGE, TAIPING, SHUANGDONG, name="沈明轩")


@pytest.fixture
def judges_assistant(make_user) -> User:
    return make_user("judges_assistant", Role.ASSISTANT, TAIPING, SHUANGDONG, name="邓佳宁")


@pytest.fixture
def court_clerk(make_user) -> User:
    return make_user("court_clerk", Role.CLERK, COUNTY, name="何雨桐")


@pytest.fixture
def justice_officer(make_user) -> User:
    return make_user("justice_officer", Role.JUSTICE, COUNTY, name="梁志远")


@pytest.fixture
def committee_officer(make_user, settings) -> User:
    """Also the county supervisor, to whom reminders without a responsible person go."""
    settings.SUPERVISOR_USERNAME = "committee_officer"
    return make_user("committee_officer", Role.COMMITTEE, COUNTY, name="区国栋")


@pytest.fixture
def admin(make_user) -> User:
    user = make_user("admin", Role.ADMIN, name="管理员")
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


@pytest.fixture
def auditor(make_user) -> User:
    return make_user("auditor", Role.AUDITOR, name="审计员")


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def cast(
    mediator_of_taiping,
    mediator_of_shuangdong,
    officer_of_taiping,
    reviewing_judge,
    judges_assistant,
    court_clerk,
    justice_officer,
    committee_officer,
    admin,
    auditor,
) -> dict[str, User]:
    """Everybody, by fixture name."""
    everybody = locals()
    return {name: user for name, user in everybody.items() if isinstance(user, User)}


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """client_of(user) → a browser already signed in, its session stamped, so that no first request differs."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="core.sessions.AccountBackend")
        session = client.session
        session["signed_in_at"] = session["seen_at"] = session["password_at"] = timezone.now().timestamp()
        session.save()
        return client

    return sign_in


# ── the log ──────────────────────────────────────────────────────────────────
@pytest.fixture
def log_file() -> Iterator[Callable[[], str]]:
    """log_file() → what the handler of the settings has written so far, in its own words."""
    [console] = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]
    file = io.StringIO()
    before = console.setStream(file)
    yield file.getvalue
    console.setStream(before)
