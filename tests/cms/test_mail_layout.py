import re

import mrml
from django.template import engines

MAIL = """{% extends "mail/base.mjml.html" %}
{% block heading %}Je hebt een plek, {{ name }}{% endblock %}
{% block body %}<p>Je doet mee.</p>{% endblock %}
{% block when %}{% include "mail/when.mjml.html" with day="donderdag 14 januari 2027" time="13.00 uur" %}{% endblock %}
{% block button %}{% include "mail/button.mjml.html" with url="https://leren.example/?a=1&b=2" label="Ja, ik kom" %}{% endblock %}
{% block reason %}Je krijgt deze mail omdat je je inschreef.{% endblock %}"""

TEXT = """{% extends "mail/base.txt" %}
{% block heading %}Je hebt een plek, {{ name }}{% endblock %}
{% block body %}Je doet mee.{% endblock %}
{% block reason %}Je krijgt deze mail omdat je je inschreef.{% endblock %}"""


def test_a_mail_fetches_nothing_from_elsewhere_and_escapes_names():
    mjml = (
        engines["django"].from_string(MAIL).render({"name": "<b>Sevgi</b> & co", "site_url": "https://leren.example"})
    )
    html = mrml.to_html(mjml).content
    assert '<html lang="nl"' in html
    assert "Je hebt een plek, &lt;b&gt;Sevgi&lt;/b&gt; &amp; co" in html
    assert set(re.findall(r'(?:src|href)="([^"]*)"', html)) == {
        "https://leren.example/?a=1&b=2",
        "https://leren.example/privacy/",
    }
    assert "@import" not in html


def test_the_text_of_a_mail_is_plain():
    text = engines["django"].from_string(TEXT).render({"name": "D'Arcy & zn", "site_url": "https://leren.example"})
    assert text.strip().splitlines() == [
        "Je hebt een plek, D'Arcy & zn",
        "",
        "Je doet mee.",
        "",
        "-- ",
        "Je krijgt deze mail omdat je je inschreef.",
        "Gelijkop, scholing en intervisie van de partijen van het Haags Manifest Gelijke stagekansen.",
        "Privacy: https://leren.example/privacy/",
    ]
