"""Print who can log in to the demo, and what to try as whom."""

import unicodedata

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications.management.demo.plan import PASSWORD, read_accounts
from park.models import User


class Command(BaseCommand):
    help = "列出演示账号：登录名、姓名、角色、可以试什么。"

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("只有演示环境（DEMO=true）有演示账号。")
        users = {u.username: u for u in User.objects.filter(is_demo=True, is_active=True)}
        rows = [
            (
                row["username"],
                users[row["username"]].real_name,
                "、".join(users[row["username"]].role_labels),
                row["hint"],
            )
            for row in read_accounts()
            if row["username"] in users
        ]
        if not rows:
            self.stdout.write("还没有演示账号，请先运行 manage.py load_demo。")
            return
        rows.insert(0, ("登录名", "姓名", "角色", "可以试什么"))
        widths = [max(map(_width, column)) for column in list(zip(*rows, strict=True))[:3]]
        for row in rows:
            cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
            self.stdout.write("  ".join([*cells, row[3]]))
        self.stdout.write(f"\n所有演示账号的密码都是：{PASSWORD}")


def _width(text) -> int:
    """Columns on a terminal: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
