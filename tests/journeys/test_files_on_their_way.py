"""Files on their way, through the pages: merged, linked, moved, taken up again, a paper late; a ledger brought in."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.choices import Role
from core.models import Division
from disputes.choices import DisputeState
from disputes.models import Dispute, LatePaper, LedgerImport
from reports.actions.tallies import refresh_dirty
from reports.choices import Figure
from reports.queries.figures import figures
from tests.conftest import COUNTY, SHUANGDONG, TAIPING
from tests.disputes import ledgers
from tests.disputes.test_ledger_import_pages import columns_of
from tests.journeys.test_early_warning import Open, everything_holds, open_at, register, told

__all__ = ["open_at"]
pytestmark = pytest.mark.django_db
LOAN = "2021年5月{b}借了五万元周转，写了欠条，只还了二千元，催了几次都说没有钱。"


def do(browser: Any, verb: str, dispute: Dispute, **sent: Any) -> Any:
    """One step of a file by its page; what a browser keeps hidden goes along."""
    dispute.refresh_from_db()
    answer = browser.post(
        reverse(f"mediation:{verb}", args=[dispute.code]), {"version": dispute.version} | sent, follow=False
    )
    assert answer.status_code == 302, (
        verb,
        answer.context and answer.context.get("form") and answer.context["form"].errors,
    )
    dispute.refresh_from_db()
    return answer


def test_a_doubled_file_is_merged_a_child_linked_the_whole_moved_taken_up_again_and_a_paper_filed_late(
    open_at: Open, make_user, mediator_of_taiping, officer_of_taiping, mediator_of_shuangdong
):
    officer_there = make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌")
    counter = open_at(mediator_of_taiping, "2023-09-04 09:00")
    story = LOAN.format(b="梁伯坚")
    kept = register(counter, told(story, "沈水旺", "梁伯坚", "2023-09-04", **{"parties-0-phone": "13800006072"}))
    double = register(counter, told(story, "沈水旺", "梁伯坚", "2023-09-04", **{"parties-1-phone": "13700002290"}))
    other = register(counter, told(LOAN.format(b="梁伯坚"), "温日初", "梁伯坚", "2023-09-04"))

    office = open_at(officer_of_taiping, "2023-09-05 09:00")
    do(office, "merge", double, code=kept.code, confirmed=kept.code, reason="同一张欠条", on="2023-09-05")
    do(office, "link-new", other, code=kept.code, kind="group", note="同一个人借的", on="2023-09-05")
    assert (double.merged_into, other.parent_link.parent) == (kept, kept)
    group = office.get(reverse("mediation:group", args=[kept.code])).content.decode()
    assert (other.code in group, double.code in group) == (True, False)

    # the other town takes it over
    do(office, "town-ask", kept, kind="move", town=SHUANGDONG, reason="当事人都搬到双东", on="2023-09-05")
    assert kept.town_code == TAIPING
    there = open_at(officer_there, "2023-09-07 09:00")
    village = Division.objects.filter(parent_id=SHUANGDONG)[0].pk
    do(there, "town-answer", kept, answer="yes", village=village, mediator=mediator_of_shuangdong.pk, on="2023-09-07")
    assert (kept.town_code, kept.handler) == (SHUANGDONG, mediator_of_shuangdong)
    left = open_at(officer_of_taiping, "2023-09-07 10:00").get(kept.get_absolute_url()).content.decode()
    assert ("本件已经移送双东街道" in left, "沈水旺" in left, "梁伯坚" in left) == (True, False, False)

    # tried there in vain, a paper comes late, tried once more
    browser = open_at(mediator_of_shuangdong, "2023-09-08 09:00")
    wills = {f"will-{party.pk}": "agrees" for party in kept.parties.all()}
    route = {"destination": "town", "reason": "双方都在本镇", "on": "2023-09-08"}
    assert browser.post(f"/disputes/{kept.code}/route/", route).status_code == 302
    do(browser, "start", kept, on="2023-09-08", mode="offline", **wills)
    browser = open_at(mediator_of_shuangdong, "2023-09-15 09:00")
    do(browser, "fail", kept, on="2023-09-12", reason="差一万元谈不拢", ways_told="on")
    browser = open_at(mediator_of_shuangdong, "2023-09-18 09:00")
    paper = SimpleUploadedFile("欠条.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "application/pdf")
    do(browser, "paper-new", kept, kind="evidence", file=paper, handed_in_on="2023-09-18", handed_in_by="沈水旺")
    assert LatePaper.objects.get().state_then == DisputeState.FAILED
    page = open_at(officer_there, "2023-09-19 09:00")
    do(page, "reopen", kept, on="2023-09-19", mode="offline", reason="梁伯坚愿意再谈", **wills)
    assert (kept.state, kept.outcome, kept.mediations.count()) == (DisputeState.MEDIATING, "", 2)
    shown = open_at(mediator_of_shuangdong, "2023-09-19 10:00").get(kept.get_absolute_url()).content.decode()
    for words in ("并入本件", "太平镇移送，双东街道接收", "补交", "重新调解"):
        assert words in shown, words
    everything_holds()


def test_a_ledger_brought_in_gives_the_year_its_figures_and_the_same_file_again_none(
    open_at: Open, officer_of_taiping, committee_officer
):
    office = open_at(officer_of_taiping, "2023-09-20 10:00")
    assert of_2022() == {Figure.REGISTERED: 0, Figure.AGREED: 0, Figure.FAILED: 0, Figure.LATE_ENTRIES: 0}

    bring_in(office, ledgers.xlsx(*ledgers.GOOD[:4]))
    refresh_dirty()
    assert of_2022() == {Figure.REGISTERED: 4, Figure.AGREED: 1, Figure.FAILED: 1, Figure.LATE_ENTRIES: 4}
    listed = open_at(committee_officer, "2023-09-20 11:00").get("/disputes/?from=2022-01-01&to=2022-12-31")
    assert len(re.findall(r"TP22\d\d-\d{4}", listed.content.decode())) >= 4

    bring_in(open_at(officer_of_taiping, "2023-09-21 10:00"), ledgers.csv(*ledgers.GOOD[:4]), name="又一份.csv")
    refresh_dirty()
    assert (Dispute.objects.count(), of_2022()[Figure.REGISTERED]) == (4, 4)
    everything_holds()


def of_2022() -> dict[Figure, int]:
    total = figures([COUNTY], date(2022, 1, 1), date(2022, 12, 31)).total
    return {name: total[name] for name in (Figure.REGISTERED, Figure.AGREED, Figure.FAILED, Figure.LATE_ENTRIES)}


def bring_in(office: Any, data: bytes, name: str = "2022年台账.xlsx") -> None:
    """The file, its columns as the page proposes them, the preview, and what is new written."""
    where = office.post("/disputes/import/", {"file": SimpleUploadedFile(name, data), "town": TAIPING})["Location"]
    columns = office.get(where)["Location"]
    preview = office.post(columns, columns_of(office, columns))["Location"]
    kept = LedgerImport.objects.order_by("uploaded_at").last()
    assert kept is not None
    office.post(f"{preview}apply/", {"shown": kept.fingerprint})
