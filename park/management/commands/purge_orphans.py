"""Remove uploaded bytes that no row points to (domain §5.2 row 13), and results of jobs after their day. Safe to
repeat; run it daily."""

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from park import attachments, jobs


class Command(BaseCommand):
    help = "删除没有登记的上传文件（24 小时以前、所在事务已回滚的残留）。"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="只列出，不删除")

    def handle(self, *, dry_run, **options):
        count = 0
        for name in attachments.orphans():
            count += 1
            if dry_run:
                self.stdout.write(name)
            else:
                default_storage.delete(name)
        self.stdout.write(f"{'发现' if dry_run else '已删除'} {count} 个没有登记的文件。")
        if not dry_run:
            files, leavings = jobs.purge()
            self.stdout.write(f"已删除 {files} 个到期的任务结果，{leavings} 个中断任务的残留。")
