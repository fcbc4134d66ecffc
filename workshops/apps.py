from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = "工作室"

    def ready(self):
        from park import actions, audit  # models must be loaded first
        from park.models import Role
        from workshops import invariants, papers, sheets, workflow  # noqa: F401 (its tables make themselves known)
        from workshops.actions import VERBS

        papers.register()
        sheets.register()
        invariants.register()
        audit.LABELS.update(VERBS)
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"workshops.{right}"
                for right in ("view_studio", "view_residency", "view_room", "add_room", "change_room")
            }
