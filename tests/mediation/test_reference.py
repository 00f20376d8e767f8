"""The committees of the towns."""

import pytest
from django.core.exceptions import ValidationError

from mediation import reference
from mediation.models import MediationOrganisation
from mediation.models.mediations import validate_number_pattern

pytestmark = pytest.mark.django_db


def test_every_town_gets_its_committee_with_seal_and_numbers(law_in_force):
    rows = MediationOrganisation.objects.order_by("division").values_list("name", "seal_name", "number_pattern")

    assert list(rows) == [
        ("罗定市双东街道人民调解委员会", "罗定市双东街道人民调解委员会", "双东人调〔{year}〕{serial}号"),
        ("罗定市太平镇人民调解委员会", "罗定市太平镇人民调解委员会", "太平人调〔{year}〕{serial}号"),
        ("罗定市分界镇人民调解委员会", "罗定市分界镇人民调解委员会", "分界人调〔{year}〕{serial}号"),
        ("罗定市华石镇人民调解委员会", "罗定市华石镇人民调解委员会", "华石人调〔{year}〕{serial}号"),
    ]


def test_loading_again_keeps_what_the_admin_changed(law_in_force):
    MediationOrganisation.objects.filter(division="445381101").update(name="太平镇联合人民调解委员会")
    told = []

    reference.load(told.append)

    assert MediationOrganisation.objects.filter(division="445381101").get().name == "太平镇联合人民调解委员会"
    assert told == ["人民调解委员会 4 个"]


@pytest.mark.parametrize(
    "pattern", ["太平人调{serial}号", "太平人调〔{year}〕号", "{town}〔{year}〕{serial}号", "〔{year〕{serial}", ""]
)
def test_a_number_pattern_needs_year_and_serial_and_nothing_else(pattern):
    with pytest.raises(ValidationError):
        validate_number_pattern(pattern)


@pytest.mark.parametrize("pattern", ["太平人调〔{year}〕{serial}号", "（{year}）太平调字第{serial:03d}号"])
def test_a_complete_pattern_passes(pattern):
    validate_number_pattern(pattern)
