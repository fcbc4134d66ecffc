from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ParkConfig(AppConfig):
    name = "park"
    verbose_name = "园区基础"

    def ready(self):
        from park import checks, triggers  # noqa: F401 - models must be loaded first; checks register themselves

        post_migrate.connect(triggers.install)
