"""The roster's migrations bring what is there into the new form."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core.privacy import lookup_hash
from roster import queries
from roster.models import Staff


@pytest.mark.django_db(transaction=True)
def test_people_who_are_there_are_found_by_their_last_four_digits(admin, seat):
    staff = seat("林文英").staff
    staff.id_number, staff.phone = "44538119720721160X", "13881924865、0766-3811122"
    staff.save()
    MigrationExecutor(connection).migrate([("roster", "0002_people")])
    Staff.objects.update(
        id_tail_hash="", phone_tail_hash="", second_phone_tail_hash="", joined_platform_on=date(2023, 4, 20)
    )

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    found = [list(queries.people(admin, date(2023, 9, 20), search=tail)) for tail in ("160X", "4865", "1122")]
    assert found == [[staff]] * 3
    staff.refresh_from_db()
    assert staff.platform_recorded_at == staff.created_at


@pytest.mark.django_db(transaction=True)
def test_people_who_are_there_stand_in_order_and_are_found_as_before(admin, seat):
    staff = seat("区庆芳").staff
    MigrationExecutor(connection).migrate([("roster", "0005_exports")])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roster_staff SET name_initials = 'qqf'")
        cursor.execute("UPDATE roster_staff SET id_tail_hash = %s", [lookup_hash("id_tail", "160X")])  # all of it

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    staff.refresh_from_db()
    assert (staff.name_initials, staff.name_order) == ("oqf", "ou10533aqing4fang1")
    assert list(queries.people(admin, date(2023, 9, 20), search="160X")) == [staff]
