"""One meeting for all disputes of an employer: written down once, it stands in each; all or none, and who may."""

from datetime import date

import pytest
from django.urls import reverse

from core.errors import NotAllowed, Refused
from core.models import AuditEntry
from disputes.actions.links import link_disputes
from disputes.choices import EventKind, LinkKind, Side
from disputes.models import Dispute
from mediation.actions.group_sessions import record_group_session
from mediation.models import Mediation, Session
from mediation.queries.together import table_of
from tests.mediation.conftest import start

pytestmark = pytest.mark.django_db
SAID = {"held_on": date(2023, 8, 30), "record": "公司承认拖欠，答应月底付清。", "rights_told": True}


@pytest.fixture
def group(make_dispute, mediator_of_taiping, law_in_force) -> list[Dispute]:
    """Three disputes with one employer, the second and third under the first; in all of them a mediation runs."""
    made = [make_dispute(mediator_of_taiping, code=f"TP2308-014{place}") for place in range(3)]
    for one in made:
        start(one, mediator_of_taiping)
        one.refresh_from_db()
    for child in made[1:]:
        link_disputes(
            child_id=child.pk, parent_id=made[0].pk, kind=LinkKind.GROUP, by=mediator_of_taiping, on=date(2023, 8, 29)
        )
    return made


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


def everyone(disputes) -> list:
    return [party.pk for one in disputes for party in one.parties.all()]


def record(group, by, disputes=None, attended=None, **facts) -> list[Session]:
    chosen = group if disputes is None else disputes
    return record_group_session(
        parent_id=group[0].pk,
        dispute_ids=[one.pk for one in chosen],
        attended=everyone(chosen) if attended is None else attended,
        by=by,
        **SAID | facts,
    )


def url(dispute: Dispute) -> str:
    return reverse("mediation:group-session", args=[dispute.code])


def typed(disputes, attended, **facts) -> dict:
    return {
        "disputes": [one.pk for one in disputes], "attended": attended, "held_on": "2023-08-30", "mode": "onsite",
        "record": SAID["record"], "rights_told": "on", **facts,
    }  # fmt: skip


# ── written down once ────────────────────────────────────────────────────────
def test_it_stands_in_each_dispute_under_its_own_mediation(group, mediator_of_taiping):
    record(group, mediator_of_taiping)

    for one in group:
        session = Session.objects.get(mediation__dispute=one)
        assert (session.held_on, session.record, session.rights_told) == (SAID["held_on"], SAID["record"], True)
        assert set(session.attended.all()) == set(one.parties.all())
        assert session.mediation == one.mediations.get()


def test_each_file_and_the_trail_say_what_was_at_the_same_table(group, mediator_of_taiping):
    record(group, mediator_of_taiping)

    event = group[1].events.get(kind=EventKind.SESSION_HELD)
    assert event.text == "第 1 次调解（现场），双方到场，与另 2 件一起"
    entries = AuditEntry.objects.filter(action="session.record")
    assert {entry.detail["code"]: entry.detail["beside"] for entry in entries} == {
        "TP2308-0140": ["TP2308-0141", "TP2308-0142"],
        "TP2308-0141": ["TP2308-0140", "TP2308-0142"],
        "TP2308-0142": ["TP2308-0140", "TP2308-0141"],
    }


def test_a_part_of_the_group_may_meet(group, mediator_of_taiping):
    record(group, mediator_of_taiping, group[1:])

    assert set(Session.objects.values_list("mediation__dispute", flat=True)) == {group[1].pk, group[2].pk}


# ── all or none ──────────────────────────────────────────────────────────────
def test_without_a_running_mediation_nothing_is_recorded_and_they_are_named(group, mediator_of_taiping):
    for one in group[1:]:
        one.mediations.update(ended_on=date(2023, 8, 29), outcome="failed")

    with pytest.raises(Refused) as refusal:
        record(group, mediator_of_taiping)

    assert refusal.value.message == "TP2308-0141、TP2308-0142 没有在进行的调解，一件也没有记。"
    assert (refusal.value.field, Session.objects.count()) == ("disputes", 0)


def test_where_nobody_was_present_nothing_is_recorded_and_it_is_named(group, mediator_of_taiping):
    with pytest.raises(Refused, match="TP2308-0142 没有人到场") as refusal:
        record(group, mediator_of_taiping, attended=everyone(group[:2]))

    assert (refusal.value.field, Session.objects.count()) == ("attended", 0)


