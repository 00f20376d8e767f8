"""What one may choose from: villages, towns, case types, mediators, one's own saved filters."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, F, FilteredRelation, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from core.choices import Level, Role
from core.errors import Refused
from core.models import Division, User, UserScope, spoken
from core.prepared import Prepared
from core.scope import covers, within
from disputes.models import CaseQuestion, CaseType, SavedFilter
from disputes.questions import Required

TOWN_LENGTH, CODE_LENGTH = 9, 12
SHORTEST_NAME, PLACES_SHOWN = 2, 4
TYPE, PLACE, MEDIATOR, SAVED = "type", "place", "who", "saved"
Pairs = list[tuple[str, str]]


def villages_of(user: User) -> list[Division]:
    """The villages of the user's towns with their town, in the order of their codes."""
    starts, ends = _bounds(user)
    places = list(_places(starts=starts, ends=ends))
    towns = {place.code: place for place in places if place.level == Level.TOWN}
    villages = [place for place in places if place.level == Level.VILLAGE]
    for village in villages:
        village.parent = towns[str(village.parent_id)]
    return villages


def village_of(user: User, code: str) -> Division | None:
    """A village of the user's towns, with its town; none for any other code."""
    return next(iter(_village(code=code)), None) if code.isdecimal() and covers(user.scope_codes, code) else None


_village = Prepared(
    lambda code: Division.objects.filter(pk=code, level=Level.VILLAGE).select_related("parent"), planned_once=True
)


def _place_rows(starts: tuple[str, ...], ends: tuple[str, ...]) -> QuerySet[Division]:
    """Towns and villages together: each town is made once, not once for each of its villages."""
    rows = Division.objects.filter(_between("code", starts, ends), level__in=(Level.TOWN, Level.VILLAGE))
    return rows.order_by("code")


