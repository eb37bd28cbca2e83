"""What HR of an organisation does: answer who says that they work there, and bring in its list."""

from __future__ import annotations

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from parties.access import require, signed_in
from parties.actions.memberships import membership_confirm, membership_decline
from parties.actions.roster import (
    roster_apply,
    roster_discard,
    roster_plan,
    roster_preview,
    roster_read,
    roster_skip_columns,
    roster_start,
)
from parties.forms import AnswerForm, RosterForm
from parties.languages import marked
from parties.models import Membership, Organisation, RosterImport
from parties.roster_tasks import progress_key
from parties.rules import is_hr_of, is_hr_of_all, may_confirm_at

SHOWN = 50
IMPORTS_SHOWN = 5
AT_ONCE = 200


def _crumbs(organisation: Organisation, *here: str) -> list[tuple[str, str]]:
    """Where a page of HR hangs; the last is the page itself."""
    crumbs = [(marked(organisation.name), reverse("commitments:staff", args=[organisation.slug]))]
    if len(here) > 1:
        crumbs.append((here[0], reverse("parties:roster", args=[organisation.slug])))
    return [*crumbs, (here[-1], "")]


@signed_in
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = get_object_or_404(Organisation, slug=slug)
    require(may_confirm_at(request.user, organisation))
    waiting = Membership.objects.to_confirm_by(request.user).filter(organisation=organisation)
    if request.method == "POST":
        _answer(request, AnswerForm(request.POST, waiting=waiting))
        return redirect("parties:confirm", slug)
    waiting = waiting.select_related("person").order_by("since", "pk")
    context = {
        "organisation": organisation,
        "waiting": waiting[:SHOWN],
        "crumbs": _crumbs(organisation, _("Who works here?")) if is_hr_of(request.user, organisation) else [],
    }
    return render(request, "parties/confirm.html", context)


def _answer(request: HttpRequest, form: AnswerForm) -> None:
    if not form.is_valid():
        messages.warning(request, _("Somebody answered this already."))
        return
    membership = form.cleaned_data["membership"]
    confirmed = form.cleaned_data["answer"] == "confirm"
    try:
        (membership_confirm if confirmed else membership_decline)(membership=membership, by=request.user)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        text = (
            _("%(person)s counts for your organisation now.")
            if confirmed
            else _("%(person)s does not count for your organisation.")
        )
        messages.success(request, text % {"person": membership.person})


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    """A list is for HR of the whole organisation only: it names everybody."""
    organisation = get_object_or_404(Organisation, slug=slug)
    require(is_hr_of_all(request.user, organisation))
    return organisation


@signed_in
def roster(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = _organisation(request, slug)
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = roster_read(file, file.name)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            preview = roster_preview(
                organisation=organisation,
                rows=rows,
                complete=form.cleaned_data["complete"],
                by=request.user,
                filename=file.name,
            )
            return redirect("parties:roster-preview", slug, preview.pk)
    context = {
        "organisation": organisation,
        "form": form,
        "crumbs": _crumbs(organisation, _("Bring in a list")),
        "imports": organisation.roster_imports.select_related("uploaded_by").defer("rows")[:IMPORTS_SHOWN],
    }
    return render(request, "parties/roster.html", context)


@signed_in
@never_cache
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the list would change, before it counts; while it is applied, how far that is; afterwards, what changed."""
    organisation = _organisation(request, slug)
    roster_import = get_object_or_404(organisation.roster_imports.all(), pk=pk)
    if request.method == "POST":
        return _act(request, roster_import)
    context = {
        "organisation": organisation,
        "import": roster_import,
        "crumbs": _crumbs(organisation, _("Bring in a list"), roster_import.file_name or _("List")),
    }
    if roster_import.state == RosterImport.State.PREVIEW:
        context |= _difference(roster_import)
        return render(request, "parties/roster_preview.html", context)
    if roster_import.state == RosterImport.State.APPLYING:
        context["percent"] = cache.get(progress_key(pk), 0)
        template = "parties/roster_progress.html" if request.htmx else "parties/roster_applying.html"
        return render(request, template, context)
    if request.htmx:  # the page that polled shows the result
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "parties/roster_done.html", context)


def _difference(roster_import: RosterImport) -> dict[str, object]:
    """The lists are cut at ``SHOWN``; the numbers are of all."""
    plan = roster_plan(roster_import)
    unknown = roster_import.rows["unknown"]
    return {
        "plan": plan,
        "errors": plan.errors[:SHOWN],
        "joins": plan.joins[:SHOWN],
        "leaves": plan.leaves[:SHOWN],
        "moves": plan.moves[:SHOWN],
        "changes": plan.changes[:SHOWN],
        "registered_themselves": plan.registered_themselves[:SHOWN],
        "shown": SHOWN,
        "unknown": unknown,
        "nothing_changes": not (plan.joins or plan.leaves or plan.moves or plan.changes),
    }


def _act(request: HttpRequest, roster_import: RosterImport) -> HttpResponse:
    act = request.POST.get("action")
    slug = roster_import.organisation.slug
    try:
        if act == "discard":
            roster_discard(roster_import=roster_import)
            messages.success(request, _("The list is thrown away. Nothing changed."))
            return redirect("parties:roster", slug)
        if act == "skip":
            roster_skip_columns(roster_import=roster_import)
        elif act == "apply" and roster_import.result["rows"] <= AT_ONCE:
            roster_apply(roster_import=roster_import, by=request.user)
        elif act == "apply":
            roster_start(roster_import=roster_import, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("parties:roster-preview", slug, roster_import.pk)
