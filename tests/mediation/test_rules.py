"""Who may do what in a mediation: the whole cast against every permission, from a literal table."""

import pytest

from core import access

pytestmark = pytest.mark.django_db
MEDIATOR, OFFICER = "mediator_of_taiping", "officer_of_taiping"
MAY = {
    "mediation.start_mediation": {MEDIATOR, OFFICER},
    "mediation.record_session": {MEDIATOR},
    "mediation.draft_agreement": {MEDIATOR},
    "mediation.sign_agreement": {MEDIATOR},
    "mediation.fail_mediation": {MEDIATOR},
    "mediation.end_mediation": {MEDIATOR, OFFICER},
    "mediation.reopen_mediation": {MEDIATOR, OFFICER},
    "mediation.waive_confirmation": {MEDIATOR},
    "mediation.record_performance": {MEDIATOR, OFFICER},
    "mediation.archive_dispute": {MEDIATOR, OFFICER},
    "mediation.add_paper": {MEDIATOR, OFFICER},
    "mediation.print_paper": {MEDIATOR, OFFICER},
}


@pytest.mark.parametrize("permission", sorted(MAY))
def test_only_the_mediator_of_the_case_and_where_said_the_towns_officer(cast, dispute, permission):
    assert {name for name, user in cast.items() if access.allowed(user, permission, dispute)} == MAY[permission]


@pytest.mark.parametrize("permission", sorted(MAY))
def test_without_a_dispute_the_role_alone_is_asked(cast, permission):
    roles = {cast[name].role for name in MAY[permission]}

    assert {name for name, user in cast.items() if access.allowed(user, permission)} == {
        name for name, user in cast.items() if user.role in roles
    }


def test_a_mediator_of_the_town_may_take_what_nobody_handles_but_nothing_else(dispute, make_user):
    colleague = make_user("colleague", "mediator", "445381101")
    dispute.handler = None

    assert {name for name in MAY if access.allowed(colleague, name, dispute)} == {"mediation.start_mediation"}


def test_a_mediator_who_left_the_town_does_nothing_on_the_old_case(dispute, mediator_of_taiping):
    mediator_of_taiping.scopes.all().delete()

    assert [name for name in MAY if access.allowed(mediator_of_taiping, name, dispute)] == []
