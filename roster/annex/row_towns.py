"""Which towns a row stands for: its list's, else what its words say; for court staff those of their note besides."""

from typing import NamedTuple

from roster.annex.findings import Findings
from roster.choices import ErrorCode, WarningCode
from roster.posts import Post
from roster.rules import COURT_SEATS
from roster.towns import Gazetteer


class Place(NamedTuple):
    """The town a row stands under, if any, by what it is so, and further towns that its column names beside it."""

    town: str | None
    by: str = "名单"
    further: tuple[str, ...] = ()


def towns_of(texts: dict[str, str], post: Post, place: Place, say: Findings, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The town, and for court staff the further towns their column and note name. The place wins over the words."""
    towns = _towns(texts, post, place, say, gazetteer)
    if post.role in COURT_SEATS and texts["note"]:
        _say_passed_over(towns, texts["note"], say, gazetteer)
    if post.role and post.role not in COURT_SEATS and texts["note"]:
        _say_one_town(towns, texts["note"], say, gazetteer)
    return towns


def _towns(texts: dict[str, str], post: Post, place: Place, say: Findings, gazetteer: Gazetteer) -> tuple[str, ...]:
    meant = gazetteer.towns_meant(texts["unit_and_duty"])
    noted: list[str] = []
    if post.role in COURT_SEATS:
        if unknown := gazetteer.unknown_towns(texts["note"]):
            message = f"「{'」「'.join(unknown)}」认不出是哪个镇（街），没有登记。请写全称，如 太平镇。"
            say.say(WarningCode.TOWN_UNKNOWN, "note", message)
        said = gazetteer.responsible_towns(texts["unit_and_duty"]) + gazetteer.noted_towns(texts["note"])
        noted = [*place.further, *said]
    if place.town:
        if len(meant) == 1 and meant[0] != place.town and meant[0] not in noted:
            message = f"职务里写的是{gazetteer.name(meant[0])}，按{place.by}归{gazetteer.name(place.town)}。"
            say.say(WarningCode.TOWN_DIFFERS, "unit_and_duty", message)
        return tuple(dict.fromkeys([place.town, *noted])) if noted else (place.town,)
    if len(meant) == 1:
        noted = [meant[0], *noted]
    if not noted:
        say_town_unclear(meant, say, gazetteer)
    return tuple(dict.fromkeys(noted))


def _say_passed_over(towns: tuple[str, ...], note: str, say: Findings, gazetteer: Gazetteer) -> None:
    """A town in a note of which nothing says that it is served."""
    if passed := [town for town in gazetteer.towns_passed_over(note) if town not in towns]:
        names = gazetteer.names(passed)
        message = f"备注里的{names}没有登记任职：看不出是不是负责的镇（街）。负责的，请写 负责{names}。"
        say.say(WarningCode.TOWNS_NOT_TAKEN, "note", message)


def _say_one_town(towns: tuple[str, ...], note: str, say: Findings, gazetteer: Gazetteer) -> None:
    """Alone the court's people serve several towns by their note: of others, that is said where it names some."""
    others = [town for town in gazetteer.noted_towns(note) if town not in towns]
    if towns and others:
        message = (
            f"这一行只登记{gazetteer.names(towns)}，备注里的{gazetteer.names(others)}没有登记任职："
            "只有法官、法官助理按备注登记几个镇（街）。在那里也任职的，请写进那个镇（街）的名单。"
        )
        say.say(WarningCode.TOWNS_NOT_TAKEN, "note", message)


def say_town_unclear(candidates: tuple[str, ...], say: Findings, gazetteer: Gazetteer) -> None:
    message = "看不出是哪个镇（街）。请写全称（如 太平镇），或选定这份名单的镇（街）。"
    if candidates:
        first, names = gazetteer.name(candidates[0]), gazetteer.names(candidates)
        message = f"可能是{names}，看不出是哪一个。请在职务里只写一个镇（街）的全称（如 {first}）。"
    say.say(ErrorCode.TOWN_UNCLEAR, "unit_and_duty", message, candidates=candidates)
