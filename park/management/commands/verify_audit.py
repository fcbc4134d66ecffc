"""Has anybody changed, removed or cut off entries of the audit trail?"""

from django.core.management.base import BaseCommand, CommandError

from park import audit
from park.models import AuditEntry


class Command(BaseCommand):
    help = (
        "Recompute the hash chain of the audit trail and print its end. Keep the printed line elsewhere: with "
        "--expect it proves later that not even the whole chain was replaced."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect", metavar="N:HASH", help="an end printed earlier that must still be in the chain"
        )

    def handle(self, *args, expect, **options):
        verdict = audit.verify()
        if verdict.fault:
            raise CommandError(f"前 {verdict.entries} 条完好。{verdict.fault}")
        if expect:
            sequence, _, digest = expect.partition(":")
            if (
                not sequence.isdigit()
                or not AuditEntry.objects.filter(sequence=sequence, hash=digest).exists()
            ):
                raise CommandError(f"链中没有此前记下的第 {sequence} 条，整条链可能被替换。")
        last = AuditEntry.objects.order_by("-sequence").values_list("sequence", "hash").first()
        end = f"，链尾 {last[0]}:{last[1]}" if last else ""
        self.stdout.write(f"{verdict.entries} 条审计记录完好{end}")
