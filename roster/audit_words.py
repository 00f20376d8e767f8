"""What the roster's acts, facts and pages are called in the audit trail."""

from core.audit_words import DIVISIONS, FILE_KINDS, REASON, USERS, Act, AuditWords, Fact, chosen
from roster.choices import ExportList, RowResult, TeamRole, UnitKind

STAFF = Fact("人员", is_code=True)
TERM = {"staff": STAFF, "role": chosen("岗位", TeamRole)}
FILE = {"sha256": Fact("文件指纹", is_code=True)}
SINCE = Fact("任职起始日")
SUBMISSION = {
    "unit": Fact("报送单位", words=dict(UnitKind.choices), rows=DIVISIONS),
    "handed_in_on": Fact("报送日"),
    "document_number": Fact("文号"),
}
SEARCHES = {"whole": "整个号码", "tail": "末四位"}
ENTRY = {"on": Fact("入驻日"), "organisation": Fact("所属组织")}
ABSENCE = {
    "staff": STAFF,
    "from": Fact("从"),
    "to": Fact("到"),
    "substitute": Fact("代班", is_code=True),
}
COUNTS = {result.value: Fact(result.label) for result in RowResult}

WORDS = AuditWords(
    acts={
        "staff.create": Act("登记人员"),
        "staff.update": Act("修改人员", {"fields": Fact("改动的栏目", fields="roster.staff")}),
        "staff.link_account": Act("对应账号", {"user": Fact("账号", rows=USERS)}),
        "membership.start": Act("登记任职", TERM | {"since": SINCE}),
        "membership.end": Act("登记离任", TERM | {"until": Fact("离任日")}),
        "membership.void": Act("作废任职", TERM | {"since": SINCE, "until": Fact("离任日"), "reason": REASON}),
        "membership.reopen": Act("恢复任职", TERM | {"since": SINCE, "until": Fact("原离任日")}),
        "roster.upload": Act("上传名单", FILE),
        "roster.discard_upload": Act("放弃名单"),
        "roster.import": Act(
            "写入名单",
            {"rows": Fact("行数")}
            | COUNTS
            | {
                "towns": Fact("镇（街）", rows=DIVISIONS),
                "since": SINCE,
                "changed": Fact("改动的人", fields="roster.staff", words=dict(TeamRole.choices)),
            }
            | FILE,
        ),
        "roster.record_submission": Act("登记名单报送", SUBMISSION),
        "roster.edit_submission": Act(
            "更正名单报送",
            SUBMISSION | {"old": Fact("原为", parts=SUBMISSION), "linked": Fact("对应的导入", is_code=True)},
        ),
        "roster.void_submission": Act("作废名单报送", SUBMISSION | {"reason": REASON}),
        "roster.number_search": Act("按号码查人", {"how": Fact("怎么查", words=SEARCHES)}),
        "roster.platform_entries": Act("登记入驻平台", ENTRY | {"staff": Fact("人员", is_code=True)}),
        "staff.platform_entry": Act("登记一个人入驻平台", ENTRY),
        "roster.expire_upload": Act("名单到期清除"),
        "roster.marked_copy": Act("下载标了错的名单", {"rows": Fact("行数")}),
        "roster.export": Act(
            "导出名单",
            {
                "what": chosen("名单", ExportList),
                "rows": Fact("人数"),
                "masked": Fact("号码已遮盖"),
                "reason": Fact("用途"),
            },
        ),
        "staff.absence": Act("登记外出", ABSENCE),
        "staff.absence_off": Act("取消外出", ABSENCE),
        "staff.reveal": Act("查看人员资料", {"field": Fact("栏目", fields="roster.staff"), "reason": REASON}),
    },
    pages={
        "roster:list": "人员名册",
        "roster:search": "查找人员",
        "roster:person": "一个人",
        "roster:term-start": "登记任职",
        "roster:term-end": "登记离任",
        "roster:term-void": "作废任职",
        "roster:teams": "各镇（街）队伍",
        "roster:team": "一个镇（街）的队伍",
        "roster:import": "导入名单",
        "roster:import-preview": "核对名单",
        "roster:import-settle": "改名单的镇（街）和起始日",
        "roster:import-apply": "写入名单",
        "roster:import-discard": "放弃名单",
        "roster:import-row": "改名单的一行",
        "roster:import-recheck": "再核对名单",
        "roster:import-progress": "名单核对进度",
        "roster:import-marked": "下载标了错的名单",
        "roster:export": "导出名单",
        "roster:export-status": "导出进度",
        "roster:export-file": "取导出的名单",
        "roster:template": "空白名单",
        "roster:person-edit": "更正人员资料",
        "roster:person-platform": "一个人入驻平台",
        "roster:absence-new": "登记外出",
        "roster:absence-cancel": "取消外出",
        "roster:platform": "入驻平台",
        "roster:platform-town": "一个镇（街）入驻平台",
        "roster:submissions": "名单报送",
        "roster:submission-new": "登记名单报送",
        "roster:submission-unit": "一个单位的报送",
        "roster:submission-edit": "更正名单报送",
        "roster:submission-void": "作废名单报送",
        "roster:submission-letter": "报送函",
        "roster:accounts": "账号",
        "roster:accounts-open": "开账号",
        "roster:accounts-reissue": "重发一次性密码",
        "roster:own-record": "谁看过我的资料",
        "roster:reveal": "查看人员资料",
    },
    lists={FILE_KINDS: {"roster_letter": "报送函"} | dict(ExportList.choices)},
)
