"""The evaluation form and the methods of intervision in the editors' admin."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from parties.models import Person
from parties.rules import may_edit_site
from sessions.models import Conversation, EvaluationForm, IntervisionMethod


class EditorsPermissions(ModelPermissionPolicy):
    """Editors and administrators do what ``actions`` names."""

    actions: Sequence[str] = ("add", "change", "delete", "view")

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action in self.actions and may_edit_site(user)

    def user_has_any_permission(self, user: Person, actions: list[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)


class OneFormPermissions(EditorsPermissions):
    """There is one form, so nobody adds or deletes one."""

    actions = ("change", "view")


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


class IntervisionMethodViewSet(SnippetViewSet):
    model = IntervisionMethod
    icon = "time"
    menu_label = _("Methods of intervision")
    menu_order = 270
    add_to_admin_menu = True
    list_display = ["name", "position", "not_before", "smallest", "largest"]
    permission_policy = EditorsPermissions(IntervisionMethod)
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("key"),
            FieldPanel("use_for"),
            MultiFieldPanel(
                [
                    FieldPanel("position"),
                    FieldPanel("not_before"),
                    FieldPanel("fits_last"),
                    FieldPanel("smallest"),
                    FieldPanel("largest"),
                    FieldPanel("caution"),
                ],
                heading=_("When it fits"),
            ),
            FieldPanel("steps"),
            FieldPanel("source"),
        ]
    )


@hooks.register("before_delete_snippet")
def keep_methods_in_use(request: HttpRequest, instances: Sequence[Model]) -> HttpResponse | None:
    """Which group used it is nobody's business here, so the sentence does not say it."""
    keys = [one.pk for one in instances if isinstance(one, IntervisionMethod)]
    if not Conversation.objects.filter(method__in=keys).exists():
        return None
    messages.error(
        request,
        gettext("Groups used this method, and their meetings name it. You can change it, but not delete it."),
    )
    return redirect(IntervisionMethod.snippet_viewset.get_url_name("list"))


register_snippet(EvaluationFormViewSet)
register_snippet(IntervisionMethodViewSet)
