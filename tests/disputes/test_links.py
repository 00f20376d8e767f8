"""Disputes that belong together: two levels, no circle; and notes that stay among the town's people."""

from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from core.access import allowed
from core.errors import NotAllowed, Refused
from core.models import AuditEntry
from disputes.actions.links import link_disputes, unlink_dispute
from disputes.actions.notes import strike_note, write_note
from disputes.choices import EventKind, LinkKind
from disputes.linking import Place, why_not_link
from disputes.models import Dispute, DisputeLink, InternalNote
from tests.disputes.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(register, mediator_of_taiping) -> list[Dispute]:
    return [register(mediator_of_taiping) for _ in range(3)]


def link(child, parent, by, **facts):
    values = {"kind": LinkKind.GROUP, "on": TODAY} | facts
    return link_disputes(child_id=child.pk, parent_id=parent.pk, by=by, **values)


# ── links ────────────────────────────────────────────────────────────────────
def test_both_timelines_tell_of_a_link(three, mediator_of_taiping):
    child, parent, _ = three

    link(child, parent, mediator_of_taiping)

    assert child.parent_link.parent == parent
    assert child.events.get(kind=EventKind.LINKED).text == f"关联到 {parent.code}：同一对方的系列纠纷"
    assert parent.events.get(kind=EventKind.LINKED).text == f"{child.code} 关联到本件：同一对方的系列纠纷"
    assert AuditEntry.objects.get(action="dispute.link").detail["parent"] == parent.code


@pytest.mark.parametrize(
    ("child", "parent", "said"),
    [
        (Place(1), Place(2), None),
        (Place(1), Place(2, has_children=True), None),
        (Place(1), Place(1), "一件不能关联到它自己。"),
        (Place(1, parent=3), Place(2), "本件已经关联在另一件下面。"),
        (Place(1, has_children=True), Place(2), "本件下面已经有关联的纠纷，不能再放到别的一件下面。"),
        (Place(1), Place(2, parent=3), "那一件自己也关联在别的一件下面。"),
        (Place(1, merged=True), Place(2), "已经并入他件的，不能再关联。"),
        (Place(1), Place(2, merged=True), "已经并入他件的，不能再关联。"),
    ],
    ids=str,
)
def test_what_may_stand_under_what(child, parent, said):
    refusal = why_not_link(child, parent)

    assert (refusal and refusal[0]) == said


def test_what_was_merged_is_linked_from_the_one_it_was_merged_into():
    hints = [
        why_not_link(Place(1, merged=True), Place(2))[1],
        why_not_link(Place(1), Place(2, merged=True))[1],
    ]

    assert hints == ["请在并入的那一件里关联。", "请关联到并入的那一件。"]


def test_who_links_to_a_child_is_told_which_one_stands_above_it(three, mediator_of_taiping):
    child, parent, other = three
    link(child, parent, mediator_of_taiping)

    with pytest.raises(Refused) as refused:
        link(other, child, mediator_of_taiping)

    assert refused.value.hint == f"请关联到它上面的主件 {parent.code}。"
    assert why_not_link(Place(1), Place(2, parent=3))[1] == "请关联到它上面的主件。", "where one may not see it"


def test_whatever_is_tried_no_circle_closes(three, mediator_of_taiping):
    for child, parent in permutations(three, 2):
        try:
            link(child, parent, mediator_of_taiping)
        except Refused:
            continue

    above = dict(DisputeLink.objects.values_list("child_id", "parent_id"))
    assert above
    assert set(above) & set(above.values()) == set()


def test_the_database_lets_nothing_stand_under_itself_nor_under_two(three, mediator_of_taiping):
    child, parent, other = three
    link(child, parent, mediator_of_taiping)
    facts = {"kind": "group", "linked_by": mediator_of_taiping, "linked_on": TODAY, "recorded_at": child.recorded_at}

    for under, above in ((other, other), (child, other)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DisputeLink.objects.create(child=under, parent=above, **facts)


def test_a_dispute_that_one_does_not_see_is_nobodys_parent(
    three, register, mediator_of_taiping, mediator_of_shuangdong
):
    with pytest.raises(NotAllowed):
        link(three[0], register(mediator_of_shuangdong), mediator_of_taiping)


def test_a_link_can_be_taken_back(three, mediator_of_taiping):
    child, parent, _ = three
    link(child, parent, mediator_of_taiping)

    unlink_dispute(child_id=child.pk, by=mediator_of_taiping, on=TODAY)

    assert DisputeLink.objects.count() == 0
    with pytest.raises(Refused):
        unlink_dispute(child_id=child.pk, by=mediator_of_taiping, on=TODAY)


# ── notes ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("mediator_of_taiping", True),
        ("officer_of_taiping", True),
        ("mediator_of_shuangdong", False),
        ("reviewing_judge", False),
        ("court_clerk", False),
        ("justice_officer", False),
        ("committee_officer", False),
        ("admin", False),
    ],
)
def test_notes_are_for_the_people_of_the_town(who, may, cast, three):
    assert allowed(cast[who], "disputes.note", three[0]) is may
    if not may:
        with pytest.raises(NotAllowed):
            write_note(dispute_id=three[0].pk, text="约了三次没来", by=cast[who])


def test_a_note_is_encrypted_and_its_words_stand_in_no_trail(three, mediator_of_taiping):
    write_note(dispute_id=three[0].pk, text="约了三次没来", by=mediator_of_taiping)

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM disputes_internalnote")
        assert "约了" not in cursor.fetchone()[0]
    assert "约了" not in repr(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert "约了" not in repr(list(three[0].events.values_list("text", "detail")))


def test_only_the_writer_strikes_a_note_and_its_words_stay(three, mediator_of_taiping, officer_of_taiping):
    note = write_note(dispute_id=three[0].pk, text="约了三次没来", by=mediator_of_taiping)

    with pytest.raises(NotAllowed):
        strike_note(note_id=note.pk, by=officer_of_taiping)
    strike_note(note_id=note.pk, by=mediator_of_taiping)

    note = InternalNote.objects.get()
    assert (note.text, note.struck_at is None) == ("约了三次没来", False)


@pytest.mark.parametrize(("text", "field"), [(" ", "text"), ("长" * 2001, "text")])
def test_an_empty_or_endless_note_is_refused(three, mediator_of_taiping, text, field):
    with pytest.raises(Refused) as refusal:
        write_note(dispute_id=three[0].pk, text=text, by=mediator_of_taiping)

    assert (refusal.value.field, InternalNote.objects.count()) == (field, 0)
