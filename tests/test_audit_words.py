"""Rules over the audit trail's words: nothing is recorded, no page refused, that has no Chinese name."""

import re
from collections.abc import Iterator

import pytest
from django.db import models

from core import audit_reading
from core.audit_words import FILE_KINDS, PAGES, Fact
from disputes import audit_words as of_disputes
from disputes import ledger
from disputes.actions.correction import CORRECTED
from disputes.actions.parties import REVEALABLE, masked
from disputes.models import Party
from mediation import audit_words as of_mediation
from mediation.precheck import MATERIAL
from mediation.queries.court_queue import DAY_LOOKUPS, STAGES, QueueFilter
from mediation.views.confirmation_papers import PAPERS
from mediation.workflow import CONFIRMATION
from roster.choices import RowResult
from tests.audit_calls import OPEN, Place, Reader, calls_in, functions
from tests.test_house import CHINESE, ROOT, endpoints, python_files

# Where the code takes a name from that it does not write where it records.
OPEN_ACTS = {
    "confirmation.?": {f"confirmation.{step.verb}" for step in CONFIRMATION.values() if step.ruling},
    "?": {"party.reveal", "staff.reveal"},  # core.actions.reveals is told which
}
OPEN_FACTS = {
    "staff.reveal": {"field", "reason"},
    "party.reveal": {"field", "reason"},
    "roster.import": {"rows", "towns", *RowResult.values},
}
STATES = {"old", "new"}  # what a thing was and is: their own facts are those of the act


@pytest.fixture(scope="module")
def recorded() -> dict[str, set[str]]:
    """Facts by act, as the code records them."""
    found: dict[str, set[str]] = {}
    for one in Reader(ROOT, python_files()).recorded():
        for act in OPEN_ACTS.get(one.act, {one.act}):
            facts = (one.facts - {OPEN}) | OPEN_FACTS.get(act, {OPEN} & one.facts)
            found.setdefault(act, set()).update(facts)
    return found


def test_every_act_that_is_recorded_has_a_name(recorded):
    assert set(recorded) - set(audit_reading.acts()) == set()
    assert len(recorded) > len(OPEN_ACTS)


def test_every_fact_that_is_recorded_has_a_name(recorded):
    acts = audit_reading.acts()
    unnamed = {
        f"{act}: {fact}"
        for act, facts in recorded.items()
        for fact in facts - STATES
        if act in acts and fact not in acts[act].facts
    }

    assert unnamed == set()


def named_facts(facts: dict[str, Fact]) -> Iterator[Fact]:
    for fact in facts.values():
        yield fact
        yield from named_facts(dict(fact.parts))


def test_every_name_is_chinese_and_every_act_has_its_own():
    acts = audit_reading.acts()
    facts = [fact for act in acts.values() for fact in named_facts(dict(act.facts))]
    words = [word for fact in facts for word in fact.words.values()]
    names = [act.name for act in acts.values()]

    assert [one for one in (*names, *(fact.name for fact in facts)) if not CHINESE.search(one)] == []
    assert [one for one in words if not CHINESE.search(one) and not one.isdigit()] == []
    assert sorted(names) == sorted(set(names))


def test_every_fact_names_rows_and_fields_that_exist():
    kinds = audit_reading.kinds()
    facts = [fact for act in audit_reading.acts().values() for fact in named_facts(dict(act.facts))]
    strange = [fact.name for fact in facts if fact.fields not in ("", "subject", *kinds)]
    strange += [fact.name for fact in facts if fact.rows and fact.rows.model not in kinds]

    assert strange == []


def test_every_page_has_a_name():
    pages = {name for name, _, _ in endpoints() if not name.startswith("admin:") and re.fullmatch(r"[\w:-]+", name)}

    assert pages - set(audit_reading.listed(PAGES)) == set()


def test_every_kind_of_stored_file_has_a_name():
    reader, kinds = Reader(ROOT, python_files()), set()
    for path in python_files():
        for function in functions(path):
            for call in calls_in(function):
                if getattr(call.func, "attr", getattr(call.func, "id", "")) in ("store_file", "store_bytes"):
                    kind = next(word.value for word in call.keywords if word.arg == "kind")
                    for scope in reader.scopes(Place(path, ROOT, function)):
                        kinds |= reader.values(kind, scope)

    assert kinds - {OPEN} - set(audit_reading.listed(FILE_KINDS)) == set()
    assert len(kinds) > 1


def test_facts_inside_a_fact_have_names():
    party = audit_reading.acts()["party.update"].facts
    filters = of_mediation.FILTERS
    assert set(masked(Party())) - set(party) == set()
    assert set(of_disputes.CORRECTED) == set(CORRECTED)
    assert {name: fact.name for name, fact in of_disputes.CORRECTED.items() if name != "case_type_id"} == {
        name: words for name, words in CORRECTED.items() if name != "case_type_id"
    }
    assert of_disputes.REVEALED_FIELDS == REVEALABLE
    assert {*ledger.PLAIN, *ledger.CHOICES, *ledger.DATES, "sort"} - {"q", "s"} == set(of_disputes.FILTERS)
    assert {*QueueFilter.__dataclass_fields__, *DAY_LOOKUPS} - {"q", "s", "days", "problems"} == set(filters)
    assert {key: stage.label for key, stage in STAGES.items()} == of_mediation.STAGES
    assert {key: paper.label for key, paper in PAPERS.items()}.items() <= of_mediation.PAPERS.items()
    assert any(key.startswith(MATERIAL) for key in of_mediation.CHECKS)


def test_every_item_of_the_precheck_has_a_name():
    source = (ROOT / "mediation/precheck.py").read_text(encoding="utf-8")
    keys = set(re.findall(r'_item\(\s*"(\w+)"', source))

    assert keys - set(of_mediation.CHECKS) == set()
    assert len(keys) > 1


def test_a_field_is_named_by_its_own_words():
    assert issubclass(Party, models.Model)
    assert audit_reading.field_name("disputes.party", "agent_name") == "代理人"
    assert audit_reading.field_name("disputes.party", "nothing") == ""
