"""What a dispute is called: 沈水旺与梁伯坚民间借贷纠纷."""

from collections.abc import Sequence

LENGTH = 80  # of the column


def title_of(applicants: Sequence[str], respondents: Sequence[str], cause: str) -> str:
    """The first name of each side, 等N人 where there are more, and the cause of the case type.

    Names stand whole as long as there is room; then the longer one ends in 「…」, both where neither is short.
    """
    sides = [(names[0], f"等{len(names)}人" if len(names) > 1 else "") for names in (applicants, respondents) if names]
    room = LENGTH - len(cause) - len("与".join(others for _, others in sides))
    lengths = [len(name) for name, _ in sides]
    each = room // max(len(sides), 1)
    spare = [max(each, room - sum(lengths) + length) for length in lengths]  # what the other side does not need
    return "与".join(_cut(name, most) + others for (name, others), most in zip(sides, spare, strict=True)) + cause


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
