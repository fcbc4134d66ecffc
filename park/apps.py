from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ParkConfig(AppConfig):
    name = "park"
    verbose_name = "园区基础"

    def ready(self):
        # Deferred: models must be loaded first. Checks and holdings of personal data declare themselves.
        from park import actions, checks, logins, second_factor, triggers  # noqa: F401
        from park.announcements import papers
        from park.sheets import running

        pre_migrate.connect(triggers.lift, sender=self)
        post_migrate.connect(triggers.install)
        logins.connect()
        papers.register()
        running.register()
