"""The pages of the requests: who sees whose name, lists that cost the same, forms that keep what was typed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.models import AuditEntry
from liaison.actions.assistance_visits import attach_files
from liaison.choices import AssistanceKind, AssistanceState
from liaison.models import AssistanceRequest, Tribunal
from liaison.queries import assistance as reads
from tests.conftest import TAIPING
from tests.liaison import assistance_kit as kit
from tests.liaison.assistance_kit import ADDRESS, DUE, NAME, NUMBER, PHONE, accepted, ask, done
from tests.liaison.conftest import picture

pytestmark = pytest.mark.usefixtures("visit_day")
LIST, NEW = "liaison:assistance-list", "liaison:assistance-new"
K, S = AssistanceKind, AssistanceState
TYPED = {
    "idempotency_key": "6a5b0a0e-7f0c-4b57-9a36-2a1f6b1f0c01",
    "town": TAIPING,
    "kind": K.SERVE_DIRECT,
    "asking_court": "",
    "court_number": NUMBER,
    "due_on": "2023-09-20",
    "commissioner": "court",
    "person_name": NAME,
    "phone": PHONE,
    "address": ADDRESS,
    "task": "当面送达",
    "instrument": "传票",
    "copies": "1",
}


def page(client, request, name="assistance", *given):
    return client.get(reverse(f"liaison:{name}", args=[request.pk, *given]))


def step(client, request, verb, body=None, query=""):
    url = reverse("liaison:assistance-step", args=[request.pk, verb]) + query
    return client.get(url) if body is None else client.post(url, {"version": request.version} | body)


def errors(answer) -> set[str]:
    return set(answer.context["form"].errors)


# ── whose name ───────────────────────────────────────────────────────────────
CONCERNED = {"mediator_of_taiping", "officer_of_taiping", "court_clerk"}
LOOK_ON = {"reviewing_judge", "judges_assistant", "justice_officer", "committee_officer", "second_mediator"}


@pytest.mark.parametrize("who", sorted(CONCERNED | LOOK_ON))
def test_a_name_is_read_by_whom_it_concerns_and_by_nobody_else(who, going, cast, make_user, client_of):
    done(going, cast["mediator_of_taiping"], where=kit.HERE)
    reader = cast.get(who) or make_user("second_mediator", "mediator", TAIPING)
    client = client_of(reader)

    texts = [page(client, going).content.decode(), client.get(reverse(LIST), {"stage": "reported"}).content.decode()]

    assert [NAME in text for text in texts] == [who in CONCERNED] * 2
    assert ["沈**" in text for text in texts] == [who in LOOK_ON] * 2
    assert [word for word in (PHONE, ADDRESS, "22.76") if word in texts[1]] == []
    assert [word for word in (PHONE, ADDRESS) if word in texts[0]] == []
    assert [word in texts[0] for word in (kit.SERVICE.task, "纬度 22.76")] == [who in CONCERNED] * 2


def test_what_was_found_out_is_not_shown_to_onlookers(
    point, court_clerk, officer_of_taiping, client_of, committee_officer
):
    found = kit.ask_for(point, court_clerk, K.FIND_PERSON)
    found = done(accepted(found, officer_of_taiping), officer_of_taiping)

    shown = ["番禺" in page(client_of(user), found).content.decode() for user in (court_clerk, committee_officer)]

    assert shown == [True, False]


def test_an_address_is_shown_once_it_stands_in_the_trail(going, mediator_of_taiping, client_of):
    url = reverse("liaison:assistance-reveal", args=[going.pk])

    answer = client_of(mediator_of_taiping).post(
        url, {"field": "address", "reason": "上门办理"}, HTTP_HX_REQUEST="true"
    )

    assert ADDRESS in answer.content.decode()
    entry = AuditEntry.objects.get(action="assistance.reveal")
    assert (entry.actor, entry.detail) == (mediator_of_taiping, {"field": "address", "reason": "上门办理"})


def test_a_reason_that_will_not_do_comes_back_in_its_form(going, mediator_of_taiping, client_of):
    url = reverse("liaison:assistance-reveal", args=[going.pk])
    given = {"field": "phone", "reason": "1"}
    for headers, target in (({"HX-Request": "true"}, "this"), ({}, None)):
        answer = client_of(mediator_of_taiping).post(url, given, headers=headers)
        page = answer.content.decode()
        assert ("这样写看不出来" in page, 'value="1" aria-invalid="true"' in page) == (True, True)
        assert (answer.status_code, answer.headers.get("HX-Retarget")) == (422, target)


@pytest.mark.parametrize(
    "given", [{"field": "address"}, {"field": "result", "reason": "看看"}, {"field": "phone", "reason": " "}]
)
def test_nothing_is_shown_without_a_reason_or_of_another_field(given, going, mediator_of_taiping, client_of):
    answer = client_of(mediator_of_taiping).post(reverse("liaison:assistance-reveal", args=[going.pk]), given)

    assert (answer.status_code, AuditEntry.objects.filter(action="assistance.reveal").count()) == (422, 0)
    assert "回到这一件" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("mediator_of_taiping", 200), ("court_clerk", 200), ("reviewing_judge", 403)]
)
def test_photos_are_opened_by_whom_the_request_concerns(who, status, going, cast, client_of):
    photo = attach_files(request_id=going.pk, by=cast["mediator_of_taiping"], photos=[picture("门口.png")])[0]

    answer = client_of(cast[who]).get(reverse("file-download", args=[photo.pk]))
    answer.close()

    assert answer.status_code == status


# ── lists ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [(LIST, 7), ("liaison:assistance-point", 8)])
def test_a_list_asks_the_same_number_of_queries(
    rows, name, queries, point, court_clerk, officer_of_taiping, client_of, django_assert_num_queries
):
    for _ in range(rows):
        accepted(ask(point, court_clerk), officer_of_taiping)
    client = client_of(officer_of_taiping)

    with django_assert_num_queries(queries):
        client.get(reverse(name, args=[] if name == LIST else [TAIPING]))


def test_the_stages_hold_their_states(point, cast):
    clerk, officer = cast["court_clerk"], cast["officer_of_taiping"]
    ask(point, clerk)
    accepted(ask(point, clerk), officer)
    done(accepted(ask(point, clerk), officer), officer)
    kit.received(done(accepted(ask(point, clerk), officer), officer), clerk)

    listed = {stage: [row.state for row in reads.request_page(clerk, stage).rows] for stage in reads.STAGES}

    assert {stage: sorted(states) for stage, states in listed.items()} == {
        "open": [S.ACCEPTED, S.SENT],
        "sent": [S.SENT],
        "accepted": [S.ACCEPTED],
        "reported": [S.DONE],
        "closed": [S.RECEIVED],
    }
    assert reads.stage_counts(clerk) == {"open": 2, "sent": 1, "accepted": 1, "reported": 1}


def test_the_list_is_narrowed_by_the_courts_day_and_paged(point, court_clerk, client_of, monkeypatch):
    first, second = ask(point, court_clerk), ask(point, court_clerk, due_on=DUE + timedelta(days=1))
    client = client_of(court_clerk)

    narrowed = client.get(reverse(LIST), {"due_by": DUE.isoformat()})
    unusable = client.get(reverse(LIST), {"due_by": "腊月"})
    pages = reads.keyset_page(reads.visible_requests(court_clerk), order=reads.BY_DUE_DAY, size=1)

    assert [row["found"].pk for row in narrowed.context["rows"]] == [first.pk]
    assert (len(unusable.context["rows"]), "先全部列出" in unusable.content.decode()) == (2, True)
    assert ([row.pk for row in pages.rows], bool(pages.next_cursor), second.due_on > first.due_on) == (
        [first.pk],
        True,
        True,
    )


def test_an_empty_list_says_what_to_do_first(point, court_clerk, officer_of_taiping, client_of):
    said = [client_of(user).get(reverse(LIST)).content.decode() for user in (court_clerk, officer_of_taiping)]

    assert ["从这里发出" in said[0], "联络人员会收到消息" in said[1]] == [True, True]


# ── asking ───────────────────────────────────────────────────────────────────
def test_the_clerk_asks_in_the_browser(point, court_clerk, client_of):
    answer = client_of(court_clerk).post(reverse(NEW), TYPED | {"instruments": picture("传票.png")})

    request = AssistanceRequest.objects.get()
    assert (answer.url, request.sent_by, request.due_on) == (request.get_absolute_url(), court_clerk, DUE)
    assert [file.name for file in reads.files_of(request)["assistance_instrument"]] == ["传票.png"]


def test_the_form_sent_twice_leads_to_the_one_request(point, court_clerk, client_of):
    client = client_of(court_clerk)

    assert len({client.post(reverse(NEW), TYPED).url for _ in range(2)}) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"address": ""}, "address"),
        ({"due_on": "2023-09-08"}, "due_on"),
        ({"due_on": "中秋"}, "due_on"),
        ({"phone": "电话不详"}, "phone"),
        ({"copies": "-1"}, "copies"),
        ({"town": "445381999"}, "town"),
        ({"instruments": "传票.exe"}, "instruments"),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(typed, field, point, court_clerk, client_of):
    if field == "instruments":
        typed = {"instruments": picture(typed["instruments"])}

    answer = client_of(court_clerk).post(reverse(NEW), TYPED | typed)

    assert (answer.status_code, errors(answer), AssistanceRequest.objects.count()) == (422, {field}, 0)
    assert NAME in answer.content.decode()


def test_only_the_clerk_is_offered_the_post(point, court_clerk, reviewing_judge, client_of):
    offered = [
        "postal_office" in client_of(user).get(reverse(NEW)).context["form"].fields
        for user in (court_clerk, reviewing_judge)
    ]

    assert offered == [True, False]


def test_the_court_that_serves_the_town_is_proposed(point, court_clerk, client_of):
    Tribunal.objects.create(name="太平人民法庭").towns.add(TAIPING)

    form = client_of(court_clerk).get(reverse(NEW), {"town": TAIPING}).context["form"]

    assert form["asking_court"].value() == "太平人民法庭"


# ── the point's page ─────────────────────────────────────────────────────────
def test_the_points_page_counts_open_requests(point, court_clerk, client_of, officer_of_taiping):
    done(accepted(ask(point, court_clerk), officer_of_taiping), officer_of_taiping)
    ask(point, court_clerk)

    shown = client_of(officer_of_taiping).get(reverse("liaison:assistance-point", args=[TAIPING]), {"box": ""})

    assert shown.context["open"] == 1


# ── steps ────────────────────────────────────────────────────────────────────
def test_the_officer_accepts_and_says_who_goes(asked, officer_of_taiping, mediator_of_taiping, client_of):
    client = client_of(officer_of_taiping)
    assert "接收" in page(client, asked).content.decode()

    answer = step(client, asked, "accept", {"handler_id": mediator_of_taiping.pk, "on": "2023-09-08"})

    asked.refresh_from_db()
    assert (answer.url, asked.state, asked.handler) == (asked.get_absolute_url(), S.ACCEPTED, mediator_of_taiping)


def test_the_form_names_every_condition_that_is_not_met(going, mediator_of_taiping, client_of):
    answer = step(client_of(mediator_of_taiping), going, "complete", {"on": "2023-09-08"}, "?way=serve_leave")

    assert (answer.status_code, errors(answer)) == (422, {"refused_by", "refusal_reason", "left_at_home", "photos"})
    assert "民事诉讼法第八十九条" in answer.content.decode()


LEFT = {
    "on": "2023-09-08",
    "refused_by": "family",
    "refusal_reason": "妻子说不收",
    "left_at_home": "on",
    "witness1_name": "谭伯年",
    "witness1_organisation": "潭白村民委员会",
}


def test_a_paper_left_is_noted_in_the_browser(going, mediator_of_taiping, client_of):
    answer = step(client_of(mediator_of_taiping), going, "complete", LEFT, "?way=serve_leave")

    going.refresh_from_db()
    assert (answer.status_code, going.state, going.way) == (302, S.DONE, K.SERVE_LEAVE)
    assert [str(witness) for witness in going.witnesses.all()] == ["潭白村民委员会 谭伯年"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"witness2_name": "谭二"}, "witness2_name"),
        ({"latitude": "111.5", "longitude": "22.7"}, "latitude"),
        ({"latitude": "22.7"}, "longitude"),
        ({"on": "2023-09-01"}, "on"),
        ({"on": "2023-09-09"}, "on"),
        ({"photos": "说明.docx"}, "photos"),
    ],
)
def test_what_the_action_refuses_stands_at_its_field(changed, field, going, mediator_of_taiping, client_of):
    if field == "photos":
        changed = {"photos": picture(changed["photos"])}

    answer = step(client_of(mediator_of_taiping), going, "complete", LEFT | changed, "?way=serve_leave")

    assert (answer.status_code, errors(answer)) == (422, {field})


def test_the_second_sees_what_the_first_did_and_what_they_typed(
    asked, officer_of_taiping, mediator_of_taiping, make_user, client_of
):
    seen = asked.version
    accepted(asked, officer_of_taiping, mediator_of_taiping)
    colleague = client_of(make_user("second_officer", "officer", TAIPING))

    answer = step(colleague, asked, "decline", {"version": seen, "reason": "没有人手", "on": "2023-09-08"})

    text = answer.content.decode()
    assert (answer.status_code, "谭少芬已经先办了" in text, "没有人手" in text) == (409, True, True)


def test_a_step_that_is_past_says_so(going, officer_of_taiping, client_of):
    assert "这一件现在是「已接收」，不能接收。" in step(client_of(officer_of_taiping), going, "accept").content.decode()


def test_a_step_that_does_not_exist_is_not_there(going, officer_of_taiping, client_of):
    assert step(client_of(officer_of_taiping), going, "burn").status_code == 404


@pytest.mark.parametrize("kind", K.values)
def test_every_kind_has_its_form(kind, point, court_clerk, officer_of_taiping, client_of):
    request = accepted(kit.ask_for(point, court_clerk, kind), officer_of_taiping)

    answer = step(client_of(officer_of_taiping), request, "complete")

    assert (answer.status_code, answer.context["way"]) == (200, kind)


# ── configuration ────────────────────────────────────────────────────────────
def test_a_town_is_served_by_one_tribunal(admin, client_of, taiping):
    first = Tribunal.objects.create(name="太平人民法庭")
    first.towns.add(taiping)
    client = client_of(admin)

    taken = client.post(reverse("admin:liaison_tribunal_add"), {"name": "双东人民法庭", "towns": [TAIPING]})
    free = client.post(reverse("admin:liaison_tribunal_add"), {"name": "双东人民法庭", "towns": []})
    same = client.post(
        reverse("admin:liaison_tribunal_change", args=[first.pk]), {"name": "太平法庭", "towns": [TAIPING]}
    )

    assert "太平镇已经归太平人民法庭，一个镇（街）只归一个法庭。" in taken.content.decode()
    assert (free.status_code, same.status_code) == (302, 302)
    assert list(
        AuditEntry.objects.filter(action__startswith="manage.").order_by("seq").values_list("action", flat=True)
    ) == [
        "manage.add",
        "manage.change",
    ]
    assert "太平镇" in client.get(reverse("admin:liaison_tribunal_changelist")).content.decode()
