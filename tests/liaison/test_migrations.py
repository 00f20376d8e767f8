"""The migrations of liaison bring what is there into the new form."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from liaison.models import DutyShift, LiaisonPoint
from roster.models import Staff
from tests.conftest import FENJIE, SHUANGDONG, TAIPING
from tests.liaison.conftest import moment

ONE_HELD, ALL_HELD, NONE_HELD, SINGLE = (date(2023, 7, day) for day in (3, 4, 5, 6))


def _shift(old: Any, staff: Staff, town: str, on: date, *, held: bool = False) -> None:
    point = old.get_model("liaison", "LiaisonPoint").objects.get(town_code=town)
    old.get_model("liaison", "DutyShift").objects.create(
        point=point, on=on, staff_id=staff.pk, recorded_at=moment(on), held_at=moment(on) if held else None
    )


@pytest.mark.django_db(transaction=True)
def test_a_person_on_several_rotas_of_one_day_keeps_what_was_held_or_came_first(divisions, caplog):
    staff = Staff.objects.create(name="黎桂生")
    for code in (TAIPING, SHUANGDONG, FENJIE):
        LiaisonPoint.objects.create(town_id=code, town_code=code, host="judicial_office", address="政府路")
    before = [("liaison", "0001_initial")]
    executor = MigrationExecutor(connection)
    executor.migrate(before)
    old = executor.loader.project_state([*before, ("roster", "0005_exports")]).apps
    _shift(old, staff, TAIPING, ONE_HELD)
    _shift(old, staff, SHUANGDONG, ONE_HELD, held=True)
    for town in (TAIPING, SHUANGDONG, FENJIE):
        _shift(old, staff, town, ALL_HELD, held=True)
    _shift(old, staff, SHUANGDONG, NONE_HELD)
    _shift(old, staff, TAIPING, NONE_HELD)
    _shift(old, staff, TAIPING, SINGLE, held=True)

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    kept = DutyShift.objects.order_by("on", "pk").values_list("point__town_code", "on", "hours")
    assert list(kept) == [
        (SHUANGDONG, ONE_HELD, "whole"),
        (TAIPING, ALL_HELD, "morning"),
        (SHUANGDONG, ALL_HELD, "afternoon"),
        (SHUANGDONG, NONE_HELD, "whole"),
        (TAIPING, SINGLE, "whole"),
    ]
    told = [record.getMessage()[-10:] for record in caplog.records if record.name == "liaison.migrations.0002_duty"]
    assert told == ["2023-07-03", "2023-07-04", "2023-07-05"]
