"""The audit trail on screen: for auditors alone, in words, newest first, by days, person, act, object, outcome."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from core.actions import audit
from core.audit_reading import read, shortened
from core.models import AuditEntry, StoredFile
from core.views.audit import AuditFilter, _found
from disputes.models import Party
from tests.conftest import TAIPING


@pytest.fixture
def entries(mediator_of_taiping, time_machine) -> None:
    """One act on 19 September 2023, one refusal on the 20th."""
    facts = {"dispute.register": {"code": "TP2309-0001"}, "access.refused": {"why": "不归您办。"}}
    for day, action, success in ((19, "dispute.register", True), (20, "access.refused", False)):
        time_machine.move_to(f"2023-09-{day}T04:00:00Z", tick=False)
        subject, detail = mediator_of_taiping, facts[action]
        audit.record(action, by=mediator_of_taiping, subject=subject, detail=detail, success=success)


def actions(answer) -> list[str]:
    return [entry.action for entry in answer.context["page"].rows]


def said(answer) -> str:
    """The page as text, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def facts(entry: AuditEntry) -> list[tuple[str, str]]:
    return [(fact.name, fact.text) for fact in read([entry])[0].facts]


def test_trail_is_the_auditors_alone(client_of, cast):
    answers = {name: client_of(user).get(reverse("audit")).status_code for name, user in cast.items()}
    assert answers == {**dict.fromkeys(cast, 403), "auditor": 200}


# ── filters ──────────────────────────────────────────────────────────────────
BOTH = ["access.refused", "dispute.register"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param({}, BOTH, id="everything, newest first"),
        pytest.param({"since": "2023-09-19", "until": "2023-09-19"}, BOTH[1:], id="one day"),
        pytest.param({"since": "2023-09-20"}, BOTH[:1], id="from a day"),
        pytest.param({"until": "2023-09-20"}, BOTH, id="up to a day, which counts"),
        pytest.param({"who": "黎桂"}, BOTH, id="part of the name"),
        pytest.param({"who": "Mediator_of_Taiping"}, BOTH, id="account, in any case"),
        pytest.param({"who": "何雨桐"}, [], id="somebody else"),
        pytest.param({"act": "dispute.register"}, BOTH[1:], id="an act"),
        pytest.param({"act": "app:纠纷"}, BOTH[1:], id="all acts of an app"),
        pytest.param({"kind": "core.user"}, BOTH, id="kind of object"),
        pytest.param({"kind": "disputes.dispute"}, [], id="another kind"),
        pytest.param({"thing": "tp2309-0001"}, BOTH[1:], id="number of the dispute"),
        pytest.param({"outcome": "refused"}, BOTH[:1], id="refusals"),
        pytest.param({"outcome": "done"}, BOTH[1:], id="what was done"),
        pytest.param({"since": "yesterday"}, [], id="no date"),
        pytest.param({"act": "nothing"}, [], id="no such act"),
        pytest.param({"since": "2023-09-20", "until": "2023-09-19"}, [], id="days the wrong way round"),
    ],
)
def test_trail_is_narrowed(client_of, auditor, entries, query, shown):
    assert actions(client_of(auditor).get(reverse("audit"), query)) == shown


def test_object_is_found_by_the_number_that_its_row_shows(client_of, auditor, entries, mediator_of_taiping):
    answer = client_of(auditor).get(reverse("audit"), {"kind": "core.user", "thing": str(mediator_of_taiping.pk)})
    assert actions(answer) == BOTH


def test_object_is_found_by_its_shortened_number_but_not_by_the_beginning_of_another(client_of, auditor, divisions):
    sealed = StoredFile(name="收条.jpg")
    for pk in ("1a2b3c4d-0000-4000-8000-000000000000", "4"):
        sealed.pk = pk
        audit.record("file.download", by=auditor, subject=sealed)
    client = client_of(auditor)
    found = {asked: len(actions(client.get(reverse("audit"), {"thing": asked}))) for asked in ("1A2B3C4D", "1a2b", "4")}
    assert found == {"1A2B3C4D": 1, "1a2b": 0, "4": 1}


def test_days_the_wrong_way_round_are_told(client_of, auditor):
    answer = client_of(auditor).get(reverse("audit"), {"since": "2023-09-20", "until": "2023-09-19"})
    assert "止日早于起日，请对调或改一个。" in answer.content.decode()


def test_failed_sign_in_is_found_by_the_account_it_aimed_at(client_of, auditor, mediator_of_taiping):
    audit.record("sign_in", by=None, subject=mediator_of_taiping, detail={"known": True}, success=False)
    answer = client_of(auditor).get(reverse("audit"), {"who": "mediator_of_taiping"})
    assert actions(answer) == ["sign_in"]


def test_pages_of_a_narrowed_trail_keep_the_filter(client_of, auditor, mediator_of_taiping):
    for _ in range(51):
        audit.record("sign_out", by=mediator_of_taiping)
    answer = client_of(auditor).get(reverse("audit"), {"who": "黎桂生"})
    further = re.search(r'rel="next" href="([^"]+)"', answer.content.decode())[1].replace("&amp;", "&")
    assert (len(answer.context["lines"]), "who=" in further) == (50, True)
    assert len(client_of(auditor).get(f"{reverse('audit')}{further}").context["lines"]) == 1


