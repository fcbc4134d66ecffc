"""Who lets the last system administrator in again, when phone and recovery codes are lost?"""

from django.core.management.base import BaseCommand, CommandError

from park import second_factor
from park.models import User
from park.workflow import Refused


class Command(BaseCommand):
    help = "Unbind the phone of one account from the server's console; audited. In daily use the admin does this."

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="登录名")
        parser.add_argument("--reason", required=True, metavar="原因")

    def handle(self, *args, username, reason, **options):
        user = User.objects.named(username).first()
        if user is None:
            raise CommandError("没有这个登录名。")
        try:
            second_factor.remove(user, by=None, reason=reason)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"已解除 {username} 的动态验证码，本人下次登录时重新绑定。")
