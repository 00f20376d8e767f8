"""When an agreement takes effect: each rule with both sides of its edges, days worked out by hand."""

from datetime import date

import pytest

from core.calendar import RestCalendar
from mediation.choices import AgreementForm, Basis, Mode
from mediation.law import (
    MEDIATOR,
    PARTY,
    SEAL,
    Signed,
    confirmation_window,
    effect_rule,
    effective_on,
    is_confirmable,
    why_no_rule,
)

A, B = "applicant", "respondent"
CONCLUDED = date(2023, 9, 1)


def on(day: int) -> date:
    return date(2023, 9, day)


def signed(party: str, day: int, *, electronic: bool = False) -> Signed:
    return Signed(PARTY, on(day), party, electronic)


def mediator(day: int) -> Signed:
    return Signed(MEDIATOR, on(day))


def seal(day: int) -> Signed:
    return Signed(SEAL, on(day))


def effect(*signatures: Signed, basis=Basis.OWN, mode=Mode.OFFLINE, form=AgreementForm.WRITTEN, parties=(A, B)):
    return effective_on(
        basis=basis, mode=mode, form=form, concluded_on=CONCLUDED, signatures=signatures, parties=parties
    )


@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        pytest.param((), None, id="nobody has signed"),
        pytest.param((signed(A, 1), signed(B, 1)), None, id="both parties, no mediator, no seal"),
        pytest.param((signed(A, 1), signed(B, 1), mediator(1)), None, id="no seal"),
        pytest.param((signed(A, 1), signed(B, 1), seal(1)), None, id="no mediator"),
        pytest.param((signed(A, 1), mediator(1), seal(1)), None, id="one party only"),
        pytest.param((signed(A, 1), signed(B, 1), mediator(1), seal(1)), on(1), id="all on one day"),
        pytest.param((signed(A, 1), signed(B, 4), mediator(1), seal(2)), on(4), id="a party is the last"),
        pytest.param((signed(A, 1), signed(B, 1), mediator(5), seal(2)), on(5), id="the mediator is the last"),
        pytest.param((signed(A, 1), signed(B, 1), mediator(1), seal(6)), on(6), id="the seal is the last"),
        pytest.param(
            (signed(A, 1), signed(B, 1), mediator(1), mediator(9), seal(2)), on(2), id="a second mediator moves nothing"
        ),
    ],
)
def test_own_written_agreement_takes_effect_with_the_last_of_parties_mediator_and_seal(signatures, expected):
    assert effect(*signatures) == expected


@pytest.mark.parametrize("basis", [Basis.PRE_FILING, Basis.POST_FILING])
@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        pytest.param((signed(A, 1), mediator(1), seal(1)), None, id="one party only"),
        pytest.param((signed(A, 1), signed(B, 3)), on(3), id="both parties, nobody else"),
        pytest.param((signed(A, 1), signed(B, 3), mediator(5), seal(8)), on(3), id="mediator and seal come after"),
    ],
)
def test_entrusted_written_agreement_takes_effect_with_both_parties_signatures(basis, signatures, expected):
    assert effect(*signatures, basis=basis) == expected


@pytest.mark.parametrize("basis", list(Basis))
@pytest.mark.parametrize(
    ("signatures", "expected"),
    [
        pytest.param((signed(A, 1), signed(B, 1)), None, id="signed by hand"),
        pytest.param((signed(A, 1, electronic=True), signed(B, 2)), None, id="one of them by hand"),
        pytest.param((signed(A, 1, electronic=True), signed(B, 2, electronic=True)), on(2), id="both electronic"),
        pytest.param(
            (signed(A, 1, electronic=True), signed(B, 2, electronic=True), mediator(4), seal(4)),
            on(2),
            id="mediator and seal come after",
        ),
    ],
)
def test_online_agreement_takes_effect_when_all_parties_have_signed_electronically(basis, signatures, expected):
    assert effect(*signatures, basis=basis, mode=Mode.ONLINE) == expected


@pytest.mark.parametrize("basis", [Basis.OWN, Basis.PRE_FILING])
def test_oral_agreement_took_effect_the_day_it_was_concluded_once_it_is_on_record(basis):
    assert effect(basis=basis, form=AgreementForm.ORAL) is None
    assert effect(mediator(5), basis=basis, form=AgreementForm.ORAL) == CONCLUDED


