"""What is the same on every certificate, the sign and the band, drawn once into static/pdf/certificate.pdf.

``python -m certificates.background`` draws it again after the sign changed.
"""

from io import BytesIO
from pathlib import Path

from reportlab import rl_config
from reportlab.graphics import renderPDF
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from svglib.svglib import svg2rlg

STATIC = Path(__file__).resolve().parent.parent / "static"
FILE = STATIC / "pdf" / "certificate.pdf"
SIGN_HEIGHT = 14 * mm
SHAPE = 6 * mm
PAIRS = 10


def draw() -> bytes:
    """An A4 page as PDF; the same bytes each time."""
    rl_config.invariant = 1
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    width, height = A4
    sign = svg2rlg(str(STATIC / "art" / "logo.svg"))
    if sign is None:
        raise ValueError("static/art/logo.svg cannot be read.")
    scale = SIGN_HEIGHT / sign.height
    sign.scale(scale, scale)
    renderPDF.draw(sign, canvas, 20 * mm, height - 18 * mm - SIGN_HEIGHT)
    step = (width - 40 * mm - SHAPE) / (2 * PAIRS - 1)
    for index in range(2 * PAIRS):
        left, bottom = 20 * mm + index * step, 13 * mm
        if index % 2:
            canvas.setFillColor(HexColor("#f4b443"))
            canvas.roundRect(left, bottom, SHAPE, SHAPE, 1 * mm, stroke=0, fill=1)
        else:
            canvas.setFillColor(HexColor("#8fc8ef"))
            canvas.circle(left + SHAPE / 2, bottom + SHAPE / 2, SHAPE / 2, stroke=0, fill=1)
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(draw())
