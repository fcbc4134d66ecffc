"""Does everything still hold that must always hold? Run it daily and after every restore."""

from django.core.management.base import BaseCommand, CommandError

from park import invariants


class Command(BaseCommand):
    help = "Re-derive in SQL what must always be true; names every offender and exits with 1."

    def handle(self, *args, verbosity, **options):
        broken = 0
        for invariant in invariants.REGISTRY:
            offenders = invariant.offenders()
            broken += bool(offenders)
            if offenders:
                shown = "、".join(offenders[:10]) + ("……" if len(offenders) > 10 else "")
                self.stdout.write(f"不成立　{invariant.says}（{invariant.name}）：{shown}")
            elif verbosity > 1:
                self.stdout.write(f"成立　　{invariant.says}")
        if broken:
            raise CommandError(f"{len(invariants.REGISTRY)} 项中有 {broken} 项不成立。")
        self.stdout.write(f"{len(invariants.REGISTRY)} 项全部成立。")
