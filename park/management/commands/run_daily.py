"""Does what is due because a day has passed. Run it every morning, before the office opens."""

import logging

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from park import daily

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Reminders, deadlines that passed, warnings, purges: the chores of all apps, then old sign-ins, form keys and "
        "stray upload bytes. Safe to repeat. One chore that fails does not keep the others from being done."
    )

    def handle(self, *args, **options):
        failed = []
        for chore in daily.CHORES.values():
            try:
                count = chore.work()
            except Exception:
                log.exception("chore of the day failed")
                failed.append(chore.says)
            else:
                self.stdout.write(f"{chore.says}：{count} 件。")
        call_command("expire_sessions", stdout=self.stdout)
        call_command("purge_orphans", stdout=self.stdout)
        if failed:
            raise CommandError(f"没有完成：{'、'.join(failed)}。其余各项已经办理，改正后可以再运行一次。")
