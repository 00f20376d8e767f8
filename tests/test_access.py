"""Who gets which answer at every address: the walk comes from the URL configuration, the answers from one file.

`access_matrix.txt` holds a line per named URL, method and object: of 太平镇 (A), of 双东街道 (B), of nobody (none),
or `*` where it makes no difference. The answers stand in the order of `ACTORS`.
"""

import copy
import hashlib
import html
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

import config.urls
from core.models import AuditEntry
from tests.access_world import NOWHERE, SECRETS, Town, World, world
from tests.conftest import SHUANGDONG, TAIPING
from tests.mediation.conftest import _day, law_in_force, make_dispute, private_loan
from tests.test_house import DOORS, PUBLIC, endpoints

__all__ = ["_day", "law_in_force", "make_dispute", "private_loan", "world"]

MATRIX = Path(__file__).with_name("access_matrix.txt")
ACTORS = (
    "mediator_of_taiping",
    "mediator_of_shuangdong",
    "officer_of_taiping",
    "reviewing_judge",
    "judges_assistant",
    "court_clerk",
    "justice_officer",
    "committee_officer",
    "admin",
    "auditor",
    "anonymous",
)
METHODS, PLACES, ANY = ("GET", "POST"), ("A", "B", "none"), "*"
OWN_PASSWORD = "/account/password/"  # where admin's page of that name leads
DOOR, NOT_FOUND = "door", "404"
Line = tuple[str, str, str]  # address, method, place

# What an address needs beside the town's own things: further arguments, a query, a body that would do something.
ONE_OF_A_KIND = {
    "liaison:system": {"kind": "grid"},
    "liaison:system-adopt": {"kind": "grid"},
    "liaison:item-report": {"item": "plaque"},
    "liaison:item-check": {"item": "office"},
    "court:confirmation-paper": {"paper": "application"},
    "reports:list-figure": {"figure": "registered"},
    "reports:list-towns": {"figure": "team-complete"},
    "roster:import-row": {"place": 1},
    "liaison:duty-calendar": {"token": "nobodys"},
    "liaison:activity": {"book": "training"},
    "liaison:activity-record": {"book": "training"},
    "liaison:activity-correct": {"book": "training"},
    "liaison:activity-void": {"book": "training"},
    "liaison:activity-plan": {"year": 2023},
}
WHICH_PK = {
    "court:confirmation-review": "confirmation",
    "court:confirmation-paper": "confirmation",
    "court:confirmation-step": "confirmation",
    "court:guidance-answer": "guidance",
    "notification-open": "notification",
    "account-code": "account",
    "account-factor": "account",
    "routing:rule": "rule",
    "disputes:cluster": "cluster",
    "disputes:cluster-acknowledge": "cluster",
    "disputes:cluster-close": "cluster",
    "disputes:suggestion": "suggestion",
    "disputes:suggestion-paper": "suggestion",
    "disputes:suggestion-step": "suggestion",
    "disputes:danger": "danger",
    "disputes:danger-close": "danger",
    "liaison:item-end": "item",
    "liaison:duty-shift": "shift",
    "liaison:duty-reassign": "shift",
    "liaison:duty-swap": "shift",
    "liaison:duty-miss": "shift",
    "liaison:duty-unmark": "shift",
    "liaison:duty-hold": "shift",
    "liaison:duty-cancel": "shift",
    "liaison:assistance": "assistance",
    "liaison:assistance-step": "assistance",
    "liaison:assistance-reveal": "assistance",
    "liaison:assistance-receipt": "assistance",
    "liaison:meeting": "meeting",
    "liaison:meeting-correct": "meeting",
    "liaison:decision-done": "decision",
    "liaison:decision-withdraw": "decision",
    "liaison:meeting-void": "meeting",
    "liaison:activity-void": "training",
    "liaison:activity": "training",
    "liaison:activity-correct": "training",
}
BY_TOWN = {"roster:team", "roster:platform-town"}
FAMILIES = {
    "court:confirmation-step": ("accept", "confirm", "draft_ruling", "extend", "serve"),  # one of each kind of right
    "disputes:suggestion-step": ("sign", "send"),  # the judge's alone, the court's
    "liaison:assistance-step": ("accept", "complete", "receive"),  # the officer's, who goes, the court's
}
NARROWED = {"disputes:list", "disputes:export", "court:confirmations", "court:confirmations-export", "roster:list",
            "reports:list-figure"}  # fmt: skip