def test_every_one_of_three_parties_must_sign():
    three = (A, B, "third")
    papers = (signed(A, 1), signed(B, 1), mediator(1), seal(1))

    assert effect(*papers, parties=three) is None
    assert effect(*papers, signed("third", 7), parties=three) == on(7)


def test_one_party_alone_makes_no_agreement():
    assert effect(signed(A, 1), mediator(1), seal(1), parties=(A,)) is None


@pytest.mark.parametrize(
    ("basis", "mode"),
    [
        pytest.param(Basis.OWN, Mode.ONLINE, id="online"),
        pytest.param(Basis.PRE_FILING, Mode.ONLINE, id="entrusted online"),
        pytest.param(Basis.POST_FILING, Mode.OFFLINE, id="entrusted after filing"),
    ],
)
def test_there_is_no_oral_agreement(basis, mode):
    assert effect_rule(basis=basis, mode=mode, form=AgreementForm.ORAL, concluded_on=CONCLUDED) is None


@pytest.mark.parametrize(
    ("basis", "mode", "words"),
    [
        (Basis.OWN, Mode.ONLINE, "线上调解达成一致的，要在线制作或者上传调解协议"),
        (Basis.POST_FILING, Mode.OFFLINE, "委托调解达成协议的，要把调解协议提交法院审查"),
        (Basis.OWN, Mode.OFFLINE, "按达成协议那一天的规定，这样的协议不能办理。"),
    ],
)
def test_why_there_is_no_such_agreement_names_the_reason(basis, mode, words):
    assert why_no_rule(basis=basis, mode=mode).startswith(words)


def test_where_the_law_knows_no_such_agreement_none_takes_effect():
    assert effect(mediator(1), mode=Mode.ONLINE, form=AgreementForm.ORAL) is None


@pytest.mark.parametrize(
    ("basis", "mode", "form", "day", "article"),
    [
        ("own", "offline", "written", "2023-09-01", "人民调解法第二十九条"),
        ("own", "offline", "written", "2011-01-01", "人民调解法第二十九条"),
        ("own", "offline", "written", "2010-12-31", None),
        ("own", "offline", "oral", "2023-09-01", "人民调解法第三十条"),
        ("pre_filing", "offline", "written", "2016-07-01", "最高人民法院关于人民法院特邀调解的规定第二十四条"),
        ("pre_filing", "offline", "written", "2016-06-30", None),
        ("own", "online", "written", "2022-01-01", "人民法院在线调解规则第十九条"),
        ("own", "online", "written", "2021-12-31", None),
    ],
)
def test_each_rule_names_its_article_and_is_law_between_its_days(basis, mode, form, day, article):
    rule = effect_rule(basis=basis, mode=mode, form=form, concluded_on=date.fromisoformat(day))

    assert (rule.article if rule else None) == article


@pytest.mark.parametrize(
    ("basis", "expected"), [(Basis.OWN, True), (Basis.PRE_FILING, True), (Basis.POST_FILING, False)]
)
def test_only_what_the_court_has_not_filed_may_be_confirmed(basis, expected):
    assert is_confirmable(basis) is expected


HOLIDAYS = frozenset(date(2023, 9, 29 + n) if n < 2 else date(2023, 10, n - 1) for n in range(8))
CALENDAR_2023 = RestCalendar(HOLIDAYS, frozenset({date(2023, 10, 7), date(2023, 10, 8)}), frozenset({2023}))


@pytest.mark.parametrize(
    ("effective", "raw", "last"),
    [
        pytest.param("2023-08-29", "2023-09-28", "2023-09-28", id="the day before the holiday"),
        pytest.param("2023-08-30", "2023-09-29", "2023-10-07", id="the first day of the holiday"),
        pytest.param(
            "2023-09-01", "2023-10-01", "2023-10-07", id="in the holiday, rolled to a Saturday that is worked"
        ),
        pytest.param("2023-09-07", "2023-10-07", "2023-10-07", id="the worked Saturday itself"),
        pytest.param("2023-09-14", "2023-10-14", "2023-10-16", id="an ordinary Saturday"),
    ],
)
def test_the_parties_have_thirty_days_and_a_rest_day_at_their_end_does_not_count(effective, raw, last):
    window = confirmation_window(date.fromisoformat(effective), CALENDAR_2023)

    assert (window.raw, window.due) == (date.fromisoformat(raw), date.fromisoformat(last))
