"""Making, keeping and handing out the PDF of a certificate."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings

from certificates.models import Certificate
from certificates.pdf import draw
from certificates.sheet import sheet_of
from parties.actions.audit import audit_record
from parties.models import Person


def certificate_pdf_store(*, certificate: Certificate) -> bytes:
    """The PDF, made and kept with its hash when it is not there yet. What was kept first stays.

    Raises:
        certificates.pdf.CannotDraw: a letter that no font of ours has, or another fault of the drawing.
    """
    if certificate.pdf is None:
        drawn = draw(sheet_of(certificate, site_url=settings.SITE_URL))
        Certificate.objects.filter(pk=certificate.pk, pdf__isnull=True).update(
            pdf=drawn, pdf_sha256=sha256(drawn).hexdigest()
        )
        certificate.refresh_from_db(fields=["pdf", "pdf_sha256"])
    return bytes(certificate.pdf)  # type: ignore[arg-type]  # it was there, or was written just now


def certificate_open(*, certificate: Certificate, by: Person) -> bytes:
    """The PDF for somebody who may open it; that somebody else than the holder did is written down.

    Raises:
        certificates.pdf.CannotDraw: as ``certificate_pdf_store``.
    """
    pdf = certificate_pdf_store(certificate=certificate)
    if certificate.award.person_id != by.pk:
        audit_record(
            by=by, verb="certificate.opened", about=certificate.award.person, target=f"certificate:{certificate.number}"
        )
    return pdf
