"""Keeping the places where one can turn to: of a party by its coordinators, those for everyone by editors."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parties.access import require, signed_in
from parties.actions.desks import desk_add, desk_change, desk_move, desk_remove
from parties.forms import DeskForm
from parties.languages import marked
from parties.models import Desk, Party
from parties.rules import may_edit_desks


def _public() -> str:
    return reverse("wagtail_serve", args=["waar-kun-je-terecht/"])


def _party(request: HttpRequest, slug: str | None) -> Party | None:
    party = get_object_or_404(Party, slug=slug) if slug else None
    require(may_edit_desks(request.user, party))
    return party


def _url(name: str, slug: str | None, *args: int) -> str:
    return reverse(f"parties:{name}", args=[slug, *args] if slug else args)


def _crumbs(party: Party | None, here: str = "") -> list[tuple[str, str]]:
    """Where a page hangs; the last is the page itself."""
    slug = party.slug if party else None
    above = (_("Where can you turn to?"), _public())
    if party:
        above = (marked(party.name), reverse("commitments:party", args=[slug]))
    own = [above, (_("Places to turn to"), _url("desks", slug))]
    return [*own, (here, "")] if here else own


@signed_in
def desks(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    party = _party(request, slug)
    found = list(Desk.objects.of(party))
    rows = [
        {
            "desk": desk,
            "edit": _url("desk", slug, desk.pk),
            "order": _url("desk-order", slug, desk.pk),
            "remove": _url("desk-delete", slug, desk.pk),
        }
        for desk in found
    ]
    context = {
        "party": party,
        "rows": rows,
        "new": _url("desk-new", slug),
        "public": _public(),
        "crumbs": _crumbs(party),
    }
    return render(request, "parties/desks.html", context)


@signed_in
def desk_new(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    party = _party(request, slug)
    form = DeskForm(request.POST or None, instance=Desk(party=party))
    if form.is_valid():
        try:
            desk = desk_add(party=party, values=form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(desk)s is on the page now.") % {"desk": desk})
            return redirect(_url("desks", slug))
    return _form(request, party, form, _("Add a place"))


@signed_in
def desk_edit(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    party = _party(request, slug)
    desk = get_object_or_404(Desk.objects.of(party), pk=pk)
    form = DeskForm(request.POST or None, instance=desk)
    if form.is_valid():
        try:
            desk = desk_change(desk=desk, values=form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("%(desk)s has been changed.") % {"desk": desk})
            return redirect(_url("desks", slug))
    return _form(request, party, form, _("Change a place"))


@signed_in
@require_POST
def desk_order(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    party = _party(request, slug)
    desk = get_object_or_404(Desk.objects.of(party), pk=pk)
    desk_move(desk=desk, up=request.POST.get("naar") == "boven", by=request.user)
    return redirect(_url("desks", slug))


@signed_in
def desk_delete(request: HttpRequest, pk: int, slug: str | None = None) -> HttpResponse:
    party = _party(request, slug)
    desk = get_object_or_404(Desk.objects.of(party), pk=pk)
    back = _url("desks", slug)
    if request.method == "POST":
        desk_remove(desk=desk, by=request.user)
        messages.success(request, _("%(desk)s is not on the page any more.") % {"desk": desk})
        return redirect(back)
    context = {"desk": desk, "back": back, "crumbs": _crumbs(party, desk.name)}
    return render(request, "parties/desk_delete.html", context)


def _form(request: HttpRequest, party: Party | None, form: DeskForm, title: str) -> HttpResponse:
    back = _url("desks", party.slug if party else None)
    context = {"form": form, "title": title, "back": back, "crumbs": _crumbs(party, title)}
    return render(request, "parties/desk_form.html", context)
