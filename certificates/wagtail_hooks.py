"""Programmes in the editors' admin."""

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from certificates.models import Programme
from parties.models import Person
from parties.rules import may_edit_site


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: object) -> object:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: object, data: object) -> bool:
        return (initial or []) != self.to_python(data)


class ProgrammeForm(WagtailAdminModelForm):
    goals = LinesField(
        label=_("learning goals"), required=False, help_text=_("One a line. They stand on the certificate.")
    )
    courses = forms.ModelMultipleChoiceField(
        label=_("modules"),
        required=False,
        queryset=Programme.courses.rel.model.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        asked = [cleaned.get(name) for name in ("courses", "joint_trainings", "intervision_meetings")]
        if not any(asked):
            self.add_error(
                "courses",
                _(
                    "Ask for something: a module, a joint training or an intervision meeting. Else nobody can finish it."
                ),
            )
        return cleaned


class ProgrammePermissions(ModelPermissionPolicy):
    """Editors and administrators make and change programmes. Nobody deletes one: certificates hang on it. Close it instead."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action != "delete" and may_edit_site(user)

    def user_has_any_permission(self, user: Person, actions: list[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)


class ProgrammeViewSet(ModelViewSet):
    model = Programme
    icon = "list-ol"
    menu_label = _("Programmes")
    menu_order = 250
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ["name", "validity_months", "is_active"]
    permission_policy = ProgrammePermissions(Programme)
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("goals"),
        MultiFieldPanel(
            [FieldPanel("courses"), FieldPanel("joint_trainings"), FieldPanel("intervision_meetings")],
            heading=_("What it asks"),
        ),
        FieldPanel("validity_months"),
        FieldPanel("counts_as_trained"),
        FieldPanel("is_active"),
    ]

    def get_edit_handler(self):
        handler = super().get_edit_handler()
        handler.base_form_class = ProgrammeForm
        return handler.bind_to_model(self.model)


@hooks.register("register_admin_viewset")
def programmes() -> ProgrammeViewSet:
    return ProgrammeViewSet("programmes", url_prefix="leerroutes")
