"""What the acts, facts and pages of mediation and of the court's side are called in the audit trail."""

from core.audit_words import DAY, DIVISIONS, FILE_KINDS, REASON, USERS, Act, AuditWords, Fact, Rows, chosen
from disputes.audit_words import CODE
from disputes.choices import EndGround
from mediation.choices import (
    Basis,
    ConfirmationState,
    EntrustmentState,
    GuidanceMode,
    MaterialKind,
    Mode,
    PaperKind,
    RefusalGround,
    RejectionGround,
    ServiceMethod,
    SignerKind,
)
from mediation.workflow import CONFIRMATION, ENTRUSTMENT
from roster.choices import TeamRole

ID_SHOWN = 8
PAPERS = {
    "application": "司法确认申请书",
    "notice": "受理通知书",
    "ruling": "民事裁定书",
    "agreement": "调解协议",
    "session": "调解记录",
    "register": "受理登记表",
}
PERSONAL = {"id_number": "证件号码", "phone": "电话", "address": "住址"}
CHECKS = {
    "joint": "双方共同申请",
    "in_time": "在三十日内",
    "basis": "可以申请司法确认的调解",
    "jurisdiction": "本院管辖",
    "no_other_request": "没有别的确认申请",
    "written": "书面协议",
    "effective": "协议已经生效",
    "promise": "承诺书",
    "ids": "证件号码",
    "addresses": "送达地址",
    "identity": "不涉及身份关系",
    "title": "不涉及确权",
    "other_procedures": "不适用其他特别程序",
    "content": "内容明确",
    "voluntary": "出于自愿",
    "sham": "没有虚假调解的迹象",
} | {f"material_{kind.value}": kind.label for kind in MaterialKind}

HANDED = {
    "code": CODE,
    "from": Fact("由", rows=USERS),
    "to": Fact("交给", rows=USERS),
    "role": chosen("岗位", TeamRole),
    "disputes": Fact("几件纠纷"),
    "deadlines": Fact("期限", rows=Rows("core.deadlinerule", by="key", say="title")),
}


def with_code(words: dict[str, str], value: object) -> str:
    """`seal`, `party 1a2b…`: the word, and what identifies the one meant, shortened."""
    kind, _, code = str(value).partition(" ")
    return f"{words.get(kind, kind)} {code[:ID_SHOWN]}".strip()


def signed(value: object) -> str:
    """Who signed, each as 当事人 1a2b3c4d."""
    return "、".join(
        with_code(dict(SignerKind.choices), one) for one in (value if isinstance(value, list) else [value])
    )


def printed(value: object) -> str:
    """Which paper: 调解协议, with its number."""
    kind, _, number = str(value).partition(" ")
    shown = number[:ID_SHOWN] if kind == "session" else number
    return f"{PAPERS.get(kind, kind)} {shown}".strip()


