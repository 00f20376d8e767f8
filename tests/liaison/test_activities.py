"""Training, publicity, publications and the yearly plan: actions that refuse, pages, what was done counted."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, StoredFile
from liaison.actions.meetings import record_meeting
from liaison.actions.plans import set_plan
from liaison.actions.publicity import Event, Report, correct_media, correct_publicity, record_media, record_publicity
from liaison.actions.trainings import Lesson, correct_training, record_training
from liaison.choices import ActivityKind, SystemKind
from liaison.models import ActivityPlan, MediaReport, PublicityEvent, Training
from liaison.queries import latest, plan_and_done, trainings_of, year_page
from roster.choices import TeamRole
from tests.conftest import SHUANGDONG, TAIPING
from tests.liaison.conftest import picture

SEPT_12, SEPT_18, SEPT_21 = date(2023, 9, 12), date(2023, 9, 18), date(2023, 9, 21)
BEFORE_OPENING = date(2023, 5, 17)
LESSON = {"held_on": SEPT_18, "topic": "司法确认怎么申请", "lecturer": "市法院民一庭法官"}
EVENT = {
    "kind": "circuit_trial", "held_on": SEPT_18, "title": "相邻通行案开庭", "place": "文化广场", "head_count": 60
}  # fmt: skip
REPORT = {"kind": "media", "outlet": "云浮日报", "published_on": SEPT_18, "title": "法官走进村口"}


@pytest.fixture(autouse=True)
def _day(divisions, db):
    with time_machine.travel(datetime(2023, 9, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


@pytest.fixture
def mediator(serve, point):
    return serve("沈雪梅", TeamRole.MEDIATOR, date(2023, 5, 18)).staff


@pytest.fixture
def officers(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


def train(point, by, **facts) -> Training:
    more = {name: facts.pop(name) for name in ("attendees", "uploads") if name in facts}
    return record_training(point_id=point.pk, lesson=Lesson(**(LESSON | facts)), by=by, **more)


def publicise(point, by, **facts) -> PublicityEvent:
    uploads = facts.pop("uploads", ())
    return record_publicity(point_id=point.pk, event=Event(**(EVENT | facts)), by=by, uploads=uploads)


def publish(point, by, **facts) -> MediaReport:
    return record_media(point_id=point.pk, report=Report(**(REPORT | facts)), by=by)


def url(name: str, *args) -> str:
    return reverse(f"liaison:{name}", args=[TAIPING, *args])


# ── what is refused ──────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("act", "facts", "field"),
    [
        (train, {"held_on": SEPT_21}, "held_on"),
        (train, {"held_on": BEFORE_OPENING}, "held_on"),
        (train, {"topic": " "}, "topic"),
        (train, {"lecturer": ""}, "lecturer"),
        (publicise, {"held_on": SEPT_21}, "held_on"),
        (publicise, {"held_on": BEFORE_OPENING}, "held_on"),
        (publicise, {"kind": "media"}, "kind"),
        (publicise, {"head_count": 0}, "head_count"),
        (publicise, {"title": ""}, "title"),
        (publicise, {"place": " "}, "place"),
        (publish, {"published_on": SEPT_21}, "published_on"),
        (publish, {"published_on": BEFORE_OPENING}, "published_on"),
        (publish, {"kind": "circuit_trial"}, "kind"),
        (publish, {"outlet": ""}, "outlet"),
        (publish, {"title": ""}, "title"),
        (publish, {"link": "javascript:alert(1)"}, "link"),
        (publish, {"link": "ftp://example.org/a"}, "link"),
        (publish, {"link": "https://"}, "link"),
        (publish, {"link": "http://[::1"}, "link"),
        (publish, {"link": "https://example.org/a b"}, "link"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(act, facts, field, point, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        act(point, officer_of_taiping, **facts)

    assert refused.value.field == field


def test_a_training_takes_only_people_of_the_team(point, officer_of_taiping, serve):
    stranger = serve("邝亚带", TeamRole.MEDIATOR, date(2023, 5, 18), town=SHUANGDONG).staff

    with pytest.raises(Refused) as refused:
        train(point, officer_of_taiping, attendees=[stranger.pk])
    assert refused.value.field == "attendees"


def test_a_photograph_has_to_be_a_picture(point, officer_of_taiping):
    text = SimpleUploadedFile("照片.png", b"%PDF-1.4 no picture", content_type="image/png")

    with pytest.raises(Refused) as refused:
        publicise(point, officer_of_taiping, uploads=[text])
    assert (refused.value.field, PublicityEvent.objects.count()) == ("file", 0)


@pytest.mark.parametrize(
    ("year", "wanted", "field"), [(2022, {"training": 1}, "year"), (2023, {"training": 367}, "training")]
)
def test_a_plan_that_cannot_be_is_refused(year, wanted, field, point, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        set_plan(point_id=point.pk, year=year, wanted=wanted, by=officer_of_taiping)

    assert refused.value.field == field


@pytest.mark.parametrize(
    "act",
    [train, publicise, publish, lambda p, by: set_plan(point_id=p.pk, year=2023, wanted={"training": 1}, by=by)],
    ids=["training", "publicity", "media", "plan"],
)
def test_only_the_officer_of_the_town_writes(act, point, cast):
    may = set()
    for name, user in cast.items():
        try:
            act(point, user)
        except NotAllowed:
            continue
        may.add(name)

    assert may == {"officer_of_taiping"}


# ── what is corrected ────────────────────────────────────────────────────────
def test_each_is_corrected_once_a_version_and_says_what_changed(point, officer_of_taiping, mediator):
    by, training = officer_of_taiping, train(point, officer_of_taiping)
    event, report = publicise(point, by), publish(point, by)
    lesson = Lesson(**(LESSON | {"feedback": "想多听例子"}))
    said = {"lesson": lesson, "attendees": [mediator.pk], "uploads": [picture("签到表.png")], "version": 1}
    correct_training(training_id=training.pk, by=by, **said)
    correct_publicity(event_id=event.pk, event=Event(**(EVENT | {"head_count": 80})), by=by, version=1)
    correct_media(report_id=report.pk, report=Report(**(REPORT | {"title": "法官走进村"})), by=by, version=1)

    with pytest.raises(Conflict):
        correct_training(training_id=training.pk, by=by, **said)
    changed = [entry.detail.get("changed") for entry in AuditEntry.objects.order_by("id") if "correct" in entry.action]
    assert changed == [["feedback", "attendees"], ["head_count"], ["title"]]
    assert [file.name for file in training.materials.all()] == ["签到表.png"]


def test_the_same_plan_again_writes_nothing(point, officer_of_taiping):
    for wanted in ({"training": 4, "media": 0}, {"training": 4}, {"training": 6}):
        set_plan(point_id=point.pk, year=2023, wanted=wanted, by=officer_of_taiping)

    assert AuditEntry.objects.filter(action="point.set_plan").count() == 2
    assert list(ActivityPlan.objects.values_list("kind", "wanted")) == [("training", 6)]


# ── counted ──────────────────────────────────────────────────────────────────
def test_the_plan_stands_against_what_was_done(point, officer_of_taiping, django_assert_num_queries):
    by = officer_of_taiping
    record_meeting(point_id=point.pk, held_on=SEPT_18, system=SystemKind.GRID, agenda="研判", by=by)
    train(point, by)
    publicise(point, by)
    publicise(point, by, kind="court_visit")
    publicise(point, by, held_on=SEPT_12)
    publish(point, by, kind="experience")
    set_plan(point_id=point.pk, year=2023, wanted={"training": 4, "circuit_trial": 2}, by=by)

    with django_assert_num_queries(2):
        rows = plan_and_done(point, 2023)
    assert [(row.kind.value, row.wanted, row.done, row.is_short) for row in rows if row.wanted or row.done] == [
        ("meeting", None, 1, False),
        ("training", 4, 1, True),
        ("circuit_trial", 2, 2, False),
        ("court_visit", None, 1, False),
        ("experience", None, 1, False),
    ]
    assert [row.done for row in plan_and_done(point, 2024)] == [0] * len(ActivityKind)


def test_the_list_has_every_kind_newest_first_and_marks_late_entries(
    point, officer_of_taiping, django_assert_num_queries
):
    train(point, officer_of_taiping, held_on=SEPT_12)
    publicise(point, officer_of_taiping)
    publish(point, officer_of_taiping, published_on=date(2023, 9, 14))

    with django_assert_num_queries(1):
        found = year_page(point, 2023)
    assert [(row.kind.value, row.is_late) for row in found.rows] == [
        ("circuit_trial", False), ("media", False), ("training", True)
    ]  # fmt: skip
    assert [row.kind.value for row in year_page(point, 2023, kind="media").rows] == ["media"]
    assert [row.kind.value for row in latest(point, date(2023, 9, 14), 5)] == ["media", "training"]
    assert year_page(point, 2022).rows == []


def test_the_trainings_of_a_person_are_those_of_points_one_may_see(point, officer_of_taiping, mediator, make_user):
    train(point, officer_of_taiping, attendees=[mediator.pk])
    foreign = make_user("officer_of_shuangdong", "officer", SHUANGDONG)

    assert ([row.topic for row in trainings_of(officer_of_taiping, mediator)], trainings_of(foreign, mediator)) == (
        [LESSON["topic"]],
        [],
    )


# ── pages ────────────────────────────────────────────────────────────────────
def test_a_training_is_recorded_with_its_papers_and_shown(officers, point, mediator):
    sent = LESSON | {"held_on": "2023-09-18", "attendees": [str(mediator.pk)], "file": [picture("课件.png")]}
    answer = officers.post(url("activity-record", "training"), sent)
    page = officers.get(answer.url).content.decode()

    assert [word in page for word in ("司法确认怎么申请", "沈雪梅", "课件.png")] == [True, True, True]


def test_publicity_is_recorded_with_photographs_that_are_shown_small(officers, point):
    sent = EVENT | {"held_on": "2023-09-18", "file": [picture("开庭.png"), picture("讲法.png")]}
    answer = officers.post(url("activity-record", "publicity"), sent)
    page = officers.get(answer.url).content.decode()

    assert (page.count("<img"), "60 人" in page, StoredFile.objects.exclude(thumbnail_path="").count()) == (2, True, 2)


def test_a_publication_links_to_the_web_only(officers, point):
    sent = REPORT | {"published_on": "2023-09-18"}
    bad = officers.post(url("activity-record", "media"), sent | {"link": "javascript:1"})
    good = officers.post(url("activity-record", "media"), sent | {"link": "https://example.org/1"})

    assert (bad.status_code, list(bad.context["form"].errors)) == (422, ["link"])
    assert 'href="https://example.org/1"' in officers.get(good.url).content.decode()


def test_an_activity_is_corrected_and_a_stale_page_is_a_conflict(officers, point, officer_of_taiping):
    row = publish(point, officer_of_taiping)
    sent = REPORT | {"published_on": "2023-09-18", "title": "法官走进村", "link": "", "version": "1"}
    answers = [officers.post(url("activity-correct", "media", row.pk), sent) for _ in range(2)]

    row.refresh_from_db()
    assert ([answer.status_code for answer in answers], row.title) == ([302, 409], "法官走进村")
    assert answers[1].content.decode().count("没有保存") == 1


def test_the_plan_is_written_on_its_page_and_stands_beside_the_list(officers, point):
    officers.post(url("activity-plan", 2023), {"training": "4", "media": ""})
    page = officers.get(url("activities") + "?year=2023").content.decode()

    assert (ActivityPlan.objects.get().wanted, "业务培训" in page) == (4, True)


def test_an_unknown_book_or_year_is_not_found(officers, point):
    addresses = [url("activity-record", "parties"), url("activity", "parties", 1), url("activity-plan", 1999)]

    assert [officers.get(address).status_code for address in addresses] == [404, 404, 404]


def test_a_persons_page_has_the_slot_that_is_filled_from_here(officers, point, mediator, officer_of_taiping):
    train(point, officer_of_taiping, attendees=[mediator.pk])
    address = reverse("liaison:trainings-of", args=[mediator.pk])

    assert address in officers.get(reverse("roster:person", args=[mediator.pk])).content.decode()
    assert LESSON["topic"] in officers.get(address, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_however_much_was_done(
    count, officers, point, officer_of_taiping, django_assert_num_queries
):
    for _ in range(count):
        train(point, officer_of_taiping)
        publicise(point, officer_of_taiping)
    officers.get(url("activities"))

    with django_assert_num_queries(8):
        officers.get(url("activities"))
