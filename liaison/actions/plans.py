"""The yearly plan: how many of each kind of activity a point means to do."""

from collections.abc import Mapping

from django.db import transaction

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from liaison.actions.points import locked_point
from liaison.choices import ActivityKind
from liaison.models import ActivityPlan

FIRST_YEAR, LAST_YEAR, MOST = 2023, 2099, 366


@transaction.atomic
def set_plan(*, point_id: int, year: int, wanted: Mapping[str, int], by: User) -> list[ActivityPlan]:
    """Write down the plan of a year; a kind that is left out or 0 is not planned. Returns the plan.

    Audited with what changed; the same plan again writes nothing. Raises Refused (field: the kind) for a number that
    cannot be, or for a year of which there can be no plan.
    """
    point = locked_point(point_id)
    require(by, "liaison.record_activity", point, message="年度计划由本镇（街）联络人员定。")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", field="year")
    for kind, number in wanted.items():
        if kind not in ActivityKind.values or not 0 <= number <= MOST:
            raise Refused(f"计划次数要在 0 到 {MOST} 之间。", field=kind)
    before = dict(ActivityPlan.objects.filter(point=point, year=year).values_list("kind", "wanted"))
    after = {kind: number for kind, number in wanted.items() if number}
    if before != after:
        ActivityPlan.objects.filter(point=point, year=year).delete()
        rows = [ActivityPlan(point=point, year=year, kind=kind, wanted=number) for kind, number in after.items()]
        ActivityPlan.objects.bulk_create(rows)
        audit.record(
            "point.set_plan",
            by=by,
            subject=point,
            division_code=point.town_code,
            detail={"year": year, "old": before, "new": after},
        )
    return list(ActivityPlan.objects.filter(point=point, year=year))
