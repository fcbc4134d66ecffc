from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = "工作室"

    def ready(self):
        from park import actions, audit, documents, invariants, sheets  # models must be loaded first
        from park.models import Role
        from park.triggers import protect
        from workshops import workflow  # noqa: F401 (its tables make themselves known)
        from workshops.actions import VERBS
        from workshops.invariants import leader_change as of_leader_change
        from workshops.invariants import studio as of_studio
        from workshops.papers import leader_change as papers
        from workshops.sheets.person import PersonImport
        from workshops.sheets.studio import StudioImport

        audit.LABELS.update(VERBS)
        for code, (builder, title, prefix) in papers.KINDS.items():
            documents.register(code, builder, title=title, prefix=prefix)
        for concept in (of_studio, of_leader_change):
            invariants.declare(*concept.INVARIANTS)
            protect(*concept.TRIGGERS)
        for kind in (StudioImport, PersonImport):
            sheets.register(kind())
        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {
                f"workshops.{right}"
                for right in ("view_studio", "view_residency", "view_room", "add_room", "change_room")
            }
