"""The annex as it is written: rows as high as what stands in them."""

import pytest

from roster.annex.sheets import LETTER_HEIGHT, PLACE, ROW_HEIGHT, ROW_MARGIN, height_of


@pytest.mark.parametrize(
    ("phone", "lines"),
    [("13800138001", 1), ("0766-3812346", 1), ("13800138001、13900139001", 3), ("0766-3812345、13800138002", 3)],
)
def test_two_numbers_in_a_cell_leave_room_for_a_break_after_the_hyphen(phone, lines):
    row = [""] * len(PLACE)
    row[PLACE["phone"]] = phone
    assert height_of(row) == max(ROW_HEIGHT, lines * LETTER_HEIGHT + ROW_MARGIN)
