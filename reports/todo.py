"""今天要办 as pure rules: what a deadline asks of somebody, in which group it stands, the sentence of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock_face import NEAR_DAYS, WEEKDAYS
from core.models import Deadline

TWO_WEEKS = 14
OPEN_IT = "打开"
WORDS: dict[str, tuple[str, str]] = {
    "confirm_apply": ("协助双方共同申请司法确认", "去申请"),
    "confirm_accept": ("决定是否受理司法确认", OPEN_IT),
    "confirm_decide": ("审查并作出裁定", OPEN_IT),
    "confirm_supplement": ("补来法院要的材料", "去补齐"),
    "confirm_objection_party": ("告诉当事人：对裁定有异议的最后一天", "看这件"),
    "enforce_apply": ("告诉当事人：申请强制执行的最后一天", "看这件"),
    "entrust_pre": ("期满前调结，或征询双方延长", "去办"),
    "entrust_post_ordinary": ("期满前调结，或征询双方延长", "去办"),
    "entrust_post_summary": ("期满前调结，或征询双方延长", "去办"),
    "online_accept": ("答复法院：接收或退回", "去答复"),
    "paper_accept": ("答复法院：接收或退回", "去答复"),
    "online_notify_other": ("告知对方当事人并征求意见", "去办"),
    "online_assign": ("指定调解组织或调解员", OPEN_IT),
    "labour_mediate": ("期满前调结，或写明为什么还要时间", "去办"),
    "pm_target": ("期满前调结，或写明为什么还要时间", "去办"),
    "performance": ("", "记履行"),
    "assistance_due": ("办理法院的协助请求", "去办"),
    "suggestion_reply": ("催问司法建议的回复，收到后记下", "打开"),
    "danger_handle": ("核实苗头隐患：登记为纠纷，或写明为什么不登记", "去核实"),
    "danger_handle_now": ("今天核实苗头隐患：登记为纠纷，或写明为什么不登记", "去核实"),
    "meeting_decision": ("落实联席会议的决定", "去办"),
}
# the longer period of the same ruling: its own chip stands on the file; a warning has a row of its own until signed for
SHADOWED = ("confirm_decide_max", "risk_ack")


@dataclass(frozen=True)
class Task:
    """One row: what to do, about what, where; a deadline's chip or a state."""

    title: str
    about: str
    url: str
    button: str
    deadline: Deadline | None = None
    state: tuple[str, str] | None = None


@dataclass(frozen=True)
class Day:
    """One day of the two weeks."""

    day: date
    count: int
    is_rest: bool
    is_today: bool
    is_chosen: bool

    @property
    def weekday(self) -> str:
        return "今天" if self.is_today else f"周{WEEKDAYS[self.day.weekday()]}"


@dataclass(frozen=True)
class Load:
    """How many deadlines there are by day, everything overdue included."""

    today: date
    by_day: Mapping[date, int]

    def _between(self, first: date, last: date) -> int:
        return sum(count for day, count in self.by_day.items() if first <= day <= last)

    @property
    def late(self) -> int:
        return self._between(date.min, self.today - timedelta(days=1))

    @property
    def due(self) -> int:
        return self.by_day.get(self.today, 0)

    @property
    def near(self) -> int:
        return self._between(self.today + timedelta(days=1), self.today + timedelta(days=NEAR_DAYS))

    @property
    def sentence(self) -> str:
        """1 件逾期，2 件今天到期，4 件快到期"""
        parts = ((self.late, "件逾期"), (self.due, "件今天到期"), (self.near, "件三天内到期"))
        said = "，".join(f"{count} {words}" for count, words in parts if count)
        return said or "近三天没有到期的事"


def task_of(deadline: Deadline, place: str = "") -> Task:
    """The row of a deadline; `place` names the town where the reader has several."""
    title, button = WORDS.get(deadline.kind, ("", OPEN_IT))
    about = "　".join(filter(None, (deadline.subject_text, place)))
    return Task(title or deadline.title, about, deadline.url, button, deadline)
