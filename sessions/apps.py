from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """The label differs from the name because Django's own session app already holds ``sessions``."""

    name = "sessions"
    label = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from sessions import receivers  # noqa: F401  # needs the models
