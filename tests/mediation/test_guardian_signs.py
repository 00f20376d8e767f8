"""A child's agreement: the guardian signs for them, in the page and on paper; the child's own hand does not bind."""

import io
from datetime import date

import pytest
from django.urls import reverse
from docx import Document

from core.errors import Refused
from disputes.choices import Capacity, Side
from disputes.models import Party
from mediation.actions.signatures import Entry
from mediation.choices import SignerKind, SignMethod
from mediation.models import Agreement, Signature
from tests.mediation.conftest import at, everybody, sign
from tests.mediation.test_agreement_editor import typed

pytestmark = pytest.mark.django_db
WHEN = "2023-09-01T16:40"


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


@pytest.fixture
def child(met) -> Party:
    """The applicant is thirteen; the father was recorded at intake."""
    rows = Party.objects.filter(dispute=met, side=Side.APPLICANT)
    rows.update(born_on=date(2010, 5, 4), guardian_name="沈大", guardian_relation="父亲")
    return rows.get()


def address(name: str, party: Party) -> str:
    return reverse(f"mediation:{name}", args=[party.dispute.code])


def hands(party: Party, mediator_id: int, *, by_guardian: bool) -> dict[str, str]:
    """Everybody's time and way, as the sign page sends them."""
    parties = [f"party-{one.pk}" for one in party.dispute.parties.all()]
    sent = dict.fromkeys((*parties, f"mediator-{mediator_id}", "seal"), WHEN)
    sent |= {f"{name}-method": SignMethod.STAMP if name == "seal" else SignMethod.SIGNATURE for name in tuple(sent)}
    return sent | ({f"party-{party.pk}-agent": "on"} if by_guardian else {})


def drafted_in_the_page(mediator, party: Party) -> None:
    party.dispute.refresh_from_db()
    assert mediator.post(address("agreement-new", party), typed(party.dispute)).status_code == 302


# ── in the page ──────────────────────────────────────────────────────────────
def test_the_guardian_signs_and_the_agreement_takes_effect(mediator, child, mediator_of_taiping):
    drafted_in_the_page(mediator, child)
    page = mediator.get(address("agreement-sign", child)).content.decode()
    assert "由监护人沈大签" in page
    box = page[page.index(f'name="party-{child.pk}-agent"') :]
    assert "checked" in box[: box.index(">")]  # what the law asks for is ticked already

    mediator.post(address("agreement-sign", child), hands(child, mediator_of_taiping.pk, by_guardian=True))

    agreement = Agreement.objects.get()
    assert (agreement.effective_on, agreement.signatures.get(party=child).name) == (
        date(2023, 9, 1),
        "沈水旺（沈大代）",
    )
    child.dispute.refresh_from_db()
    assert child.dispute.state == "agreed"


def test_the_childs_own_hand_is_refused_with_who_signs_and_nothing_typed_is_lost(mediator, child, mediator_of_taiping):
    drafted_in_the_page(mediator, child)

    answer = mediator.post(address("agreement-sign", child), hands(child, mediator_of_taiping.pk, by_guardian=False))

    html = answer.content.decode()
    assert (answer.status_code, Signature.objects.count(), Agreement.objects.get().effective_on) == (422, 0, None)
    assert "沈水旺没有完全民事行为能力，协议由沈大代签（民法典第二十三条）" in html
    assert html.count(f'value="{WHEN}"') == 4


def test_before_a_guardian_is_recorded_no_agreement_is_written(mediator, child):
    Party.objects.filter(pk=child.pk).update(guardian_name="", guardian_relation="")
    child.dispute.refresh_from_db()

    led_back = mediator.post(address("agreement-new", child), typed(child.dispute), follow=True)

    assert Agreement.objects.count() == 0
    assert "沈水旺没有完全民事行为能力，缺监护人" in led_back.content.decode()


# ── on paper ─────────────────────────────────────────────────────────────────
def test_the_paper_asks_for_the_guardians_hand(mediator, child):
    drafted_in_the_page(mediator, child)

    paper = Document(io.BytesIO(mediator.post(address("agreement-docx", child)).content))

    lines = [line.text for line in paper.paragraphs]
    assert "申请人沈水旺的法定代理人沈大（签名、盖章或者按指印）：" in lines
    assert "被申请人梁伯坚（签名、盖章或者按指印）：" in lines
    assert any("法定代理人沈大" in line and line.startswith("申请人：沈水旺") for line in lines)


# ── whose hand binds ─────────────────────────────────────────────────────────
def by_hand(party: Party, *, by_agent: bool, when: str = "2023-09-01 16:40") -> Entry:
    return Entry(SignerKind.PARTY, at(when), SignMethod.SIGNATURE, party_id=party.pk, by_agent=by_agent)


@pytest.fixture
def signing(drafted, mediator_of_taiping):
    """signing(born, by_agent=…, **facts): the applicant as a person of these facts signs."""

    def make(*, by_agent: bool, **facts) -> str:
        rows = Party.objects.filter(dispute=drafted, side=Side.APPLICANT)
        rows.update(**facts)
        sign(drafted, mediator_of_taiping, [by_hand(rows.get(), by_agent=by_agent)])
        return Signature.objects.get().name

    return make


EIGHTEEN_THAT_DAY, A_DAY_YOUNGER = date(2005, 9, 1), date(2005, 9, 2)


@pytest.mark.parametrize(("born", "binds"), [(EIGHTEEN_THAT_DAY, True), (A_DAY_YOUNGER, False)])
def test_the_age_on_the_day_of_signing_counts_and_not_that_of_today(signing, born, binds):
    if binds:
        assert signing(by_agent=False, born_on=born, guardian_name="沈大") == "沈水旺"
    else:
        with pytest.raises(Refused, match="由沈大代签"):
            signing(by_agent=False, born_on=born, guardian_name="沈大")


def test_who_came_of_age_meanwhile_was_signed_for_by_the_guardian_then(signing):
    assert signing(by_agent=True, born_on=date(2005, 9, 2), guardian_name="沈大") == "沈水旺（沈大代）"


def test_an_adult_without_capacity_is_signed_for_and_one_of_sixteen_with_full_capacity_signs(signing, drafted):
    with pytest.raises(Refused, match="由沈妻代签"):
        signing(by_agent=False, born_on=date(1960, 1, 1), capacity=Capacity.NONE, guardian_name="沈妻")
    facts = {"born_on": date(2007, 1, 1), "capacity": Capacity.FULL}
    assert signing(by_agent=False, **facts) == "沈水旺"


def test_a_statutory_agent_signs_for_a_child_but_no_entrusted_one_without_a_guardian(signing):
    child = {"born_on": date(2012, 1, 1), "agent_name": "沈大"}
    with pytest.raises(Refused, match="还没有登记监护人"):
        signing(by_agent=True, **child, agent_kind="entrusted")
    assert signing(by_agent=True, **child, agent_kind="statutory") == "沈水旺（沈大代）"


def test_adults_sign_as_before(drafted, mediator_of_taiping):
    sign(drafted, mediator_of_taiping, everybody(drafted, mediator_of_taiping))

    assert set(Signature.objects.filter(kind="party").values_list("name", flat=True)) == {"沈水旺", "梁伯坚"}
