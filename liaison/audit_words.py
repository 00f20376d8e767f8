"""What the acts, facts and pages of the liaison points are called in the audit trail."""

from core.audit_words import CHANGED_FIELDS, FILE_KINDS, REASON, SUBJECT, USERS, Act, AuditWords, Fact, chosen
from liaison.choices import (
    ActivityKind,
    AssistanceFile,
    AssistanceKind,
    AssistanceState,
    CheckLevel,
    Commissioner,
    Host,
    Hours,
    StandardKey,
    SystemKind,
)

ITEM, SYSTEM = chosen("项目", StandardKey), chosen("制度", SystemKind)
STAFF = Fact("人员", is_code=True)
SHIFT = {"on": Fact("值班日"), "hours": chosen("时段", Hours), "staff": STAFF, "was": Fact("原值班人", is_code=True)}
REPORTED = {"item": ITEM, "met_on": Fact("达标日"), "files": Fact("文件", is_code=True)}
MEETING = {"held_on": Fact("会议日"), "decisions": Fact("决定项数")}
TRAINING = {"held_on": Fact("培训日"), "files": Fact("文件数")}
ACTIVITY = chosen("种类", ActivityKind)
PUBLICITY = {"kind": ACTIVITY, "held_on": Fact("活动日"), "files": Fact("照片数")}
MEDIA = {"kind": ACTIVITY, "published_on": Fact("刊发日")}
PLANNED = {kind.value: Fact(kind.label) for kind in ActivityKind}
POINT = {
    "host": chosen("依托", Host),
    "address": Fact("地址"),
    "phone": Fact("电话"),
    "police_contact": Fact("派出所联系人"),
    "police_phone": Fact("派出所电话"),
    "opened_on": Fact("设立日"),
}
ASSISTANCE = {"number": Fact("案号"), "state": chosen("状态", AssistanceState)}
DONE_ON, GOER = {"on": Fact("日期")}, {"handler": Fact("去办的人", rows=USERS)}