ONE = {"code": CODE}
OF_DISPUTE = {"dispute": CODE}
NUMBER, MEDIATOR = Fact("协议编号"), Fact("调解员", rows=USERS)
REQUEST = OF_DISPUTE | {"state": chosen("之后的状态", ConfirmationState)}
ENTRUSTED = OF_DISPUTE | {"state": chosen("之后的状态", EntrustmentState), "on": DAY}
RULED = REQUEST | {
    "on": DAY,
    "ground": Fact("法定情形", words=dict(RefusalGround.choices) | dict(RejectionGround.choices)),
}
ASKED = REQUEST | {"on": DAY, "due_on": Fact("最迟交来")}
STAGES = {
    "open": "待办",
    "to_accept": "待受理",
    "to_decide": "待裁定",
    "supplement": "补正补充",
    "to_serve": "已裁定待送达",
    "closed": "本月办结",
    "all": "全部",
}
FILTERS = {
    "stage": Fact("环节", words=STAGES),
    "town": Fact("镇（街）", rows=DIVISIONS),
    "tribunal": Fact("人民法庭", words={"-": "本院"}),
    "judge": Fact("法官", rows=USERS),
    "state": chosen("状态", ConfirmationState),
    "mine": Fact("只看我的"),
    "late": Fact("只看逾期的"),
    "submitted_from": Fact("提交日从"),
    "submitted_to": Fact("提交日到"),
    "accepted_from": Fact("受理日从"),
    "accepted_to": Fact("受理日到"),
    "decided_from": Fact("裁定日从"),
    "decided_to": Fact("裁定日到"),
}
RULINGS = {step.verb: step.label for step in CONFIRMATION.values() if step.ruling}
OF_CONFIRMATION = {
    "prepare": REQUEST | {"materials": chosen("已齐的材料", MaterialKind)},
    "discard": {"agreement": NUMBER},
    "submit": REQUEST | {"on": DAY, "agreement": NUMBER},
    "claim": REQUEST,
    "ask_correction": ASKED,
    "ask_supplement": ASKED,
    "deliver_correction": REQUEST | {"on": DAY},
    "deliver_supplement": REQUEST | {"on": DAY},
    "accept": REQUEST | {"on": DAY, "number": Fact("案号"), "judge": Fact("承办法官")},
    "assign_judge": REQUEST | {"judge": Fact("承办法官")},
    "weigh": REQUEST | {"item": Fact("预审项目", words=CHECKS), "ok": Fact("认为可以")},
    "draft_ruling": REQUEST | {"ruling": Fact("裁定", words=RULINGS)},
    "extend": REQUEST | {"on": DAY, "president": Fact("批准的院长")},
    "serve": REQUEST | {"on": DAY, "method": chosen("送达方式", ServiceMethod), "all_served": Fact("都已送达")},
    **dict.fromkeys(RULINGS, RULED),
}
CONFIRMATION_NAMES = {verb: f"司法确认：{step.label}" for verb, step in CONFIRMATION.items()}

