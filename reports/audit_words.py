"""What the report pages are called in the audit trail; they write nothing there."""

from core.audit_words import AuditWords

WORDS = AuditWords(
    acts={},
    pages={
        "today": "今天要办",
        "reports:config-check": "配置体检",
        "reports:dashboard": "数据看板",
        "reports:list-figure": "一个数字的清单",
        "reports:list-towns": "一个目标的镇（街）清单",
        "reports:villages": "各村热力",
        "reports:list-filings": "万人起诉率",
        "reports:staff-load": "一个人的工作量",
        "reports:staff-work": "一个人手上的事",
        "reports:handover": "移交手上的事",
        "reports:point-use": "制度的运行",
        "reports:point-figures": "联络点的数字",
    },
)
