"""The evaluation form in the editors' admin."""

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from parties.models import Person
from parties.rules import may_edit_site
from sessions.models import EvaluationForm


class OneFormPermissions(ModelPermissionPolicy):
    """There is one form, so nobody adds or deletes one; editors and administrators change it."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action in ("change", "view") and may_edit_site(user)

    def user_has_any_permission(self, user: Person, actions: list[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)


class EvaluationFormViewSet(SnippetViewSet):
    model = EvaluationForm
    icon = "form"
    menu_label = _("Evaluation form")
    menu_order = 260
    add_to_admin_menu = True
    copy_view_enabled = False
    permission_policy = OneFormPermissions(EvaluationForm)
    edit_handler = ObjectList(
        [
            FieldPanel("questions"),
            MultiFieldPanel(
                [FieldPanel("practice_nl"), FieldPanel("practice_en")], heading=_("Six weeks after the training")
            ),
        ]
    )


register_snippet(EvaluationFormViewSet)
