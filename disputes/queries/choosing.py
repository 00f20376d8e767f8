"""What one may choose from: villages, towns, case types."""

from django.db.models import FilteredRelation, Q

from core.choices import Level
from core.models import Division, User
from disputes.models import CaseQuestion, CaseType
from disputes.questions import Required

TOWN_LENGTH = 9


def villages_of(user: User) -> list[Division]:
    """The villages of the user's towns with their town, in the order of their codes."""
    rows = Division.objects.filter(level=Level.VILLAGE).filter(_inside_scope(user.scope_codes))
    return list(rows.select_related("parent").order_by("code"))


def case_types() -> list[CaseType]:
    """The types in use, in their order."""
    return list(CaseType.objects.filter(enabled=True))


def case_types_asking() -> list[CaseType]:
    """The types in use with what each asks (`asked`), in one query."""
    question = FilteredRelation("questions", condition=Q(questions__enabled=True))
    rows = CaseType.objects.filter(enabled=True).annotate(question=question).select_related("question")  # type: ignore[misc]
    types: dict[str, CaseType] = {}
    for row in rows.order_by("order", "question__order", "question__pk"):
        first = types.setdefault(row.key, row)
        if (asked := getattr(row, "question", None)) is not None:
            first.asked.append(asked)
    return list(types.values())


def questions_of(case_type: str) -> list[CaseQuestion]:
    """What one type asks, switched off itself or not."""
    return list(CaseQuestion.objects.filter(case_type=case_type, enabled=True).order_by("order", "pk"))


def required_of(case_type: str) -> list[Required]:
    """What one type must have answered before an agreement."""
    rows = CaseQuestion.objects.filter(case_type=case_type, enabled=True, required_before_agreement=True)
    return [Required(*row) for row in rows.order_by("order", "pk").values_list("key", "label", "fills_amount")]


def places_of(user: User, town: str = "") -> list[Division]:
    """Towns in the user's scope, and the villages of the town in question, for the ledger's filters."""
    codes = tuple(user.scope_codes)
    towns = Q(level=Level.TOWN) & (_inside_scope(codes))
    own = [code for code in codes if len(code) >= TOWN_LENGTH]
    chosen = town or (own[0] if len(own) == 1 else "")
    villages = Q(level=Level.VILLAGE, parent_id=chosen) & _inside_scope(codes) if chosen else Q(pk__in=[])
    return list(Division.objects.filter(towns | villages).order_by("code"))


def _inside_scope(codes: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(code__startswith=code[:TOWN_LENGTH])
    return found
