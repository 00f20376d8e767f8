"""What a dispute is called: 沈水旺与梁伯坚民间借贷纠纷."""

from collections.abc import Sequence

NAME_LENGTH = 24


def title_of(applicants: Sequence[str], respondents: Sequence[str], cause: str) -> str:
    """The first name of each side, 等N人 where there are more, and the cause of the case type."""
    sides = [_side(names) for names in (applicants, respondents) if names]
    return "与".join(sides) + cause


def _side(names: Sequence[str]) -> str:
    return names[0][:NAME_LENGTH] + (f"等{len(names)}人" if len(names) > 1 else "")
