"""Cast × permission, from a literal table; and the visibility queryset held against the predicate."""

import pytest
from django.contrib.auth.models import AnonymousUser

from core.access import allowed
from core.choices import Role
from disputes.choices import DisputeState
from disputes.models import Dispute, RiskFlag

CAST = (
    "mediator_of_taiping",  # registered it
    "colleague_of_taiping",  # a mediator of the town who has nothing to do with it
    "mediator_of_shuangdong",
    "officer_of_taiping",
    "officer_of_shuangdong",
    "reviewing_judge",
    "judges_assistant",
    "court_clerk",
    "justice_officer",
    "committee_officer",
    "admin",
    "auditor",
)
OPEN = {
    #                        own  coll other offi o-off judge assi clerk just comm admin audi
    "disputes.view":        "yes  yes  -     yes  -     yes   yes  yes   yes  yes  -     -",
    "disputes.export":      "yes  yes  -     yes  -     yes   yes  yes   yes  yes  -     -",
    "disputes.edit":        "yes  -    -     yes  -     -     -    -     -    -    -     -",
    "disputes.edit_party":  "yes  -    -     yes  -     -     -    -     -    -    -     -",
    "disputes.route":       "yes  -    -     yes  -     -     -    -     -    -    -     -",
    "disputes.refer_out":   "yes  -    -     yes  -     -     -    -     -    -    -     -",
    "disputes.end":         "yes  -    -     yes  -     -     -    -     -    -    -     -",
    "disputes.reveal":      "yes  -    -     yes  -     -     -    -     -    -    -     -",
}  # fmt: skip
CLOSED = OPEN | {
    "disputes.edit":        "-    -    -     yes  -     -     -    -     -    -    -     -",
}  # fmt: skip
REGISTER = {
    "445381101": "yes  yes  -  yes  -    -  -  -  -  -  -  -",
    "445381004": "-    -    yes  -  yes  -  -  -  -  -  -  -",
}
FLAG = {
    "disputes.acknowledge_risk": "-  -  -  yes  -  -  -  -  -  yes  -  -",  # the committee officer is its receiver
    "disputes.lower_risk":       "-  -  -  yes  -  -  -  -  -  -    -  -",
}  # fmt: skip


@pytest.fixture
def everybody(cast, make_user):
    more = {
        "colleague_of_taiping": make_user("colleague", Role.MEDIATOR, "445381101"),
        "officer_of_shuangdong": make_user("officer2", Role.OFFICER, "445381004"),
    }
    return cast | more


@pytest.fixture
def of_taiping(register, mediator_of_taiping) -> Dispute:
    """Registered by the mediator, handled by nobody yet."""
    dispute = register(mediator_of_taiping)
    dispute.handler = None
    return dispute


def answers(everybody, permission, subject) -> list[bool]:
    return [allowed(everybody[name], permission, subject) for name in CAST]


def row(text: str) -> list[bool]:
    return [word == "yes" for word in text.split()]


@pytest.mark.parametrize("permission", OPEN)
def test_an_open_dispute_is_theirs_as_the_table_says(permission, everybody, of_taiping):
    assert answers(everybody, permission, of_taiping) == row(OPEN[permission])


@pytest.mark.parametrize("permission", CLOSED)
def test_a_closed_dispute_is_theirs_as_the_table_says(permission, everybody, of_taiping):
    of_taiping.state = DisputeState.AGREED
    assert answers(everybody, permission, of_taiping) == row(CLOSED[permission])


@pytest.mark.parametrize("permission", ["disputes.edit", "disputes.edit_party", "mediation.add_paper"])
def test_what_was_merged_into_another_dispute_nobody_writes_to(permission, everybody, of_taiping):
    of_taiping.state = DisputeState.MERGED
    assert answers(everybody, permission, of_taiping) == [False] * len(CAST)


@pytest.mark.parametrize("permission", OPEN)
def test_who_handles_a_dispute_stands_like_who_registered_it(permission, everybody, of_taiping):
    of_taiping.handler = everybody["colleague_of_taiping"]
    colleague, registrar = everybody["colleague_of_taiping"], everybody["mediator_of_taiping"]
    assert allowed(colleague, permission, of_taiping) == allowed(registrar, permission, of_taiping)


@pytest.mark.parametrize("town", REGISTER)
def test_only_town_people_register_and_only_in_their_town(town, everybody):
    assert answers(everybody, "disputes.register", town) == row(REGISTER[town])


@pytest.mark.parametrize("permission", FLAG)
def test_a_warning_is_signed_by_its_receiver_or_the_officer_and_lowered_by_the_officer(
    permission, everybody, of_taiping
):
    flag = RiskFlag(dispute=of_taiping, receiver=everybody["committee_officer"])
    assert answers(everybody, permission, flag) == row(FLAG[permission])


@pytest.mark.parametrize("permission", [*OPEN, *FLAG, "disputes.register"])
def test_the_stranger_holds_nothing(permission):
    assert allowed(AnonymousUser(), permission) is False


def test_the_list_shows_exactly_what_the_predicate_allows(everybody, register, mediator_of_shuangdong):
    register(everybody["mediator_of_taiping"])
    register(mediator_of_shuangdong)
    disputes = list(Dispute.objects.order_by("pk"))
    seen = {name: list(Dispute.objects.visible_to(user).order_by("pk")) for name, user in everybody.items()}
    may = {name: [one for one in disputes if allowed(user, "disputes.view", one)] for name, user in everybody.items()}
    assert seen == may
    assert len(seen["committee_officer"]) == 2
