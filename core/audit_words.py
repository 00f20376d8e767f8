"""What the audit trail's codes are called on screen: the shape of an app's words, and core's own.

The stored rows keep their codes, since their hashes cover every letter. Each app says in its module
`audit_words` what its actions, their facts and the values of these are called; its AppConfig shows it
as `audit_words`, and the trail's page collects them (core.audit_reading).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices

from core.choices import Role

SUBJECT = "subject"  # as `fields`: the fields of the kind of thing that the act was about


@dataclass(frozen=True)
class Rows:
    """The rows that a fact's values name: a model, the column the values stand in, the column that says them."""

    model: str
    by: str = "pk"
    say: str = ""


@dataclass(frozen=True)
class Fact:
    """One fact of an act: its name, and how its values are said.

    `words` says codes of a closed list, `listed` names one that several apps fill, `rows` where the values are
    keys, `fields` a model whose fields they name (or SUBJECT). `parts` are the facts inside a fact.
    `is_code` marks what only identifies: shown short. `say` makes the whole text itself.
    """

    name: str
    words: Mapping[str, str] = field(default_factory=dict)
    listed: str = ""
    rows: Rows | None = None
    fields: str = ""
    parts: "Mapping[str, Fact]" = field(default_factory=dict)
    is_code: bool = False
    say: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Act:
    """One action: what it is called, and its facts by the names under which they are stored."""

    name: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class AuditWords:
    """The words of one app: its acts, its pages by URL name, its part of the lists that several apps fill."""

    acts: Mapping[str, Act]
    pages: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def chosen(name: str, choices: type[TextChoices]) -> Fact:
    """A fact whose values are those of a closed list."""
    return Fact(name, words=dict(choices.choices))


FILE_KINDS, PAGES = "file_kinds", "pages"
DIVISIONS, USERS = Rows("core.division", say="name"), Rows("core.user")
DAY, REASON = Fact("日期"), Fact("理由")
DUE = {
    "kind": Fact("期限", rows=Rows("core.deadlinerule", by="key", say="title")),
    "due_on": Fact("最后一日"),
}
CHANGED_FIELDS = Fact("改动的栏目", fields=SUBJECT)
FACTOR_KINDS = {"authenticator": "动态验证码", "recovery": "恢复码"}
ACCOUNT = {
    "role": chosen("角色", Role),
    "active": Fact("在用"),
    "towns": Fact("范围", rows=DIVISIONS),
}
KEYS = {
    "columns": Fact("几栏"),
    "values": Fact("共几个值"),
    "done": Fact("换了"),
    "waiting": Fact("待换"),
}
METHODS = {"GET": "打开", "HEAD": "打开", "POST": "提交"}

CORE = AuditWords(
    acts={
        "sign_in": Act("登录", {"known": Fact("有这个账号")}),
        "sign_out": Act("退出"),
        "password.change": Act("修改密码"),
        "password.reset": Act("重设密码"),
        "account.create": Act(
            "新建账号",
            {"role": chosen("角色", Role), "scopes": Fact("范围", rows=DIVISIONS), "staff": Fact("人员", is_code=True)},
        ),
        "password.again": Act("再输一次密码"),
        "password.one_time": Act("发一次性密码", {"until": Fact("有效到")}),
        "account.follow_terms": Act(
            "账号随任职变动", {"was": Fact("原为", parts=ACCOUNT), "now": Fact("现为", parts=ACCOUNT)}
        ),
        "factor.answer": Act("填动态验证码", {"kind": Fact("用的是", words=FACTOR_KINDS)}),
        "factor.enrol": Act("登记动态验证码"),
        "factor.give_up": Act("停用动态验证码"),
        "factor.recovery_codes": Act("换一批恢复码"),
        "factor.reset": Act("重置动态验证码", {"reason": REASON}),
        "session.end": Act("结束一处登录"),
        "session.end_others": Act("结束其他登录", {"ended": Fact("结束几处")}),
        "keys.rotate_start": Act("开始更换密钥", {"to": Fact("新密钥", is_code=True), "waiting": Fact("待换")}),
        "keys.rotate": Act("更换密钥", {"to": Fact("新密钥", is_code=True)} | KEYS),
        "keys.rebuild_lookup": Act("重算检索哈希", {"hash": Fact("算法", is_code=True)} | KEYS),
        "access.refused": Act(
            "没有权限的操作",
            {"view": Fact("页面", listed=PAGES), "method": Fact("方式", words=METHODS), "why": Fact("原因")},
        ),
        "deadline.extend": Act("延长期限", DUE | {"days": Fact("延长天数"), "approved_by": Fact("批准人")}),
        "deadline.suspend": Act("中止期限", DUE | {"on": DAY, "reason": REASON}),
        "deadline.resume": Act("恢复期限", DUE | {"on": DAY}),
        "deadline.recount": Act("按新的放假安排重算期限", {"moved": Fact("变动的期限", is_code=True)}),
        "file.download": Act(
            "下载附件",
            {
                "kind": Fact("材料", listed=FILE_KINDS),
                "what": Fact("内容", listed=FILE_KINDS),
                "masked": Fact("号码已遮盖"),
            },
        ),
        "reference.load": Act("装入参考数据", {"loaded": Fact("装入")}),
        "manage.add": Act("新增配置", {"fields": CHANGED_FIELDS}),
        "manage.change": Act("修改配置", {"fields": CHANGED_FIELDS}),
        "manage.delete": Act("删除配置", {"was": Fact("原为")}),
    },
    pages={
        "login": "登录",
        "logout": "退出",
        "account": "我的账号",
        "password-change": "修改密码",
        "password-again": "再输一次密码",
        "sign-in-code": "填动态验证码",
        "sign-in-enrol": "登录时登记动态验证码",
        "factor": "动态验证码",
        "factor-codes": "恢复码",
        "factor-end": "停用动态验证码",
        "session-end": "结束登录",
        "account-code": "发一次性密码",
        "account-factor": "重置别人的动态验证码",
        "held-form": "没有交上的表单",
        "fresh-token": "登录以后接着存",
        "held-form-discard": "丢掉没有交上的表单",
        "notifications": "消息",
        "notifications-read": "消息全部已读",
        "notification-open": "打开消息",
        "audit": "审计记录",
        "file-download": "下载附件",
        "file-thumbnail": "看附件的缩略图",
        "healthz": "运行检查",
        "readyz": "就绪检查",
        "style": "界面样式",
    },
)