# ── words ────────────────────────────────────────────────────────────────────
def test_row_tells_who_did_what_to_which_kind_of_thing(client_of, auditor, entries):
    page = said(client_of(auditor).get(reverse("audit")))
    assert "9月20日 12:00 黎桂生 调解员 mediator_of_taiping 没有权限的操作 被拒绝 用户 黎桂生" in page
    assert "登记纠纷 用户 黎桂生 纠纷编号 TP2309-0001" in page


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        ("dispute.route", {"destination": "town"}, ("去向", "联络点调解")),
        ("dispute.route", {"overridden": False}, ("与建议不同", "否")),
        ("dispute.end", {"on": "2023-09-20"}, ("日期", "2023年9月20日")),
        ("account.create", {"scopes": [TAIPING, "445381004"]}, ("范围", "太平镇、双东街道")),
        ("manage.change", {"fields": ["name", "role"]}, ("改动的栏目", "姓名、角色")),
        ("deadline.suspend", {"due_on": {"old": "2023-09-20", "new": "2023-10-07"}},
         ("最后一日", "2023年9月20日 → 2023年10月7日")),
        ("dispute.edit", {"changed": {"source": ["visit", "phone"]}}, ("改动", "来源：群众申请 → 来电")),
        ("dispute.export", {"filters": {"town": TAIPING, "late": "1"}}, ("条件", "镇（街）：太平镇；只看补录的：是")),
        ("access.refused", {"view": "disputes:route"}, ("页面", "分流")),
        ("access.refused", {"view": "admin:core_division_changelist"}, ("页面", "配置：行政区划")),
        ("agreement.sign", {"signed": ["party 1a2b3c4d-0000-4000-8000-000000000000", "seal"]},
         ("签的人", "当事人 1a2b3c4d、调解组织盖章")),
        ("paper.print", {"clear": ["id_number", "phone"]}, ("带完整的", "证件号码、电话")),
        ("session.record", {"session": "1a2b3c4d-0000-4000-8000-000000000000"}, ("调解会", "1a2b3c4d")),
        ("deadline.recount", {"moved": [7] * 14}, ("变动的期限", "7、" * 12 + "…共 14 项")),
        ("test.act", {"unheard_of": "x"}, ("unheard_of", "x")),
    ],
)  # fmt: skip
def test_facts_are_said_in_words(divisions, auditor, action, detail, words):
    assert facts(audit.record(action, by=auditor, subject=auditor, detail=detail)) == [words]


def test_person_in_a_fact_is_named(auditor, mediator_of_taiping):
    entry = audit.record("mediation.start", by=auditor, detail={"mediator": mediator_of_taiping.pk})
    assert facts(entry) == [("调解员", "黎桂生")]


def test_only_what_changed_of_a_party_is_shown(auditor):
    old = {"name": "陈大文", "phone": "138****0001", "has_address": False}
    new = {**old, "phone": "139****0002", "has_address": True}
    entry = audit.record("party.update", by=auditor, detail={"dispute": "TP2309-0001", "old": old, "new": new})
    assert facts(entry) == [
        ("纠纷编号", "TP2309-0001"),
        ("电话", "138****0001 → 139****0002"),
        ("填了住址", "否 → 是"),
    ]


def test_empty_facts_are_left_out(auditor):
    assert facts(audit.record("point.check_item", by=auditor, detail={"note": "", "item": "office"})) == [
        ("项目", "一间办公室")
    ]


def test_long_identifiers_are_shown_short():
    assert (shortened(str(Party().pk)[:36])[-1:].isalnum(), len(shortened(str(Party().pk)))) == (True, 8)
    assert shortened("42") == "42"


def test_reading_leaves_the_rows_alone(auditor):
    entry = audit.record("dispute.route", by=auditor, detail={"overridden": False})
    before = (entry.hash, dict(entry.detail))
    read([entry])
    entry.refresh_from_db()
    assert (entry.hash, entry.detail) == before


def test_trail_costs_the_same_with_one_and_three_rows(client_of, auditor, divisions, django_assert_num_queries):
    client = client_of(auditor)
    for more in (1, 2):
        for _ in range(more):
            audit.record("sign_in", by=auditor, subject=auditor, division_code=TAIPING)
        with django_assert_num_queries(7):  # session, user, rows, divisions, accounts, count, unread
            client.get(reverse("audit"))


def test_fact_may_be_called_items(client_of, auditor):
    audit.record("agreement.draft", by=auditor, detail={"items": 2})
    assert "履行期数 2" in said(client_of(auditor).get(reverse("audit")))


@pytest.mark.parametrize(
    "thing", ["TP2309-0001", "1a2b3c4d"], ids=["number of the dispute", "beginning of an identifier"]
)
def test_looking_for_one_thing_reads_no_whole_trail(client_of, auditor, entries, thing):
    """Asked of the planner, since three rows tell nothing; PostgreSQL would read so few rows whole if it were let."""
    asked = _found(AuditFilter({"thing": thing})).order_by()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        plan = asked.explain()
    wanted = {"audit_number", "audit_subject_id"}
    assert {name for name in wanted if name in plan} == wanted
