import datetime as dt
import io
import logging
from hashlib import sha256

import pypdf
import pytest
import segno
from PIL import Image

from certificates import background
from certificates.actions.pdfs import certificate_pdf_store
from certificates.models import Award, Certificate, Programme
from certificates.pdf import CannotDraw, draw, in_letters
from certificates.sheet import sheet_of
from certificates.tasks import certificate_pdf_make

SITE = "https://leren.example.nl"


def certificate(**fields):
    programme = Programme(name="Gelijke stagekansen, voor stagebegeleiders")
    award = Award(programme=programme, valid_from=dt.date(2027, 1, 14), valid_until=dt.date(2030, 1, 14))
    snapshot = {
        "courses": [{"title": "Herkennen", "date": "2026-10-03", "minutes": 50, "revision": 1}],
        "trainings": [{"title": "Eerlijk begeleiden", "date": "2027-01-14", "minutes": 180}],
        "intervision": {"meetings": 2, "minutes": 185, "school_years": ["2026-2027"]},
        "goals": ["Je herkent ongelijke behandeling."],
        "organiser": "Haags Manifest Gelijke stagekansen",
    }
    return Certificate(
        **{
            "award": award,
            "number": "GK-2027-000143",
            "code": "K3F79QWX2M4P",
            "holder_name": "Łukasz Şıĳmons",
            "organisation_names": ["Installatiebedrijf Van Vliet", "Bouw & Zn. <BV>"],
            "programme_name": programme.name,
            "net_minutes": 415,
            "snapshot": snapshot,
            **fields,
        }
    )


def drawn(**fields):
    return pypdf.PdfReader(io.BytesIO(draw(sheet_of(certificate(**fields), site_url=SITE))))


def lines(reader):
    return [line.strip() for page in reader.pages for line in page.extract_text().splitlines() if line.strip()]


def test_what_stands_on_it():
    assert lines(drawn()) == [
        "Uitgereikt op 14 januari 2027 door Haags Manifest Gelijke stagekansen",
        "Geldig tot en met 13 januari 2030",
        "Nummer GK-2027-000143",
        "Controleer op leren.example.nl/controle met code K3F7-9QWX-2M4P",
        "Dit bewijs laat zien wat iemand deed. Het is geen diploma en geeft geen punten voor een",
        "register.",
        "Bewijs van deelname",
        "Uitgereikt aan",
        "Łukasz Şıĳmons",
        "Installatiebedrijf Van Vliet, Bouw & Zn. <BV>",
        "voor de leerroute",
        "Gelijke stagekansen, voor stagebegeleiders",
        "•",
        "Je herkent ongelijke behandeling.",
        "Onderdeel",
        "Vorm",
        "Datum",
        "Netto uren",
        "Module Herkennen versie 1",
        "online",
        "3 oktober 2026",
        "50 min",
        "Training Eerlijk begeleiden",
        "school en werkplek samen",
        "14 januari 2027",
        "3 uur",
        "Intervisie, 2 bijeenkomsten",
        "in een kleine groep",
        "schooljaar 2026-2027",
        "3 uur 5 min",
        "Samen",
        "6 uur 55 min",
    ]


@pytest.mark.parametrize("revision", [{"revision": None}, {}])
def test_a_module_of_which_no_revision_was_kept_names_none(revision):
    course = {"title": "Herkennen", "date": "2026-10-03", "minutes": 50, **revision}
    shown = lines(drawn(snapshot={**certificate().snapshot, "courses": [course]}))
    assert shown[shown.index("online") - 1] == "Module Herkennen"


def test_language_title_author_and_size():
    reader = drawn()
    assert reader.root_object["/Lang"] == "nl"
    assert reader.metadata.title == "Bewijs van deelname GK-2027-000143"
    assert reader.metadata.author == "Haags Manifest Gelijke stagekansen"
    assert [round(side) for side in reader.pages[0].mediabox[2:]] == [595, 842]


