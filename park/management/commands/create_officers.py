"""Where do the first three officers come from, when nobody has rights yet?"""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from park import actions, audit
from park.models import Role, User


class Command(BaseCommand):
    help = (
        "Create the first system administrator, security officer and auditor with temporary passwords, printed "
        "once. Afterwards accounts and roles are given in the admin only."
    )

    def add_arguments(self, parser):
        for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
            parser.add_argument(f"--{role}", required=True, metavar="登录名:姓名")

    @transaction.atomic
    def handle(self, *args, **options):
        actions.ensure_roles()
        for role in (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR):
            if User.objects.with_role(role).exists():
                raise CommandError(f"已有{role.label}，请由其在后台办理。")
            username, _, name = options[role].partition(":")
            user = User(username=username, real_name=name or username)
            user.full_clean(exclude=["password"])
            user.set_unusable_password()
            user.save()
            audit.record("create_account", user, by=None, note="首次设立三员")
            actions.grant_role(user, role, by=None, reason="首次设立三员")
            password = actions.temporary_password()
            actions.set_temporary_password(user, password, by=None)
            self.stdout.write(f"{role.label}：登录名 {username}，临时密码 {password}")
