"""The agreement's editor and its sign page in the browser's terms."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from disputes.choices import Side
from mediation.choices import Mode
from mediation.models import Agreement, Mediation, Signature
from tests.mediation.conftest import at, everybody, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


def url(name, dispute):
    return reverse(f"mediation:{name}", args=[dispute.code])


def typed(dispute, *, clauses=("分两期还清。",), items=None, **facts):
    debtor = str(dispute.parties.get(side=Side.RESPONDENT).pk)
    items = [("还款", "2.4万", "2023-09-30"), ("还款", "24,000", "2023-10-31")] if items is None else items
    data = {
        "version": dispute.version,
        "form": "written",
        "concluded_on": "2023-09-01",
        "facts": "借款五万元，欠四万八千元。",
        "manner": "",
        "copies": "",
        "clauses-TOTAL_FORMS": len(clauses),
        "clauses-INITIAL_FORMS": 0,
        "items-TOTAL_FORMS": len(items),
        "items-INITIAL_FORMS": 0,
    }
    for at_row, clause in enumerate(clauses):
        data[f"clauses-{at_row}-text"] = clause
    for at_row, (text, amount, due_on) in enumerate(items):
        row = {"text": text, "amount": amount, "due_on": due_on, "debtor": debtor}
        data |= {f"items-{at_row}-{name}": value for name, value in row.items()}
    return {**data, **facts}


@pytest.fixture
def ready(met):
    met.refresh_from_db()
    return met


def test_an_agreement_is_written_with_the_money_as_people_write_it(mediator, ready):
    response = mediator.post(url("agreement-new", ready), typed(ready))

    agreement = Agreement.objects.get()
    assert (response.status_code, agreement.clauses) == (302, ["分两期还清。"])
    assert [(item.amount, item.due_on, item.debtor.name) for item in agreement.performance_items.all()] == [
        (Decimal("24000.00"), date(2023, 9, 30), "梁伯坚"),
        (Decimal("24000.00"), date(2023, 10, 31), "梁伯坚"),
    ]


def test_rows_left_empty_do_not_count(mediator, ready):
    data = typed(ready, clauses=("", "分两期还清。", " "), items=[("", "", ""), ("还款", "48000", "2023-09-30")])

    mediator.post(url("agreement-new", ready), data)

    agreement = Agreement.objects.get()
    assert (agreement.clauses, agreement.performance_items.count()) == (["分两期还清。"], 1)


def test_one_more_row_is_asked_for_without_a_script_and_nothing_is_lost(mediator, ready):
    response = mediator.post(url("agreement-new", ready), typed(ready, add="items"))

    context = response.context
    assert (response.status_code, Agreement.objects.count()) == (200, 0)
    assert (context["clauses"].total_form_count(), context["items"].total_form_count()) == (1, 3)
    assert [row["amount"].value() for row in context["items"]] == ["2.4万", "24,000", None]
    assert context["form"]["facts"].value() == "借款五万元，欠四万八千元。"
    assert "请填写" not in response.content.decode()


def test_every_mistake_is_shown_at_once_and_at_its_row(mediator, ready):
    data = typed(ready, clauses=("",), items=[("", "", ""), ("还款", "很多", ""), ("还款", "1", "2023-13-01")])

    response = mediator.post(url("agreement-new", ready), data)

    items = response.context["items"]
    assert response.status_code == 422
    assert response.context["clauses"].errors == [
        {"text": ["至少写一条协议内容。一条写一件事：谁、做什么、什么时候做完。"]}
    ]
    assert items.errors == [
        {},
        {
            "amount": ["看不出是多少。请写成 48000、4.8万 或 三万元，最多两位小数。"],
            "due_on": ["请写最迟哪天做完，法院要看得出期限。"],
        },
        {"due_on": ["日期写法不对，请写成 2023-09-20，农历请换成公历。"]},
    ]


def test_a_refusal_of_the_law_stands_at_the_row_it_means(mediator, ready):
    data = typed(ready, items=[("", "", ""), ("还款", "1", "2023-08-31")])

    response = mediator.post(url("agreement-new", ready), data)

    assert response.status_code == 422
    assert response.context["items"].forms[1].errors == {"due_on": ["履行日不能早于达成协议的那一天。"]}


def test_no_clause_at_all_is_refused_at_the_first(mediator, ready):
    response = mediator.post(url("agreement-new", ready), typed(ready, clauses=("", "")))

    assert response.context["clauses"].forms[0].errors == {
        "text": ["至少写一条协议内容。一条写一件事：谁、做什么、什么时候做完。"]
    }


def test_an_amount_below_nothing_is_told_by_the_name_of_its_field(mediator, ready):
    response = mediator.post(url("agreement-new", ready), typed(ready, items=[("还款", "-100", "2023-09-30")]))

    assert response.context["items"].forms[0].errors == {"amount": ["金额不能是负数。"]}


def test_the_editor_sends_back_when_something_is_missing_for_an_agreement(mediator, mediating):
    response = mediator.get(url("agreement-new", mediating))

    assert (response.status_code, response.url) == (302, mediating.get_absolute_url())


def test_a_stale_editor_is_a_conflict_and_keeps_what_was_typed(mediator, drafted):
    response = mediator.post(url("agreement-edit", drafted), typed(drafted, version=0, clauses=("别的",)))

    assert response.status_code == 409
    assert "没有保存：这份协议刚刚有人改过。" in response.content.decode()
    assert response.context["clauses"].forms[0]["text"].value() == "别的"


def test_a_draft_is_shown_to_be_changed_with_everything_in_it(mediator, drafted):
    context = mediator.get(url("agreement-edit", drafted)).context

    assert [row["text"].value() for row in context["clauses"]][:2] == [
        "梁伯坚分三期还清借款48,000元。",
        "沈水旺放弃利息。",
    ]
    assert [row["amount"].value() for row in context["items"]][:3] == ["12000", "12000", "24000"]


# ── who has signed ───────────────────────────────────────────────────────────
def test_signatures_are_noted_each_with_its_time_and_the_rest_stays_empty(mediator, drafted):
    applicant = drafted.parties.get(side=Side.APPLICANT)
    key = f"party-{applicant.pk}"

    response = mediator.post(url("agreement-sign", drafted), {key: "2023-09-01T16:40", f"{key}-method": "fingerprint"})

    signature = Signature.objects.get()
    assert (response.status_code, signature.name, signature.method, signature.signed_at) == (
        302,
        "沈水旺",
        "fingerprint",
        at("2023-09-01 16:40"),
    )


def test_the_last_signature_is_answered_with_the_day_of_effect(mediator, drafted, mediator_of_taiping):
    sign(drafted, mediator_of_taiping, everybody(drafted, mediator_of_taiping)[:-1])

    response = mediator.post(
        url("agreement-sign", drafted), {"seal": "2023-09-04T09:00", "seal-method": "stamp"}, follow=True
    )

    assert "协议已于9月4日生效。" in response.content.decode()


def test_a_time_to_come_is_refused_at_its_signer(mediator, drafted):
    response = mediator.post(url("agreement-sign", drafted), {"seal": "2023-09-21T09:00", "seal-method": "stamp"})

    assert (response.status_code, response.context["form"].errors) == (422, {"seal": ["签名时间不能晚于现在。"]})


def test_a_seal_older_than_a_signature_is_asked_about_and_taken_when_it_is_meant(mediator, drafted):
    key = f"party-{drafted.parties.get(side=Side.APPLICANT).pk}"
    data = {key: "2023-09-01T16:40", f"{key}-method": "signature", "seal": "2023-09-01T09:00", "seal-method": "stamp"}

    asked = mediator.post(url("agreement-sign", drafted), data)
    assert (asked.status_code, asked.context["form"].errors, Signature.objects.count()) == (
        422,
        {"seal": ["盖章早于沈水旺的签名（9月1日 16:40）。时间写错了请改；确实先盖的章，请在下面勾选。"]},
        0,
    )
    assert "章确实盖在签名之前" in asked.content.decode()

    meant = mediator.post(url("agreement-sign", drafted), data | {"seal_first": "on"})
    assert (meant.status_code, Signature.objects.count()) == (302, 2)


def test_a_signature_after_the_seal_on_record_is_asked_about_at_the_signature(mediator, drafted):
    key = f"party-{drafted.parties.get(side=Side.APPLICANT).pk}"
    mediator.post(url("agreement-sign", drafted), {"seal": "2023-09-01T09:00", "seal-method": "stamp"})

    asked = mediator.post(url("agreement-sign", drafted), {key: "2023-09-01T16:40", f"{key}-method": "signature"})

    assert (asked.status_code, list(asked.context["form"].errors)) == (422, [key])


def test_where_everything_is_signed_there_is_nothing_to_note_and_no_button(mediator, drafted, mediator_of_taiping):
    sign(drafted, mediator_of_taiping, everybody(drafted, mediator_of_taiping)[:-1])
    waiting = mediator.get(url("agreement-sign", drafted)).content.decode()
    mediator.post(url("agreement-sign", drafted), {"seal": "2023-09-04T09:00", "seal-method": "stamp"})

    done = mediator.get(url("agreement-sign", drafted)).content.decode()

    button = 'type="submit">登记</button>'
    assert (button in waiting, button in done) == (True, False)
    assert "签名和盖章都登记了，没有要填的。" in done


def test_the_sign_page_says_what_decides_and_until_when_one_may_apply(mediator, drafted):
    html = mediator.get(url("agreement-sign", drafted)).content.decode()

    assert "双方、调解员签名和调解委员会盖章中最晚的一个" in html
    assert "人民调解法第二十九条" in html
    assert "今天签齐的话，双方最迟 10月20日（星期五）共同申请司法确认" in html


def test_online_the_ways_to_sign_start_with_the_electronic_one(mediator, drafted):
    Mediation.objects.update(mode=Mode.ONLINE)

    form = mediator.get(url("agreement-sign", drafted)).context["form"]

    assert {way.initial for _, _, way, _ in form.rows()} == {"electronic"}


def test_an_agent_on_file_may_be_ticked_as_the_one_who_signed(mediator, drafted):
    drafted.parties.filter(side=Side.APPLICANT).update(agent_name="沈家俊")
    key = f"party-{drafted.parties.get(side=Side.APPLICANT).pk}"
    data = {key: "2023-09-01T16:40", f"{key}-method": "signature", f"{key}-agent": "on"}

    mediator.post(url("agreement-sign", drafted), data)

    assert Signature.objects.get().name == "沈水旺（沈家俊代）"


# what stands in the paper


def test_the_facts_start_empty_with_the_story_beside_them(mediator, ready):
    ready.narrative = "我在太平圩借给他五万元，身份证445381196805041234。"
    ready.save(update_fields=["narrative"])

    response = mediator.get(url("agreement-new", ready))

    assert not response.context["form"]["facts"].value()
    html = response.content.decode()
    assert "<summary>对照当事人讲的经过</summary>" in html
    assert ("445381********1234" in html, "445381196805041234" in html) == (True, False)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"facts": "沈水旺（445381********1234）借款。"}, "facts"), ({"clauses": ("汇到138****6072。",)}, "clauses")],
)
def test_a_number_copied_with_its_middle_hidden_is_not_printed(mediator, ready, wrong, where):
    response = mediator.post(url("agreement-new", ready), typed(ready, **wrong))

    form = response.context["form"] if where == "facts" else response.context["clauses"].forms[0]
    errors = form.errors["facts" if where == "facts" else "text"]
    words = "是打了码的号码，不能印进协议。请删去；当事人的号码，协议开头会照登记的印出。"
    assert (response.status_code, errors[0].endswith(words)) == (422, True)


def test_a_stale_page_of_signatures_says_who_was_first_and_keeps_what_was_typed(mediator, drafted):
    one, other = (f"party-{party.pk}" for party in drafted.parties.all())
    mediator.post(url("agreement-sign", drafted), {one: "2023-09-01T16:40", f"{one}-method": "signature"})
    stale = {one: "2023-09-02T09:00", f"{one}-method": "fingerprint", other: "2023-09-02T09:10"}

    response = mediator.post(url("agreement-sign", drafted), stale | {f"{other}-method": "signature"})

    form, html = response.context["form"], response.content.decode()
    assert response.status_code == 409
    assert form.non_field_errors() == [
        "没有保存：沈水旺的签名，黎桂生 9月20日 10:05 已经登记，签于 9月1日 16:40。"
        "请对照登记的时间；您填的其他签名还在，再点一次登记就保存。"
    ]
    assert ("您填的是 9月2日 09:00，没有保存。" in html, form[other].value()) == (True, "2023-09-02T09:10")
    assert Signature.objects.count() == 1


def test_what_was_kept_is_saved_by_pressing_again(mediator, drafted):
    one, other = (f"party-{party.pk}" for party in drafted.parties.all())
    mediator.post(url("agreement-sign", drafted), {one: "2023-09-01T16:40", f"{one}-method": "signature"})

    response = mediator.post(
        url("agreement-sign", drafted), {other: "2023-09-02T09:10", f"{other}-method": "signature"}
    )

    assert (response.status_code, Signature.objects.count()) == (302, 2)
