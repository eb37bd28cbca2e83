from django_tasks import task


@task(priority=-10)  # mail goes first; the page draws a PDF itself when somebody cannot wait
def certificate_pdf_make(certificate_id: int) -> None:
    """Makes and keeps the PDF. Safe to run twice; does nothing when the certificate is gone."""
    from certificates.actions.pdfs import certificate_pdf_store
    from certificates.models import Certificate

    certificate = Certificate.objects.select_related("award").filter(pk=certificate_id).first()
    if certificate is not None:
        certificate_pdf_store(certificate=certificate)
