from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    label = "commitments"
    verbose_name = _("Commitments")

    def ready(self) -> None:
        # Theirs are connected first: everything moves and is judged before it counts, and the ledger is the last lock.
        import certificates.receivers  # noqa: F401 - connects them
        import sessions.receivers  # noqa: F401 - connects them
        from commitments import receivers  # noqa: F401 - connects them
