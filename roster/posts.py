"""Which seat of the team a post means, and the words that decided: from 所在单位及职务 and 备注.

The plan (四（一）2) seats a judge and assistants of the court, and as mediators 镇（街）干部、村（社区）干部、
司法所干部、人民调解员、网格员、驻村律师; the 四个一 add one 联络人员 of the town. The words and the order in
which they decide stand here and nowhere else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from roster.choices import MediatorKind, TeamRole

BREAK = "，,、；;。\\s（()）"
# Taken out before anything is decided: names of things, and what a person no longer is.
NOT_A_POST = re.compile(
    r"[“\"「]?法官(?:联络点|工作室|工作站)[”\"」]?"
    rf"|(?:退休|离休|(?:(?<=[{BREAK}])|\A)(?:原任|原|前任|前|曾任|曾))(?!返聘)[^{BREAK}]{{0,14}}"
    # behind the name of a body only: 石前村, 庙前 are names of places
    r"|(?<=[镇街道村院庭所局委会办])前(?=法官|审判|庭长|副庭|院长|副院|调解|书记|副书|主任|副主|支书|支部|网格|干部|所长)"
    rf"[^{BREAK}]{{0,14}}"
    r"|(?:不再|不)(?:担任|任)[^，,；;。]*|人民陪审员|陪审员"
)
BLANKS = re.compile(r"\s+")

# ── the town's liaison officer, the court's people ───────────────────────────
LIAISON = re.compile("联络(?:人员|员|人(?![:：]))")
COURT = re.compile("法院|法庭|(?:审判|立案|速裁|审监|执裁|[民刑行](?:事)?(?:审判)?(?:第)?[一二三四五]?)庭|执行局")
ASSISTANT = re.compile("法官助理")
JUDGE = re.compile("法官(?!助理|联)|审判员|审判长")
COURT_POST = re.compile("副?庭长|副?院长|执行局副?局长|审判委员会专职委员|审委会专职委员")
COURT_STAFF_OF_THE_PLAN = re.compile("政法(?:专项)?编制(?:干警|干部|人员)")
# In a note the seat must stand for itself: 「协助法官」 makes nobody a judge.
SEAT_IN_NOTE = re.compile(
    r"(?:\A|[，,、；;。\s（(：:]|兼任?|担任|为|系)"
    r"((?:[一二三四五]级|高级|员额|入额|执行|主审|实习|助理)*(?:法官助理|法官|审判员))(?=\Z|[，,、；;。\s）)])"
)

# ── mediators, by source ─────────────────────────────────────────────────────
MEDIATES = re.compile("调解人员|调解员")
# Names of bodies whose letters would read as duties (委员, 党委): one mark stands for each.
VILLAGE_BODY = re.compile("村民委员会|居民委员会|村委会|居委会|村委(?!书记|委员|主任)|居委")
MEDIATION_BODY = re.compile("人民调解委员会|调解委员会|调委会")
VILLAGE_MARK, MEDIATION_MARK = "〔村居〕", "〔调委〕"
# Who works here is in nobody's list of the plan: what they do besides must be said outright.
ELSEWHERE = re.compile(
    "派出所|公安|民警|辅警|学校|小学|中学|幼儿园|教师|校长|卫生院|卫生站|医院|医生|村医|公司|企业|供电所|信用社|银行"
    "|税务|市场监管|老党员|乡贤|个体|经商|务农"
)
VILLAGE_DUTY = (
    "支部书记|支书|副书记|书记|副主任|主任|委员|支委|两委|文书|会计|出纳|主席|社长|民兵营长|专干|干部|工作者|工作人员"
)
TOWN_DUTY = "副书记|书记|副主任|主任|委员|副主席|主席|部长|站长|所长|干部|专干|科员|职员|办事员|工作人员"
TOWN_OFFICE = (
    "综治中心|综治办|综合治理|平安办|平安法治办|平安建设办|信访办|维稳办|公共服务办|党政办|党政综合办|党建办|党建工作办"
    "|应急管理办|应急办|农业农村办|农办|规划建设办|社会事务办|综合行政执法|综合执法|退役军人服务站|经济发展办|乡村振兴办"
    "|人大办|网格中心|网格办"
)
TOWN_LEADER = (
    "党委副书记|党委书记|党工委副书记|党工委书记|党委委员|党工委委员|党委|党工委|政法委员|副镇长|镇长|人大副主席|人大主席"
    "|武装部长|组织委员|宣传委员|统战委员|纪委书记|纪工委书记"
)
GRID = "(?:专职|兼职|全科)?网格(?:员|长|管理员|信息员|指导员|协管员|工作人员)"

Kinds = Sequence[tuple[MediatorKind, re.Pattern[str]]]
LAWYER: Kinds = ((MediatorKind.VILLAGE_LAWYER, re.compile("驻村律师|律师|法律顾问|法律工作者|法律服务所")),)
MEDIATOR: Kinds = ((MediatorKind.PEOPLES_MEDIATOR, re.compile("专职人民调解员|人民调解员|(?:专职|兼职)调解员")),)
GRID_WORKER: Kinds = ((MediatorKind.GRID_WORKER, re.compile(GRID)),)
# In the order in which they decide: what a person does goes before where they sit. A group holds the words shown.
KINDS: Kinds = (
    *LAWYER,
    *MEDIATOR,
    (MediatorKind.JUDICIAL_OFFICE, re.compile("司法所干部|司法所|司法助理员|司法协理员")),
    (MediatorKind.JUDICIAL_OFFICE, re.compile("司法局")),
    (MediatorKind.TOWN_CADRE, re.compile("(?:驻|包|挂)村干部|(?:驻|包|挂)村工作队员")),
    (
        MediatorKind.VILLAGE_CADRE,
        re.compile(f"村干部|社区干部|村两委|(?:村|社区|{VILLAGE_MARK})[^，,、；;〔]{{0,8}}?({VILLAGE_DUTY})"),
    ),
    (MediatorKind.TOWN_CADRE, re.compile(TOWN_LEADER)),
    *GRID_WORKER,
    (MediatorKind.PEOPLES_MEDIATOR, re.compile(MEDIATION_MARK)),
    (MediatorKind.TOWN_CADRE, re.compile(f"镇干部|街道干部|{TOWN_OFFICE}")),
    (MediatorKind.TOWN_CADRE, re.compile(f"(?:镇|街道|办事处).{{0,20}}?({TOWN_DUTY})")),
)
# Only when nothing else speaks: a village is named, or a party branch without its place.
LAST_RESORT: Kinds = (
    (MediatorKind.VILLAGE_CADRE, re.compile(f"{VILLAGE_MARK}|社区|党支部书记|党总支书记|村(?!村?民(?!小组)|镇)")),
)
# A note counts before the post only when it names the source outright.
KINDS_IN_NOTE: Kinds = (
    (MediatorKind.VILLAGE_LAWYER, re.compile("驻村律师|村居?法律顾问")),
    *MEDIATOR,
    (MediatorKind.JUDICIAL_OFFICE, re.compile("司法所干部")),
    (MediatorKind.VILLAGE_CADRE, re.compile("村干部|社区干部|村（社区）干部")),
    *GRID_WORKER,
    (MediatorKind.TOWN_CADRE, re.compile("镇干部|街道干部|镇（街）干部")),
)


@dataclass(frozen=True, slots=True)
class Post:
    """`role` empty: unclear. `kind` only for mediators, empty when no source fits. `words` decided."""

    role: str = ""
    kind: str = ""
    words: tuple[str, ...] = ()


UNCLEAR = Post()


def read_post(unit_and_duty: str, note: str = "") -> Post:
    """The seat that a post and its note mean.

    Judges and assistants are the court's whatever else they do. 联络人员, in the note or the post, goes before every
    source of mediators. Other court staff (书记员, 司机) stay unclear. The rest are mediators by source.
    """
    post = BLANKS.sub("", NOT_A_POST.sub("", unit_and_duty))
    remark = NOT_A_POST.sub("", note) if note else ""
    is_court = bool(COURT.search(post))
    seat = _court_seat(post, remark, is_court=is_court)
    return seat or _liaison(post, remark) or _mediator(post, remark, is_court=is_court)


def _court_seat(post: str, remark: str, *, is_court: bool) -> Post | None:
    """Judge or assistant; None when this is about nobody of the court, or a mediator who works there."""
    if found := SEAT_IN_NOTE.search(remark) if remark and (is_court or not post) else None:
        return _court_member(found.group(1))
    if found := ASSISTANT.search(post) or JUDGE.search(post):
        return _court_member(found.group())
    if not is_court or MEDIATES.search(post + remark):
        return None
    if found := COURT_POST.search(post):
        return Post(TeamRole.JUDGE, "", (found.group(),))
    found = COURT_STAFF_OF_THE_PLAN.search(post)
    return Post(TeamRole.JUDGE_ASSISTANT, "", (found.group(),)) if found else None


def _court_member(words: str) -> Post:
    return Post(TeamRole.JUDGE_ASSISTANT if "助理" in words.replace("助理审判员", "") else TeamRole.JUDGE, "", (words,))


def _liaison(post: str, remark: str) -> Post | None:
    found = (LIAISON.search(remark) if remark else None) or LIAISON.search(post)
    return Post(TeamRole.LIAISON_OFFICER, "", (found.group(),)) if found else None


def _mediator(post: str, remark: str, *, is_court: bool) -> Post:
    said = MEDIATES.search(remark) or MEDIATES.search(post)
    if is_court and not said:
        return UNCLEAR
    if decided := _kind_of(post, remark):
        kind, words = decided
        return Post(TeamRole.MEDIATOR, kind, (words,))
    return Post(TeamRole.MEDIATOR, "", (said.group(),)) if said else UNCLEAR


def _kind_of(post: str, remark: str) -> tuple[str, str] | None:
    """The source the note names outright, else what the post says, else what the note says like a post."""
    outright = _first_kind(remark, KINDS_IN_NOTE) if remark else None
    if ELSEWHERE.search(post):
        return outright or _first_kind(post, (*LAWYER, *MEDIATOR, *GRID_WORKER))
    return (
        outright
        or _first_kind(post, KINDS)
        or (_first_kind(remark, KINDS) if remark and not ELSEWHERE.search(remark) else None)
        or _first_kind(post, LAST_RESORT)
    )


def _first_kind(text: str, kinds: Kinds) -> tuple[str, str] | None:
    """The mediator kind and the deciding words as they were written."""
    marked = VILLAGE_BODY.sub(VILLAGE_MARK, MEDIATION_BODY.sub(MEDIATION_MARK, text))
    for kind, pattern in kinds:
        if found := pattern.search(marked):
            words = next(filter(None, found.groups()), found.group())
            return kind, _as_written(words, text)
    return None


def _as_written(words: str, text: str) -> str:
    for mark, body in ((VILLAGE_MARK, VILLAGE_BODY), (MEDIATION_MARK, MEDIATION_BODY)):
        if mark in words and (found := body.search(text)):
            words = words.replace(mark, found.group())
    return words
