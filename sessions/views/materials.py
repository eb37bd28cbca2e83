"""Materials: who gives a training or runs an event adds them, participants fetch them, for everybody else they are not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from parties.access import require, signed_in
from sessions.actions.materials import material_add, material_remove
from sessions.forms import MaterialForm
from sessions.materials import files_of
from sessions.models import NetworkEvent, Training
from sessions.rules import may_have_materials
from sessions.views.lookup import crumbs, own_training, visible_training
from sessions.views.questions import Question, ask


@dataclass(frozen=True, kw_only=True)
class Materials:
    """Whose materials a page is about. ``kind``: what the template calls the owner; ``prefix``: before the names of addresses;
    ``added``: what to say when a file is there."""

    owner: Training | NetworkEvent
    kind: str
    prefix: str
    template: str
    added: str
    crumbs: Sequence[tuple[str, str]]

    @property
    def url(self) -> str:
        return reverse(f"sessions:{self.prefix}materials", args=[self.owner.pk])


@signed_in
@require_http_methods(["GET", "POST"])
def material_upload(request: HttpRequest, pk: int) -> HttpResponse:
    return upload(request, _of_training(own_training(request, pk)))


@signed_in
@never_cache
@require_safe
def material_download(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    training = visible_training(request, pk)
    require(may_have_materials(request.user, training))
    return download(training, file_pk)


@signed_in
@require_http_methods(["GET", "POST"])
def material_take_away(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    return take_away(request, _of_training(own_training(request, pk)), file_pk)


def upload(request: HttpRequest, of: Materials) -> HttpResponse:
    form = MaterialForm(request.POST, request.FILES) if request.method == "POST" else MaterialForm()
    if form.is_bound and form.is_valid():
        try:
            material_add(
                owner=of.owner, upload=form.cleaned_data["file"], title=form.cleaned_data["title"], by=request.user
            )
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            messages.success(request, of.added)
            return redirect(of.url)
    context = {of.kind: of.owner, "crumbs": of.crumbs, "form": form, "files": files_of(of.owner)}
    return render(request, of.template, context)


def download(owner: Training | NetworkEvent, file_pk: int) -> HttpResponseBase:
    material = get_object_or_404(files_of(owner), pk=file_pk)
    response = FileResponse(material.file.open("rb"), as_attachment=True, filename=material.original_filename)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def take_away(request: HttpRequest, of: Materials, file_pk: int) -> HttpResponse:
    material = get_object_or_404(files_of(of.owner), pk=file_pk)
    question = Question(
        title=_("Take %(name)s away?") % {"name": material.label},
        text=[_("Participants can no longer open it.")],
        answer=_("Take it away"),
        back=of.url,
        crumbs=of.crumbs,
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    material_remove(owner=of.owner, file=material, by=request.user)
    messages.success(request, _("The file is gone."))
    return redirect(of.url)


def _of_training(training: Training) -> Materials:
    return Materials(
        owner=training,
        kind="training",
        prefix="",
        template="sessions/materials.html",
        added=_("Added. Only who has a seat, and the trainers, can open it."),
        crumbs=crumbs(training, _("Materials")),
    )
