"""A certificate's PDF, beside the same page drawn with bare ReportLab: the same words, fonts and QR code."""

from io import BytesIO

from tests.bench.measuring import beside

import segno  # isort: skip
from pypdf import PdfReader
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.models import Certificate
from certificates.pdf import STATIC, TEXT_FONTS, draw
from certificates.sheet import sheet_of

SITE = "https://gelijkop.example"


def main() -> None:
    certificate = Certificate.objects.select_related("award").order_by("pk").first()
    words = PdfReader(BytesIO(draw(sheet_of(certificate, site_url=SITE)))).pages[0].extract_text().splitlines()
    address = f"{SITE}/controle/{certificate.code}/"

    def ours() -> None:
        draw(sheet_of(certificate, site_url=SITE))

    def bare() -> None:
        pdfmetrics.registerFont(TTFont("text", str(STATIC / TEXT_FONTS[0])))
        out = BytesIO()
        canvas = Canvas(out, pagesize=A4)
        canvas.setFont("text", 10)
        for number, line in enumerate(words):
            canvas.drawString(60, 780 - number * 14, line)
        picture = BytesIO()
        segno.make(address, error="m").save(picture, kind="png", scale=6, border=4)
        picture.seek(0)
        canvas.drawImage(ImageReader(picture), 420, 60, 100, 100)
        canvas.save()

    beside("a certificate's PDF beside the same page drawn with bare ReportLab", ours, bare, 15)


main()
