"""An unsigned warning is passed on: who, when, once, at any hour; and ends with the first signature."""

from datetime import date, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection, connections

from core.actions import reminders
from core.choices import Role
from core.models import AuditEntry, Deadline, DeadlineRule, Notification
from disputes.actions.alarm_chain import pass_on, pass_on_flags
from disputes.actions.risk import acknowledge_risk, lower_risk
from disputes.choices import ChainKind, EventKind
from disputes.models import FlagStep, RiskFlag
from liaison.actions.points import open_point
from liaison.choices import Host
from roster.models import Absence, Staff
from tests.conftest import TAIPING
from tests.disputes.conftest import NOW, THREAT, TODAY

SATURDAY_NIGHT = datetime(2023, 9, 23, 23, 10, tzinfo=NOW.tzinfo)


def after(minutes: int, start: datetime = NOW) -> datetime:
    return start + timedelta(minutes=minutes)


def steps() -> list[tuple[str, str]]:
    return [(step.kind, str(step.recipient)) for step in FlagStep.objects.select_related("recipient")]


@pytest.fixture
def second_officer(make_user):
    return make_user("second_officer", Role.OFFICER, TAIPING, name="罗永昌")


@pytest.fixture
def flag(register, mediator_of_taiping, officer_of_taiping, second_officer, committee_officer) -> RiskFlag:
    register(mediator_of_taiping, narrative=THREAT)
    return RiskFlag.objects.get()


def away(user, substitute=None) -> None:
    people = [Staff.objects.create(name=str(one), name_initials="x", user=one) for one in (user, substitute) if one]
    Absence.objects.create(
        staff=people[0], substitute=people[1] if substitute else None, from_on=TODAY, to_on=TODAY, reason="培训",
        recorded_at=NOW,
    )  # fmt: skip


def test_it_goes_from_officer_to_officer_to_the_county_and_no_further(flag, second_officer):
    assert steps() == [("officer", "谭少芬")]
    for minutes in (29, 30, 59, 60, 90, 600):
        pass_on_flags(after(minutes))
    assert steps() == [("officer", "谭少芬"), ("officer", "罗永昌"), ("county", "区国栋")]
    flag.refresh_from_db()
    assert (flag.receiver.name, flag.next_at) == ("区国栋", NOW + timedelta(hours=24))
    texts = flag.dispute.events.filter(kind=EventKind.RISK_ESCALATED).order_by("at").values_list("text", flat=True)
    assert list(texts) == ["风险提示转告：联络人员 罗永昌", "风险提示转告：县级 区国栋"]
    note = Notification.objects.get(recipient=second_officer)
    assert note.urgent
    assert note.text.startswith("有激化危险，30 分钟没有人签收，请先报 110 再处置，并签收：")
    assert AuditEntry.objects.filter(action="dispute.risk_passed_on").count() == 2


def test_after_a_day_the_town_is_called_once_more_and_the_chain_ends(flag, officer_of_taiping):
    for hours in (1, 2, 24, 25, 48, 72):
        pass_on_flags(NOW + timedelta(hours=hours))
    assert [kind for kind, _ in steps()] == ["officer", "officer", "county", "last_call"]
    assert FlagStep.objects.get(kind=ChainKind.LAST_CALL).recipient == officer_of_taiping
    assert RiskFlag.objects.get().next_at is None


def test_a_second_sweep_of_the_same_moment_repeats_nothing(flag):
    assert [pass_on_flags(after(30)), pass_on_flags(after(30))] == [1, 0]
    assert (FlagStep.objects.count(), Notification.objects.filter(urgent=True).count()) == (2, 2)


def test_a_worker_killed_halfway_leaves_everything_to_the_next(flag, monkeypatch):
    monkeypatch.setattr("disputes.actions.alarm_chain.audit.record", None)
    pass_on_flags(after(30))
    assert (FlagStep.objects.count(), Notification.objects.filter(urgent=True).count()) == (1, 1)
    monkeypatch.undo()
    pass_on_flags(after(31))
    assert (FlagStep.objects.count(), Notification.objects.filter(urgent=True).count()) == (2, 2)


def test_it_goes_on_at_night_and_on_days_of_rest(
    register, mediator_of_taiping, officer_of_taiping, second_officer, committee_officer, time_machine_at
):
    time_machine_at(SATURDAY_NIGHT)
    register(mediator_of_taiping, narrative=THREAT, on=SATURDAY_NIGHT.date())
    reminders.sweep(at=after(31, SATURDAY_NIGHT))
    assert Notification.objects.filter(recipient=second_officer, urgent=True).count() == 1


@pytest.fixture
def time_machine_at():
    import time_machine  # noqa: PLC0415

    travellers = []

    def go(moment: datetime) -> None:
        travellers.append(time_machine.travel(moment, tick=False))
        travellers[-1].start()

    yield go
    for traveller in reversed(travellers):
        traveller.stop()


def test_who_stands_in_is_told_at_once_together_with_who_is_away(
    register, mediator_of_taiping, officer_of_taiping, committee_officer
):
    away(officer_of_taiping, substitute=mediator_of_taiping)
    register(mediator_of_taiping, narrative=THREAT)
    assert steps() == [("substitute", "黎桂生"), ("officer", "谭少芬")]
    assert RiskFlag.objects.get().receiver == mediator_of_taiping


def test_who_is_there_comes_before_who_is_away(
    register, mediator_of_taiping, officer_of_taiping, second_officer, committee_officer
):
    away(officer_of_taiping)
    register(mediator_of_taiping, narrative=THREAT)
    pass_on_flags(after(30))
    assert steps() == [("officer", "罗永昌"), ("officer", "谭少芬")]