BODIES = {
    "disputes:reveal": {"field": "id_number", "reason": "核对身份"},
    "roster:reveal": {"field": "id_number", "reason": "核对身份"},
    "disputes:consent": {"on": "2023-09-01"},
    "court:confirmation-paper": {"reason": "核对身份"},
    "liaison:assistance-reveal": {"field": "phone", "reason": "联系本人"},
    "mediation:entrustment": {"verb": "return"},
    "mediation:register-sheet": {"reason": "签字存档"},
}
# A number stands in clear only where somebody in charge asked for it: each of these is written down.
CLEAR = {
    ("disputes:reveal", "POST"),
    ("liaison:assistance-reveal", "POST"),
    ("roster:reveal", "POST"),
    ("roster:import-marked", "POST"),
    ("disputes:import-marked", "POST"),
    ("court:confirmation-paper", "POST"),
    ("mediation:agreement-docx", "POST"),
    ("mediation:register-sheet", "POST"),
    ("mediation:confirmation-docx", "POST"),
}
TOWN_ACTORS = ("mediator_of_taiping", "mediator_of_shuangdong", "officer_of_taiping")
FOREIGN = {
    "mediator_of_taiping": (SHUANGDONG,),
    "officer_of_taiping": (SHUANGDONG,),
    "mediator_of_shuangdong": (TAIPING,),
    "admin": (TAIPING, SHUANGDONG),
    "auditor": (TAIPING, SHUANGDONG),
    "anonymous": (TAIPING, SHUANGDONG),
}
DONE = {"200", "302", "422", "409"}
ADDRESS = re.compile(r'\b(?:href|src|action|hx-get|hx-post|hx-push-url)="(?!tel:)([^"]*)"')


def base(address: str) -> str:
    """The URL name of an address of the walk: `court:confirmation-step/accept` is one of a family."""
    return address.partition("/")[0]


# ── the walk ─────────────────────────────────────────────────────────────────
def arguments(pattern: URLPattern | URLResolver) -> set[str]:
    return set(getattr(pattern.pattern, "converters", {}))