def _between(field: str, starts: tuple[str, ...], ends: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for start, end in zip(starts, ends, strict=True):
        found |= Q(**{f"{field}__gte": start, f"{field}__lte": end})
    return found


def _bounds(user: User) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The first and the last code that lie inside each division of the user's."""
    starts = tuple(code[:TOWN_LENGTH] for code in user.scope_codes)
    return starts, tuple(code.ljust(CODE_LENGTH, "9") for code in starts)


_places = Prepared(_place_rows)


def case_types() -> list[CaseType]:
    """The types in use, in their order."""
    return list(CaseType.objects.filter(enabled=True))


def case_types_asking(chosen: str = "") -> list[CaseType]:
    """The types in use with what each asks (`asked`), or what the chosen one does, in one query."""
    types: dict[str, CaseType] = {}
    for row in _types_asking(chosen=chosen):
        of_type, of_question = row[: len(TYPE_COLUMNS)], row[len(TYPE_COLUMNS) :]
        if of_type[0] not in types:  # made once, not once for each of its questions
            types[of_type[0]] = CaseType.from_db(DEFAULT_DB_ALIAS, TYPE_COLUMNS, of_type)
        if of_question[0] is not None:
            types[of_type[0]].asked.append(CaseQuestion.from_db(DEFAULT_DB_ALIAS, QUESTION_COLUMNS, of_question))
    return list(types.values())


TYPE_COLUMNS, QUESTION_COLUMNS = (
    [field.attname for field in model._meta.concrete_fields] for model in (CaseType, CaseQuestion)
)


def _rows_of_types(chosen: str) -> QuerySet[CaseType, tuple[Any, ...]]:
    asked = Q(questions__enabled=True) & (Q(questions__case_type=chosen) if chosen else Q())
    question = FilteredRelation("questions", condition=asked)
    rows = CaseType.objects.filter(enabled=True).annotate(question=question)
    columns = (*TYPE_COLUMNS, *(f"question__{name}" for name in QUESTION_COLUMNS))
    return rows.order_by("order", "question__order", "question__pk").values_list(*columns)


_types_asking = Prepared(_rows_of_types, planned_once=True)


def questions_of(case_type: str) -> list[CaseQuestion]:
    """What one type asks, switched off itself or not."""
    return list(CaseQuestion.objects.filter(case_type=case_type, enabled=True).order_by("order", "pk"))


def required_of(case_type: str) -> list[Required]:
    """What one type must have answered before an agreement."""
    rows = CaseQuestion.objects.filter(case_type=case_type, enabled=True, required_before_agreement=True)
    return [Required(*row) for row in rows.order_by("order", "pk").values_list("key", "label", "fills_amount")]


# ── for the ledger's filter ──────────────────────────────────────────────────
@dataclass
class LedgerChoices:
    """What the filter offers, each as key and words; villages and mediators only once a town is chosen."""

    types: Pairs = field(default_factory=list)
    towns: Pairs = field(default_factory=list)
    villages: Pairs = field(default_factory=list)
    mediators: Pairs = field(default_factory=list)
    saved: list[tuple[UUID, str]] = field(default_factory=list)

    @property
    def town_names(self) -> dict[str, str]:
        return dict(self.towns)

    def places_named(self, text: str) -> list[tuple[str, str, str]]:
        """Places among those offered whose name holds what was searched for: the filter's field, the code, the name."""
        words = text.strip()
        if len(words) < SHORTEST_NAME:
            return []
        offered = (("village", self.villages), ("town", self.towns if len(self.towns) > 1 else []))
        named = [(field, code, name) for field, places in offered for code, name in places if words in name]
        return named[:PLACES_SHOWN]


def ledger_choices(user: User, town: str = "") -> LedgerChoices:
    """Everything the ledger's filter offers, in one query."""
    starts, ends = _bounds(user)
    own = [code for code in starts if len(code) == TOWN_LENGTH]
    chosen = town or (own[0] if len(own) == 1 else "")
    found = LedgerChoices()
    for kind, _, key, name in _choices(user_pk=user.pk, chosen=chosen, starts=starts, ends=ends):
        _put(found, kind, key, name)
    return found


def _choice_rows(user_pk: int, chosen: str, starts: tuple[str, ...], ends: tuple[str, ...]) -> Any:
    """Types, towns and villages, mediators, saved filters; `starts` and `ends` are the first and last codes seen."""
    towns = Q(level=Level.TOWN) & _between("code", starts, ends)
    villages = Q(level=Level.VILLAGE, parent_id=chosen) & _between("code", starts, ends) if chosen else Q(pk__in=[])
    mediators = UserScope.objects.filter(division_id=chosen, user__role=Role.MEDIATOR, user__is_active=True)
    branches = [
        _branch(CaseType.objects.filter(enabled=True), TYPE, "key", "name", F("order")),
        _branch(Division.objects.filter(towns | villages), PLACE, "code", "name"),
        _branch(mediators.filter(_between("division_id", starts, ends)), MEDIATOR, "user_id", "user__name"),
        _branch(SavedFilter.objects.owned_by(user_pk), SAVED, "pk", "name"),
    ]
    first, *others = branches
    return first.union(*others, all=True).order_by("kind", "place", "keyed")


_choices = Prepared(_choice_rows)


def _branch(rows: Any, kind: str, key: str, name: str, place: Any = None) -> Any:
    text = CharField()
    return (
        rows.order_by()
        .annotate(
            kind=Value(kind, output_field=text),
            place=Cast(place, IntegerField()) if place else Value(0, output_field=IntegerField()),
            keyed=Cast(key, text),
            named=Cast(name, text),
        )
        .values_list("kind", "place", "keyed", "named")
    )


def _put(found: LedgerChoices, kind: str, key: str, name: str) -> None:
    if kind == TYPE:
        found.types.append((key, name))
    elif kind == PLACE and len(key) == TOWN_LENGTH:
        found.towns.append((key, name))
    elif kind == PLACE:
        found.villages.append((key, spoken(name)))
    elif kind == MEDIATOR:
        found.mediators.append((key, name))
    else:
        found.saved.append((UUID(key), name))


HOMES_NAMED = 5


def homes() -> list[str]:
    """The county's towns and villages as they are typed for a party's home, by their codes; one query."""
    rows = Division.objects.filter(_of_county(), level__in=(Level.TOWN, Level.VILLAGE)).select_related("parent")
    return [home_label(row) for row in rows.order_by("code")]


def home_label(place: Division) -> str:
    """太平镇; 太平镇 石牌村."""
    return f"{place.parent} {place.short_name}" if place.level == Level.VILLAGE else place.name


def find_home(text: str) -> Division:
    """The town or village of the county that a text names, in one query: 双东街道, 太平镇 石牌村, 石牌.

    Raises Refused when none or several fit, with what could be meant.
    """
    words = text.split()
    found = Q()
    for word in words:
        stem = (
            word.removesuffix("村民委员会").removesuffix("居民委员会").removesuffix("社区").removesuffix("村") or word
        )
        found &= Q(name__contains=stem) | Q(parent__level=Level.TOWN, parent__name__contains=stem)
    rows = Division.objects.filter(_of_county(), found, level__in=(Level.TOWN, Level.VILLAGE)).select_related("parent")
    places = list(rows.order_by("code")[: HOMES_NAMED * 20])
    said = " ".join(words)
    exact = [place for place in places if said in (home_label(place), place.name, place.short_name)]
    towns = [place for place in places if place.level == Level.TOWN]
    for candidates in (exact, towns if len(words) == 1 else [], places):
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            some = "、".join(home_label(place) for place in candidates[:HOMES_NAMED])
            raise Refused(f"「{said}」不止一处：{some}。", hint="请把镇（街）和村（社区）写全。")
    raise Refused(f"本县（市）没有「{said}」。", hint="请从提示里选镇（街）或村（社区）；外县的人不用填。")


def _of_county() -> Q:
    return within("code", settings.COUNTY_CODE)
