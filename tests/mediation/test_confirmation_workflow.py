"""State × verb and role × verb of a confirmation request, each from a literal table."""

import pytest

from core.access import allowed
from core.choices import COURT_ROLES
from core.errors import Conflict, NotAllowed, Refused
from mediation.actions.confirmation_steps import check, who_may
from mediation.choices import ConfirmationState
from mediation.models import Agreement, ConfirmationRequest, Mediation
from mediation.workflow import CONFIRMATION
from tests.conftest import SHUANGDONG, TAIPING

# D draft · S submitted · c correcting · A accepted · s supplementing · N not accepted · Y confirmed · R rejected
# W withdrawn · w deemed withdrawn
STATES = dict(zip("DScAsNYRWw", ConfirmationState.values, strict=True))
GRID = {
    "prepare": "D",
    "discard": "D",
    "submit": "D",
    "claim": "Sc",
    "ask_correction": "S",
    "deliver_correction": "c",
    "accept": "S",
    "assign_judge": "As",
    "ask_supplement": "A",
    "deliver_supplement": "s",
    "weigh": "ScAs",
    "draft_ruling": "ScAs",
    "extend": "As",
    "refuse": "Sc",
    "confirm": "A",
    "reject": "As",
    "permit_withdrawal": "ScAs",
    "deem_withdrawn": "As",
    "serve": "NYRWw",
}
TARGETS = {
    "submit": "submitted",
    "ask_correction": "correcting",
    "deliver_correction": "submitted",
    "accept": "accepted",
    "ask_supplement": "supplementing",
    "deliver_supplement": "accepted",
    "refuse": "not_accepted",
    "confirm": "confirmed",
    "reject": "rejected",
    "permit_withdrawal": "withdrawn",
    "deem_withdrawn": "deemed_withdrawn",
}
# m mediator in charge · o officer · k clerk · a assistant · j judge of the town
ROLES = {
    "m": "mediator_of_taiping",
    "o": "officer_of_taiping",
    "k": "court_clerk",
    "a": "judges_assistant",
    "j": "reviewing_judge",
    "x": "mediator_of_shuangdong",
    "u": "justice_officer",
    "c": "committee_officer",
    "d": "admin",
    "r": "auditor",
}
MAY = {
    "view": "mokajuc",
    "prepare": "m",
    "discard": "m",
    "submit": "m",
    "claim": "k",
    "ask_correction": "kj",
    "deliver_correction": "m",
    "accept": "k",
    "assign_judge": "k",
    "ask_supplement": "kj",
    "deliver_supplement": "m",
    "weigh": "kaj",
    "draft_ruling": "aj",
    "extend": "kj",
    "refuse": "j",
    "confirm": "j",
    "reject": "j",
    "permit_withdrawal": "j",
    "deem_withdrawn": "j",
    "serve": "k",
}


def test_the_grid_names_every_verb():
    assert sorted(GRID) == sorted(CONFIRMATION)
    assert sorted(MAY) == sorted([*CONFIRMATION, "view"])


def test_every_verb_leads_where_the_table_says():
    assert {verb: step.target for verb, step in CONFIRMATION.items() if step.target} == TARGETS


def test_the_five_rulings_are_the_judges_alone():
    rulings = sorted(verb for verb, step in CONFIRMATION.items() if step.ruling)

    assert rulings == ["confirm", "deem_withdrawn", "permit_withdrawal", "refuse", "reject"]
    assert {role for verb in rulings for role in CONFIRMATION[verb].roles} == {"judge"}


@pytest.fixture
def request_in(dispute):
    """request_in("accepted") → a request on a dispute of 太平镇 in that state, unsaved."""

    def make(state: str, judge=None) -> ConfirmationRequest:
        mediation = Mediation(dispute=dispute, town_code=TAIPING)
        return ConfirmationRequest(
            pk=1, agreement=Agreement(mediation=mediation), town_code=TAIPING, state=state, judge=judge
        )

    return make


def answer(request: ConfirmationRequest, verb: str, by) -> str:
    """How the verb is answered: done, conflict, refused, denied."""
    try:
        check(request, verb=verb, by=by)
    except Conflict:
        return "conflict"
    except Refused:
        return "refused"
    except NotAllowed:
        return "denied"
    return "done"


def expected(verb: str, letter: str) -> str:
    """Outside its states a verb is refused; on a decided request the first ruling stands; a draft is the town's."""
    if letter in GRID[verb]:
        return "done"
    if letter == "D" and CONFIRMATION[verb].roles <= COURT_ROLES:
        return "denied"
    return "conflict" if letter in "NYRWw" else "refused"


@pytest.mark.parametrize("verb", GRID)
def test_a_verb_is_done_in_its_states_and_refused_in_all_others(verb, request_in, cast):
    by = next(cast[name] for name in ROLES.values() if cast[name].role in CONFIRMATION[verb].roles)

    answers = {letter: answer(request_in(state), verb, by) for letter, state in STATES.items()}

    assert answers == {letter: expected(verb, letter) for letter in STATES}


@pytest.mark.parametrize("verb", MAY)
def test_a_verb_belongs_to_its_roles_and_nobody_else(verb, request_in, cast):
    state = next(iter(CONFIRMATION[verb].sources)) if verb in CONFIRMATION else "submitted"
    request = request_in(state)

    holders = "".join(
        key for key, name in ROLES.items() if allowed(cast[name], f"mediation.{verb}_confirmation", request)
    )

    assert sorted(holders) == sorted(MAY[verb])


def test_a_draft_is_seen_by_its_town_alone(request_in, cast):
    draft = request_in("draft")

    seers = "".join(key for key, name in ROLES.items() if allowed(cast[name], "mediation.view_confirmation", draft))

    assert seers == "mo"


def test_once_a_judge_is_assigned_no_other_judge_rules(request_in, make_user, reviewing_judge):
    other = make_user("other_judge", "judge", TAIPING, name="梁伟")
    request = request_in("accepted", judge=reviewing_judge)

    assert [allowed(who, "mediation.confirm_confirmation", request) for who in (reviewing_judge, other)] == [
        True,
        False,
    ]
    assert (
        who_may(CONFIRMATION["confirm"], request) == "您能看这一件，但它由沈明轩法官承办，裁定协议有效由承办法官作出。"
    )


def test_a_judge_of_another_town_may_nothing(request_in, make_user):
    stranger = make_user("stranger", "judge", SHUANGDONG)
    request = request_in("accepted")

    may = [verb for verb in MAY if allowed(stranger, f"mediation.{verb}_confirmation", request)]

    assert may == []


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("accept", "您能看这一件，但受理由立案人员办。"),
        ("submit", "您能看这一件，但协助双方提交由承办的调解员办。"),
        ("ask_supplement", "您能看这一件，但通知补充由立案人员、法官办。"),
        ("confirm", "您能看这一件，但裁定协议有效由法官办。"),
    ],
)
def test_a_refused_right_says_whose_it_is(verb, words, request_in):
    assert who_may(CONFIRMATION[verb], request_in("submitted")) == words