def test_every_letter_is_in_an_embedded_font():
    used = {}

    def note(text, _cm, _tm, font, _size):
        if text.strip():
            used[font["/BaseFont"]] = "/FontFile2" in font["/FontDescriptor"] if "/FontDescriptor" in font else False

    drawn(holder_name="Nguyễn Thị Hộ", organisation_names=["Καλημέρα"]).pages[0].extract_text(visitor_text=note)
    assert {name.split("+")[1]: embedded for name, embedded in used.items()} == {
        "AtkinsonHyperlegibleNext-Regular": True,
        "AtkinsonHyperlegibleNext-Bold": True,
        "BricolageGrotesque-SemiBold": True,
        "DejaVuSans": True,
    }


def test_the_qr_code_leads_to_the_check():
    pixels = max((image.image for image in drawn().pages[0].images), key=lambda image: image.width).convert("1")
    expected = io.BytesIO()
    segno.make(f"{SITE}/controle/K3F79QWX2M4P/", error="m").save(expected, kind="png", scale=6, border=4)
    assert pixels.tobytes() == Image.open(expected).convert("1").tobytes()


def test_the_same_certificate_gives_the_same_bytes():
    html = sheet_of(certificate(), site_url=SITE)
    assert draw(html) == draw(html)
    assert draw(html) != draw(sheet_of(certificate(holder_name="Iemand anders"), site_url=SITE))


def test_many_parts_go_on_to_a_second_page():
    snapshot = {**certificate().snapshot, "courses": certificate().snapshot["courses"] * 14}
    reader = drawn(snapshot=snapshot)
    assert len(reader.pages) == 2
    assert "Samen" in reader.pages[1].extract_text()
    assert all("GK-2027-000143" in page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(
    "body",
    [
        '<p style="font-family: Geen; src: url(niet.ttf)"><img src="niet.png"></p>',
        '<p><img src="https://example.org/a.png"></p>',
        '<p><img src="../pyproject.toml"></p>',
        '<p><img src="/etc/hostname"></p>',
        "<style>@font-face { font-family: Weg; src: url(weg.ttf); }</style><p>tekst</p>",
        "<p>山</p>",
    ],
)
def test_what_cannot_be_found_stops_the_drawing(body):
    with pytest.raises(CannotDraw):
        draw(f"<html><body>{body}</body></html>")


def test_a_refused_drawing_leaves_the_next_one_and_the_log_as_they_were():
    handlers = list(logging.getLogger("xhtml2pdf").handlers)
    with pytest.raises(CannotDraw):
        draw('<html><body><img src="niet.png"></body></html>')
    assert logging.getLogger("xhtml2pdf").handlers == handlers
    assert draw("<html><body><p>goed</p></body></html>").startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Anna & <b>Bert</b>", "Anna &amp; &lt;b&gt;Bert&lt;/b&gt;"),
        ("Nguyễn", '<span class="wide">Nguyễn</span>'),
        ("Zoe\u0308", "Zoë"),
    ],
)
def test_in_letters(text, html):
    assert in_letters(text) == html


def test_a_letter_that_no_font_has_is_named():
    with pytest.raises(CannotDraw, match="山"):
        in_letters("山田")


def test_the_background_is_the_drawing_of_today():
    assert background.FILE.read_bytes() == background.draw()


@pytest.mark.django_db
def test_it_is_kept_with_its_hash_and_made_once():
    made = certificate()
    from tests.factories import PersonFactory

    made.award.programme.save()
    made.award.person = PersonFactory()
    made.award.programme = made.award.programme
    made.award.save()
    made.award = made.award
    made.save()
    certificate_pdf_make.func(made.pk)
    kept = Certificate.objects.get()
    assert sha256(kept.pdf).hexdigest() == kept.pdf_sha256
    Certificate.objects.update(holder_name="Anders", pdf=b"bewaard")
    certificate_pdf_make.func(made.pk)
    assert certificate_pdf_store(certificate=Certificate.objects.get()) == b"bewaard"
    certificate_pdf_make.func(made.pk + 1)
