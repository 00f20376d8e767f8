"""Proposed case numbers: rendered from the court's pattern, found again in what was typed."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from mediation import case_numbers

PATTERN = "（{year}）粤5381诉前调确{serial}号"


def test_a_proposed_number_names_year_and_serial():
    assert case_numbers.proposed(PATTERN, year=2023, serial=126) == "（2023）粤5381诉前调确126号"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("（2023）粤5381诉前调确126号", (2023, 126), id="as proposed"),
        pytest.param("(2023) 粤5381诉前调确 126 号", (2023, 126), id="half-width brackets and spaces"),
        pytest.param("〔2023〕粤5381诉前调确126号", (2023, 126), id="six-cornered brackets"),
        pytest.param("（2023）粤5381民特126号", None, id="another code"),
        pytest.param("（2023）粤5381诉前调确号", None, id="no serial"),
    ],
)
def test_a_typed_number_gives_its_serial_when_it_follows_the_pattern(typed, expected):
    assert case_numbers.serial_in(PATTERN, typed) == expected


def test_a_typed_number_is_written_in_one_spelling():
    assert case_numbers.normalised(" (2023)粤5381 诉前调确126号 ") == "（2023）粤5381诉前调确126号"


@pytest.mark.parametrize(
    ("text", "expected"),
    [(PATTERN, True), ("粤{serial}号", False), ("{year}{serial}{serial}", False)],
)
def test_a_pattern_needs_year_and_serial_once_each(text, expected):
    assert case_numbers.is_pattern(text) is expected


def test_a_pattern_without_a_serial_stops_the_start_with_a_sentence(settings):
    settings.CONFIRMATION_NUMBER_PATTERN = "（{year}）粤5381诉前调确号"

    with pytest.raises(ImproperlyConfigured, match="CONFIRMATION_NUMBER_PATTERN"):
        apps.get_app_config("mediation").ready()
