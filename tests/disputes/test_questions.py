"""What each case type asks: read by kind, kept with its words, never lost on the way, asked for before an agreement."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from core.models import AuditEntry
from disputes import queries, questions, reference
from disputes.amounts import read_amount
from disputes.models import CaseQuestion, CaseType, Dispute
from disputes.triage.numerals import crowds, moneys
from tests.disputes.conftest import APPLICANT, STORY, TODAY

URL, ASK = "/disputes/new/", "/disputes/questions/"
LOAN = {"private_loan_principal": "4.8万", "private_loan_note": "借条、欠条", "private_loan_due_on": "2024-02-09"}


def asked(kind: str, **facts) -> SimpleNamespace:
    named = {"key": "k", "label": "借款金额", "case_type_id": "private_loan", "fills_amount": False, "option_list": []}
    return SimpleNamespace(**named | {"kind": kind, "past_only": False} | facts)


# ── reading one answer ───────────────────────────────────────────────────────
READ = {
    "text": ("text", " 东莞某厂 ", "东莞某厂"),
    "rare characters": ("text", "𣸣𠮷😀", "𣸣𠮷😀"),
    "sum in words": ("money", "四万八千元", "48000"),
    "sum that is about so much": ("money", "五万左右", "50000"),
    "sum with cents": ("money", "1,200.50", "1200.5"),
    "a day to come": ("day", "2024年2月9日", "2024-02-09"),
    "yes": ("yes_no", "yes", "yes"),
    "nothing": ("money", "  ", ""),
}


@pytest.mark.parametrize(("kind", "text", "value"), READ.values(), ids=READ)
def test_an_answer_is_kept_in_one_form(kind, text, value):
    assert questions.read_answer(asked(kind), text, today=TODAY) == value


REFUSED = {
    "no sum": ("money", "五万来块", "看不出是多少"),
    "absurd sum": ("money", "9" * 40, "标的额太大"),
    "lunar day": ("day", "八月初六", "农历请换成公历"),
    "before 1949": ("day", "1949-09-30", "年份不对"),
    "far away": ("day", "2100-01-01", "年份不对"),
    "neither yes nor no": ("yes_no", "maybe", "没有这个选项"),
    "not offered": ("choice", "别的", "没有这个选项"),
    "too long": ("text", "字" * 201, "最多 200 字，现在有 201 字。"),
    "control character": ("text", "厂\x0b名", "不能显示的字符"),
}


@pytest.mark.parametrize(("kind", "text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_at_its_field(kind, text, message):
    with pytest.raises(Refused, match=message) as refused:
        questions.read_answer(asked(kind, option_list=["有", "没有"]), text, today=TODAY)
    assert refused.value.field == "answers-k"


def test_a_day_that_has_passed_may_be_today_and_not_tomorrow():
    past = asked("day", past_only=True)
    assert questions.read_answer(past, TODAY.isoformat(), today=TODAY) == TODAY.isoformat()
    with pytest.raises(Refused, match="这一天还没有到。") as refused:
        questions.read_answer(past, (TODAY + timedelta(days=1)).isoformat(), today=TODAY)
    assert refused.value.field == "answers-k"


def test_an_answer_is_said_in_words():
    said = [questions.said({"kind": kind, "value": value}) for kind, value in (
        ("money", "48000"), ("day", "2024-02-09"), ("yes_no", "no"), ("choice", "都没有"))]  # fmt: skip
    assert said == ["48,000 元", "2024年2月9日", "否", "都没有"]


# ── the table ────────────────────────────────────────────────────────────────
def test_every_type_asks_something_and_what_is_shipped_holds_the_constraints(tables):
    assert set(CaseQuestion.objects.values_list("case_type", flat=True)) == set(
        CaseType.objects.values_list("key", flat=True)
    )
    for question in CaseQuestion.objects.all():
        question.full_clean()
    assert [q.label for q in CaseQuestion.objects.filter(case_type="private_loan")][:4] == [
        "借款金额", "借据", "借款日", "利息怎么讲的",
    ]  # fmt: skip


def test_the_table_says_which_days_have_passed_and_which_may_come(tables):
    days = dict(CaseQuestion.objects.filter(kind="day").values_list("label", "past_only"))
    assert days == {
        "从什么时候起": True, "离职日": True, "借款日": True, "购买日": True, "事故日": True, "受伤日": True,
        "到期日": False, "合同到期日": False, "交货日": False, "租期到哪天": False,
    }  # fmt: skip


def test_only_a_day_can_be_bound_to_the_past(tables):
    question = CaseQuestion.objects.get(key="private_loan_principal")
    question.past_only = True
    with pytest.raises(ValidationError, match="只有答法是「日期」的"):
        question.full_clean()


@pytest.mark.parametrize("chosen", ["", "private_loan", "no_such_type"])
def test_the_type_that_holds_brings_its_questions(tables, chosen):
    found = queries.assess("他借了五万元，写了欠条，一直不还。", chosen=chosen).case_type

    assert (found.key, bool(found.asked)) == ("private_loan", True)
    assert {question.case_type_id for question in found.asked} == {"private_loan"}


def test_a_question_that_an_admin_edited_is_kept(tables):
    CaseQuestion.objects.filter(key="private_loan_note").update(label="欠条", edited=True)
    reference.load(lambda line: None)
    assert CaseQuestion.objects.get(key="private_loan_note").label == "欠条"


def test_the_admin_edits_questions_and_the_trail_says_so(client_of, admin, tables):
    question = CaseQuestion.objects.get(key="private_loan_note")
    fields = {
        "label": "欠条、借条",
        "kind": "choice",
        "options": "有\n没有",
        "help": "",
        "order": "20",
        "enabled": "on",
    }
    answer = client_of(admin).post(f"/manage/disputes/casequestion/{question.pk}/change/", fields)
    question.refresh_from_db()
    assert (answer.status_code, question.label, question.edited) == (302, "欠条、借条", True)
    assert AuditEntry.objects.latest("pk").action == "manage.change"


# ── at intake ────────────────────────────────────────────────────────────────
@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


@pytest.fixture
def typed(village) -> dict[str, str]:
    return {
        "idempotency_key": "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11", "narrative": STORY, "village": village.code,
        "source": "visit", "registered_on": "2023-09-20", "case_type": "private_loan",
        "parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0", "parties-0-side": "applicant",
        "parties-0-kind": "person", "parties-0-name": "沈水旺", "parties-0-phone": "13800006072",
    } | {f"answers-{key}": text for key, text in LOAN.items()}  # fmt: skip


def fields_of(html: str) -> set[str]:
    return set(re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]*name="(answers-\w+)"', html))


def hidden_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(answers-\w+)" value="([^"]*)"', html))


def test_the_questions_follow_the_type_and_answers_to_another_wait(page, typed):
    html = page.post(ASK, typed | {"case_type": "labour"}).content.decode()
    assert "answers-labour_employer" in fields_of(html)
    assert hidden_of(html) == {f"answers-{key}": text for key, text in LOAN.items()}
    back = page.post(ASK, hidden_of(html) | {"case_type": "private_loan"}).content.decode()
    assert 'value="4.8万"' in back
    assert '<option value="借条、欠条" selected' in back


def test_the_story_brings_the_questions_of_the_suggested_type_along_once(page):
    first = page.post("/disputes/suggest/", {"narrative": STORY, "asked": ""}).content.decode()
    again = page.post("/disputes/suggest/", {"narrative": STORY, "asked": "private_loan"}).content.decode()
    assert 'id="questions" hx-swap-oob="true"' in first
    assert "answers-private_loan_principal" in fields_of(first)
    assert 'id="questions"' not in again


def test_answers_are_kept_and_the_sum_fills_the_empty_amount(page, typed):
    page.post(URL, typed)
    dispute = Dispute.objects.get()
    assert dispute.amount == Decimal(48_000)
    assert dispute.answered == [("借款金额", "48,000 元"), ("借据", "借条、欠条"), ("到期日", "2024年2月9日")]
    assert "借条、欠条" in page.get(dispute.get_absolute_url()).content.decode()


def test_a_sum_told_beside_is_not_written_over(page, typed):
    page.post(URL, typed | {"amount": "50000"})
    assert Dispute.objects.get().amount == Decimal(50_000)


def test_answers_of_another_type_are_not_kept_with_the_dispute(page, typed):
    page.post(URL, typed | {"answers-labour_employer": "某厂", "answers-unknown": "x"})
    assert {one["case_type"] for one in Dispute.objects.get().answers} == {"private_loan"}


def test_a_wrong_answer_is_said_at_its_field_and_nothing_is_lost(page, typed):
    answer = page.post(URL, typed | {"answers-private_loan_due_on": "八月初六", "answers-labour_employer": "某厂"})
    html = answer.content.decode()
    assert (answer.status_code, Dispute.objects.count()) == (422, 0)
    assert '<a href="#id_answers-private_loan_due_on">到期日：日期写法不对' in html
    assert 'value="八月初六"' in html
    assert hidden_of(html) == {"answers-labour_employer": "某厂"}


def test_a_day_to_come_is_refused_where_a_past_one_is_asked_for_and_taken_where_it_is_due(page, typed):
    """The clock stands on 20 September 2023; the sum is due in February."""
    early = typed | {"answers-private_loan_lent_on": "2023-09-21"}
    answer = page.post(URL, early)
    html = answer.content.decode()
    assert (answer.status_code, Dispute.objects.count()) == (422, 0)
    assert '<a href="#id_answers-private_loan_lent_on">借款日：这一天还没有到。' in html
    page.post(URL, early | {"answers-private_loan_lent_on": "2023-09-20"})
    assert dict(Dispute.objects.get().answered)["到期日"] == "2024年2月9日"


def test_answers_are_in_the_draft(page, typed):
    page.post("/disputes/draft/", typed)
    html = page.get(URL).content.decode()
    assert 'value="4.8万"' in html
    assert '<option value="借条、欠条" selected' in html


def test_a_script_in_an_answer_stays_text(page, typed):
    page.post(URL, typed | {"answers-private_loan_interest": "<script>x</script>"})
    html = page.get(Dispute.objects.get().get_absolute_url()).content.decode()
    assert "&lt;script&gt;x" in html
    assert "<script>x" not in html


def test_registering_with_answers_stays_within_sixteen_queries(page, typed, register, mediator_of_taiping):
    register(mediator_of_taiping, parties=(replace(APPLICANT, name="温日初", phone="13800001111", id_number=""),))
    with CaptureQueriesContext(connection) as made:
        page.post(URL, typed)
    marks = ("SAVEPOINT", "RELEASE")
    assert len([one for one in made.captured_queries if not one["sql"].startswith(marks)]) <= 16


# ── before an agreement ──────────────────────────────────────────────────────
def test_a_sum_in_dispute_answers_the_question_for_it():
    required = [questions.Required("a", "借款金额", True), questions.Required("b", "借据", False)]
    assert questions.unanswered(required, [], Decimal(1)) == ("借据",)
    assert questions.unanswered(required, [{"key": "b"}], None) == ("借款金额",)


# ── the sum that was told ────────────────────────────────────────────────────
def test_a_sum_in_the_story_is_offered_and_not_saved(page, typed, village):
    html = page.post("/disputes/suggest/", {"narrative": STORY}).content.decode()
    assert "填 48,000 元" in html
    assert "标的额还空着" not in page.post("/disputes/suggest/", {"narrative": STORY, "amount": "5万"}).content.decode()
    page.post(URL, {name: text for name, text in typed.items() if not name.startswith("answers-")})
    assert Dispute.objects.get().amount is None


def test_a_sum_that_stands_in_a_refused_form_is_not_called_missing(page, typed):
    told = {
        name: text for name, text in typed.items() if not name.startswith("answers-")
    }  # one of them names a sum too
    answer = page.post(URL, told | {"amount": "23000", "parties-0-phone": "12"})
    assert (answer.status_code, "标的额还空着" in answer.content.decode()) == (422, False)


@pytest.mark.parametrize(
    ("told", "sum_"),
    [
        ("借给李四三万五千元", 35_000),
        ("借给老五三万五千元", 35_000),
        ("欠我三四万元", 30_000),
        ("三五万元", 30_000),
        ("阿五十万没还", 100_000),
        ("阿五十五万没还", 150_000),
        ("阿三五万没还", 50_000),
        ("阿三五六万没还", 50_000),
        ("老五五十万没还", 500_000),
        ("还了阿五百块", 500),
        ("欠李四四十五万", 450_000),
        ("欠李四十五万", 150_000),
        ("欠款五十万", 500_000),
        ("欠薪三十万元", 300_000),
        ("借给大哥四十万", 400_000),
        ("给阿三20万", 200_000),
        ("要三十五块", 35),
    ],
)
def test_the_end_of_a_name_is_no_digit_of_the_sum_behind_it(told, sum_):
    assert [value for _, _, value in moneys(told)] == [sum_]


@pytest.mark.parametrize(
    ("told", "sum_"),
    [
        ("欠2万3没还", 23_000),
        ("欠廿三万", 230_000),
        ("欠一百廿三元", 123),
        ("借3万5千元", 35_000),
        ("借12万5", 125_000),
    ],
)
def test_a_sum_in_a_story_is_read_as_the_field_reads_it(told, sum_):
    assert [value for _, _, value in moneys(told)] == [sum_] == [int(read_amount(told.strip("欠借没还")))]


def test_tens_in_one_sign_count_people_too():
    assert [size for _, _, size in crowds("廿几个人堵门，卅多个村民在场")] == [23, 30]


# ── sums that are about so much ──────────────────────────────────────────────
def test_a_sum_that_is_about_so_much_is_kept_as_its_number_and_the_page_says_so(page, typed):
    told = typed | {"amount": "五万左右", "answers-private_loan_principal": "约4.8万"}
    panel = page.post("/disputes/suggest/", told).content.decode()
    answer = page.post(URL, told, follow=True)

    dispute = Dispute.objects.get()
    assert '标的额写的是约数，按 <b class="nowrap">50,000 元</b> 记。' in panel
    assert (dispute.amount, dict(dispute.answered)["借款金额"]) == (Decimal(50_000), "48,000 元")
    assert "有金额写的是约数，记的是那个数。" in answer.content.decode()


def test_what_is_told_in_words_is_kept_as_told_and_not_taken_for_a_sum(page, typed):
    told = typed | {"answers-private_loan_interest": "约二百"}
    registered = page.post(URL, told, follow=True).content.decode()
    dispute = Dispute.objects.get()
    edited = {"narrative": STORY, "village": dispute.division_id, "source": "visit", "case_type": "private_loan"}
    edited |= {
        "version": str(dispute.version),
        "answers-private_loan_interest": "大约三百",
        "answers-other_claim": "约5万",
    }

    corrected = page.post(f"/disputes/{dispute.code}/edit/", edited, follow=True).content.decode()

    dispute.refresh_from_db()
    assert dict(dispute.answered)["利息怎么讲的"] == "大约三百"
    assert ["写的是约数" in html for html in (registered, corrected)] == [False, False]
