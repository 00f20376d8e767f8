"""The ledger: the disputes under its filter, and one page of them with their number."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from core import privacy
from core.bulk import Among
from core.paging import COUNT_CAP, CappedCount, Page, capped_count, keyset_page
from core.queries import today
from core.scope import within_any
from disputes import bigrams, ledger
from disputes.ledger import LedgerFilter
from disputes.models import Dispute, DisputeQuerySet, Party
from disputes.search import understand

NEWEST, OLDEST = ("-registered_on", "-id"), ("registered_on", "id")
ON_THE_LINE, NOT_SHOWN = ("case_type", "division", "handler"), ("narrative", "triage")
WINDOWS = (30, 150, 630, 2550)  # days from where the page begins; each is four times as wide as the one before


# ── which disputes ───────────────────────────────────────────────────────────
def filtered(user: Any, params: Mapping[str, str]) -> DisputeQuerySet:
    """The disputes `user` sees under the ledger's parameters: one source for list, export and every linked figure."""
    return narrowed(user, ledger.parse(params))


def narrowed(user: Any, wanted: LedgerFilter) -> DisputeQuerySet:
    """`filtered`, for parameters already understood. A parameter not understood shows nothing rather than too much."""
    rows = Dispute.objects.visible_to(user)
    if wanted.problems:
        return rows.none()
    rows = rows.filter(_place(wanted), _condition(user, wanted), _days(wanted))
    if not wanted.is_search:
        return rows
    text = search_text(user, wanted)
    return rows.filter(_search(text)) if text else rows.none()


def search_text(user: Any, wanted: LedgerFilter) -> str:
    """What was searched for: a code in the open, or a search sealed for this user; "" for none or a foreign one."""
    if not wanted.value("s"):
        return wanted.value("q")
    try:
        return privacy.decrypt(wanted.value("s"), context=_search_context(user))
    except privacy.DecryptionError:
        return ""


def sealed_search(user: Any, text: str) -> str:
    """A search as it may stand in an address: unreadable, and of use only to `user`."""
    return privacy.encrypt(text, context=_search_context(user))


def _search_context(user: Any) -> str:
    return f"disputes.search.{user.pk}"


def _place(wanted: LedgerFilter) -> Q:
    found = Q()
    if wanted.value("town"):
        found &= within_any("town_code", (wanted.value("town"),))
    if wanted.value("village"):
        found &= Q(division_id=wanted.value("village"))
    return found


def _condition(user: Any, wanted: LedgerFilter) -> Q:
    exact = {"case_type_id": wanted.value("type"), "risk": wanted.value("risk"), "source": wanted.value("source")}
    found = Q(**{name: value for name, value in exact.items() if value})
    if wanted.states:
        found &= Q(state__in=sorted(wanted.states))
    if wanted.outcomes:
        found &= Q(outcome__in=sorted(wanted.outcomes))
    if wanted.value("handler"):
        found &= Q(handler_id=user.pk)
    return found & Q(entered_late=True) if wanted.value("late") else found


def _days(wanted: LedgerFilter) -> Q:
    lookups = {"from": "registered_on__gte", "to": "registered_on__lte", "closed_from": "closed_on__gte"}
    lookups["closed_to"] = "closed_on__lte"
    found = Q(**{lookups[name]: day for name, day in wanted.days.items() if name in lookups})
    if day := wanted.days.get("open_on"):
        found &= Q(registered_on__lte=day) & (Q(closed_on=None) | Q(closed_on__gt=day))
    return found


def _search(text: str) -> Q:
    asked = understand(text)
    if asked.code:
        return Q(code__startswith=asked.code)
    if asked.words:
        wanted = bigrams.phrases(asked.words)
        return Q(search__holds=wanted) if wanted else Q(pk__in=[])
    if asked.last4:
        return _with_party(Q(id_last4=asked.last4) | Q(phone_last4=asked.last4))
    if asked.phone:
        return _with_party(Q(phone_hash=privacy.lookup_hash("phone", asked.phone)))
    return _with_party(Q(id_hash=privacy.lookup_hash("id_number", asked.id_number)))


def _with_party(condition: Q) -> Q:
    return Q(pk__in=Party.objects.filter(condition).values("dispute_id"))


# ── one page of them ─────────────────────────────────────────────────────────
def ledger_page(rows: DisputeQuerySet, wanted: LedgerFilter, *, cursor: str) -> tuple[Page[Dispute], CappedCount]:
    """A page of the `narrowed` rows in the order asked for, and how many they are. Two queries, for rare cases more.

    PostgreSQL expects a word of the search to be spread evenly over the years and walks the days until the page is
    full: seconds for a word that was common once and is absent lately. So what was searched for is found first, by
    its own index: few are then put in order, of many only those of a stretch of days at a time.
    """
    order = OLDEST if wanted.value("sort") == "old" else NEWEST
    shown = rows.select_related(*ON_THE_LINE).defer(*NOT_SHOWN)
    if not wanted.is_search:
        return keyset_page(shown, order=order, cursor=cursor), capped_count(rows)
    keys = _some_keys(rows, COUNT_CAP + 1)
    if len(keys) > COUNT_CAP:
        return keyset_page(shown, order=order, cursor=cursor, fetch=_by_windows), CappedCount(COUNT_CAP, capped=True)
    few = shown.filter(Among(F("pk"), keys))
    return keyset_page(few, order=order, cursor=cursor), CappedCount(len(keys), capped=False)


def _some_keys(rows: DisputeQuerySet, limit: int) -> list[int]:
    """Keys of the rows, any of them, at most so many; planned as if all were wanted."""
    try:
        sql, params = rows.order_by().values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        fenced = f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM found LIMIT %s"  # noqa: S608 (Django's own text)
        cursor.execute(fenced, [*params, limit])
        return [key for (key,) in cursor.fetchall()]


def _by_windows(rows: DisputeQuerySet, columns: tuple[str, ...], key: list[Any], limit: int) -> list[Dispute]:
    """The first rows in an order of days, from the key on; each stretch of days is put in order for itself."""
    backward = columns[0].startswith("-")
    if key:
        start = key[0]
    else:
        start = today() if backward else Dispute.objects.order_by(*columns).values_list("registered_on", flat=True)[0]
    found: list[Dispute] = []
    for window in _windows(start, backward=backward):
        found += rows.filter(window).order_by(*_unindexed(columns))[: limit - len(found)]
        if len(found) == limit:
            break
    return found


def _windows(start: date, *, backward: bool) -> Iterator[Q]:
    """Stretches of days that follow each other from `start`; together they leave out no day."""
    direction, inside, past = (-1, "gt", "lte") if backward else (1, "lt", "gte")
    near = Q()
    for days in WINDOWS:
        edge = start + timedelta(days=direction * days)
        yield near & Q(**{f"registered_on__{inside}": edge})
        near = Q(**{f"registered_on__{past}": edge})
    yield near


def _unindexed(columns: tuple[str, ...]) -> list[Any]:
    """The same order, but not for an index to walk along."""
    day = columns[0].removeprefix("-")
    not_a_column = Coalesce(day, day)
    return [not_a_column.desc() if columns[0].startswith("-") else not_a_column.asc(), *columns[1:]]
