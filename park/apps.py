from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ParkConfig(AppConfig):
    name = "park"
    verbose_name = "园区基础"

    def ready(self):
        from park import triggers  # models must be loaded first

        post_migrate.connect(triggers.install, sender=self)
