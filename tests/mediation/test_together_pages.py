"""The pages of what ties a dispute to other towns and disputes, as people see them; and what they ask the database."""

from datetime import date

import pytest
from django.urls import reverse

from core.choices import Role
from disputes.actions.links import link_disputes
from disputes.actions.notes import write_note
from disputes.actions.towns import accept_joint, ask_town, end_joint
from disputes.choices import LinkKind, TownRequestKind
from disputes.models import Dispute, DisputeLink, InternalNote, LatePaper, TownRequest
from mediation.actions.endings import fail_mediation
from mediation.actions.papers import add_paper
from mediation.choices import PaperKind
from tests.conftest import SHUANGDONG
from tests.mediation.confirmation_kit import submit
from tests.mediation.test_performance import upload

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 18)
PAGE_QUERIES, SLOT_QUERIES = 16, 12


@pytest.fixture
def officer_of_shuangdong(make_user):
    return make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌")


def url(name: str, dispute, *more) -> str:
    return reverse(f"mediation:{name}", args=[dispute.code, *more])


def html_of(client, address: str) -> str:
    return client.get(address).content.decode()


def ask(dispute, by, kind=TownRequestKind.JOINT) -> TownRequest:
    return ask_town(dispute_id=dispute.pk, kind=kind, town_code=SHUANGDONG, reason="对方住双东", by=by, on=DAY)


# ── two towns ────────────────────────────────────────────────────────────────
def test_a_town_is_asked_and_answers_on_its_own_page(
    client_of, dispute, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong
):
    ours, theirs = client_of(officer_of_taiping), client_of(officer_of_shuangdong)
    typed = {"kind": "joint", "town": SHUANGDONG, "reason": "对方住双东", "on": "2023-09-18"}
    assert ours.post(url("town-ask", dispute), typed).status_code == 302
    assert "等双东街道答复" in html_of(ours, dispute.get_absolute_url())

    page = html_of(theirs, dispute.get_absolute_url())
    assert f'href="{url("town-answer", dispute)}">答复</a>' in page
    answer = {"answer": "yes", "mediator": mediator_of_shuangdong.pk, "on": "2023-09-18"}
    assert theirs.post(url("town-answer", dispute), answer).status_code == 302

    assert "双东街道" in html_of(ours, url("together", dispute))
    assert "派陈水莲参加" in html_of(ours, url("together", dispute))


def test_who_says_no_says_why_and_is_led_to_the_days_work(
    client_of, dispute, officer_of_taiping, officer_of_shuangdong
):
    ask(dispute, officer_of_taiping)
    theirs = client_of(officer_of_shuangdong)

    silent = theirs.post(url("town-answer", dispute), {"answer": "no", "on": "2023-09-18"})
    assert (silent.status_code, "请写明不同意的理由。" in silent.content.decode()) == (422, True)

    said = theirs.post(url("town-answer", dispute), {"answer": "no", "reason": "与本街道无关", "on": "2023-09-18"})
    assert (said.status_code, said["Location"]) == (302, reverse("today"))
    assert dispute.narrative[:6] not in theirs.get(dispute.get_absolute_url()).content.decode()


def test_a_move_asks_for_its_village_at_the_field(client_of, dispute, officer_of_taiping, officer_of_shuangdong):
    ask(dispute, officer_of_taiping, TownRequestKind.MOVE)

    response = client_of(officer_of_shuangdong).post(url("town-answer", dispute), {"answer": "yes", "on": "2023-09-18"})

    assert (response.status_code, "请选择村（社区）。" in response.content.decode()) == (422, True)
    assert Dispute.objects.get(pk=dispute.pk).town_code != SHUANGDONG


def test_the_county_finds_what_it_has_to_decide_on_the_page(
    client_of, dispute, officer_of_taiping, officer_of_shuangdong, justice_officer
):
    request = ask(dispute, officer_of_taiping)
    client_of(officer_of_shuangdong).post(
        url("town-answer", dispute), {"answer": "no", "reason": "与本街道无关。", "on": "2023-09-18"}
    )
    client_of(officer_of_taiping).post(url("county-ask", dispute, request.pk))
    county = client_of(justice_officer)

    assert url("lead-decide", dispute, request.pk) in html_of(county, dispute.get_absolute_url())
    assert "双东街道不同意：与本街道无关。定下" in html_of(county, url("lead-decide", dispute, request.pk))
    typed = {"lead": dispute.town_code, "reason": "事发在太平", "on": "2023-09-20", "village": "", "mediator": ""}
    assert county.post(url("lead-decide", dispute, request.pk), typed).status_code == 302
    assert Dispute.objects.get(pk=dispute.pk).joint_towns == (SHUANGDONG,)


