from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.actions.pdfs import certificate_open
from certificates.models import Certificate
from certificates.pdf import CannotDraw
from parties.access import require, signed_in


@require_safe
@signed_in
def certificates(request: HttpRequest) -> HttpResponse:
    """/mijn/bewijzen/: what somebody earned, newest first; what was replaced is left out."""
    own = Certificate.objects.of(request.user).current().without_pdf()
    rows = own.select_related("award", "replaced_by").order_by("-award__valid_from", "-pk")
    return render(request, "certificates/mine.html", {"certificates": rows})


@require_safe
@never_cache
@signed_in
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """/bewijzen/<number>.pdf: for its holder, and HR of an organisation frozen on it. A replaced one leads to the newest."""
    openable = Certificate.objects.openable_by(request.user).select_related("award__person", "replaced_by")
    certificate = get_object_or_404(openable, number=number)
    if certificate.status == Certificate.Status.REPLACED:
        return redirect("certificates:pdf", number=certificate.replaced_by.number)
    require(certificate.status != Certificate.Status.REVOKED)
    try:
        content = certificate_open(certificate=certificate, by=request.user)
    except CannotDraw:
        messages.error(
            request,
            _(
                "We cannot print a letter of a name on this certificate. Send us a message through Help; we will make it for you."
            ),
        )
        return redirect("certificates:mine")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bewijs-van-deelname-{certificate.number}.pdf"'
    return response
