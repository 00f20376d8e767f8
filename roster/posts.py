"""Which seat of the team a post means, and the words that decided: from 所在单位及职务 and 备注."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from roster.choices import MediatorKind, TeamRole

# Taken out before anything is decided: names of things, and what a person no longer is.
NOT_A_POST = re.compile(
    r"[“\"「]?法官(?:联络点|工作室|工作站)[”\"」]?"
    r"|(?:退休|离休|原任|原|前任|曾任)[^，,、；;。\s]{0,12}(?:法官|审判员|庭长|院长|联络员|联络人员)"
    r"|(?:不再|不)(?:担任|任)[^，,；;。]*|人民陪审员|陪审员"
)
# Names of village bodies: their letters would read as duties (委员), so one mark stands for them.
BODY = re.compile("村民委员会|居民委员会|村委会|居委会|村委(?!书记|委员|主任)|居委")
MARK = "〔村居〕"
COURT = re.compile("法院|法庭|审判庭|立案庭|执行局")
LIAISON = re.compile("联络人员|联络员|联络人")
ASSISTANT = re.compile("法官助理")
JUDGE = re.compile("法官(?!助理)|审判员|审判长")
COURT_POST = re.compile("副?庭长|副?院长|执行局副?局长|审判委员会专职委员|审委会专职委员")
MEDIATES = re.compile("调解人员|调解员")
POLICE = re.compile("派出所|公安|民警|辅警")

Kinds = Sequence[tuple[MediatorKind, re.Pattern[str]]]
VILLAGE_DUTY = "支部书记|支书|书记|副主任|主任|委员|支委|两委|文书|会计|主席|干部|工作人员"
TOWN_DUTY = "书记|副主任|主任|委员|主席|部长|站长|所长|干部|专干|科员|职员|工作人员"
# In the order in which they decide: what a person does goes before where they sit. A group holds the words shown.
KINDS: Kinds = (
    (MediatorKind.VILLAGE_LAWYER, re.compile("驻村律师|律师|法律顾问|法律工作者|法律服务所")),
    (MediatorKind.PEOPLES_MEDIATOR, re.compile("专职人民调解员|人民调解员|专职调解员|兼职调解员")),
    (MediatorKind.JUDICIAL_OFFICE, re.compile("司法所干部|司法所|司法助理员|司法协理员")),
    (MediatorKind.JUDICIAL_OFFICE, re.compile("司法局")),
    (MediatorKind.VILLAGE_CADRE, re.compile(f"村干部|社区干部|村两委|(?:村|社区|{MARK}).{{0,8}}?({VILLAGE_DUTY})")),
    (MediatorKind.GRID_WORKER, re.compile("专职网格员|网格员|网格长|网格管理员")),
    (MediatorKind.PEOPLES_MEDIATOR, re.compile("人民调解委员会|调解委员会|调委会")),
    (
        MediatorKind.TOWN_CADRE,
        re.compile(
            "镇干部|街道干部|党委委员|党工委委员|政法委员|党委|党工委|副镇长|镇长|综治中心|综治办|平安办|平安法治办"
        ),
    ),
    (MediatorKind.TOWN_CADRE, re.compile(f"(?:镇|街道|办事处).{{0,20}}?({TOWN_DUTY})")),
    (MediatorKind.VILLAGE_CADRE, re.compile(f"{MARK}|社区|村(?!村?民|镇)")),
)
# A note counts only when it names the source outright.
KINDS_IN_NOTE: Kinds = (
    (MediatorKind.VILLAGE_LAWYER, re.compile("驻村律师|村居?法律顾问")),
    (MediatorKind.PEOPLES_MEDIATOR, re.compile("专职人民调解员|人民调解员|专职调解员|兼职调解员")),
    (MediatorKind.JUDICIAL_OFFICE, re.compile("司法所干部")),
    (MediatorKind.VILLAGE_CADRE, re.compile("村干部|社区干部|村（社区）干部")),
    (MediatorKind.GRID_WORKER, re.compile("网格员|网格长")),
    (MediatorKind.TOWN_CADRE, re.compile("镇干部|街道干部|镇（街）干部")),
)


@dataclass(frozen=True, slots=True)
class Post:
    """`role` empty: unclear. `kind` only for mediators, empty when no source fits. `words` decided."""

    role: str = ""
    kind: str = ""
    words: tuple[str, ...] = ()


def read_post(unit_and_duty: str, note: str = "") -> Post:
    """The seat that a post and its note mean.

    A word for the seat itself (联络人员, 法官助理, 审判员) goes first, the note's before the post's.
    Other court staff (书记员, 司机) stay unclear. The rest are mediators by source.
    """
    post, remark = NOT_A_POST.sub("", unit_and_duty), NOT_A_POST.sub("", note)
    for text in (remark, post):
        if found := LIAISON.search(text):
            return Post(TeamRole.LIAISON_OFFICER, "", (found.group(),))
    return _court_post(post, remark) or _mediator(post, remark)


def _court_post(post: str, remark: str) -> Post | None:
    """Judge or assistant; an empty Post for other court staff; None when this is not about a court."""
    for text in (remark, post):
        if found := ASSISTANT.search(text):
            return Post(TeamRole.JUDGE_ASSISTANT, "", (found.group(),))
        if found := JUDGE.search(text):
            return Post(TeamRole.JUDGE, "", (found.group(),))
    if not COURT.search(post) or MEDIATES.search(post + remark):
        return None
    found = COURT_POST.search(post)
    return Post(TeamRole.JUDGE, "", (found.group(),)) if found else Post()


def _mediator(post: str, remark: str) -> Post:
    decided = _first_kind(remark, KINDS_IN_NOTE) or _first_kind(post, KINDS)
    said = MEDIATES.search(remark) or MEDIATES.search(post)
    if decided:
        kind, words = decided
        return Post(TeamRole.MEDIATOR, kind, (words,))
    return Post(TeamRole.MEDIATOR, "", (said.group(),)) if said else Post()


def _first_kind(text: str, kinds: Kinds) -> tuple[str, str] | None:
    """The mediator kind and the deciding words; police stand in nobody's list, so a person settles it."""
    if POLICE.search(text):
        return None
    marked = BODY.sub(MARK, text)
    for kind, pattern in kinds:
        if found := pattern.search(marked):
            words = next(filter(None, found.groups()), found.group())
            body = BODY.search(text)
            return kind, words.replace(MARK, body.group() if body else "")
    return None
