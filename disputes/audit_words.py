"""What the disputes' acts, facts and pages are called in the audit trail."""

from core.audit_words import DAY, DIVISIONS, REASON, Act, AuditWords, Fact, Rows, chosen
from core.choices import Sex
from disputes.choices import (
    AgentKind,
    Capacity,
    Destination,
    DisputeState,
    EndGround,
    Outcome,
    PartyKind,
    Risk,
    Side,
    Source,
)

CODE = Fact("纠纷编号")
CASE_TYPE = Fact("纠纷类型", rows=Rows("disputes.casetype", say="name"))
RULE = Fact("分流规则", rows=Rows("disputes.routingrule", by="key", say="reason"))
YES = {"1": "是", "me": "本人"}
ONE = {"code": CODE}
OF_DISPUTE = {"dispute": CODE}
PARTY = OF_DISPUTE | {
    "side": chosen("地位", Side),
    "kind": chosen("性质", PartyKind),
    "name": Fact("姓名或名称"),
    "sex": chosen("性别", Sex),
    "id_number": Fact("证件号码"),
    "phone": Fact("电话"),
    "has_address": Fact("填了住址"),
    "capacity": chosen("行为能力", Capacity),
    "guardian_name": Fact("监护人"),
    "guardian_relation": Fact("监护人是本人的"),
    "guardian_phone": Fact("监护人电话"),
    "agent_name": Fact("代理人"),
    "agent_kind": chosen("怎样代理", AgentKind),
    "agent_phone": Fact("代理人电话"),
    "agent_authorised": Fact("有授权委托书"),
    "assisted_by": Fact("协助人"),
    "assisted_relation": Fact("协助人是本人的"),
    "assistance_agreed": Fact("本人同意由其协助"),
    "read_aloud": Fact("已读给本人听"),
    "consents": Fact("同意调解"),
}
REVEALED_FIELDS = {
    "id_number": "证件号码", "phone": "电话", "address": "住址",
    "guardian_phone": "监护人电话", "agent_phone": "代理人电话",
}  # fmt: skip
CORRECTED = {
    "division_id": Fact("村（社区）", rows=DIVISIONS),
    "source": chosen("来源", Source),
    "narrative": Fact("经过"),
    "case_type_id": CASE_TYPE,
    "amount": Fact("标的额"),
    "platform_number": Fact("调解平台编号"),
    "answers": Fact("按类型要问的"),
}
FILTERS = {
    "town": Fact("镇（街）", rows=DIVISIONS),
    "village": Fact("村（社区）", rows=DIVISIONS),
    "type": CASE_TYPE,
    "state": Fact("状态", words=dict(DisputeState.choices) | {"open": "未办结"}),
    "outcome": Fact("结果", words=dict(Outcome.choices) | {"tried": "调过的（成功和不成）"}),
    "risk": chosen("风险", Risk),
    "source": chosen("来源", Source),
    "handler": Fact("承办人", words=YES),
    "late": Fact("只看补录的", words=YES),
    "sort": Fact("次序", words={"old": "先看旧的"}),
    "from": Fact("登记日从"),
    "to": Fact("登记日到"),
    "closed_from": Fact("办结日从"),
    "closed_to": Fact("办结日到"),
    "open_on": Fact("某日未办结"),
}
RULE_FACTS = {
    "place": Fact("第几条"),
    "case_types": CASE_TYPE,
    "sources": chosen("来源", Source),
    "villages": Fact("村（社区）", rows=DIVISIONS),
    "amount_min": Fact("标的额从"),
    "amount_max": Fact("标的额到"),
    "cross_town": Fact("当事人分属两个镇（街）"),
    "suitable": Fact("适合调解"),
    "risk_min": chosen("风险至少", Risk),
    "earlier_failures_min": Fact("以前调解不成至少几次"),
    "destination": chosen("去向", Destination),
    "reason": REASON,
    "enabled": Fact("启用"),
}
EXPORT = {"rows": Fact("件数"), "filters": Fact("条件", parts=FILTERS), "masked": Fact("号码已遮盖")}

WORDS = AuditWords(
    acts={
        "dispute.register": Act(
            "登记纠纷",
            ONE
            | {
                "case_type": CASE_TYPE,
                "source": chosen("来源", Source),
                "risk": chosen("风险", Risk),
                "suitable": Fact("适合调解"),
                "registered_on": Fact("登记日"),
                "late": Fact("补录"),
                "rule": RULE,
                "besides": Fact("看过可能相同的"),
                "files": Fact("随附材料"),
            },
        ),
        "dispute.edit": Act("修改纠纷", ONE | {"changed": Fact("改动", parts=CORRECTED)}),
        "dispute.move_number": Act(
            "把经过里的号码移到当事人",
            ONE | {"party": Fact("当事人"), "field": Fact("哪一项", words=REVEALED_FIELDS), "number": Fact("号码")},
        ),
        "dispute.route": Act(
            "分流",
            ONE | {"destination": chosen("去向", Destination), "rule": RULE, "overridden": Fact("与建议不同")},
        ),
        "dispute.refer_out": Act("转其他部门", ONE | {"office": Fact("转往部门")}),
        "dispute.end": Act("终止纠纷", ONE | {"ground": chosen("终止事由", EndGround), "on": DAY}),
        "routing.save": Act("修改分流规则", {"rule": RULE} | RULE_FACTS),
        "dispute.risk_acknowledged": Act("签收风险提示", ONE | {"text": Fact("已采取的措施")}),
        "dispute.risk_lowered": Act("解除风险提示", ONE | {"text": REASON}),
        "dispute.export": Act("导出台账", EXPORT),
        "party.add": Act("补充当事人", PARTY),
        "party.update": Act("修改当事人", PARTY),
        "party.consent": Act("记下当事人同意调解", OF_DISPUTE | {"on": DAY}),
        "party.reveal": Act(
            "查看完整号码", OF_DISPUTE | {"field": Fact("查看", words=REVEALED_FIELDS), "reason": REASON}
        ),
    },
    pages={
        "disputes:list": "纠纷台账",
        "disputes:search": "查找纠纷",
        "disputes:export": "导出台账",
        "disputes:new": "登记纠纷",
        "disputes:suggest": "登记时的研判",
        "disputes:known": "登记时查重",
        "disputes:questions": "登记时按类型要问的",
        "disputes:attachments": "登记时带的材料",
        "disputes:draft": "登记时自动存草稿",
        "disputes:draft-drop": "不要登记的草稿",
        "disputes:edit": "修改纠纷",
        "disputes:numbers": "移走经过里的号码",
        "disputes:route": "分流",
        "disputes:refer-out": "转其他部门",
        "disputes:end": "终止纠纷",
        "disputes:acknowledge-risk": "签收风险提示",
        "disputes:lower-risk": "解除风险提示",
        "disputes:add-party": "补充当事人",
        "disputes:edit-party": "修改当事人",
        "disputes:consent": "记下当事人同意调解",
        "disputes:reveal": "查看完整号码",
        "routing:rules": "分流规则",
        "routing:rule-new": "新增分流规则",
        "routing:rule": "修改分流规则",
    },
)
