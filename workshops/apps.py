from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = "工作室"

    def ready(self):
        from park import actions, audit, invariants, jobs, sheets  # models must be loaded first
        from park.models import Role
        from park.triggers import protect
        from workshops import papers, workflow  # noqa: F401 — the tables register themselves
        from workshops.actions import VERBS, ledger_batch
        from workshops.invariants import INVARIANTS, TRIGGERS
        from workshops.sheets.ledger import IMPORTS
        from workshops.sheets.returns import ReturnImport

        audit.LABELS.update(VERBS)
        papers.register()
        invariants.declare(*INVARIANTS)
        protect(*TRIGGERS)
        for kind in (*IMPORTS, ReturnImport()):
            sheets.register(kind)
        jobs.register(
            ledger_batch.KIND, ledger_batch.carry_out, may=ledger_batch.may_verify_in_batches, resumes=True
        )
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"workshops.{right}"
                for right in ("view_studio", "view_residency", "view_room", "add_room", "change_room")
            }
