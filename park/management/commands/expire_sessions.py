"""Which sign-ins are over, and which used-up form keys can go? Run it daily."""

from django.core.management.base import BaseCommand

from park import actions, middleware


class Command(BaseCommand):
    help = "Delete sessions past their idle or absolute limit and one-time form keys older than 30 days."

    def handle(self, *args, **options):
        sessions, keys = actions.expire_sessions(is_over=middleware.is_over)
        self.stdout.write(f"清理登录 {sessions} 个，表单凭证 {keys} 个。")
