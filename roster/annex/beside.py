"""Columns that towns add to the annex's ten: 镇（街） says a row's town where the list has none, 人员类别 its seat."""

from roster.annex.findings import Findings
from roster.annex.row_towns import Place
from roster.choices import TeamRole, WarningCode
from roster.posts import Post
from roster.rules import COURT_SEATS
from roster.towns import Gazetteer

COLUMN_OF_TOWNS = "「镇（街）」一列"


def place_beside(written: str, post: Post, sheet_town: str | None, say: Findings, gazetteer: Gazetteer) -> Place:
    """The town that the column names, unless the list has one: that wins, with a warning, as over the row's words.

    What of the cell is no town that is known is said in any case.
    """
    codes, unread = gazetteer.towns_written(written) if written else ((), ())
    if unread:
        message = f"{COLUMN_OF_TOWNS}写的「{'」「'.join(unread)}」认不出是哪个镇（街），没有登记。"
        say.say(WarningCode.TOWN_UNKNOWN, "unit_and_duty", message)
    if sheet_town and codes and sheet_town not in codes:
        message = f"{COLUMN_OF_TOWNS}写的是{gazetteer.names(codes)}，按名单归{gazetteer.name(sheet_town)}。"
        say.say(WarningCode.TOWN_DIFFERS, "unit_and_duty", message)
        return Place(sheet_town)
    if len(codes) == 1 or (codes and post.role in COURT_SEATS):
        return Place(sheet_town, further=codes) if sheet_town else Place(codes[0], COLUMN_OF_TOWNS, codes)
    if codes and sheet_town:
        message = f"{COLUMN_OF_TOWNS}写了{gazetteer.names(codes)}，只登记{gazetteer.name(sheet_town)}。"
        say.say(WarningCode.TOWNS_NOT_TAKEN, "unit_and_duty", message)
    elif codes:
        message = f"{COLUMN_OF_TOWNS}写的「{written}」看不出是哪一个镇（街）。"
        say.say(WarningCode.TOWN_UNKNOWN, "unit_and_duty", message)
    return Place(sheet_town)


def seat_beside(named: Post, read: Post, say: Findings) -> Post:
    """The seat with what 人员类别 says outright, `named`: it goes before the words of post and note.

    调解人员 without a source leaves the source to them; a category that is no seat (党员) leaves them all.
    """
    if not named.role or (named.role == read.role and not named.kind):
        return read
    if read.role and read.role != named.role:
        as_read, as_named = TeamRole(read.role).label, TeamRole(named.role).label
        message = f"「人员类别」写的是{as_named}，职务或备注像是{as_read}：按人员类别登记。"
        say.say(WarningCode.CATEGORY_DIFFERS, "unit_and_duty", message)
    return named