WORDS = AuditWords(
    acts={
        "point.open": Act("设立联络点", POINT),
        "point.correct": Act("修改联络点", POINT),
        "point.report_item": Act("报四个一达标", REPORTED),
        "point.add_evidence": Act("补四个一证据", REPORTED),
        "point.check_item": Act(
            "核验四个一",
            {"item": ITEM, "level": chosen("核验", CheckLevel), "checked_on": Fact("核验日"), "note": Fact("说明")},
        ),
        "point.end_item": Act("记四个一失效", {"item": ITEM, "ended_on": Fact("失效日"), "because": Fact("原因")}),
        "point.adopt_system": Act(
            "录入工作制度",
            {"kind": SYSTEM, "adopted_on": Fact("施行日"), "replaces": Fact("取代", is_code=True)},
        ),
        "point.schedule_shift": Act("排值班", SHIFT),
        "point.cancel_shift": Act("取消值班", SHIFT | {"shift": Fact("班次", is_code=True)}),
        "point.reassign_shift": Act("改派值班", SHIFT),
        "point.swap_shifts": Act(
            "换班", SHIFT | {"other_on": Fact("另一班"), "other_staff": Fact("另一班人员", is_code=True)}
        ),
        "point.hold_shift": Act("登记到岗", SHIFT | {"because": Fact("原因")}),
        "point.miss_shift": Act("登记未到岗", SHIFT | {"because": Fact("原因")}),
        "point.take_back_mark": Act(
            "撤回到岗登记",
            SHIFT | {"was": Fact("原登记", words={"held": "到岗", "missed": "未到岗"}), "marked_on": Fact("登记日")},
        ),
        "point.generate_rota": Act("整月排班", {"first": Fact("自"), "last": Fact("至"), "shifts": Fact("班数")}),
        "duty_feed.make": Act("开通值班日历", {"first": Fact("首次")}),
        "duty_feed.revoke": Act("停用值班日历"),
        "assistance.request": Act(
            "请联络点协助",
            ASSISTANCE
            | {
                "kind": chosen("事项", AssistanceKind),
                "commissioner": chosen("由谁提出", Commissioner),
                "due_on": Fact("最后一日"),
            },
        ),
        "assistance.accept": Act("接收协助请求", ASSISTANCE | DONE_ON | GOER),
        "assistance.assign": Act("改派去办的人", ASSISTANCE | GOER),
        "assistance.decline": Act("退回协助请求", ASSISTANCE | DONE_ON | {"reason": REASON}),
        "assistance.attach": Act("存照片和回证", ASSISTANCE | {"files": Fact("文件", is_code=True)}),
        "assistance.complete": Act(
            "记协助结果",
            ASSISTANCE
            | DONE_ON
            | {"way": chosen("实际办法", AssistanceKind), "photos": Fact("照片"), "witnesses": Fact("见证人")},
        ),
        "assistance.fail": Act("记协助未能完成", ASSISTANCE | DONE_ON | {"reason_length": Fact("原因字数")}),
        "assistance.receive": Act("收讫协助结果", ASSISTANCE | DONE_ON),
        "assistance.send_back": Act(
            "退回协助结果重办",
            ASSISTANCE
            | DONE_ON
            | {"due_on": Fact("重办的最后一日"), "reason": REASON, "location_dropped": Fact("位置已删除")},
        ),
        "assistance.withdraw": Act("撤回协助请求", ASSISTANCE | DONE_ON | {"reason": REASON}),
        "assistance.forget_location": Act("到期删除位置", ASSISTANCE | DONE_ON | {"days": Fact("保留天数")}),
        "assistance.reveal": Act("查看协助请求里的个人信息", {"field": Fact("栏目", fields=SUBJECT), "reason": REASON}),
        "assistance.print": Act("打印送达回证", ASSISTANCE),
        "point.record_meeting": Act("记录联席会议", MEETING | {"system": SYSTEM, "came": Fact("到会人数")}),
        "point.correct_meeting": Act("更正联席会议", MEETING | {"changed": CHANGED_FIELDS}),
        "point.record_training": Act("记录培训", TRAINING | {"came": Fact("到会人数")}),
        "point.correct_training": Act("更正培训", TRAINING | {"changed": CHANGED_FIELDS}),
        "point.record_publicity": Act("记录法治宣传", PUBLICITY | {"head_count": Fact("参加人数")}),
        "point.correct_publicity": Act("更正法治宣传", PUBLICITY | {"changed": CHANGED_FIELDS}),
        "point.record_media": Act("记录媒体报道", MEDIA),
        "point.correct_media": Act("更正媒体报道", MEDIA | {"changed": CHANGED_FIELDS}),
        "point.void_meeting": Act("作废联席会议", MEETING | {"reason": REASON}),
        "point.void_training": Act("作废培训", {"held_on": Fact("培训日"), "reason": REASON}),
        "point.void_publicity": Act("作废法治宣传", {"kind": ACTIVITY, "held_on": Fact("活动日"), "reason": REASON}),
        "point.void_media": Act("作废媒体报道", MEDIA | {"reason": REASON}),
        "point.withdraw_decision": Act("撤回会议决定", {"due_on": Fact("最迟哪天"), "reason": REASON}),
        "point.set_plan": Act("定年度计划", {"year": Fact("年份")} | PLANNED),
        "point.finish_decision": Act("记会议决定办成", {"due_on": Fact("最迟哪天"), "done_on": Fact("办成日")}),
    },
    pages={
        "liaison:list": "联络点",
        "liaison:point": "一个联络点",
        "liaison:plaque": "印牌子",
        "liaison:point-duty": "本周值班",
        "public:point": "联络点的公开页",
        "liaison:open": "设立、修改联络点",
        "liaison:item-report": "报四个一达标",
        "liaison:item-check": "核验四个一",
        "liaison:item-end": "记四个一失效",
        "liaison:system": "工作制度",
        "liaison:system-adopt": "录入工作制度",
        "liaison:duty": "值班表",
        "liaison:duty-plan": "整月排班",
        "liaison:duty-stand-in": "交给代班人",
        "liaison:duty-print": "打印值班表",
        "liaison:duty-shift": "一班值班",
        "liaison:duty-reassign": "改派值班",
        "liaison:duty-swap": "换班",
        "liaison:duty-miss": "登记未到岗",
        "liaison:duty-unmark": "撤回到岗登记",
        "liaison:duty-feed": "我的值班日历",
        "liaison:duty-feed-make": "开通值班日历",
        "liaison:duty-feed-revoke": "停用值班日历",
        "liaison:duty-calendar": "值班日历地址",
        "liaison:duty-hold": "登记到岗",
        "liaison:duty-cancel": "取消值班",
        "liaison:meeting-record": "记录联席会议",
        "liaison:assistance-list": "协助请求",
        "liaison:assistance-point": "一个联络点的协助请求",
        "liaison:assistance-new": "请联络点协助",
        "liaison:assistance": "一件协助请求",
        "liaison:assistance-step": "协助请求的一步",
        "liaison:assistance-reveal": "查看协助请求里的个人信息",
        "liaison:assistance-receipt": "打印送达回证",
        "liaison:meeting": "一次联席会议",
        "liaison:meeting-correct": "更正联席会议",
        "liaison:activities": "联络点的活动",
        "liaison:activity": "一次活动",
        "liaison:activity-record": "记活动",
        "liaison:activity-correct": "更正活动",
        "liaison:activity-plan": "年度计划",
        "liaison:trainings-of": "一个人参加的培训",
        "liaison:decision-done": "记会议决定办成",
        "liaison:decision-withdraw": "撤回会议决定",
        "liaison:meeting-void": "作废联席会议",
        "liaison:activity-void": "作废活动",
    },
    lists={
        FILE_KINDS: {
            "standard_evidence": "四个一证据",
            "training_material": "培训材料",
            "publicity_photo": "宣传照片",
        }
        | dict(AssistanceFile.choices)
    },
)