def test_what_one_dispute_refuses_is_said_with_its_code_and_none_is_recorded(group, mediator_of_taiping):
    group[2].mediations.update(accepted_on=date(2023, 9, 1))

    with pytest.raises(Refused, match="TP2308-0142：") as refusal:
        record(group, mediator_of_taiping)

    assert (refusal.value.field, Session.objects.count()) == ("held_on", 0)


def test_somebody_elses_dispute_is_not_recorded_by_me(group, mediator_of_taiping, make_user):
    Dispute.objects.filter(pk=group[2].pk).update(handler=make_user("another", "mediator", "445381101"))

    with pytest.raises(NotAllowed, match="TP2308-0142 由别的调解员办"):
        record(group, mediator_of_taiping)

    assert Session.objects.count() == 0


def test_one_alone_and_one_from_outside_the_group_are_refused(group, make_dispute, mediator_of_taiping):
    stranger = make_dispute(mediator_of_taiping, code="TP2308-0199")
    start(stranger, mediator_of_taiping)

    with pytest.raises(Refused, match="请至少勾两件"):
        record(group, mediator_of_taiping, group[:1])
    with pytest.raises(Refused, match="不在这一组里"):
        record(group, mediator_of_taiping, [group[0], stranger])
    assert Session.objects.count() == 0


def test_a_talk_with_one_side_is_not_taken(mediator, group):
    mediator.post(url(group[0]), typed(group, everyone(group[:1]), private_note="底线是两万"))

    assert set(Session.objects.values_list("private_note", flat=True)) == {""}


# ── the page ─────────────────────────────────────────────────────────────────
def test_who_stands_in_several_disputes_is_ticked_once(mediator, group):
    html = mediator.get(url(group[0])).content.decode()

    assert ("沈水旺（申请人，3 件）" in html, "梁伯坚（被申请人，3 件）" in html) == (True, True)
    applicant = group[0].parties.get(side=Side.APPLICANT)
    answer = mediator.post(url(group[0]), typed(group, [applicant.pk]))

    assert answer["Location"] == reverse("mediation:group", args=[group[0].code])
    there = [[party.name for party in session.attended.all()] for session in Session.objects.all()]
    assert there == [["沈水旺"]] * 3


def test_refused_nothing_typed_is_lost(mediator, group):
    answer = mediator.post(url(group[0]), typed(group, []))

    assert (answer.status_code, Session.objects.count()) == (422, 0)
    assert SAID["record"] in answer.content.decode()
    assert answer.content.decode().count("checked") >= 4  # three disputes, rights told


def test_the_group_leads_to_it_and_it_names_what_cannot_come_along(mediator, group, make_user, mediator_of_taiping):
    assert f'href="{url(group[0])}"' in mediator.get(reverse("mediation:group", args=[group[0].code])).content.decode()
    group[1].mediations.update(ended_on=date(2023, 8, 29), outcome="failed")
    Dispute.objects.filter(pk=group[2].pk).update(handler=make_user("another", "mediator", "445381101", name="何大文"))

    html = mediator.get(url(group[0])).content.decode()

    assert "没有在进行的调解，不能一起记：" in html
    assert "TP2308-0142（何大文）" in html
    table = table_of(mediator_of_taiping, group[0])
    assert [[one.code for one in part] for part in (table.ready, table.idle, table.others)] == [
        ["TP2308-0140"], ["TP2308-0141"], ["TP2308-0142"],
    ]  # fmt: skip


def test_who_handles_none_of_them_is_kept_out(client_of, group, make_user, officer_of_taiping):
    another = client_of(make_user("another", "mediator", "445381101"))

    assert [client_of(officer_of_taiping).get(url(group[0])).status_code, another.get(url(group[0])).status_code] == [
        403,
        403,
    ]


def test_the_page_asks_as_much_for_two_disputes_as_for_three(mediator, group, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        mediator.get(url(group[0]))
    link = group[2].parent_link
    link.delete()
    with django_assert_max_num_queries(10):
        mediator.get(url(group[0]))


def test_where_fewer_than_two_can_meet_the_page_says_so_and_asks_nothing(mediator, group):
    Mediation.objects.filter(dispute__in=group[1:]).update(ended_on=date(2023, 8, 30), outcome="ended")

    html = mediator.get(url(group[0])).content.decode()

    assert "现在不能一起记" in html
    assert 'name="record"' not in html
