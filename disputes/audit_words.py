"""What the disputes' acts, facts and pages are called in the audit trail."""

from core.audit_words import DAY, DIVISIONS, FILE_KINDS, REASON, USERS, Act, AuditWords, Fact, Rows, chosen
from core.choices import Sex
from disputes.choices import (
    AgentKind,
    Capacity,
    ChainKind,
    DangerKind,
    Destination,
    DisputeState,
    EndGround,
    LinkKind,
    Outcome,
    PartyKind,
    Risk,
    Side,
    Source,
    SuggestionKind,
    TownRequestKind,
    Urgency,
)
from disputes.importing import columns

CODE = Fact("纠纷编号")
CASE_TYPE = Fact("纠纷类型", rows=Rows("disputes.casetype", say="name"))
RULE = Fact("分流规则", rows=Rows("disputes.routingrule", by="key", say="reason"))
SUGGESTION = {
    "kind": chosen("种类", SuggestionKind),
    "case_type": CASE_TYPE,  # of entries written before a cluster's several types were kept
    "case_types": CASE_TYPE,
    "village": Fact("村（社区）", rows=DIVISIONS),
}
DANGER = {
    "kind": chosen("什么事", DangerKind),
    "village": Fact("村（社区）", rows=DIVISIONS),
    "urgency": chosen("急不急", Urgency),
}
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
    "home": Fact("户籍、常住地", rows=DIVISIONS),
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
TOWN = ONE | {
    "kind": chosen("事项", TownRequestKind),
    "from": Fact("提出的镇（街）", rows=DIVISIONS),
    "town": Fact("对方镇（街）", rows=DIVISIONS),
    "on": DAY,
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
    "handler": Fact("承办人", words=YES | {"none": "未指派"}, rows=USERS),
    "late": Fact("只看补录的", words=YES),
    "due": Fact("期限", words={"late": "已逾期", "week": "七天内到期", "any": "有期限在走"}),
    "joint": Fact("只看与外镇联办的", words=YES),
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
EXPORT = {
    "rows": Fact("件数"),
    "filters": Fact("条件", parts=FILTERS),
    "masked": Fact("号码已遮盖"),
    "reason": Fact("用途"),
}

IMPORT = {
    "rows": Fact("共几件"),
    "written": Fact("写入"),
    "unchanged": Fact("已在台账"),
    "rejected": Fact("留下未写"),
    "left_out": Fact("定了留下不写"),
    "retyped": Fact("改过格子的"),
    "late": Fact("补录"),
    "months": Fact("涉及几个月"),
    "sha256": Fact("文件摘要", is_code=True),
}

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
        "dispute.town_ask": Act("请外镇联办或接收", TOWN),
        "dispute.town_withdraw": Act("收回给外镇的请求", TOWN),
        "dispute.town_accept": Act("同意联办", TOWN),
        "dispute.town_decline": Act("不同意联办或接收", TOWN),
        "dispute.town_ask_county": Act("请县级决定由谁牵头", TOWN),
        "dispute.joint_end": Act("结束联办", TOWN),
        "dispute.move": Act("接收移送", TOWN | {"village": Fact("村（社区）", rows=DIVISIONS)}),
        "dispute.decide_lead": Act(
            "县级决定由谁牵头", TOWN | {"lead": Fact("牵头的镇（街）", rows=DIVISIONS), "reason": REASON}
        ),
        "dispute.link": Act("关联纠纷", ONE | {"parent": Fact("主件编号"), "kind": chosen("关系", LinkKind)}),
        "dispute.unlink": Act("解除关联", ONE | {"parent": Fact("主件编号")}),
        "dispute.merge": Act(
            "并案",
            ONE
            | {"kept": Fact("并入"), "parties": Fact("带去的当事人"), "papers": Fact("带去的材料")}
            | {"filled": Fact("补上"), "on": DAY},
        ),
        "dispute.note": Act("写内部备注", ONE | {"note": Fact("备注号")}),
        "dispute.note_strike": Act("划去内部备注", ONE | {"note": Fact("备注号")}),
        "dispute.hold": Act("标明暂不清除个人信息", ONE | {"reason": REASON}),
        "dispute.release": Act("取消暂不清除", ONE),
        "dispute.anonymise": Act(
            "到期清除个人信息",
            ONE
            | {
                "outcome": chosen("结果", Outcome),
                "closed_on": Fact("办结日"),
                "months": Fact("保存月数"),
                "parties": Fact("当事人"),
                "papers": Fact("材料"),
            },
        ),
        "retention.run": Act(
            "清除到期的个人信息", {"due": Fact("到期件数"), "done": Fact("清除件数"), "held": Fact("暂不清除件数")}
        ),
        "routing.save": Act("修改分流规则", {"rule": RULE} | RULE_FACTS),
        "dispute.risk_passed_on": Act(
            "转告风险提示", ONE | {"told": Fact("被提醒人", rows=USERS), "as": chosen("身份", ChainKind)}
        ),
        "dispute.risk_acknowledged": Act("签收风险提示", ONE | {"text": Fact("已采取的措施")}),
        "dispute.risk_lowered": Act("解除风险提示", ONE | {"text": REASON}),
        "cluster.raise": Act("提出聚集预警", {"because": Fact("依据"), "rows": Fact("件数")}),
        "cluster.join": Act("列入聚集预警", ONE),
        "cluster.acknowledge": Act("签收聚集预警"),
        "cluster.close": Act("了结聚集预警", {"reason": REASON}),
        "danger.report": Act("报苗头隐患", DANGER | {"photos": Fact("照片张数")}),
        "danger.register": Act("由苗头隐患登记纠纷", ONE),
        "danger.close": Act("了结苗头隐患", {"reason": REASON}),
        "suggestion.draft": Act("起草司法建议", SUGGESTION),
        "suggestion.edit": Act("修改司法建议", {"kind": chosen("种类", SuggestionKind)}),
        "suggestion.sign": Act("签发司法建议", {"number": Fact("文号"), "on": DAY}),
        "suggestion.send": Act("发出司法建议", {"on": DAY, "reply_due_on": Fact("回复不晚于")}),
        "suggestion.reply": Act("记下司法建议的回复", {"on": DAY}),
        "suggestion.print": Act("打印司法建议"),
        "dispute.export": Act("导出台账", EXPORT),
        "dispute.upload": Act("上传台账", {"sha256": Fact("文件摘要", is_code=True)}),
        "dispute.import": Act("导入台账", IMPORT),
        "dispute.mend_upload": Act(
            "改台账的一行",
            {
                "row": Fact("行"),
                "fields": Fact("改动的栏目", words=columns.FIELDS),
                "left_out": Fact("留下不写", words=YES),
            },
        ),
        "dispute.discard_upload": Act("放弃导入台账"),
        "dispute.expire_upload": Act("删除过期的台账文件"),
        "dispute.marked_copy": Act("下载标了错的台账", {"rows": Fact("件数")}),
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
        "disputes:filter-save": "保存常用筛选",
        "disputes:filter": "用常用筛选看台账",
        "disputes:filter-rename": "改常用筛选的名字",
        "disputes:filter-delete": "删除常用筛选",
        "disputes:export": "导出台账",
        "disputes:export-status": "台账导出进度",
        "disputes:export-file": "取导出的台账",
        "disputes:import": "导入台账",
        "disputes:import-template": "空白台账",
        "disputes:import-preview": "核对台账",
        "disputes:import-columns": "台账对列",
        "disputes:import-progress": "台账核对进度",
        "disputes:import-row": "改台账的一行",
        "disputes:import-apply": "写入台账",
        "disputes:import-recheck": "再核对台账",
        "disputes:import-discard": "放弃台账",
        "disputes:import-marked": "下载标了错的台账",
        "disputes:new": "登记纠纷",
        "disputes:suggest": "登记时的研判",
        "disputes:known": "登记时查重",
        "disputes:questions": "登记时按类型要问的",
        "disputes:attachments": "登记时带的材料",
        "disputes:homes": "可选的户籍、常住地",
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
        "disputes:clusters": "聚集预警",
        "disputes:cluster": "一条聚集预警",
        "disputes:cluster-acknowledge": "签收聚集预警",
        "disputes:cluster-close": "了结聚集预警",
        "disputes:warnings-of": "纠纷的预警",
        "disputes:dangers": "苗头隐患",
        "disputes:danger-new": "报苗头隐患",
        "disputes:danger": "一条苗头隐患",
        "disputes:danger-close": "了结苗头隐患",
        "disputes:suggestions": "司法建议",
        "disputes:suggestion-new": "起草司法建议",
        "disputes:suggestion": "一份司法建议",
        "disputes:suggestion-step": "司法建议的一步",
        "disputes:suggestion-paper": "打印司法建议",
        "routing:rules": "分流规则",
        "routing:rule-new": "新增分流规则",
        "routing:rule": "修改分流规则",
    },
    lists={FILE_KINDS: {"ledger": "纠纷台账", "danger_photo": "苗头隐患照片"}},
)