def test_a_town_without_an_officer_does_not_fall_silent(register, mediator_of_taiping, committee_officer):
    register(mediator_of_taiping, narrative=THREAT)
    assert steps() == [("county", "区国栋")]


def test_without_the_named_supervisor_a_committee_officer_is_told(
    register, mediator_of_taiping, committee_officer, settings
):
    settings.SUPERVISOR_USERNAME = "nobody"
    register(mediator_of_taiping, narrative=THREAT)
    assert steps() == [("county", "区国栋")]


def test_with_nobody_at_all_it_waits_for_the_first_who_comes(register, mediator_of_taiping, make_user, settings):
    settings.SUPERVISOR_USERNAME = "nobody"
    register(mediator_of_taiping, narrative=THREAT)
    pass_on_flags(after(30))
    assert (steps(), RiskFlag.objects.get().next_at) == ([], after(60))
    make_user("late", Role.OFFICER, TAIPING, name="罗永昌")
    pass_on_flags(after(60))
    assert steps() == [("officer", "罗永昌")]


def test_a_signature_ends_the_chain(flag, officer_of_taiping):
    acknowledge_risk(flag_id=flag.pk, measures="已报派出所", by=officer_of_taiping)
    assert (RiskFlag.objects.get().next_at, pass_on_flags(after(60))) == (None, 0)
    lower_risk(flag_id=flag.pk, reason="双方已当面说开", by=officer_of_taiping)
    assert pass_on(flag_id=flag.pk, at=after(90)) == 0


def test_whoever_was_told_may_sign(flag, committee_officer):
    for minutes in (30, 60):
        pass_on_flags(after(minutes))
    acknowledge_risk(flag_id=flag.pk, measures="已请镇里到场", by=committee_officer)
    assert RiskFlag.objects.get().acknowledged_by == committee_officer


def test_what_is_entered_as_recorded_long_ago_calls_nobody_today(register, mediator_of_taiping, officer_of_taiping):
    then = datetime(2023, 3, 20, 9, 30, tzinfo=NOW.tzinfo)
    register(mediator_of_taiping, narrative=THREAT, on=date(2023, 3, 20), recorded_at=then)
    assert (RiskFlag.objects.get().next_at, pass_on_flags(after(60))) == (None, 0)


def test_one_warning_that_fails_keeps_no_other_from_being_passed_on(
    flag, register, mediator_of_taiping, monkeypatch, caplog
):
    register(mediator_of_taiping, narrative=THREAT)
    broken = RiskFlag.objects.exclude(pk=flag.pk).get()
    real = pass_on.__wrapped__

    def breaks(*, flag_id: int, at: datetime) -> int:
        if flag_id == broken.pk:
            raise RuntimeError
        return real(flag_id=flag_id, at=at)

    monkeypatch.setattr("disputes.actions.alarm_chain.pass_on", breaks)
    assert pass_on_flags(after(30)) == 1
    assert "was not passed on" in caplog.text


# ── the internal day ─────────────────────────────────────────────────────────
@pytest.fixture
def rule(db) -> DeadlineRule:
    return DeadlineRule.objects.create(
        key="risk_ack", title="确认收到高风险提示", length=1, unit="calendar", actor="receiver", internal=True,
        certainty="I", valid_from="2023-01-01",
    )  # fmt: skip


@pytest.mark.usefixtures("rule")
def test_the_day_to_sign_runs_for_the_receiver_moves_with_the_chain_and_is_settled(
    settings, register, mediator_of_taiping, make_user
):
    officer, other = (make_user(name, Role.OFFICER, TAIPING) for name in ("first", "second"))
    register(mediator_of_taiping, narrative=THREAT)
    pass_on_flags(after(1))
    period = Deadline.objects.get(kind="risk_ack")
    assert (period.responsible, period.due_on, period.rule.internal) == (officer, TODAY + timedelta(days=1), True)
    pass_on_flags(after(30))
    period.refresh_from_db()
    assert period.responsible == other
    acknowledge_risk(flag_id=RiskFlag.objects.get().pk, measures="已报派出所", by=officer)
    period.refresh_from_db()
    assert period.settled_on == TODAY


def test_where_the_rule_is_switched_off_the_chain_goes_on_all_the_same(flag):
    pass_on_flags(after(30))
    assert (Deadline.objects.count(), FlagStep.objects.count()) == (0, 2)


# ── on the page ──────────────────────────────────────────────────────────────
def test_the_page_says_110_first_then_the_police_of_the_point_then_who_was_told(
    flag, admin, client_of, mediator_of_taiping
):
    open_point(
        town_code=TAIPING, host=Host.JUDICIAL_OFFICE, address="镇政府路", by=admin,
        police_contact="太平派出所值班室", police_phone="0766-3810110",
    )  # fmt: skip
    html = client_of(mediator_of_taiping).get(flag.dispute.get_absolute_url()).content.decode()
    assert html.index("tel:110") < html.index("0766-3810110") < html.index("提醒联络人员 谭少芬")
    assert "9月20日 10:35 还没有签收的，转告下一人（内部要求，不是法定期限）" in html


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_everybody_once(flag):
    def sweep() -> None:
        pass_on_flags(after(30))
        connections.close_all()

    threads = [Thread(target=sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (FlagStep.objects.count(), Notification.objects.filter(urgent=True).count()) == (2, 2)
