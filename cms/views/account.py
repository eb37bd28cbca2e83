"""What editors set for themselves in /cms/."""

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel


class EditorAccount(AccountView):
    """Without name and mail address: these are changed in one's own details, and an address only with a code."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]


def people_in_bulk(request: HttpRequest, action: str) -> HttpResponse:
    """Wagtail's own would delete people, and give them groups, past the actions."""
    raise Http404
