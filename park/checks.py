"""What would make a production deployment unsafe or its papers wrong, beyond what settings can see?

`./run serve` runs these (`manage.py check --deploy --database default`) and does not start on an error.
Keys, DEBUG and SQLite with several processes are refused earlier, by config/settings.py itself.
"""

import ctypes
import subprocess

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error, Tags, Warning, register
from django.db import connections

FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "LXGW WenKai")


@register(Tags.database, deploy=True)
def no_demo_users(app_configs, databases, **kwargs):
    """Demo accounts have published passwords."""
    User = get_user_model()
    if settings.DEMO or "default" not in (databases or []):
        return []
    if User._meta.db_table not in connections["default"].introspection.table_names():
        return []  # before the first migration
    names = list(User.objects.using("default").filter(is_demo=True).values_list("username", flat=True)[:5])
    if not names:
        return []
    return [
        Error(
            f"数据库里有演示账号（{'、'.join(names)} 等），其密码是公开的。",
            hint="生产环境请用新建的数据库，不要用演示数据库。",
            id="park.E001",
        )
    ]


@register(deploy=True)
def site_address(app_configs, **kwargs):
    """The address goes into printed QR codes, where nobody can mend it later."""
    local = ("http://127.0.0.1", "http://localhost", "https://park.example.gov.cn")
    if settings.DEMO or not settings.SITE_URL.startswith(local):
        return []
    hint = "请设为网站的公开地址，例如 https://域名；它印在文件的核验二维码里。"
    return [Error(f"SITE_URL 仍是 {settings.SITE_URL}。", hint=hint, id="park.E002")]


@register(deploy=True)
def site_has_its_imprint(app_configs, **kwargs):
    """A government site must show these at its foot; inspections look for each of them."""
    empty = [f"SITE_{name.upper()}" for name, value in settings.SITE.items() if not value]
    if settings.DEMO or not empty:
        return []
    hint = "页脚应有党政机关网站标识、找错入口、网站标识码、ICP 备案号、公安备案号、主办单位和联系方式。"
    return [Warning(f"页脚要素未设置：{'、'.join(empty)}。", hint=hint, id="park.W004")]


@register(deploy=True)
def staff_show_two_factors(app_configs, **kwargs):
    if settings.DEMO or settings.STAFF_SECOND_FACTOR:
        return []
    hint = "仅在工作人员经统一身份认证入口登录时才可关闭。"
    return [Warning("STAFF_SECOND_FACTOR 已关闭，工作人员只凭密码登录。", hint=hint, id="park.W005")]


@register(deploy=True)
def mail_leaves_the_machine(app_configs, **kwargs):
    if settings.DEMO or "console" not in settings.EMAIL_BACKEND:
        return []
    return [Warning("EMAIL_URL 未设置，邮件只打印在日志里，不会寄出。", id="park.W001")]


@register(deploy=True)
def paper_can_be_printed(app_configs, **kwargs):
    """Without these a paper is slow, or characters of names are missing on it."""
    faults = []
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        faults.append(
            Warning(
                "缺少 libharfbuzz-subset0，生成 PDF 会慢十倍。", hint="运行 ./run setup。", id="park.W002"
            )
        )
    try:
        listed = subprocess.run(
            ["fc-list", ":", "family"], capture_output=True, check=True, timeout=30
        ).stdout.decode()
    except (OSError, subprocess.SubprocessError):
        listed = ""
    missing = [name for name in FONTS if name not in listed]
    if missing:
        hint = "运行 ./run setup，或安装 fonts-noto-cjk 和 fonts-lxgw-wenkai。"
        faults.append(Warning(f"缺少字体：{'、'.join(missing)}，文件里会缺字。", hint=hint, id="park.W003"))
    return faults
