"""What has to happen because a day has passed? Run it every morning, before the office opens."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from applications.actions import deadlines
from applications.workflow import ADMISSION
from park.workflow import Refused
from workshops.duties import returns


class Command(BaseCommand):
    help = (
        "Reminds of corrections, closes those that lapsed, announces and erases forgotten drafts, opens statistical "
        "returns and reminds of them, ends old sign-ins and form keys, removes stray upload bytes. Safe to repeat."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"补正到期提醒：{deadlines.remind_of_corrections()} 件。")
        self.stdout.write(f"逾期未补正，视为撤回：{self._lapse()} 件。")
        self.stdout.write(f"草稿清除前提醒：{deadlines.warn_of_forgotten_drafts()} 件。")
        self.stdout.write(f"清除逾期草稿：{deadlines.erase_forgotten_drafts()} 件。")
        opened, reminded = returns.run()
        self.stdout.write(f"统计报表开报：{opened} 份；提醒：{reminded} 份。")
        call_command("expire_sessions", stdout=self.stdout)
        call_command("purge_orphans", stdout=self.stdout)

    def _lapse(self) -> int:
        """Each case is a transaction of its own; one that was answered in this very moment is left alone."""
        count = 0
        for application in deadlines.overdue_corrections():
            try:
                ADMISSION.perform(application, "lapse", by=None, note="补正期限届满")
            except Refused as refusal:
                self.stdout.write(f"{application}：{refusal}")
            else:
                count += 1
        return count
