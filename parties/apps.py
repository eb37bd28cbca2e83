from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartiesConfig(AppConfig):
    name = "parties"
    label = "parties"
    verbose_name = _("People and parties")

    def ready(self) -> None:
        from parties import receivers  # noqa: F401  # connects them
