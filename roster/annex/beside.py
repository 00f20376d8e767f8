"""Columns that towns add to the annex's ten: 镇（街） says a row's town where the list has none, 人员类别 its seat."""

from roster.annex.findings import Findings
from roster.choices import TeamRole, WarningCode
from roster.posts import Post, read_post
from roster.rules import COURT_SEATS
from roster.towns import Gazetteer

COLUMN_OF_TOWNS = "「镇（街）」一列"
Towns = tuple[str | None, tuple[str, ...]]  # of the row's list; all that court staff serve by the column


def towns_beside(written: str, post: Post, sheet_town: str | None, say: Findings, gazetteer: Gazetteer) -> Towns:
    """The town that the column names, unless the list has one: that wins, with a warning, as over the row's words."""
    codes = gazetteer.towns_written(written)
    if sheet_town and codes and sheet_town not in codes:
        message = f"{COLUMN_OF_TOWNS}写的是{gazetteer.names(codes)}，按名单归{gazetteer.name(sheet_town)}。"
        say.say(WarningCode.TOWN_DIFFERS, "unit_and_duty", message)
        return sheet_town, ()
    if len(codes) == 1 or (codes and post.role in COURT_SEATS):
        return sheet_town or codes[0], codes
    if codes and sheet_town:
        message = f"{COLUMN_OF_TOWNS}写了{gazetteer.names(codes)}，只登记{gazetteer.name(sheet_town)}。"
        say.say(WarningCode.TOWNS_NOT_TAKEN, "unit_and_duty", message)
    elif not sheet_town:
        say.say(
            WarningCode.TOWN_UNKNOWN, "unit_and_duty", f"{COLUMN_OF_TOWNS}写的「{written}」看不出是哪一个镇（街）。"
        )
    return sheet_town, ()


def seat_beside(category: str, read: Post, say: Findings) -> Post:
    """The seat with what 人员类别 says outright: it goes before the words of post and note.

    调解人员 without a source leaves the source to them; a category that is no seat (党员) leaves them all.
    """
    named = read_post("", category)
    if not named.role or (named.role == read.role and not named.kind):
        return read
    if read.role and read.role != named.role:
        as_read, as_named = TeamRole(read.role).label, TeamRole(named.role).label
        message = f"「人员类别」写的是{as_named}，职务或备注像是{as_read}：按人员类别登记。"
        say.say(WarningCode.CATEGORY_DIFFERS, "unit_and_duty", message)
    return named
