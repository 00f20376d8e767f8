"""What may be written about a point, by whom, and what is refused with which sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry
from core.queries import today
from liaison.actions.duty import cancel_shift, schedule_shift
from liaison.actions.duty_marks import hold_shift
from liaison.actions.items import check_item, end_item, report_item
from liaison.actions.meetings import record_meeting
from liaison.actions.points import open_point
from liaison.actions.systems import adopt_system
from liaison.choices import CheckLevel, Host, SystemKind
from liaison.models import LiaisonPoint, StandardItem, WorkingSystem
from roster.choices import TeamRole
from tests.conftest import COUNTY, TAIPING
from tests.liaison.conftest import moment, picture

MAY_18, JUNE_1 = date(2023, 5, 18), date(2023, 6, 1)
OFFICE: dict[str, Any] = {"item": "office", "met_on": MAY_18}


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


def last_audit() -> AuditEntry:
    return AuditEntry.objects.order_by("-seq")[0]


# ── opening ──────────────────────────────────────────────────────────────────
def test_opening_twice_corrects_the_one_point(point, officer_of_taiping):
    again = open_point(town_code=TAIPING, host=Host.JUDICIAL_OFFICE, address="新址 2 号", by=officer_of_taiping)

    assert (LiaisonPoint.objects.count(), again.pk, again.host) == (1, point.pk, Host.JUDICIAL_OFFICE)
    assert actions() == ["point.open", "point.correct"]


@pytest.mark.parametrize(("typed", "kept"), [(" 0766—3812345 ", "0766-3812345"), ("12368", "12368"), ("无", "")])
def test_the_telephone_is_kept_as_it_is_dialled(typed, kept, point, officer_of_taiping):
    open_point(town_code=TAIPING, host=point.host, address=point.address, phone=typed, by=officer_of_taiping)

    assert LiaisonPoint.objects.get().phone == kept


def test_opening_with_nothing_changed_writes_nothing(point, officer_of_taiping):
    open_point(
        town_code=TAIPING, host=point.host, address=point.address, phone=point.phone, opened_on=point.opened_on,
        by=officer_of_taiping,
    )  # fmt: skip

    assert actions() == ["point.open"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"town_code": COUNTY}, "town"),
        ({"town_code": "445381101201"}, "town"),
        ({"host": "church"}, "host"),
        ({"address": "  "}, "address"),
        ({"phone": "见门口"}, "phone"),
        ({"phone": "0766-3812345/13800138000"}, "phone"),
    ],
    ids=["a county", "a village", "unknown host", "no address", "no telephone number", "two numbers"],
)
def test_opening_refuses(facts, field, divisions, admin):
    given = {"town_code": TAIPING, "host": Host.JUDICIAL_OFFICE, "address": "x", "by": admin} | facts

    with pytest.raises(Refused) as refused:
        open_point(**given)

    assert refused.value.field == field


# ── reporting ────────────────────────────────────────────────────────────────
def test_a_report_keeps_its_files_and_is_audited_with_their_hashes(point, officer_of_taiping):
    row = report_item(
        point_id=point.pk, **OFFICE, uploads=[picture("一.png"), picture("二.png")], by=officer_of_taiping
    )

    assert [file.name for file in row.evidence.order_by("name")] == ["一.png", "二.png"]
    assert last_audit().detail["files"] == [file.sha256 for file in row.evidence.order_by("uploaded_at")]


def test_of_several_files_the_wrong_one_is_named(point, officer_of_taiping):
    wrong = SimpleUploadedFile("牌子.png", b"<html>")
    with pytest.raises(Refused, match=r"\A牌子.png：文件名以「.png」结尾，内容却不是。"):
        report_item(point_id=point.pk, **OFFICE, uploads=[picture(), wrong], by=officer_of_taiping)


def test_a_second_report_adds_evidence_and_leaves_the_day(point, officer_of_taiping):
    first = report_item(point_id=point.pk, **OFFICE, uploads=[picture()], by=officer_of_taiping)
    second = report_item(point_id=point.pk, item="office", met_on=JUNE_1, uploads=[picture()], by=officer_of_taiping)

    assert (second.pk, second.met_on, second.evidence.count()) == (first.pk, MAY_18, 2)
    assert actions()[-1] == "point.add_evidence"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"uploads": []}, "file"),
        ({"met_on": today() + timedelta(days=2)}, "met_on"),
        ({"item": "officer"}, "item"),
        ({"item": "rules"}, "item"),
        ({"uploads": [picture("a.exe")]}, "file"),
    ],
    ids=["no evidence", "after tomorrow", "the officer is derived", "the rules are derived", "wrong kind of file"],
)
def test_a_report_refuses(facts, field, point, officer_of_taiping):
    given = OFFICE | {"point_id": point.pk, "uploads": [picture()], "by": officer_of_taiping} | facts

    with pytest.raises(Refused) as refused:
        report_item(**given)

    assert (refused.value.field, StandardItem.objects.count()) == (field, 0)


# ── checking ─────────────────────────────────────────────────────────────────
def check(point, by, **facts):
    given: dict[str, Any] = {"item": "office", "level": CheckLevel.COUNTY, "checked_on": JUNE_1} | facts
    return check_item(point_id=point.pk, by=by, **given)


@pytest.fixture
def reported(point, officer_of_taiping) -> StandardItem:
    return report_item(point_id=point.pk, **OFFICE, uploads=[picture()], by=officer_of_taiping)


def test_a_check_names_who_looked_and_when(reported, point, justice_officer):
    done = check(point, justice_officer, note="现场看过")

    assert (done.checked_by, done.checked_on, done.level) == (justice_officer, JUNE_1, CheckLevel.COUNTY)
    assert last_audit().detail == {
        "item": "office",
        "level": "county",
        "checked_on": "2023-06-01",
        "note": "现场看过",
    }


def test_the_same_check_twice_is_a_conflict_that_names_the_first(reported, point, justice_officer, committee_officer):
    check(point, justice_officer)

    with pytest.raises(Conflict, match="梁志远已经记过"):
        check(point, committee_officer)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"checked_on": MAY_18 - timedelta(days=1)}, "checked_on"),
        ({"checked_on": today() + timedelta(days=2)}, "checked_on"),
        ({"item": "plaque"}, "checked_on"),
        ({"item": "rules"}, "checked_on"),
        ({"item": "officer"}, "item"),
        ({"level": CheckLevel.SELF_REPORTED}, "item"),
    ],
    ids=[
        "before it was met",
        "after tomorrow",
        "not reported",
        "texts missing",
        "the officer",
        "self-reported is no check",
    ],
)
def test_a_check_refuses(facts, field, reported, point, justice_officer):
    with pytest.raises(Refused) as refused:
        check(point, justice_officer, **facts)

    assert refused.value.field == field


# ── a lapse ──────────────────────────────────────────────────────────────────
def test_a_lapse_keeps_the_past_and_lets_a_new_report_follow(reported, point, officer_of_taiping):
    end_item(item_id=reported.pk, ended_on=JUNE_1, because="综治中心搬迁", by=officer_of_taiping)
    again = report_item(
        point_id=point.pk, item="office", met_on=date(2023, 6, 20), uploads=[picture()], by=officer_of_taiping
    )

    assert (again.pk == reported.pk, StandardItem.objects.count()) == (False, 2)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"because": " "}, "because"), ({"ended_on": MAY_18 - timedelta(days=1)}, "ended_on")],
    ids=["no reason", "before it was met"],
)
def test_a_lapse_refuses(facts, field, reported, committee_officer):
    given = {"ended_on": JUNE_1, "because": "牌子不见了"} | facts

    with pytest.raises(Refused) as refused:
        end_item(item_id=reported.pk, by=committee_officer, **given)

    assert refused.value.field == field


def test_a_lapse_is_written_once(reported, officer_of_taiping):
    end_item(item_id=reported.pk, ended_on=JUNE_1, because="搬迁", by=officer_of_taiping)

    with pytest.raises(Conflict):
        end_item(item_id=reported.pk, ended_on=JUNE_1, because="搬迁", by=officer_of_taiping)


# ── texts ────────────────────────────────────────────────────────────────────
def adopt(point, by, day=MAY_18, text="值班制度正文", **facts) -> WorkingSystem:
    return adopt_system(point_id=point.pk, kind=SystemKind.DUTY, adopted_on=day, text=text, by=by, **facts)


def test_a_new_version_ends_the_old_one_on_its_own_day(point, officer_of_taiping):
    old = adopt(point, officer_of_taiping)
    new = adopt(point, officer_of_taiping, JUNE_1, "修订后的正文", recorded_at=moment(JUNE_1))
    old.refresh_from_db()

    assert (old.ended_on, old.ended_recorded_at, new.ended_on) == (JUNE_1, moment(JUNE_1), None)


@pytest.mark.parametrize(
    ("day", "text", "field"),
    [
        (MAY_18 - timedelta(days=1), "早一天", "adopted_on"),
        (today() + timedelta(days=2), "后天", "adopted_on"),
        (JUNE_1, "  ", "text"),
        (JUNE_1, "值班制度正文", "text"),
    ],
    ids=["before the text in force", "after tomorrow", "empty", "unchanged"],
)
def test_a_text_is_refused(day, text, field, point, officer_of_taiping):
    adopt(point, officer_of_taiping)

    with pytest.raises(Refused) as refused:
        adopt(point, officer_of_taiping, day, text)

    assert (refused.value.field, WorkingSystem.objects.count()) == (field, 1)


# ── duty ─────────────────────────────────────────────────────────────────────
@pytest.fixture
def member(serve, point):
    return serve("黎志恒", TeamRole.LIAISON_OFFICER, MAY_18)


def test_a_shift_is_scheduled_held_and_no_longer_cancelled(member, point, officer_of_taiping):
    shift = schedule_shift(point_id=point.pk, on=JUNE_1, staff_id=member.staff_id, by=officer_of_taiping)
    held = hold_shift(shift_id=shift.pk, by=officer_of_taiping, recorded_at=moment(JUNE_1))

    assert (held.held_at, held.held_by) == (moment(JUNE_1), officer_of_taiping)
    with pytest.raises(Refused, match="已经到岗"):
        cancel_shift(shift_id=shift.pk, by=officer_of_taiping)
    with pytest.raises(Conflict, match="谭少芬已经登记到岗"):
        hold_shift(shift_id=shift.pk, by=officer_of_taiping)


def test_somebody_outside_the_team_is_not_put_on_duty(member, point, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        schedule_shift(
            point_id=point.pk, on=MAY_18 - timedelta(days=1), staff_id=member.staff_id, by=officer_of_taiping
        )

    assert refused.value.field == "staff"


def test_a_shift_is_scheduled_once_a_day(member, point, officer_of_taiping):
    schedule_shift(point_id=point.pk, on=JUNE_1, staff_id=member.staff_id, by=officer_of_taiping)

    with pytest.raises(Conflict, match="已经排了班"):
        schedule_shift(point_id=point.pk, on=JUNE_1, staff_id=member.staff_id, by=officer_of_taiping)


def test_tomorrow_cannot_be_held_today(member, point, officer_of_taiping):
    shift = schedule_shift(
        point_id=point.pk, on=today() + timedelta(days=1), staff_id=member.staff_id, by=officer_of_taiping
    )

    with pytest.raises(Refused, match="不能晚于今天"):
        hold_shift(shift_id=shift.pk, by=officer_of_taiping)


def test_a_mediator_holds_only_their_own_shift(member, point, officer_of_taiping, mediator_of_taiping):
    shift = schedule_shift(point_id=point.pk, on=JUNE_1, staff_id=member.staff_id, by=officer_of_taiping)
    with pytest.raises(NotAllowed):
        hold_shift(shift_id=shift.pk, by=mediator_of_taiping)

    member.staff.user = mediator_of_taiping
    member.staff.save()
    assert hold_shift(shift_id=shift.pk, by=mediator_of_taiping).held_by == mediator_of_taiping


# ── meetings ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"system": SystemKind.DUTY}, "system"),
        ({"agenda": " "}, "agenda"),
        ({"held_on": today() + timedelta(days=2)}, "held_on"),
    ],
    ids=["duty has no meetings", "no agenda", "after tomorrow"],
)
def test_a_meeting_is_refused(facts, field, point, officer_of_taiping):
    given = {"held_on": JUNE_1, "system": SystemKind.GRID, "agenda": "第二季度研判"} | facts

    with pytest.raises(Refused) as refused:
        record_meeting(point_id=point.pk, by=officer_of_taiping, **given)

    assert refused.value.field == field


# ── who may ──────────────────────────────────────────────────────────────────
KEEPER, CHECKER, OTHERS = {"officer_of_taiping"}, {"justice_officer", "committee_officer"}, {"admin"}


@pytest.mark.parametrize(
    ("act", "allowed"),
    [
        (lambda p, by: open_point(town_code=TAIPING, host=p.host, address="别处", by=by), KEEPER | OTHERS),
        (lambda p, by: report_item(point_id=p.pk, **OFFICE, uploads=[picture()], by=by), KEEPER),
        (check, CHECKER),
        (
            lambda p, by: end_item(item_id=p.standard_items.get().pk, ended_on=JUNE_1, because="搬迁", by=by),
            KEEPER | CHECKER,
        ),
        (adopt, KEEPER),
        (
            lambda p, by: record_meeting(point_id=p.pk, held_on=JUNE_1, system=SystemKind.GRID, agenda="研判", by=by),
            KEEPER,
        ),
    ],
    ids=["open", "report", "check", "end", "adopt", "meeting"],
)
def test_only_those_entitled_may(act, allowed, reported, point, cast, make_user):
    cast = cast | {"officer_of_shuangdong": make_user("officer_of_shuangdong", Role.OFFICER, "445381004")}

    refused = {name for name, user in cast.items() if is_refused(act, point, user)}

    assert set(cast) - refused == allowed


def is_refused(act, point, user) -> bool:
    """Whether the right is refused; what a permitted try wrote is undone."""
    try:
        with transaction.atomic():
            act(point, user)
            transaction.set_rollback(True)
    except NotAllowed:
        return True
    return False
