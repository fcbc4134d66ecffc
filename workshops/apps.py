from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = "工作室"

    def ready(self):
        from park import actions  # models must be loaded first
        from park.models import Role

        for role in (Role.OFFICE, Role.LEAD_DIVISION):
            actions.ADMIN_RIGHTS[role] |= {"workshops.view_studio", "workshops.view_residency"}
