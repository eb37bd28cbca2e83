from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates import throttle
from certificates.codes import read_typed
from certificates.forms import CodeForm
from certificates.models import Certificate


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """/controle/: type the code of a certificate (``?code=``)."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("certificates:check", code=form.cleaned_data["code"])
    return _answer(request, "certificates/checks.html", {"form": form})


@require_safe
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """/controle/<code>/: what a certificate says and whether it is valid, for anyone who has its code.

    A name is shown to who has the code in hand and to nobody who counts up numbers. Wrong codes are counted.
    """
    client = get_adapter().get_client_ip(request)
    if throttle.too_many(client):
        return _answer(request, "certificates/check_too_many.html", {}, status=429)
    certificates = Certificate.objects.without_pdf().select_related("award", "replaced_by")
    certificate = certificates.filter(code=read_typed(code)).first()
    if certificate is None:
        throttle.count_wrong(client)
        form = CodeForm({"code": code})
        if form.is_valid():
            form.add_error("code", _("We know no certificate with this code. Read it again, letter by letter."))
        return _answer(request, "certificates/checks.html", {"form": form}, status=404)
    return _answer(request, "certificates/check.html", {"certificate": certificate})


def _answer(request: HttpRequest, template: str, context: dict, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
