"""Searching for words: found at once after every act, like reading through all files, and nothing typed breaks it."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import User
from disputes import bigrams, queries
from disputes.actions import search
from disputes.actions.correction import Correction, edit_dispute
from disputes.actions.parties import add_party, update_party
from disputes.choices import Side
from disputes.models import Dispute
from tests.disputes.conftest import APPLICANT, ID_OF_SHEN, RESPONDENT, STORY
from tests.disputes.test_bigrams import TEXTS

AGENT = replace(RESPONDENT, name="华石石料场", kind="organisation", agent_name="邓律师")
ANY_TEXT = st.text(max_size=30) | TEXTS
WITH_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


@pytest.fixture
def find(committee_officer):
    """find("words") → the titles of what the ledger shows."""

    def found(typed: str) -> list[str]:
        rows = queries.filtered(committee_officer, {"s": queries.sealed_search(committee_officer, typed)})
        return list(rows.order_by("pk").values_list("title", flat=True))

    return found


@pytest.fixture
def dispute(register, mediator_of_taiping) -> Dispute:
    return register(mediator_of_taiping, parties=(APPLICANT, AGENT))


# ── at once ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "typed",
    ["沈水旺", "沈水", "水旺", "旺", "石料", "石料场", "邓律师", "建材铺", "太平圩 欠条", "民间借贷", "四万八千"],
)
def test_a_new_dispute_is_found_by_its_people_and_words(typed, dispute, find):
    assert find(typed) == [dispute.title]


@pytest.mark.parametrize("typed", ["水沈", "旺石", "沈旺", "沈水旺 铁矿", "铁矿", "😀", "%", "_", "'", '"'])
def test_words_that_do_not_stand_there_find_nothing(typed, dispute, find):
    assert find(typed) == []


def test_the_end_of_a_code_finds_it_in_ones_own_towns(
    register, mediator_of_taiping, mediator_of_shuangdong, committee_officer
):
    here = register(mediator_of_taiping)
    there = register(mediator_of_shuangdong)
    register(mediator_of_taiping, on=date(2023, 8, 2))
    end = here.code[-9:]
    assert there.code.endswith(end)
    seen = {
        user: set(queries.filtered(user, {"s": queries.sealed_search(user, end)}).values_list("code", flat=True))
        for user in (mediator_of_taiping, mediator_of_shuangdong, committee_officer)
    }
    assert seen == {
        mediator_of_taiping: {here.code},
        mediator_of_shuangdong: {there.code},
        committee_officer: {here.code, there.code},
    }


def test_the_end_of_a_code_is_found_by_the_index_of_codes(dispute, committee_officer):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads so small a table whole, whatever its indexes")
    rows = queries.filtered(committee_officer, {"s": queries.sealed_search(committee_officer, dispute.code[-9:])})
    assert "SEARCH disputes_dispute USING INDEX sqlite_autoindex_disputes_dispute_1 (code=?)" in rows.explain()


def test_a_corrected_story_is_found_by_its_new_words_only(dispute, find, mediator_of_taiping):
    data = Correction(dispute.division, dispute.source, "他家的排水沟冲坏了我家菜地。", dispute.case_type_id)
    dispute.division.parent_id = dispute.town_code
    edit_dispute(dispute_id=dispute.pk, version=1, data=data, by=mediator_of_taiping)
    assert (find("排水沟"), find("建材铺"), find("沈水旺")) == ([dispute.title], [], [dispute.title])


def test_an_added_party_is_found(dispute, find, mediator_of_taiping):
    add_party(dispute_id=dispute.pk, data=replace(RESPONDENT, name="梁小龙"), by=mediator_of_taiping)
    assert (len(find("小龙")), len(find("沈水旺"))) == (1, 1)


def test_a_renamed_party_is_found_by_the_new_name_only(dispute, find, mediator_of_taiping):
    party = dispute.parties.get(side=Side.APPLICANT)
    update_party(party_id=party.pk, data=replace(APPLICANT, name="沈永旺"), by=mediator_of_taiping)
    assert (len(find("永旺")), find("水旺")) == (1, [])


def test_a_step_of_the_case_keeps_what_it_is_found_by(dispute, find):
    loaded = Dispute.objects.get(pk=dispute.pk)
    loaded.referred_to = "人社局"
    loaded.save()
    assert find("建材铺") == [dispute.title]


@pytest.mark.parametrize("number", [ID_OF_SHEN, "13800006072", "138 0000 6072"])
def test_a_number_written_into_the_story_is_no_word(number, register, mediator_of_taiping):
    register(mediator_of_taiping, narrative=f"{STORY}他的号码是{number}。")
    digits = number.replace(" ", "")
    for part in {digits, digits[:5], digits[6:10], digits[3:7]}:
        assert not Dispute.objects.filter(search__holds=bigrams.phrases(part)), part


# ── like reading through all ─────────────────────────────────────────────────
@pytest.fixture
def shelf(register, mediator_of_taiping):
    """shelf([stories]) → puts them, and only them, on the shelf, as the actions index them."""
    first = register(mediator_of_taiping)
    first.parties.all().delete()

    def put(stories: list[str]) -> None:
        Dispute.objects.exclude(pk=first.pk).delete()
        Dispute.objects.filter(pk=first.pk).update(search=None)
        for number, story in enumerate(stories):
            first.pk, first.code, first.title, first.narrative = None, f"TP9901-{number:04d}", "", f"。{story}"
            first.search = search.found_by(first, [])
            Dispute.objects.bulk_create([first])
        first.pk = Dispute.objects.order_by("pk").values_list("pk", flat=True)[0]

    return put


@WITH_DATABASE
@given(stories=st.lists(TEXTS, max_size=5), query=TEXTS, start=st.integers(0, 24), length=st.integers(1, 4))
def test_a_search_finds_what_a_scan_finds(shelf, stories, query, start, length):
    shelf(stories)
    for typed in (query, *(story[start % (len(story) or 1) :][:length] for story in stories)):
        if wanted := bigrams.phrases(typed):
            found = Dispute.objects.filter(search__holds=wanted).order_by("pk").values_list("narrative", flat=True)
            assert list(found) == [f"。{story}" for story in stories if bigrams.holds(typed, story)], typed


@WITH_DATABASE
@given(typed=ANY_TEXT)
def test_whatever_is_typed_breaks_nothing(committee_officer, shelf, typed):
    params = {"s": queries.sealed_search(committee_officer, typed)}
    assert queries.filtered(committee_officer, params).count() in (0, 1)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"', "'); DROP TABLE x; --", "a & b | !c:*", "\\", "*"])
def test_signs_in_the_search_box_are_only_text(typed, client_of, committee_officer, dispute):
    page = client_of(committee_officer)
    address = page.post("/disputes/search/", {"q": typed})["Location"]
    html = page.get(address).content.decode()
    assert "没有符合的结果" in html
    assert "<script>alert" not in html


# ── those registered before ──────────────────────────────────────────────────
def forget_all() -> None:
    Dispute.objects.update(search=None)


def test_the_command_writes_those_without_tokens_and_goes_on_where_it_stopped(
    register, mediator_of_taiping, find, monkeypatch
):
    monkeypatch.setattr(search, "BATCH", 2)
    rows = [register(mediator_of_taiping) for _ in range(5)]
    forget_all()
    next(search.write_tokens(Dispute.objects.all()))  # cut short after the first batch
    assert len(find("沈水旺")) == 2
    out = io.StringIO()
    call_command("rebuild_search", stdout=out, stderr=io.StringIO())
    assert (len(find("沈水旺")), out.getvalue()) == (5, "检索已经写好：3 件。\n")
    out = io.StringIO()
    call_command("rebuild_search", "--all", f"--after={rows[0].pk}", "--json", stdout=out, stderr=io.StringIO())
    assert re.sub(r"\s", "", out.getvalue()) == f'{{"written":4,"last":{rows[-1].pk}}}'


@pytest.mark.django_db(transaction=True)
def test_disputes_who_are_there_before_the_column_are_found_after_the_migration(register, mediator_of_taiping, find):
    register(mediator_of_taiping)
    MigrationExecutor(connection).migrate([("disputes", "0002_handed_over")])

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    assert len(find("建材铺")) == len(find("水旺")) == 1
    assert User.objects.exists()