WORDS = AuditWords(
    acts={
        "mediation.start": Act(
            "开始调解",
            ONE
            | {
                "basis": chosen("依据", Basis),
                "mode": chosen("方式", Mode),
                "active": Fact("主动调解"),
                "mediator": MEDIATOR,
            },
        ),
        "mediation.reopen": Act("重新调解", ONE | {"on": DAY, "mediator": MEDIATOR}),
        "mediation.fail": Act("记为调解不成", ONE | {"on": DAY}),
        "mediation.end": Act("终止调解", ONE | {"ground": chosen("终止事由", EndGround), "on": DAY}),
        "mediation.archive": Act("归档", ONE | {"on": DAY, "unperformed": Fact("没有履行的期数")}),
        "session.record": Act(
            "记录调解会",
            ONE
            | {
                "session": Fact("调解会", is_code=True),
                "held_on": Fact("调解日"),
                "sealed": Fact("有背靠背记录"),
                "beside": Fact("同一次会的他件"),
            },
        ),
        "agreement.draft": Act("起草协议", ONE | {"number": NUMBER, "items": Fact("履行期数")}),
        "agreement.edit": Act("修改协议", ONE | {"number": NUMBER, "version": Fact("第几稿")}),
        "agreement.sign": Act(
            "记录签名盖章",
            ONE | {"number": NUMBER, "signed": Fact("签的人", say=signed), "effective_on": Fact("生效日")},
        ),
        "performance.record": Act("记录履行", ONE | {"serial": Fact("第几期"), "on": DAY, "proof": Fact("附了凭证")}),
        "paper.add": Act(
            "补充材料",
            ONE | {"file": Fact("附件", is_code=True), "kind": chosen("材料", PaperKind), "late": Fact("补交")},
        ),
        "paper.print": Act(
            "制作文书",
            ONE | {"paper": Fact("文书", say=printed), "clear": Fact("带完整的", words=PERSONAL), "reason": REASON},
        ),
        "guidance.ask": Act("请法官指导", OF_DISPUTE | {"urgent": Fact("急"), "mode": chosen("方式", GuidanceMode)}),
        "guidance.answer": Act("答复指导", OF_DISPUTE),
        "entrustment.send": Act(
            "委派、委托：发出", ENTRUSTED | {"basis": chosen("依据", Basis), "online": Fact("经调解平台")}
        ),
        "entrustment.accept": Act(f"委派、委托：{ENTRUSTMENT['accept'].label}", ENTRUSTED),
        "entrustment.decline": Act(f"委派、委托：{ENTRUSTMENT['decline'].label}", ENTRUSTED),
        "entrustment.return": Act(f"委派、委托：{ENTRUSTMENT['return'].label}", ENTRUSTED | {"result": Fact("结果")}),
        "confirmation.waive": Act("司法确认：双方不申请", ONE | {"on": DAY}),
        "confirmation.paper": Act(
            "司法确认：取文书",
            {"paper": Fact("文书", words=PAPERS), "clear": Fact("带完整号码"), "reason": REASON},
        ),
        "confirmation.export": Act(
            "司法确认：导出清单",
            {"rows": Fact("件数"), "filters": Fact("条件", parts=FILTERS), "masked": Fact("号码已遮盖")},
        ),
    }
    | {
        "dispute.hand_over": Act("移交一件纠纷", HANDED),
        "membership.hand_over": Act("移交手上的事", HANDED),
    }
    | {f"confirmation.{verb}": Act(CONFIRMATION_NAMES[verb], facts) for verb, facts in OF_CONFIRMATION.items()},
    pages={
        "mediation:confirmation-docx": "司法确认申请书",
        "dispute-page": "纠纷",
        "mediation:start": "开始调解",
        "mediation:session-new": "记录调解会",
        "mediation:session-docx": "调解记录（Word）",
        "mediation:agreement-new": "起草协议",
        "mediation:agreement-edit": "修改协议",
        "mediation:agreement-sign": "签名盖章",
        "mediation:agreement-docx": "调解协议（Word）",
        "mediation:performance-done": "记录履行",
        "mediation:register-sheet": "受理登记表",
        "mediation:paper-new": "补充材料",
        "mediation:waive": "双方不申请司法确认",
        "mediation:fail": "调解不成",
        "mediation:end": "终止调解",
        "mediation:reopen": "重新调解",
        "mediation:together": "与他镇、他件",
        "mediation:group": "系列纠纷一起看",
        "mediation:group-session": "系列纠纷一起记调解",
        "mediation:note-new": "写内部备注",
        "mediation:note-strike": "划去内部备注",
        "mediation:link-new": "关联他件",
        "mediation:link-cut": "解除关联",
        "mediation:merge": "并案",
        "mediation:hold": "暂不清除个人信息",
        "mediation:town-ask": "请外镇联办、移送他镇",
        "mediation:town-answer": "答复外镇",
        "mediation:town-withdraw": "收回给外镇的请求",
        "mediation:joint-end": "结束联办",
        "mediation:county-ask": "请县级决定由谁牵头",
        "mediation:lead-decide": "决定由谁牵头",
        "mediation:archive": "归档",
        "mediation:confirmation-new": "申请司法确认",
        "mediation:confirmation-submit": "提交司法确认申请",
        "mediation:confirmation-discard": "丢掉司法确认草稿",
        "mediation:confirmation-supplement": "交补正、补充材料",
        "mediation:guidance-ask": "请法官指导",
        "mediation:entrustment": "接收委派、委托",
        "court:confirmations": "司法确认清单",
        "court:confirmations-search": "查找司法确认",
        "court:confirmations-accept": "成批受理",
        "court:confirmations-export": "导出司法确认清单",
        "court:confirmation-review": "司法确认卷宗",
        "court:confirmation-paper": "司法确认文书",
        "court:confirmation-step": "办理司法确认",
        "court:guidance": "请求指导清单",
        "court:guidance-answer": "答复指导",
        "court:entrustments": "委派、委托清单",
        "court:entrustment-new": "发出委派、委托",
    },
    lists={FILE_KINDS: dict(PaperKind.choices) | {"confirmation_ruling": PAPERS["ruling"]}},
)
