"""What an installation needs to work well, looked at without changing anything: 配置体检."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from core import append_only, health, key_rotation, queries
from core.choices import SYSTEM_USERNAME, Level, Role
from core.models import CalendarYear, DeadlineRule, Division, User

ERROR, WARNING = "error", "warning"
Check = Callable[[], "Iterator[Finding]"]


@dataclass(frozen=True)
class Finding:
    """Something that is missing or wrong, and what to do about it."""

    level: str
    code: str
    message: str
    todo: str


def reference_data() -> Iterator[Finding]:
    load = "运行 manage.py load_reference。"
    if not Division.objects.filter(code=settings.COUNTY_CODE).exists():
        yield Finding(ERROR, "divisions_missing", f"没有本县（市）{settings.COUNTY_CODE} 的行政区划。", load)
    if not DeadlineRule.objects.exists():
        yield Finding(ERROR, "rules_missing", "没有期限规则，期限算不出来。", load)
    towns = Division.objects.filter(level=Level.TOWN, is_statistical_only=False, short_code=None)
    for town in towns:
        yield Finding(ERROR, "short_code_missing", f"{town.name}没有编号字头，登记不了纠纷。", "在行政区划里填上字头。")


def calendar() -> Iterator[Finding]:
    """The year in hand must be published; from October on the next one should be."""
    today, october = queries.today(), 10
    wanted = [today.year] if today.month < october else [today.year, today.year + 1]
    for year in wanted:
        if not CalendarYear.objects.filter(year=year).exists():
            yield Finding(
                WARNING, "calendar_unpublished", f"{year}年的放假安排还没有，期限按周末推算。",
                "国务院办公厅公布后，更新程序再运行 load_reference，或在节假日里录入。",
            )  # fmt: skip


def people() -> Iterator[Finding]:
    if not User.objects.filter(role=Role.ADMIN, is_active=True).exclude(username=SYSTEM_USERNAME).exists():
        yield Finding(ERROR, "admin_missing", "没有管理员。", "运行 manage.py create_admin 账号。")
    supervisor = settings.SUPERVISOR_USERNAME
    if not User.objects.filter(username=supervisor, is_active=True).exists():
        yield Finding(
            ERROR, "supervisor_missing", f"没有在用的督办账号「{supervisor}」，无人负责的期限没人收到提醒。",
            "新建这个账号，或用 SUPERVISOR_USERNAME 指定另一个。",
        )  # fmt: skip


def audit_trail() -> Iterator[Finding]:
    if not append_only.is_installed(connection):
        yield Finding(ERROR, "audit_unguarded", "审计记录没有数据库防护，可以被改动。", "运行 manage.py migrate core。")
    folder = Path(settings.AUDIT_ANCHOR_DIR)
    if not _writable(folder):
        yield Finding(
            ERROR, "anchors_unwritable", f"锚点目录 {folder} 写不进去。", "改目录权限，或设 AUDIT_ANCHOR_DIR。"
        )


def services() -> Iterator[Finding]:
    words = {
        "migrations": ("数据库结构不是最新的。", "运行 manage.py migrate。"),
        "broker": ("消息队列连不上，任务要等。", "检查 REDIS_URL 或队列目录。"),
        "sweep": ("期限扫描没有在跑。", "启动 worker 和 beat。"),
    }
    for name, fine in health.everything().items():
        if not fine and name in words:
            level = ERROR if name == "migrations" else WARNING
            yield Finding(level, f"{name}_down", *words[name])


def safety() -> Iterator[Finding]:
    if settings.DEMO:
        yield Finding(WARNING, "demo_mode", "正在演示模式，登录页列出演示账号。", "正式使用时不要设 DEMO。")
    if settings.DEBUG:
        yield Finding(ERROR, "debug_on", "DEBUG 开着，出错页会露出内部信息。", "正式使用时不要设 DEBUG。")
    if not _writable(Path(settings.MEDIA_ROOT)):
        yield Finding(ERROR, "media_unwritable", f"附件目录 {settings.MEDIA_ROOT} 写不进去。", "改目录权限。")


def key_ring() -> Iterator[Finding]:
    """Keys in the ring that nothing needs any more are harmless; hashes of another key find nobody."""
    if key_rotation.stale_hashes(sample=1).waiting:
        yield Finding(
            ERROR, "lookup_stale", "检索用哈希是用另一把密钥或另一种算法算的，按证件号码、电话找不到人。",
            "运行 manage.py rotate_keys --lookup。",
        )  # fmt: skip
    if key_rotation.some_wait():
        yield Finding(WARNING, "keys_waiting", "还有值在旧密钥下。", "运行 manage.py rotate_keys。")


def _writable(folder: Path) -> bool:
    """Whether files can be put into a folder, or the folder be made."""
    standing = next(path for path in (folder, *folder.parents) if path.exists())
    return standing.is_dir() and os.access(standing, os.W_OK)


CHECKS: tuple[Check, ...] = (reference_data, calendar, people, audit_trail, services, safety, key_ring)


def findings() -> list[Finding]:
    """Everything found, errors first."""
    found = [finding for check in CHECKS for finding in check()]
    return sorted(found, key=lambda finding: finding.level != ERROR)


def as_dict(finding: Finding) -> dict[str, Any]:
    return {"level": finding.level, "code": finding.code, "message": finding.message, "todo": finding.todo}