def test_after_a_refusal_the_way_to_the_county_stands_first_on_the_page_of_who_may_go_it(
    client_of, dispute, officer_of_taiping, officer_of_shuangdong, mediator_of_taiping
):
    request = ask(dispute, officer_of_taiping)
    no = {"answer": "no", "reason": "与本街道无关，问13800006072", "on": "2023-09-18"}
    waiting = html_of(client_of(officer_of_taiping), dispute.get_absolute_url())
    client_of(officer_of_shuangdong).post(url("town-answer", dispute), no)
    ours, way = client_of(officer_of_taiping), url("county-ask", dispute, request.pk)

    page, mine = (html_of(one, dispute.get_absolute_url()) for one in (ours, client_of(mediator_of_taiping)))
    ours.post(way)
    asked = html_of(ours, dispute.get_absolute_url())

    assert [way in html for html in (waiting, page, mine, asked)] == [False, True, False, False]
    assert page.index(way) < page.index('id="next"')
    assert ("双东街道不同意联办" in page, "13800006072" in page) == (True, False)


def test_a_town_that_joined_after_all_leaves_nothing_to_ask_the_county_nor_when_it_is_over(
    client_of, dispute, officer_of_taiping, officer_of_shuangdong
):
    ask(dispute, officer_of_taiping)
    no = {"answer": "no", "reason": "与本街道无关", "on": "2023-09-18"}
    client_of(officer_of_shuangdong).post(url("town-answer", dispute), no)
    joint = accept_joint(request_id=ask(dispute, officer_of_taiping).pk, by=officer_of_shuangdong, on=DAY)
    ours = client_of(officer_of_taiping)

    meanwhile = html_of(ours, dispute.get_absolute_url())
    end_joint(request_id=joint.pk, by=officer_of_taiping, on=DAY, reason="谈好了")

    assert "请县级决定由谁牵头" not in meanwhile + html_of(ours, dispute.get_absolute_url())


def test_the_mediator_a_joint_town_sent_opens_its_papers_and_a_colleague_does_not(
    client_of, dispute, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, make_user
):
    paper = add_paper(dispute_id=dispute.pk, by=officer_of_taiping, upload=upload(), kind=PaperKind.EVIDENCE)
    colleague = make_user("colleague", Role.MEDIATOR, SHUANGDONG)
    file_url = reverse("file-download", args=[paper.pk])

    def answer_to(user) -> int:
        response = client_of(user).get(file_url)
        if response.streaming:
            assert b"".join(response.streaming_content).startswith(b"%PDF")
        return response.status_code

    answers = [answer_to(mediator_of_shuangdong)]
    request = ask(dispute, officer_of_taiping)
    answers.append(answer_to(mediator_of_shuangdong))
    accept_joint(request_id=request.pk, by=officer_of_shuangdong, on=DAY, mediator_id=mediator_of_shuangdong.pk)
    answers += [answer_to(user) for user in (mediator_of_shuangdong, colleague)]

    assert answers == [404, 404, 200, 403]


# ── notes ────────────────────────────────────────────────────────────────────
def test_a_note_is_written_read_and_struck_by_the_towns_people(client_of, dispute, mediator_of_taiping):
    mine = client_of(mediator_of_taiping)
    mine.post(url("note-new", dispute), {"text": "约了三次没来"})
    assert "约了三次没来" in html_of(mine, url("together", dispute))

    mine.post(url("note-strike", dispute, InternalNote.objects.get().pk))

    assert "<s>约了三次没来</s>" in html_of(mine, url("together", dispute))


@pytest.mark.parametrize("who", ["reviewing_judge", "court_clerk", "justice_officer", "committee_officer"])
def test_court_and_county_read_no_note_anywhere(who, cast, client_of, agreed, mediator_of_taiping):
    write_note(dispute_id=agreed.pk, text="约了三次没来", by=mediator_of_taiping)
    request = submit(agreed, mediator_of_taiping)
    reader = client_of(cast[who])
    pages = [
        agreed.get_absolute_url(),
        url("together", agreed),
        reverse("court:confirmation-review", args=[request.pk]),
    ]

    assert [page for page in pages if "约了三次" in html_of(reader, page)] == []


def test_a_refused_note_keeps_its_words(client_of, dispute, mediator_of_taiping):
    response = client_of(mediator_of_taiping).post(
        url("note-new", dispute), {"text": "长" * 2001}, headers={"HX-Request": "true"}
    )

    html = response.content.decode()
    assert (response.status_code, "备注" in html, "长" * 2001 in html) == (422, True, True)


