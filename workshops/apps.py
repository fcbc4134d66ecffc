from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = "工作室"

    def ready(self):
        import workshops.workflow  # noqa: F401  (the tables make themselves known)
        from park import actions, audit, invariants  # models must be loaded first
        from park.models import Role
        from park.triggers import protect
        from workshops import papers
        from workshops.actions import VERBS
        from workshops.invariants import INVARIANTS, TRIGGERS

        papers.register()
        invariants.declare(*INVARIANTS)
        protect(*TRIGGERS)
        audit.LABELS.update(VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"workshops.{right}"
                for right in (
                    "view_studio",
                    "view_residency",
                    "view_room",
                    "add_room",
                    "change_room",
                    "view_safetyitem",
                    "add_safetyitem",
                    "change_safetyitem",
                )
            }
