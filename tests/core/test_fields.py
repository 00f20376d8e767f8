"""Encrypted columns seen through a model that has them."""

import pytest
from django.db import connection

from core.fields import EncryptedTextField, LookupHashField, SealedValue
from core.privacy import DecryptionError, lookup_hash
from roster.models import Staff

pytestmark = pytest.mark.django_db
ID_NUMBER, PHONE = "445381198503021234", "13812345678"


@pytest.fixture
def person() -> Staff:
    return Staff.objects.create(name="黎桂生", id_number=ID_NUMBER, phone=PHONE)


def stored(column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM roster_staff")
        return str(cursor.fetchone()[0])


def test_the_database_never_sees_the_text(person):
    assert stored("id_number").startswith("v1:k1:aes-256-gcm:")
    assert ID_NUMBER not in stored("id_number") + stored("id_hash")


def test_a_fresh_row_opens_on_first_access(person):
    again = Staff.objects.get()

    assert isinstance(again.__dict__["id_number"], SealedValue)
    assert (again.id_number, again.phone) == (ID_NUMBER, PHONE)


def test_a_sealed_value_prints_as_sealed(person):
    sealed = Staff.objects.get().__dict__["id_number"]

    assert (str(sealed), repr(sealed)) == ("（已加密）", "（已加密）")


def test_saving_a_row_that_was_not_opened_keeps_its_token(person):
    before = stored("id_number")

    again = Staff.objects.get()
    again.name = "黎桂生（兼）"
    again.save()

    assert (stored("id_number"), stored("id_hash")) == (before, lookup_hash("id_number", ID_NUMBER))


def test_a_deferred_column_is_fetched_and_opened(person):
    assert Staff.objects.defer("phone").get().phone == PHONE


def test_a_changed_value_changes_its_hash(person):
    person.id_number = "445381198507070317"
    person.save()

    assert Staff.objects.get(id_hash=lookup_hash("id_number", "445381 19850707 0317")).pk == person.pk


def test_of_an_ending_only_the_beginning_of_the_hash_is_kept(person):
    assert stored("phone_tail_hash") == lookup_hash("phone_tail", PHONE[-4:])[:16]


def test_an_emptied_value_has_no_token_and_no_hash(person):
    person.phone = ""
    person.save()

    assert (stored("phone"), stored("phone_tail_hash"), Staff.objects.get().phone) == ("", "", "")


def test_a_token_copied_to_another_row_is_refused(person):
    other = Staff.objects.create(name="别人", id_number="445381199001012345")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roster_staff SET id_number = %s WHERE name = '别人'", [stored("id_number")])

    with pytest.raises(DecryptionError):
        _ = Staff.objects.get(pk=other.pk).id_number


def test_an_encrypted_column_cannot_be_updated_in_bulk(person):
    with pytest.raises(TypeError, match="encrypted per row"):
        Staff.objects.update(id_number="445381199001012345")


def test_a_hash_field_says_what_it_is_made_from():
    facts = vars(Staff._meta.get_field("id_hash"))

    assert {name: facts[name] for name in ("editable", "source", "label")} == {
        "editable": False,
        "source": "id_number",
        "label": "id_number",
    }


def test_a_hash_field_without_an_index_is_written_into_a_migration_without_one():
    _, _, arguments, keywords = LookupHashField(source="phone", label="phone", db_index=False).deconstruct()

    assert LookupHashField(*arguments, **keywords).db_index is False


def test_people_are_found_by_number_through_the_index_that_keeps_numbers_single():
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET LOCAL enable_seqscan = off")

    assert "roster_one_person_per_id_number" in Staff.objects.numbered([lookup_hash("id_number", ID_NUMBER)]).explain()


def test_a_hash_field_survives_being_written_into_a_migration():
    _, _, arguments, keywords = LookupHashField(source="phone", label="phone").deconstruct()

    clone = LookupHashField(*arguments, **keywords)

    assert (clone.source, clone.label, clone.max_length) == ("phone", "phone", 64)
    assert isinstance(Staff._meta.get_field("phone"), EncryptedTextField)
