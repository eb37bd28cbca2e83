"""Certificates for administrators: to look up, to revoke with a reason, to correct the name. Never edited.

Who got one of intervision at the same moment was in one group. So one is not here before others know of it, and it is found
by its number: keys count up.
"""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.actions.awards import award_revoke, certificate_reissue
from certificates.models import Certificate


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The holder reads this reason in a mail and on their own page. It cannot be undone."),
        max_length=250,
        required=False,
    )

    def act(self, certificate: Certificate, request: HttpRequest) -> str:
        award_revoke(award=certificate.award, by=request.user, **self.cleaned_data)
        return _("Certificate %(number)s is revoked. The holder gets a mail.") % {"number": certificate.number}


class ReissueForm(forms.Form):
    holder_name = forms.CharField(
        label=gettext_lazy("Name as it should be"),
        help_text=gettext_lazy(
            "A new certificate is made with this name; the old one points to it. The holder gets a mail."
        ),
        max_length=150,
        required=False,
    )

    def act(self, certificate: Certificate, request: HttpRequest) -> str:
        new = certificate_reissue(certificate=certificate, by=request.user, **self.cleaned_data)
        return _("Certificate %(old)s is replaced by %(new)s.") % {"old": certificate.number, "new": new.number}


FORMS = {"revoke": (RevokeForm, gettext_lazy("Revoke")), "reissue": (ReissueForm, gettext_lazy("Correct the name"))}


class ByNumber(ChangeList):
    def url_for_result(self, result: Certificate) -> str:
        return reverse("admin:certificates_certificate_change", args=[result.number])


@admin.register(Certificate)
class CertificateAdmin(admin.ModelAdmin):
    ordering = ["number"]
    list_display = ["number", "holder_name", "programme_name", "awarded", "status_label"]
    search_fields = ["number", "holder_name", "code"]
    list_select_related = ["award", "replaced_by"]
    change_form_template = "certificates/admin/change_form.html"
    fields = [
        "number",
        "shown_code",
        "holder_name",
        "organisation_names",
        "programme_name",
        "status_sentence",
        "revoked_reason",
    ]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).without_pdf().known()

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Certificate | None:
        return self.get_queryset(request).filter(number=object_id).first()

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return ByNumber

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Certificate | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("state"))
    def status_label(self, certificate: Certificate) -> str:
        return certificate.status.label

    @admin.display(description=gettext_lazy("awarded"))
    def awarded(self, certificate: Certificate) -> str:
        """Of intervision the month: when a group met is not for administrators either."""
        return certificate.award.shown_date

    def get_urls(self) -> list[URLPattern]:
        act = self.admin_site.admin_view(self.act)
        own = [
            path(f"<slug:number>/{verb}/", act, {"verb": verb}, name=f"certificates_certificate_{verb}")
            for verb in FORMS
        ]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None):
        certificate = self.get_object(request, object_id)
        open_ = certificate is not None and certificate.status in (Certificate.Status.VALID, Certificate.Status.EXPIRED)
        verbs = [
            (label, reverse(f"admin:certificates_certificate_{verb}", args=[certificate.number]))
            for verb, (_form, label) in FORMS.items()
            if open_
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "verbs": verbs})

    def act(self, request: HttpRequest, number: str, verb: str) -> HttpResponse:
        certificate = get_object_or_404(self.get_queryset(request), number=number)
        form_class, label = FORMS[verb]
        initial = {"holder_name": certificate.holder_name}
        form = form_class(request.POST or None, initial=initial)
        if form.is_valid():
            try:
                messages.success(request, form.act(certificate, request))
                return redirect("admin:certificates_certificate_changelist")
            except ValidationError as error:
                form.add_error(None, error)
        context = {**self.admin_site.each_context(request), "form": form, "title": label, "certificate": certificate}
        return render(request, "certificates/admin/act.html", context)
