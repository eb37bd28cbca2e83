"""Materials: the trainer adds them, participants fetch them, for everybody else they are not there."""

from __future__ import annotations

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
from sessions.rules import may_have_materials
from sessions.views.lookup import crumbs, own_training, visible_training
from sessions.views.questions import Question, ask


@signed_in
@require_http_methods(["GET", "POST"])
def material_upload(request: HttpRequest, pk: int) -> HttpResponse:
    training = own_training(request, pk)
    form = MaterialForm(request.POST, request.FILES) if request.method == "POST" else MaterialForm()
    if form.is_bound and form.is_valid():
        try:
            material_add(
                training=training, upload=form.cleaned_data["file"], title=form.cleaned_data["title"], by=request.user
            )
        except ValidationError as refused:
            form.add_error("file", refused)
        else:
            messages.success(request, _("Added. Only who has a seat, and the trainers, can open it."))
            return redirect("sessions:materials", pk=pk)
    context = {
        "crumbs": crumbs(training, _("Materials")),
        "training": training,
        "form": form,
        "files": files_of(training),
    }
    return render(request, "sessions/materials.html", context)


@signed_in
@never_cache
@require_safe
def material_download(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    training = visible_training(request, pk)
    require(may_have_materials(request.user, training))
    material = get_object_or_404(files_of(training), pk=file_pk)
    response = FileResponse(material.file.open("rb"), as_attachment=True, filename=material.original_filename)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def material_take_away(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    training = own_training(request, pk)
    material = get_object_or_404(files_of(training), pk=file_pk)
    question = Question(
        title=_("Take %(name)s away?") % {"name": material.label},
        text=[_("Participants can no longer open it.")],
        answer=_("Take it away"),
        back=reverse("sessions:materials", args=[pk]),
        crumbs=crumbs(training, _("Materials")),
        danger=True,
    )
    if request.method == "GET":
        return ask(request, question)
    material_remove(training=training, file=material, by=request.user)
    messages.success(request, _("The file is gone."))
    return redirect("sessions:materials", pk=pk)
