"""What the roster's acts, facts and pages are called in the audit trail."""

from core.audit_words import DIVISIONS, USERS, Act, AuditWords, Fact, chosen
from roster.choices import RowResult, TeamRole, UnitKind

STAFF = Fact("人员", is_code=True)
TERM = {"staff": STAFF, "role": chosen("岗位", TeamRole)}
FILE = {"sha256": Fact("文件指纹", is_code=True)}
SINCE = Fact("任职起始日")
COUNTS = {result.value: Fact(result.label) for result in RowResult}

WORDS = AuditWords(
    acts={
        "staff.create": Act("登记人员"),
        "staff.update": Act("修改人员", {"fields": Fact("改动的栏目", fields="roster.staff")}),
        "staff.link_account": Act("对应账号", {"user": Fact("账号", rows=USERS)}),
        "membership.start": Act("登记任职", TERM | {"since": SINCE}),
        "membership.end": Act("登记离任", TERM | {"until": Fact("离任日")}),
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
        "roster.record_submission": Act(
            "登记名单报送", {"unit": chosen("报送单位", UnitKind), "handed_in_on": Fact("报送日")}
        ),
    },
    pages={
        "roster:list": "人员名册",
        "roster:search": "查找人员",
        "roster:person": "一个人",
        "roster:term-start": "登记任职",
        "roster:term-end": "登记离任",
        "roster:teams": "各镇（街）队伍",
        "roster:team": "一个镇（街）的队伍",
        "roster:import": "导入名单",
        "roster:import-preview": "核对名单",
        "roster:import-settle": "改名单的镇（街）和起始日",
        "roster:import-apply": "写入名单",
        "roster:import-discard": "放弃名单",
    },
)