# ── links and merging ────────────────────────────────────────────────────────
def test_a_group_is_seen_together_and_hides_what_is_not_ones_own(
    client_of, dispute, make_dispute, mediator_of_taiping, mediator_of_shuangdong, make_user
):
    both = make_user("both", Role.OFFICER, "445381101", SHUANGDONG)
    ours = make_dispute(mediator_of_taiping, code="TP2309-0002", title="陈亚福与建安公司劳动争议")
    theirs = make_dispute(mediator_of_shuangdong, code="SD2309-0001", town=SHUANGDONG, title="邝亚带与建安公司劳动争议")
    for child in (ours, theirs):
        link_disputes(child_id=child.pk, parent_id=dispute.pk, kind=LinkKind.GROUP, by=both, on=DAY)

    html = html_of(client_of(mediator_of_taiping), url("group", dispute))

    assert ("陈亚福" in html, "邝亚带" in html, "另有 1 件" in html) == (True, False, True)


def test_no_page_leads_to_a_dispute_that_another_town_has_taken_over(
    client_of, dispute, make_dispute, mediator_of_taiping, officer_of_taiping
):
    child = make_dispute(mediator_of_taiping, code="TP2309-0002")
    link_disputes(child_id=child.pk, parent_id=dispute.pk, kind=LinkKind.GROUP, by=officer_of_taiping, on=DAY)
    browser = client_of(officer_of_taiping)
    pages = child.get_absolute_url(), url("together", child)
    assert [dispute.get_absolute_url() in html_of(browser, page) for page in pages] == [True, True]
    Dispute.objects.filter(pk=dispute.pk).update(town_code=SHUANGDONG)

    htmls = [html_of(browser, page) for page in pages]

    assert [(dispute.get_absolute_url() in html, "不在您的范围内" in html) for html in htmls] == [(False, True)] * 2


def test_a_group_of_which_the_reader_sees_nothing_says_so(client_of, dispute, make_dispute, mediator_of_taiping,
                                                        officer_of_taiping, officer_of_shuangdong):  # fmt: skip
    child = make_dispute(mediator_of_taiping, code="TP2309-0002")
    link_disputes(child_id=child.pk, parent_id=dispute.pk, kind=LinkKind.GROUP, by=officer_of_taiping, on=DAY)
    Dispute.objects.filter(pk=dispute.pk).update(town_code=SHUANGDONG)

    html = html_of(client_of(officer_of_shuangdong), url("group", dispute))

    assert ("下面关联的都不在您的范围内" in html, "下面还没有关联的纠纷" in html) == (True, False)


def test_a_wrong_code_is_said_at_the_field(client_of, dispute, officer_of_taiping):
    for name, typed in (("link-new", {"kind": "group"}), ("merge", {"reason": "同一件"})):
        response = client_of(officer_of_taiping).post(
            url(name, dispute), {"code": "tp2309-9999", "on": "2023-09-18", **typed}
        )
        assert (response.status_code, "没有编号「TP2309-9999」" in response.content.decode()) == (422, True)


@pytest.mark.parametrize("name", ["link-new", "merge"])
def test_disputes_of_the_same_people_are_offered_and_one_press_is_enough(name, client_of, dispute, make_dispute):
    mine, by = client_of(dispute.handler), dispute.handler
    double = make_dispute(by, code="TP2309-0002")
    foreign = make_dispute(by, code="SD2309-0001", town=SHUANGDONG)
    field = '<input type="radio" name="chosen" value="{}"'

    html = html_of(mine, url(name, double))
    answer = mine.post(
        url(name, double), {"chosen": dispute.code, "kind": "group", "reason": "同一件", "on": "2023-09-18"}
    )

    shown = [field.format(one.code) in html for one in (dispute, double, foreign)]
    assert (shown, answer.status_code) == ([True, False, False], 302)
    double.refresh_from_db()
    assert dispute in (double.merged_into, DisputeLink.objects.filter(child=double).first() and dispute)


def test_what_is_offered_is_at_most_five_and_can_be_merged_into(client_of, dispute, make_dispute):
    mine, by = client_of(dispute.handler), dispute.handler
    for serial in range(2, 8):
        make_dispute(by, code=f"TP2309-000{serial}")
    ended = {"state": "ended", "outcome": "ended", "end_ground": "withdrawn", "closed_on": DAY}
    make_dispute(by, code="TP2309-0009", **ended)

    linked, merged = (html_of(mine, url(name, dispute)) for name in ("link-new", "merge"))

    assert [html.count('name="chosen" value="TP') for html in (linked, merged)] == [5, 5]
    assert ["TP2309-0009" in html for html in (linked, merged)] == [True, False]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "请在上面点一件，或者填编号。"),
        (
            {"chosen": "TP2308-0146", "code": "tp23090003"},
            "上面点的是 TP2308-0146，这里填的是 TP2309-0003，请只留一件。",
        ),
    ],
    ids=["neither", "both"],
)
def test_one_dispute_is_chosen_or_typed(typed, said, client_of, dispute, make_dispute):
    double = make_dispute(dispute.handler, code="TP2309-0002")
    response = client_of(dispute.handler).post(url("link-new", double), {"kind": "group", "on": "2023-09-18", **typed})
    assert (response.status_code, said in response.content.decode()) == (422, True)


