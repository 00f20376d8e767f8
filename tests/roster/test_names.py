"""Names and their initials."""

import pytest

from roster.names import name_initials, tidy_name
from tests.roster.workbooks import wide


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" 林 文英\u200b", "林文英"),
        ("买买提•艾山", "买买提·艾山"),
        (f"买买提{wide('.')}艾山", "买买提·艾山"),
        *((f"买买提{dot}艾山", "买买提·艾山") for dot in "•‧∙⋅・･˙●▪᛫⸱﹒.。"),
        ("买买提 · 艾山", "买买提·艾山"),
        ("张\xa0三\u202c", "张三"),
        ("测四（女）", "测四"),
        ("测四(壮族)", "测四"),
        ("Li Wei", "Li Wei"),
        ("𠮷𣸣", "𠮷𣸣"),
        ("*张三", "张三"),
        ("　", ""),
    ],
)
def test_names_are_tidied(written, kept):
    assert tidy_name(written) == kept


@pytest.mark.parametrize(("name", "initials"), [("林文英", "lwy"), ("买买提·艾山", "mmtas"), ("𠮷文", "w")])
def test_initials_leave_out_what_has_no_reading(name, initials):
    assert name_initials(name) == initials
