"""Fill an empty demo site with people and applications in every state. Nothing of it is real (L13)."""

import functools
import time
from datetime import timedelta
from unittest import mock

from django.conf import settings
from django.contrib.auth import base_user
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from applications.management.demo.clock import Calendar, travelling
from applications.management.demo.plan import PASSWORD, read_accounts, read_plan
from applications.management.demo.road import Road
from applications.management.demo.stories import Story, tell_all
from applications.models import Batch
from park import audit, rules
from park.actions import grant_role, register_applicant
from park.models import (
    Body,
    District,
    Notification,
    PrivacyNotice,
    Role,
    Unit,
    UnitKind,
    User,
    WorkingGroupMember,
)

OFFICE = {
    "office_place": "产业创新园管理办公室（演示地址：镇江市演示路 1 号 101 室）",
    "office_phone": "0511-80000000（演示号码）",
}
BEGIN = 1000  # days before the day of loading: life in the park begins
LIVING = ("workshops.management.demo.living.chapters", "assessments.management.demo.living.chapters")
FIRST_DAY = 100  # working days before the day of loading, earlier than any application
READ_UNTIL = 10  # older messages than these working days have been read
BATCHES = {"第一批": (99, 56), "第二批": (55, -40)}  # name: first and last day
WORKING_GROUP = {"working1": "working_group", "working2": "logistics", "working3": "attraction"}


class Command(BaseCommand):
    help = "载入演示数据：各角色的账号和各种状态的申报（全部虚构）。已有演示数据时不做任何事。"

    def add_arguments(self, parser):
        parser.add_argument("--applications", type=int, metavar="N", help="只载入前 N 份申报（默认全部）")
        parser.add_argument("--without-living", action="store_true", help="不载入在园运行的记录")

    def handle(self, *, applications, without_living=False, **options):
        if not settings.DEMO:
            raise CommandError("只有演示环境（DEMO=true）可以载入演示数据。")
        if User.objects.filter(is_demo=True).exists():
            self.stdout.write("已有演示数据，没有改动。")
            return
        if not District.objects.exists():
            raise CommandError("还没有基础数据，请先运行 manage.py load_reference_data。")
        began, entries = time.monotonic(), read_plan()[:applications]
        calendar = Calendar()
        begin = calendar.now - timedelta(days=BEGIN)
        with transaction.atomic(), one_hash_for_all(), travelling(begin) as clock:
            notice = _notice(begin)
            people = {row["username"]: _account(row, notice) for row in read_accounts()}
            for key, value in OFFICE.items():
                rules.set_rule(key, value, by=people["director"], reason="演示资料")
            _working_group(people)
            living = [] if without_living else _living(people, calendar.now)
            living = tell_all(living, clock, until=calendar.at(FIRST_DAY, 9))
            clock.set(calendar.at(FIRST_DAY, 9))
            for entry in entries:
                if entry.account not in people:
                    people[entry.account] = _account(_of_studio(entry), notice)
            for entry in entries:
                _describe_unit(entry)
            for name, days in BATCHES.items():
                opens_on, closes_on = map(calendar.day, days)
                Batch.objects.create(name=name, opens_on=opens_on, closes_on=closes_on)
            stories = [Story(entry, people, calendar) for entry in entries]
            road = Road(stories, people, calendar).tell()
            tell_all([*(story.tell() for story in stories), *road, *living], clock)
            old = Notification.objects.filter(created_at__lt=calendar.at(READ_UNTIL, 18), read_at=None)
            old.update(read_at=F("created_at"))
            # Demo passwords do not grow old.
            User.objects.filter(is_demo=True).update(password_changed_at=calendar.now)
        self.stdout.write(
            f"演示数据：{len(people)} 个账号，{len(entries)} 份申报，用时 {time.monotonic() - began:.0f} 秒。"
            "文书由后台任务陆续生成。"
        )


def _living(people, now) -> list:
    """The chapters of the apps that come after admission; this app knows them by name only."""
    return [story for path in LIVING for story in import_string(path)(people, now)]


def one_hash_for_all():
    """Hashing the one demo password for every account would take most of the time."""
    return mock.patch.object(base_user, "make_password", functools.cache(base_user.make_password))


def _account(row, notice) -> User:
    """An account as the site makes it: applicants register themselves, staff are set up."""
    if row["roles"] == [Role.APPLICANT]:
        user = register_applicant(
            username=row["username"],
            password=PASSWORD,
            real_name=row["real_name"],
            mobile=row["mobile"],
            notice=notice,
            email=row["email"],
            unit_name=row["unit"],
        )
    else:
        user = User.objects.create_user(
            row["username"], PASSWORD, real_name=row["real_name"], mobile=row["mobile"], email=row["email"]
        )
        audit.record("create_account", user, by=None, note="演示账号")
        for role in row["roles"]:
            grant_role(user, role, by=None, reason="演示账号")
    User.objects.filter(pk=user.pk).update(is_demo=True)
    return User.objects.get(pk=user.pk)  # with its roles as they now are


def _of_studio(entry) -> dict:
    """The account of a studio that has none in the list: its contact, or the leader."""
    leader, unit = entry.content["leader"], entry.content["unit"]
    return {
        "username": entry.account,
        "real_name": unit["contact_name"] or leader["leader_name"],
        "roles": [Role.APPLICANT],
        "mobile": unit["contact_mobile"] or leader["leader_mobile"],
        "email": "",
        "unit": "" if unit["unit_name"] == "无" else unit["unit_name"],
    }


def _describe_unit(entry):
    unit = entry.content["unit"]
    Unit.objects.filter(name=unit["unit_name"]).update(
        credit_code=unit["unit_credit_code"],
        kind=UnitKind.objects.get(code=unit["unit_kind"]),
        district=District.objects.get(code=unit["unit_district"]),
    )


def _working_group(people):
    """Which unit each of them speaks for; the first leads [5.1]."""
    for username, body in WORKING_GROUP.items():
        WorkingGroupMember.objects.create(
            user=people[username], body=Body.objects.get(code=body), is_leader=body == "working_group"
        )


def _notice(begin) -> PrivacyNotice:
    """The notice that stood on the first day; the demo writes one where the site has none that old."""
    return PrivacyNotice.current() or PrivacyNotice.objects.create(
        version="演示版",
        text="演示用的个人信息处理告知书。园区处理领衔人的身份证号码、手机和政治面貌，只用于入驻申报和资格审核。",
        in_force_from=begin.date(),
    )
