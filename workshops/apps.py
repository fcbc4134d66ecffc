from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = "工作室"

    def ready(self):
        from park import actions, audit, invariants, sheets  # models must be loaded first
        from park.models import Role
        from park.triggers import protect
        from workshops import papers, workflow  # noqa: F401  the procedures are known from here on
        from workshops.actions import VERBS
        from workshops.invariants import INVARIANTS, TRIGGERS
        from workshops.sheets.meter import ReadingImport

        papers.register()
        sheets.register(ReadingImport())
        audit.LABELS.update(VERBS)
        invariants.declare(*INVARIANTS)
        protect(*TRIGGERS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"workshops.{right}"
                for right in ("view_studio", "view_residency", "view_room", "add_room", "change_room")
            }
