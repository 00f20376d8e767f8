"""Makes the first administrator with a random password that is shown once and must be changed at sign-in."""

import secrets
from typing import Any

from django.core.management.base import CommandParser

from core.actions.accounts import create_admin
from core.management.contract import ContractCommand

PASSWORD_BYTES = 12


class Command(ContractCommand):
    help = "新建管理员。初始密码只显示这一次，首次登录必须修改。"
    acts = True
    empty = {"username": None, "password": None}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="账号")
        parser.add_argument("--name", default="", help="姓名")

    def handle(self, *, username: str, name: str, **_options: Any) -> None:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        user = create_admin(username=username, name=name, password=password, by=self.actor)
        text = f"已新建管理员「{user.username}」。\n初始密码：{password}\n只显示这一次，首次登录必须修改。"
        self.answer({"username": user.username, "password": password}, text)
