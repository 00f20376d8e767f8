"""What each way of doing a request needs before it counts as done: every condition alone, and both sides of it."""

from dataclasses import replace

import pytest

from liaison.choices import AssistanceKind, RefusedBy, SignedBy
from liaison.proofs import NEEDS, WAYS, Record, Witness, half_a_witness, hidden_name, lacking
from tests.liaison.assistance_kit import WHOLE

K = AssistanceKind
NOBODY = Witness("", "")


def missing(record: Record) -> list[str]:
    return [need.field for need in lacking(record)]


@pytest.mark.parametrize("way", AssistanceKind.values)
def test_a_whole_record_lacks_nothing_and_an_empty_one_something(way):
    assert missing(WHOLE[way]) == []
    assert missing(Record(way)) != []


@pytest.mark.parametrize(
    ("way", "changed", "lacks"),
    [
        pytest.param(K.SERVE_DIRECT, {"signed_by": ""}, ["signed_by"], id="nobody signed"),
        pytest.param(K.SERVE_DIRECT, {"signed_by": SignedBy.HEAD}, ["signed_by"], id="a person has no head"),
        pytest.param(K.SERVE_DIRECT, {"signer_name": ""}, ["signer_name"], id="no name of who signed"),
        pytest.param(K.SERVE_DIRECT, {"receipt_signed": False}, ["receipt_signed"], id="receipt not signed"),
        pytest.param(K.SERVE_DIRECT, {"signed_by": SignedBy.FAMILY}, ["relation"], id="family without relation"),
        pytest.param(K.SERVE_DIRECT, {"signed_by": SignedBy.FAMILY, "relation": "儿子"}, [], id="family with relation"),
        pytest.param(K.SERVE_DIRECT, {"signed_by": SignedBy.AGENT}, [], id="agent"),
        pytest.param(K.SERVE_DIRECT, {"is_organisation": True}, ["signed_by"], id="an organisation has no self"),
        pytest.param(
            K.SERVE_DIRECT, {"is_organisation": True, "signed_by": SignedBy.RECEIVING}, [], id="its mail room"
        ),
        pytest.param(
            K.SERVE_DIRECT,
            {"is_organisation": True, "signed_by": SignedBy.FAMILY, "relation": "妻子"},
            ["signed_by"],
            id="an organisation has no family",
        ),
        pytest.param(K.SERVE_LEAVE, {"refused_by": ""}, ["refused_by"], id="nobody refused"),
        pytest.param(K.SERVE_LEAVE, {"refused_by": "neighbour"}, ["refused_by"], id="a neighbour refused"),
        pytest.param(K.SERVE_LEAVE, {"refused_by": RefusedBy.FAMILY}, [], id="the family refused"),
        pytest.param(K.SERVE_LEAVE, {"refusal_reason": ""}, ["refusal_reason"], id="no reason"),
        pytest.param(K.SERVE_LEAVE, {"left_at_home": False}, ["left_at_home"], id="left elsewhere"),
        pytest.param(K.SERVE_LEAVE, {"witnesses": ()}, ["photos"], id="neither witness nor picture"),
        pytest.param(K.SERVE_LEAVE, {"witnesses": (NOBODY,)}, ["photos"], id="an empty witness"),
        pytest.param(K.SERVE_LEAVE, {"witnesses": (), "photos": 1}, [], id="a photo instead of a witness"),
        pytest.param(K.SERVE_LEAVE, {"witnesses": (), "video_kept_at": "执法记录仪"}, [], id="a film instead"),
        pytest.param(K.SERVE_POST, {"place": ""}, ["place"], id="posted nowhere"),
        pytest.param(K.SERVE_POST, {"photos": 0}, ["photos"], id="posted without a photo"),
        pytest.param(K.SERVE_POST, {"result": ""}, ["result"], id="posted without why and how"),
        pytest.param(K.FIND_PERSON, {"result": ""}, ["result"], id="found nothing"),
        pytest.param(K.FIND_PROPERTY, {"result": ""}, ["result"], id="no clue"),
        pytest.param(K.SITE_SURVEY, {"led_by": ""}, ["led_by"], id="a survey without the court"),
        pytest.param(K.SITE_SURVEY, {"witnesses": ()}, ["witness1_name"], id="a survey without the village"),
        pytest.param(K.SITE_SURVEY, {"place": "", "result": ""}, ["place", "result"], id="a survey of nothing"),
        pytest.param(K.ENFORCEMENT, {"led_by": ""}, ["led_by"], id="enforcement without the court"),
        pytest.param(K.ENFORCEMENT, {"witnesses": ()}, ["witness1_name"], id="enforcement without the village"),
        pytest.param(K.OUTREACH, {"head_count": 0}, ["head_count"], id="nobody came"),
        pytest.param(K.OUTREACH, {"head_count": None}, ["head_count"], id="nobody counted"),
    ],
)
def test_each_condition_alone(way, changed, lacks):
    assert missing(replace(WHOLE[way], **changed)) == lacks


def test_every_condition_says_what_to_do_and_on_which_basis():
    needs = [need for found in NEEDS.values() for need in found]

    assert [need.field for need in needs if not (need.missing and need.todo and need.basis and need.label)] == []
    assert {need.basis for need in NEEDS[K.SERVE_DIRECT]} == {"民事诉讼法第八十七条", "民事诉讼法第八十八条"}
    assert {need.basis for need in NEEDS[K.SERVE_LEAVE]} == {"民事诉讼法第八十九条"}


def test_posting_is_only_done_when_the_court_asked_for_it():
    assert {kind for kind, ways in WAYS.items() if K.SERVE_POST in ways} == {K.SERVE_POST}


def test_a_paper_refused_at_the_door_may_be_left():
    assert K.SERVE_LEAVE in WAYS[K.SERVE_DIRECT]


@pytest.mark.parametrize(
    ("witnesses", "place"),
    [
        ((), None),
        ((Witness("谭伯年", "村委会"),), None),
        ((Witness("谭伯年", ""),), 1),
        ((Witness("谭伯年", "村委会"), Witness("", "司法所")), 2),
    ],
)
def test_half_a_witness_is_found(witnesses, place):
    assert half_a_witness(witnesses) == place


def test_a_name_is_hidden_but_for_its_first_character():
    assert [hidden_name(name) for name in ("沈水旺", "𠮷某", "")] == ["沈**", "𠮷**", ""]
