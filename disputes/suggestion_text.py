"""The first draft of a suggestion or report, from figures. Pure: whoever signs it has written every word of it anew."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.clock_face import cn_full_date
from disputes.choices import SuggestionKind

ADVICE = {
    "labour": ("按月足额支付工资，公布发薪日和欠薪的补发办法", "签订书面劳动合同，保存考勤和工资支付记录"),
    "private_loan": ("向群众宣传大额出借写明借条、转账留痕", "对多次出借的人提示民间借贷的法律风险"),
    "land_contract": ("清理到期和没有书面合同的承包、流转，补签合同", "对四至不清的地块组织指界"),
    "neighbour": ("对宅基地、通行、排水的争点现场划线并公示", "村规民约写明建房的间距和排水"),
    "traffic": ("对事故多的路口、路段增设警示", "向群众说明责任认定和保险理赔的步骤"),
}
TITLE_LENGTH, TOWNS_NAMED = 80, 2
PLAIN = ("查明纠纷多发的原因，列出措施和责任人", "对还没有化解的纠纷逐件回应")


@dataclass(frozen=True)
class Figures:
    """What is known of the quarrels: whose, where, of which type, in which days, how they stand."""

    about: str
    place: str
    type_key: str
    type_name: str
    first: date
    last: date
    count: int
    agreed: int
    failed: int
    open: int
    amount: Decimal
    kinds: tuple[tuple[str, int], ...] = ()  # name and number of each type, where there are several
    towns: tuple[str, ...] = ()  # names, where it reaches over several

    @property
    def days(self) -> str:
        last = cn_full_date(self.last)
        return last if self.first == self.last else f"{cn_full_date(self.first)}至{last}"

    @property
    def said(self) -> str:
        """12 件，其中达成协议 5 件、调解不成 2 件、还在办 4 件，涉及 48,000 元"""
        parts = ((self.agreed, "达成协议"), (self.failed, "调解不成"), (self.open, "还在办"))
        told = "、".join(f"{label} {count} 件" for count, label in parts if count)
        kinds = "、".join(f"{name} {count} 件" for name, count in self.kinds)
        whole = f"{self.count} 件（{kinds}）" if kinds else f"{self.count} 件"
        whole = f"{whole}，其中{told}" if told else whole
        return f"{whole}，涉及 {self.amount:,.0f} 元" if self.amount else whole


def title_for(kind: str, figures: Figures) -> str:
    """关于太平镇劳动争议纠纷的司法建议书; of too many towns the first are named, of too long a name the beginning."""
    paper = "司法建议书" if kind == SuggestionKind.JUDICIAL else "风险研判报告"
    rest = f"{figures.type_name}纠纷的{paper}"
    return f"关于{_whose(figures, TITLE_LENGTH - len('关于') - len(rest))}{rest}"


def _whose(figures: Figures, room: int) -> str:
    """What a title is about, in at most `room` characters: 太平镇、罗镜镇等 12 个镇（街）."""
    whole = figures.about or figures.place
    if len(whole) <= room:
        return whole
    if not figures.about and figures.towns:
        whole = f"{'、'.join(figures.towns[:TOWNS_NAMED])}等 {len(figures.towns)} 个镇（街）"
    return whole if len(whole) <= room else f"{whole[: room - 1]}…"


def body_for(kind: str, figures: Figures, court: str) -> str:
    """Facts, then what might be done; three paragraphs and more."""
    whom = f"以{figures.about}为一方的" if figures.about else ""
    facts = f"{figures.days}，{figures.place}登记{whom}{figures.type_name}纠纷 {figures.said}。"
    advice = [*ADVICE.get(figures.type_key, ()), *PLAIN]
    listed = [f"{'一二三四五'[place]}、{words}。" for place, words in enumerate(advice)]
    alike = "与同一方的" if figures.kinds else ""
    if kind == SuggestionKind.JUDICIAL:
        return "\n".join([f"{court}在指导人民调解、处理委派委托案件中发现：{facts}",
                          f"为从源头上减少{alike or '这类'}纠纷，建议：", *listed])  # fmt: skip
    return "\n".join(
        [facts, f"风险：{alike or '同类'}纠纷集中，处理不及时可能聚集、激化。", "建议采取的措施：", *listed]
    )