def test_what_stands_under_another_is_not_offered_to_be_linked_to_and_typed_it_is_refused(
    client_of, dispute, make_dispute
):
    mine, by = client_of(dispute.handler), dispute.handler
    child, third = (make_dispute(by, code=f"TP2309-000{serial}") for serial in (2, 3))
    link_disputes(child_id=child.pk, parent_id=dispute.pk, kind="group", by=by, on=DAY)

    html = html_of(mine, url("link-new", third))
    answer = mine.post(url("link-new", third), {"code": child.code, "kind": "group", "on": "2023-09-18"})

    assert [f'name="chosen" value="{one.code}"' in html for one in (dispute, child)] == [True, False]
    said = f"那一件自己也关联在别的一件下面。请关联到它上面的主件 {dispute.code}。"
    assert (answer.status_code, said in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("which", ["child", "parent"])
def test_what_can_stand_under_no_other_is_told_so_before_a_form(which, client_of, dispute, make_dispute):
    mine, by = client_of(dispute.handler), dispute.handler
    child, _third = (make_dispute(by, code=f"TP2309-000{serial}") for serial in (2, 3))
    link_disputes(child_id=child.pk, parent_id=dispute.pk, kind="group", by=by, on=DAY)
    one, said = {
        "child": (child, "要换的，请先解除原来的关联。"),
        "parent": (dispute, "本件下面已经有关联的纠纷，不能再放到别的一件下面。"),
    }[which]

    html = html_of(mine, url("link-new", one))

    assert ('id="shut"' in html, said in html, 'name="chosen"' in html) == (True, True, False)


# ── closed files ─────────────────────────────────────────────────────────────
def test_the_menu_says_why_an_agreement_under_confirmation_is_not_reopened(client_of, agreed, mediator_of_taiping):
    submit(agreed, mediator_of_taiping)

    html = html_of(client_of(mediator_of_taiping), agreed.get_absolute_url())

    assert "现在还不能：司法确认还没有结果。请等法院裁定，或者先撤回申请。" in html
    assert url("reopen", agreed) not in html


def test_a_late_paper_is_asked_for_its_day_and_marked_on_the_page(client_of, met, mediator_of_taiping):
    fail_mediation(dispute_id=met.pk, by=mediator_of_taiping, on=DAY, reason="差距太大", ways_told=True)
    mine = client_of(mediator_of_taiping)
    assert "收到日" in html_of(mine, url("paper-new", met))

    typed = {"kind": "receipt", "file": upload(), "handed_in_on": "2023-09-19", "handed_in_by": "沈水旺"}
    assert mine.post(url("paper-new", met), typed).status_code == 302

    assert LatePaper.objects.get().handed_in_by == "沈水旺"
    assert "补交，9月19日沈水旺交来" in html_of(mine, met.get_absolute_url())


# ── what they ask of the database ────────────────────────────────────────────
def test_page_and_slot_ask_as_often_with_much_as_with_little(
    client_of, dispute, make_dispute, officer_of_taiping, officer_of_shuangdong, mediator_of_taiping,
    django_assert_max_num_queries, django_assert_num_queries,
):  # fmt: skip
    ours, theirs = client_of(officer_of_taiping), client_of(officer_of_shuangdong)
    ask(dispute, officer_of_taiping)
    write_note(dispute_id=dispute.pk, text="一", by=mediator_of_taiping)
    one = make_dispute(mediator_of_taiping, code="TP2309-0001")
    link_disputes(child_id=one.pk, parent_id=dispute.pk, kind=LinkKind.GROUP, by=officer_of_taiping, on=DAY)
    asked = {}
    for name, client, address, most in (
        ("page", ours, dispute.get_absolute_url(), PAGE_QUERIES),
        ("page of the other town", theirs, dispute.get_absolute_url(), PAGE_QUERIES),
        ("slot", ours, url("together", dispute), SLOT_QUERIES),
        ("group", ours, url("group", dispute), SLOT_QUERIES),
    ):
        with django_assert_max_num_queries(most) as counted:
            client.get(address)
        asked[name] = (client, address, len(counted))
    for number in (2, 3):
        write_note(dispute_id=dispute.pk, text=str(number), by=mediator_of_taiping)
        more = make_dispute(mediator_of_taiping, code=f"TP2309-000{number}")
        link_disputes(child_id=more.pk, parent_id=dispute.pk, kind=LinkKind.GROUP, by=officer_of_taiping, on=DAY)

    for client, address, count in asked.values():
        with django_assert_num_queries(count):
            client.get(address)
