"""Scope: the one visibility rule as a query and as a question about a row in hand; they must agree."""

import itertools

import pytest
import rules

from core.access import allowed, require, require_if_named
from core.choices import CASE_ROLES, Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import Deadline
from core.scope import covers, within, within_any
from tests.conftest import COUNTY, SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
TOWNS = [TAIPING, SHUANGDONG, "445381119", "445382001", "445302001", "44538", "4453811011"[:9]]
SCOPES = [(), (TAIPING,), (COUNTY,), ("4453",), ("44",), (TAIPING, SHUANGDONG), ("445381101201",), ("445389",)]


@pytest.fixture
def rows(db) -> None:
    for number, town in enumerate(sorted(set(TOWNS))):
        Deadline.objects.create(
            kind="x", title="x", subject_label="x", subject_id=str(number), town_code=town, base_event_on="2026-01-01",
            due_on="2026-01-02", raw_due_on="2026-01-02", started_at="2026-01-01T00:00:00Z",
        )  # fmt: skip


@pytest.mark.parametrize("codes", SCOPES, ids=lambda codes: "+".join(codes) or "none")
def test_the_query_and_the_question_agree(rows, codes):
    found = set(Deadline.objects.filter(within_any("town_code", codes)).values_list("town_code", flat=True))

    assert found == {town for town in TOWNS if covers(codes, town)}


@pytest.mark.parametrize(
    ("codes", "seen"),
    [
        ((), set()),
        ((TAIPING,), {TAIPING}),
        ((COUNTY,), {TAIPING, SHUANGDONG, "445381119"}),
        (("445381101201",), {TAIPING}),
    ],
    ids=["nothing", "a town", "the county", "a village's town"],
)
def test_a_scope_is_a_prefix_of_the_code(rows, codes, seen):
    assert set(Deadline.objects.filter(within_any("town_code", codes)).values_list("town_code", flat=True)) == seen


def test_a_prefix_that_ends_in_nine_and_an_empty_one_work_too(rows):
    assert Deadline.objects.filter(within("town_code", "44538111")).count() == 1
    assert Deadline.objects.filter(within("town_code", "445381119")).count() == 1
    assert Deadline.objects.filter(within("town_code", "")).count() == Deadline.objects.count()


@pytest.mark.parametrize("role", Role.values)
def test_only_roles_that_work_with_cases_see_rows(rows, make_user, role):
    user = make_user("someone", role, COUNTY)

    assert Deadline.objects.visible_to(user).exists() is (role in CASE_ROLES)


def test_a_stranger_sees_nothing(rows, anonymous):
    assert Deadline.objects.visible_to(anonymous).exists() is False


def test_a_user_without_scope_sees_nothing(rows, make_user):
    assert Deadline.objects.visible_to(make_user("someone", Role.JUDGE)).exists() is False


def test_the_scope_is_read_once(rows, reviewing_judge, django_assert_num_queries):
    with django_assert_num_queries(3):
        list(itertools.chain(*(Deadline.objects.visible_to(reviewing_judge) for _ in range(2))))


# ── named permissions ────────────────────────────────────────────────────────
@pytest.fixture
def judges_only():
    rules.add_perm("tests.rule", rules.predicate(lambda user, subject: user.role == Role.JUDGE))
    yield "tests.rule"
    rules.remove_perm("tests.rule")


def test_a_named_permission_asks_its_predicate(judges_only, reviewing_judge, court_clerk, anonymous):
    assert [allowed(user, judges_only) for user in (reviewing_judge, court_clerk, anonymous)] == [True, False, False]


def test_a_closed_account_has_no_permission(judges_only, reviewing_judge):
    reviewing_judge.is_active = False

    assert allowed(reviewing_judge, judges_only) is False


def test_a_superuser_has_no_more_than_the_role_gives(judges_only, admin):
    assert (admin.is_superuser, allowed(admin, judges_only)) == (True, False)


def test_a_permission_nobody_named_is_a_mistake_of_the_caller(reviewing_judge):
    with pytest.raises(LookupError, match="no such permission"):
        allowed(reviewing_judge, "tests.nothing")


def test_no_database_is_asked_for_a_permission(judges_only, reviewing_judge, django_assert_num_queries):
    with django_assert_num_queries(0):
        allowed(reviewing_judge, judges_only)


def test_what_is_required_and_missing_says_who_may(judges_only, court_clerk, reviewing_judge):
    require(reviewing_judge, judges_only)
    with pytest.raises(NotAllowed, match="只有法官"):
        require(court_clerk, judges_only, message="只有法官可以裁定。")
    with pytest.raises(NotAllowed, match="您没有办理这一步的权限"):
        require(court_clerk, judges_only)


def test_a_permission_that_may_be_named_is_asked_only_when_it_is(judges_only, court_clerk):
    require_if_named(court_clerk, "tests.nothing", None)
    with pytest.raises(NotAllowed):
        require_if_named(court_clerk, judges_only, None)


def test_a_refusal_reads_as_one_sentence_after_the_other():
    refused = Refused("还有一方没有签字。", hint="请先请他签字。", field="signatures")

    assert (str(refused), refused.field) == ("还有一方没有签字。请先请他签字。", "signatures")
    assert isinstance(Conflict("x"), Refused)
