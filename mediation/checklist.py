"""A pre-check as a list: its order, what stands in the way, its stored form, the court's opinion on it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mediation.choices import CheckResult


@dataclass(frozen=True)
class CheckItem:
    """One condition: `why` says what was found, `mend` what to do about it, `quotes` the words in doubt."""

    key: str
    title: str
    result: str
    why: str
    mend: str
    article: str
    quotes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.result == CheckResult.PASS

    @property
    def failed(self) -> bool:
        return self.result == CheckResult.FAIL

    @property
    def to_judge(self) -> bool:
        return self.result == CheckResult.JUDGE


def ordered(items: Iterable[CheckItem]) -> list[CheckItem]:
    """Failed first, then what a person must judge, then the rest; each group as the law orders it."""
    rank = {CheckResult.FAIL.value: 0, CheckResult.JUDGE.value: 1}
    return sorted(items, key=lambda item: rank.get(item.result, 2))


def unanswered(items: Iterable[CheckItem], answers: Mapping[str, str]) -> list[CheckItem]:
    """Items to be judged for which the town has not yet written its sentence."""
    return [item for item in items if item.to_judge and not answers.get(item.key, "").strip()]


def obstacle(items: Sequence[CheckItem], answers: Mapping[str, str]) -> str:
    """Why the request cannot be filed yet, as one sentence; empty when nothing stands in the way."""
    failed = sum(item.failed for item in items)
    silent = len(unanswered(items, answers))
    parts = [f"{failed} 项不通过"] if failed else []
    parts += [f"{silent} 项要写一句说明"] if silent else []
    return f"还有 {'、'.join(parts)}，暂不能报法院。" if parts else ""


def as_json(items: Iterable[CheckItem]) -> list[dict[str, Any]]:
    """The snapshot that is stored with the request."""
    return [asdict(item) for item in items]


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[CheckItem]:
    """The items of a stored snapshot."""
    return [CheckItem(**{**row, "quotes": tuple(row.get("quotes", ()))}) for row in rows]


def weighed(items: Iterable[CheckItem], opinions: Mapping[str, Mapping[str, Any]]) -> list[CheckItem]:
    """The items as the court sees them: an opinion of the court settles an item either way."""
    return [_weighed(item, opinions[item.key]) if item.key in opinions else item for item in items]


def _weighed(item: CheckItem, opinion: Mapping[str, Any]) -> CheckItem:
    return replace(item, result=(CheckResult.PASS if opinion["ok"] else CheckResult.FAIL).value)
