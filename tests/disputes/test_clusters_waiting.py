"""Comparing while much waits: today's quarrels before the past years of a ledger, and closing swallows none of them."""

from datetime import date

import pytest

from core.errors import Conflict, NotAllowed, Refused
from disputes.actions import clusters
from disputes.actions.clusters import close_cluster, compare_marked
from disputes.models import ClusterWarning, Dispute
from tests.disputes.conftest import NOW
from tests.disputes.test_clusters import FACTORY, worker

REASON = "厂里已付清工资"


@pytest.fixture
def waits(register, mediator_of_taiping):
    """waits() → a dispute with the factory that no sweep has compared."""

    def make(**facts) -> Dispute:
        return register(mediator_of_taiping, parties=(worker(), FACTORY), **facts)

    return make


@pytest.fixture
def warning(waits) -> ClusterWarning:
    for _ in range(3):
        waits()
    compare_marked(NOW)
    return ClusterWarning.objects.get()


def filed_away(dispute: Dispute) -> None:
    """As the ledger's import leaves it: closed, archived, entered late, marked."""
    Dispute.objects.filter(pk=dispute.pk).update(
        state="archived", outcome="agreed", closed_on=date(2022, 9, 30), entered_late=True, cluster_mark="due"
    )


def test_todays_dispute_is_compared_before_the_past_years_of_a_ledger(warning, waits, monkeypatch):
    monkeypatch.setattr(clusters, "AT_ONCE", 2)
    for _ in range(3):
        filed_away(waits(on=date(2022, 9, 1)))
    live = waits()

    compare_marked(NOW)

    assert warning.members.filter(dispute=live).exists()
    assert Dispute.objects.filter(cluster_mark="due").count() == 2  # of the past ones; their turn comes
    compare_marked(NOW)
    assert not Dispute.objects.filter(cluster_mark="due").exists()


def test_what_runs_is_compared_before_what_was_filed_away_on_a_later_day(waits, monkeypatch):
    monkeypatch.setattr(clusters, "AT_ONCE", 1)
    filed_away(waits())
    running = waits(on=date(2023, 9, 1))

    compare_marked(NOW)

    running.refresh_from_db()
    assert running.cluster_mark == ""


def test_a_case_that_waits_joins_before_its_warning_is_closed_and_is_seen(warning, waits, client_of, committee_officer):
    live = waits()
    browser = client_of(committee_officer)

    answer = browser.post(f"/disputes/clusters/{warning.pk}/close/", {"reason": REASON})

    page = answer.content.decode()
    assert (answer.status_code, ClusterWarning.objects.open().count()) == (409, 1)
    assert "刚才又有 1 件列入这条聚集预警" in page
    assert live.code in page
    assert REASON in page
    assert browser.post(f"/disputes/clusters/{warning.pk}/close/", {"reason": REASON}).status_code == 302
    assert not ClusterWarning.objects.open().exists()


def test_a_waiting_case_of_another_respondent_keeps_no_warning_open(
    warning, register, mediator_of_taiping, committee_officer
):
    register(mediator_of_taiping)
    closed = close_cluster(cluster_id=warning.pk, reason=REASON, by=committee_officer)
    assert closed.closed_reason == REASON


def test_one_of_the_warning_that_waits_to_be_compared_again_keeps_it_not_open(warning, committee_officer):
    Dispute.objects.update(cluster_mark="due")
    assert close_cluster(cluster_id=warning.pk, reason=REASON, by=committee_officer).closed_at


def test_who_may_not_close_compares_nothing(warning, waits, mediator_of_taiping):
    live = waits()
    with pytest.raises(NotAllowed):
        close_cluster(cluster_id=warning.pk, reason=REASON, by=mediator_of_taiping)
    assert not warning.members.filter(dispute=live).exists()


def test_a_closed_warning_takes_in_nothing_more(warning, waits, committee_officer):
    close_cluster(cluster_id=warning.pk, reason=REASON, by=committee_officer)
    waits()
    with pytest.raises(Conflict, match="已经了结了"):
        close_cluster(cluster_id=warning.pk, reason=REASON, by=committee_officer)
    assert warning.members.count() == 3


def test_closing_compares_only_some_of_a_whole_ledger_and_keeps_what_was_typed(
    warning, waits, client_of, committee_officer, monkeypatch
):
    monkeypatch.setattr(clusters, "AT_A_CLOSING", 2)
    for _ in range(3):
        filed_away(waits(on=date(2022, 9, 1)))
    live = waits()

    answer = client_of(committee_officer).post(f"/disputes/clusters/{warning.pk}/close/", {"reason": REASON})

    page = answer.content.decode()
    assert (answer.status_code, ClusterWarning.objects.open().count()) == (409, 1)
    assert "还有 2 件等着比对，请过几分钟再了结。" in page
    assert REASON in page
    assert warning.members.filter(dispute=live).exists()  # what runs comes first
    assert Dispute.objects.filter(cluster_mark="due").count() == 2


def test_of_many_that_wait_no_exact_number_is_counted(warning, waits, committee_officer, monkeypatch):
    monkeypatch.setattr(clusters, "AT_A_CLOSING", 0)
    monkeypatch.setattr(clusters.reads, "COUNTED_TO", 1)
    for _ in range(3):
        waits()
    with pytest.raises(Conflict, match="还有 1 多件等着比对"):
        close_cluster(cluster_id=warning.pk, reason=REASON, by=committee_officer)


def test_a_closing_without_its_reason_compares_nothing(warning, waits, committee_officer):
    live = waits()
    with pytest.raises(Refused, match="请写明为什么可以了结"):
        close_cluster(cluster_id=warning.pk, reason=" ", by=committee_officer)
    assert not warning.members.filter(dispute=live).exists()
