"""The ledger: the disputes under its filter, and one page of them with their number."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat

from core import privacy
from core.bulk import Among
from core.paging import CappedCount, Page, capped_count, keyset_page
from core.scope import TOWN_CODE_LENGTH, within_any
from disputes import bigrams, ledger, marks
from disputes.choices import Outcome
from disputes.ledger import LedgerFilter
from disputes.models import CodeSequence, Dispute, DisputeQuerySet, Party, shared_keys
from disputes.queries import searching
from disputes.queries.due import with_due
from disputes.search import understand

NEWEST, OLDEST = ("-registered_on", "-id"), ("registered_on", "id")
ON_THE_LINE = {
    "village": F("division__name"),
    "type": F("case_type__name"),
    "handler_name": F("handler__name"),
    "handler_account": F("handler__username"),
}
OF_ANOTHER_TOWN = {"town": F("division__parent__name")}  # asked for where rows of another town may come
OF_THE_DISPUTE = (
    *("id", "code", "title", "town_code", "amount", "registered_on", "entered_late"),
    *("state", "risk", "failures", "cluster_mark"),
)
Line = dict[str, Any]


# ── which disputes ───────────────────────────────────────────────────────────
def filtered(user: Any, params: Mapping[str, str]) -> DisputeQuerySet:
    """The disputes `user` sees under the ledger's parameters: one source for list, export and every linked figure."""
    return narrowed(user, ledger.parse(params))


def narrowed(user: Any, wanted: LedgerFilter) -> DisputeQuerySet:
    """`filtered`, for parameters already understood. A parameter not understood shows nothing rather than too much."""
    if wanted.problems:
        return Dispute.objects.none()
    rows = _shown_to(user, wanted).filter(_place(wanted), _condition(user, wanted), _days(wanted))
    if not wanted.is_search:
        return rows
    text = search_text(user, wanted)
    return rows.filter(_search(text), _town_mark(text, wanted)) if text else rows.none()


def _shown_to(user: Any, wanted: LedgerFilter) -> DisputeQuerySet:
    """The ledger lists the disputes of one's own divisions, so that each is counted once, for the town that leads.

    What one's town handles together with another is found by search, or listed by itself; what was merged into
    another is found by search, or by its state.
    """
    if wanted.value("joint"):
        return Dispute.objects.filter(pk__in=shared_keys(user))
    if wanted.is_search:
        return Dispute.objects.visible_to(user)
    rows = Dispute.objects.led_by(user)
    return rows if wanted.states or wanted.outcomes else rows.exclude(outcome=Outcome.MERGED)


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
    if handler := wanted.value("handler"):
        found &= Q(handler_id={ledger.ME: user.pk, ledger.NOBODY: None}.get(handler, handler))
    if due := wanted.value("due"):
        found &= with_due(user, due)
    return found & Q(entered_late=True) if wanted.value("late") else found


def _days(wanted: LedgerFilter) -> Q:
    lookups = {"from": "registered_on__gte", "to": "registered_on__lte", "closed_from": "closed_on__gte"}
    lookups["closed_to"] = "closed_on__lte"
    found = Q(**{lookups[name]: day for name, day in wanted.days.items() if name in lookups})
    if day := wanted.days.get("closed_to"):
        found &= Q(registered_on__lte=day)  # of itself so; said, since the database walks the days of registering
    if day := wanted.days.get("open_on"):
        found &= Q(registered_on__lte=day) & (Q(closed_on=None) | Q(closed_on__gt=day))
    return found


def _search(text: str) -> Q:
    asked = understand(text)
    if asked.code:
        return Q(code__startswith=asked.code)
    if asked.code_end:
        return Q(code__in=_codes_that_end(asked.code_end))
    if asked.words:
        wanted = bigrams.phrases(asked.words)
        return Q(search__holds=wanted) if wanted else Q(pk__in=[])
    if asked.last4:
        return _with_party(Q(id_last4=asked.last4) | Q(phone_last4=asked.last4))
    if asked.phone:
        return _with_party(Q(phone_hash=privacy.lookup_hash("phone", asked.phone)))
    return _with_party(Q(id_hash=privacy.lookup_hash("id_number", asked.id_number)))


def _codes_that_end(end: str) -> QuerySet[CodeSequence, str]:
    """The code of each town that ends so, from the few counters of that month: each is then found by its own index."""
    month, _, serial = end.partition("-")
    of_month = CodeSequence.objects.filter(prefix__endswith=month)
    return of_month.annotate(code=Concat("prefix", Value(f"-{serial}"))).values_list("code", flat=True)


def _town_mark(text: str, wanted: LedgerFilter) -> Q:
    """The town once more, for the search index."""
    is_a_town = len(wanted.value("town")) == TOWN_CODE_LENGTH and understand(text).words
    return Q(search__holds=marks.of_town(wanted.value("town"))) if is_a_town else Q()


def _with_party(condition: Q) -> Q:
    return Q(pk__in=Party.objects.filter(condition).values("dispute_id"))


# ── one page of them ─────────────────────────────────────────────────────────
def ledger_page(
    rows: DisputeQuerySet, wanted: LedgerFilter, *, cursor: str, searched: str = ""
) -> tuple[Page[Line], CappedCount]:
    """A page of the `narrowed` rows in the order asked for, and how many they are. Two queries, for rare cases more.

    Of each row only what stands on its line, by the names of `OF_THE_DISPUTE` and `ON_THE_LINE`.

    `searched` is the text behind `wanted` (`search_text`). What was searched for is found first, by its own index: few
    are then put in order, of many only those of some months.
    """
    order = OLDEST if wanted.value("sort") == "old" else NEWEST
    shown = _lines(rows, wanted)
    if not wanted.is_search:
        by_index = order if wanted.value("type") or wanted.value("source") else ()
        return keyset_page(shown, order=order, cursor=cursor), capped_count(rows, order=by_index)
    by_words = bool(understand(searched).words)
    found = searching.found_by_words(rows) if by_words else searching.found_of_few(rows)
    keys = found.keys
    if len(keys) > searching.COUNT_CAP:
        fetch = partial(searching.by_months, counted=found) if by_words else searching.in_order
        return keyset_page(shown, order=order, cursor=cursor, fetch=fetch), CappedCount(
            searching.COUNT_CAP, capped=True
        )
    few = _lines(Dispute.objects.filter(Among(F("pk"), keys)), wanted)  # found and seen already: nothing to ask again
    return keyset_page(few, order=order, cursor=cursor), CappedCount(len(keys), capped=False)


def _lines(rows: DisputeQuerySet, wanted: LedgerFilter) -> Any:
    return rows.values(*OF_THE_DISPUTE, **ON_THE_LINE, **(OF_ANOTHER_TOWN if wanted.may_leave_scope else {}))