def named_urls(patterns: Any = None, prefix: str = "", taken: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """Arguments of every URL by its full name; admin's generated ones apart."""
    found: dict[str, set[str]] = {}
    for one in config.urls.urlpatterns if patterns is None else patterns:
        names = taken | arguments(one)
        if isinstance(one, URLPattern):
            found[f"{prefix}{one.name or f'(no name) {one.pattern}'}"] = set(names)
        elif one.namespace != "admin":
            inner = f"{prefix}{one.namespace}:" if one.namespace else prefix
            found |= named_urls(one.url_patterns, inner, frozenset(names))
    return found


@cache
def arguments_of(name: str) -> set[str]:
    return named_urls()[name]


def addresses() -> Iterator[str]:
    """Every name, the steps once a kind of verb."""
    for name in named_urls():
        yield from (f"{name}/{verb}" for verb in FAMILIES[name]) if name in FAMILIES else (name,)


def has_object(address: str) -> bool:
    name = base(address)
    return (
        name in NARROWED
        or name == "court:confirmations-accept"
        or bool(arguments_of(name) - ONE_OF_A_KIND.get(name, {}).keys())
    )


def lines() -> Iterator[Line]:
    for address in addresses():
        for place in PLACES if has_object(address) else (ANY,):
            yield from ((address, method, place) for method in METHODS)


def url_of(address: str, town: Town) -> str:
    name, _, verb = address.partition("/")
    known = town.kwargs | {"town_code": town.code, "code": town.dispute, "verb": verb}
    known["code"] = town.code if name in BY_TOWN else town.dispute
    if name == "mediation:entrustment":
        known["code"] = town.entrusted
    known |= {"pk": known.get(WHICH_PK.get(name, ""))} | ONE_OF_A_KIND.get(name, {})
    url = reverse(name, kwargs={argument: known[argument] for argument in arguments_of(name)})
    return f"{url}?town={town.code}" if name in NARROWED else url


def body_of(address: str, town: Town) -> dict[str, Any]:
    if base(address) == "court:confirmations-accept":
        return {"request": [town.request]}
    return BODIES.get(base(address), {})


# ── the answers ──────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Answer:
    word: str
    text: str
    leads_to: str = ""


def text_of(response: Any) -> str:
    """What stands in an answer, the sheets and paragraphs of Office files too."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def ask(client: Client, line: Line, town: Town) -> Answer:
    """Ask, and take back whatever a post did: in the tables, and in the browser that may have been signed out."""
    address, method, _ = line
    cookies = copy.deepcopy(client.cookies)
    undone = transaction.atomic()
    undone._from_testcase = True  # what must be committed at once (a reveal) may run inside, as in any test
    with undone:
        url = url_of(address, town)
        response = client.get(url) if method == "GET" else client.post(url, body_of(address, town))
        if method == "POST":
            transaction.set_rollback(True)
    client.cookies = cookies
    leads_out = response.status_code == 302 and response["Location"].startswith(DOORS)
    word = DOOR if leads_out else str(response.status_code)
    return Answer(word, text_of(response), response.headers.get("Location", ""))


def places_of(world: World) -> dict[str, Town]:
    return {"A": world[TAIPING], "B": world[SHUANGDONG], "none": NOWHERE, ANY: NOWHERE}


def walk(client: Client, world: World, method: str, chosen: Any = None) -> dict[Line, Answer]:
    places = places_of(world)
    return {line: ask(client, line, places[line[2]]) for line in chosen or lines() if line[1] == method}


def expected() -> dict[Line, dict[str, str]]:
    """The file: by line, the word each actor is answered with."""
    found: dict[Line, dict[str, str]] = {}
    for row in MATRIX.read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            address, method, place, *words = row.split()
            for each in PLACES if place == ANY and has_object(address) else (place,):
                found[address, method, each] = dict(zip(ACTORS, words, strict=True))
    return found


def differences(answers: dict[Line, Answer], actor: str) -> dict[str, str]:
    """Where the answers are not those of the file, or show what they must not; by line, what is wrong."""
    promised, wrong = expected(), {}
    for line, answer in answers.items():
        name = " ".join(line)
        if line not in promised:
            wrong[name] = "not in access_matrix.txt"
        elif answer.word != promised[line][actor]:
            wrong[name] = f"{answer.word}, not {promised[line][actor]}"
        elif shown := [word for word in hidden_from(actor, line) if word in answer.text]:
            wrong[name] = f"shows {shown}"
        elif answer.word == NOT_FOUND and same_as_missing(answer, answers, line) is False:
            wrong[name] = "is not the answer to what does not exist"
    return wrong


def named_in_addresses(answers: dict[Line, Answer]) -> dict[str, list[str]]:
    """Where an address, of a link, a form or a redirect, says something of a person; by line, what."""
    people = [word for one in SECRETS.values() for word in (*one.case, one.staff, *one.id_numbers, *one.phones)]
    found = {}
    for line, answer in answers.items():
        told = " ".join(unquote_plus(html.unescape(one)) for one in (*ADDRESS.findall(answer.text), answer.leads_to))
        if shown := [word for word in people if word in told]:
            found[" ".join(line)] = shown
    return found


def same_as_missing(answer: Answer, answers: dict[Line, Answer], line: Line) -> bool | None:
    missing = answers.get((line[0], line[1], "none"))
    return None if missing is None or missing.word != NOT_FOUND else bare(answer.text) == bare(missing.text)


def bare(text: str) -> str:
    """Without what differs from request to request."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|编号 [\w-]+', "", text)


def hidden_from(actor: str, line: Line) -> list[str]:
    """Names of people whose cases are not this actor's; numbers, where nobody sees them without a reason."""
    numbers = [number for one in SECRETS.values() for number in (*one.id_numbers, *one.phones)]
    words = [] if (base(line[0]), line[1]) in CLEAR else numbers
    for town in FOREIGN.get(actor, ()):
        words += SECRETS[town].case
        words += [] if actor == "admin" else [SECRETS[town].staff]
    return words


# ── what the file must say ───────────────────────────────────────────────────
def test_every_url_stands_in_the_file_and_nothing_else_does():
    walked = set(lines())

    assert sorted(" ".join(line) for line in walked - expected().keys()) == []
    assert sorted(" ".join(line) for line in expected().keys() - walked) == []


def test_the_file_opens_no_other_town_and_no_area_without_a_right():
    wrong = []
    for line, words in expected().items():
        address, _, place = line
        if base(address) not in NARROWED | PUBLIC:
            towns = {actor: "B" if TAIPING in FOREIGN[actor] else "A" for actor in TOWN_ACTORS}
            wrong += [
                (*line, actor) for actor in TOWN_ACTORS if place not in (ANY, towns[actor]) and words[actor] in DONE
            ]
        if words["anonymous"] != DOOR and base(address) not in PUBLIC:
            wrong.append((*line, "anonymous"))
        if address.startswith(("disputes:", "mediation:", "court:", "dispute-page")):
            wrong += [(*line, actor) for actor in ("admin", "auditor") if words[actor] not in ("403", "405")]

    assert wrong == []


# ── the walk of each ─────────────────────────────────────────────────────────
@pytest.mark.parametrize("actor", ACTORS)
def test_each_address_answers_as_the_file_says_and_looking_changes_nothing(actor, world, cast, client_of, caplog):
    caplog.set_level(logging.INFO)
    client = Client() if actor == "anonymous" else client_of(cast[actor])
    before, read = tables(), AuditEntry.objects.count()

    answers = walk(client, world, "GET")
    changed = {name for name, held in tables().items() if before[name] != held}
    noted = set(AuditEntry.objects.order_by("pk")[read:].values_list("action", flat=True))
    answers |= walk(client, world, "POST")

    assert differences(answers, actor) == {}
    assert named_in_addresses(answers) == {}
    told = [word for one in SECRETS.values() for word in (*one.case, *one.id_numbers, *one.phones)]
    assert [word for word in told if word in caplog.text] == []
    assert changed == set()
    assert noted <= {"access.refused", "file.download", "confirmation.paper"}


def tables() -> dict[str, str]:
    """A hash of the rows of every table but those that note who was here."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if not name.startswith(("axes_", "django_session", "core_audit")):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
                found[name] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


def test_nobody_of_a_case_is_named_in_the_audit_trail(world):
    noted = "".join(repr(detail) for detail in AuditEntry.objects.values_list("detail", flat=True))

    assert [word for town in SECRETS.values() for word in town.case if word in noted] == []


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor not in ("admin", "anonymous")])
def test_configuration_is_for_the_admin_alone(actor, cast, client_of):
    client, let_in = client_of(cast[actor]), {}
    for name, address, _ in endpoints():
        if name.startswith("admin:") and "(?" not in address:
            answer = client.get(address)
            led_out = answer.status_code == 302 and answer["Location"].startswith((*DOORS, OWN_PASSWORD))
            if not led_out and answer.status_code not in (403, 405):
                let_in[name] = answer.status_code

    assert let_in == {}
