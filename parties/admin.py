"""/beheer/: what administrators do with people and parties. Every write goes through an action."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from parties.actions.merging import people_merge
from parties.actions.people import person_change, person_create, person_set_active
from parties.actions.roles import role_end, role_grant
from parties.models import Affiliation, AuditEntry, Department, Membership, Organisation, Party, Person, Role


class ReadOnly:
    """Rows that only the platform writes."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class MembershipInline(ReadOnly, admin.TabularInline):
    model = Membership
    fields = ["organisation", "department", "side", "origin", "state", "since", "until"]
    extra = 0


class RoleInline(ReadOnly, admin.TabularInline):
    model = Role
    fields = ["kind", "organisation", "department", "party", "since", "until"]
    extra = 0


class MergeForm(forms.Form):
    kept = forms.ModelChoiceField(
        queryset=Person.objects.none(), label=_("Who stays"), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].queryset = people


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    ordering = ["name", "pk"]
    list_display = ["name", "email", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["name", "email", "memberships__work_address"]
    fields = ["name", "email", "language", "is_active"]
    inlines = [MembershipInline, RoleInline]
    actions = ["merge"]

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        return ["email"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Person, form: forms.ModelForm, change: bool) -> None:
        if change:
            person_change(person=obj, name=obj.name, language=obj.language)
            person_set_active(person=obj, active=obj.is_active, by=request.user)
            return
        made = person_create(name=obj.name, email=obj.email, language=obj.language)
        obj.pk, obj._state.adding = made.pk, False

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "merge/<int:one>/<int:other>/", self.admin_site.admin_view(self.merge_view), name="parties_person_merge"
            )
        ]
        return own + super().get_urls()

    @admin.action(description=_("Make one person of two"))
    def merge(self, request: HttpRequest, queryset: QuerySet[Person]) -> HttpResponse | None:
        chosen = list(queryset.values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Choose two people."), messages.ERROR)
            return None
        return redirect("admin:parties_person_merge", *chosen)

    def merge_view(self, request: HttpRequest, one: int, other: int) -> HttpResponse:
        people = Person.objects.filter(pk__in=[one, other])
        form = MergeForm(request.POST or None, people=people)
        if form.is_valid():
            kept = form.cleaned_data["kept"]
            try:
                people_merge(kept=kept, merged=people.exclude(pk=kept.pk).get(), by=request.user)
            except (ValidationError, Person.DoesNotExist):
                self.message_user(request, _("Choose two people."), messages.ERROR)
            else:
                self.message_user(request, _("These two are one person now."), messages.SUCCESS)
            return redirect(reverse("admin:parties_person_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "form": form,
            "title": _("Make one person of two"),
            "opts": self.opts,
        }
        return render(request, "parties/admin_merge.html", context)


class RoleForm(forms.ModelForm):
    """Given once; afterwards only its end can be set."""

    class Meta:
        model = Role
        fields = ["person", "kind", "organisation", "department", "party", "since", "until"]


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    form = RoleForm
    list_display = ["person", "kind", "organisation", "department", "party", "since", "until"]
    list_filter = ["kind"]
    list_select_related = ["person", "organisation", "department", "party"]
    search_fields = ["person__name", "person__email", "organisation__name"]
    autocomplete_fields = ["person", "organisation"]

    def get_readonly_fields(self, request: HttpRequest, obj: Role | None = None) -> list[str]:
        return ["person", "kind", "organisation", "department", "party", "since"] if obj else []

    def get_exclude(self, request: HttpRequest, obj: Role | None = None) -> list[str]:
        return [] if obj else ["until"]

    def has_delete_permission(self, request: HttpRequest, obj: Role | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Role, form: forms.ModelForm, change: bool) -> None:
        if change:
            if obj.until is not None:
                role_end(role=obj, until=obj.until, by=request.user)
            return
        made = role_grant(
            person=obj.person,
            kind=obj.kind,
            organisation=obj.organisation,
            department=obj.department,
            party=obj.party,
            since=obj.since,
            by=request.user,
        )
        obj.pk, obj._state.adding = made.pk, False


class DepartmentInline(admin.TabularInline):
    model = Department
    extra = 0


class AffiliationInline(ReadOnly, admin.TabularInline):
    """Coordinators keep these, on their party's page."""

    model = Affiliation
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "place", "default_side"]
    list_filter = ["default_side", "parties"]
    search_fields = ["name", "place"]
    inlines = [DepartmentInline, AffiliationInline]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Organisation | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> list[str]:
        return ["slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False


@admin.register(Party)
class PartyAdmin(admin.ModelAdmin):
    list_display = ["position", "name", "kind"]
    fields = ["name", "kind", "intro"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Party | None = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "actor", "verb", "about", "target"]
    list_filter = ["verb"]
    list_select_related = ["actor", "about"]
    search_fields = ["actor__name", "about__name", "target"]
