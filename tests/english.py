"""Reading a page as English: which words on it are Dutch and do not say so."""

import re

import lxml.html

# Common in Dutch, no word in English, and no part of a name.
WORDS = """
het een niet zijn voor met naar bij ook wordt worden jij je jouw deze dit uit maar geen waar wie wat hoe aan meer dan nog
uur jaar keer lessen les werkplek stagebegeleider begeleider begeleiders stage stageplek studenten leerlingen mensen
inloggen uitloggen partij partijen organisatie organisaties inspanning inspanningen toezegging toezeggingen bijeenkomst
bijeenkomsten inschrijven opgeleid afgerond geldig verlopen bezig gepland gehaald klaar volgende vorige verder zoeken
opslaan vul kies samen alle onze wij ons zij hun ja nee
januari februari maart juni juli augustus oktober maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
DUTCH = frozenset(WORDS.split())
NOT_READ = ".//script|.//style|.//textarea|.//*[@lang='nl']"
ONE_ADDRESS = ("/en/", "/cms/", "/beheer/", "/media/", "/documenten/", "/static/", "/voortgang.json")
READ_ALOUD = ".//@aria-label|.//@alt|.//@title|.//@placeholder"


def unmarked_dutch(html: str) -> list[str]:
    """Texts of the body, and what is read aloud of it, with a Dutch word in it, outside elements with ``lang="nl"``.

    Mail addresses are no words, and what somebody typed into a form is theirs.
    """
    body = lxml.html.document_fromstring(html).body
    for element in body.xpath(NOT_READ):
        element.drop_tree()
    texts = [*body.xpath(".//text()"), *body.xpath(READ_ALOUD)]
    return [" ".join(text.split()) for text in texts if dutch_words(text)]


def dutch_words(text: str) -> set[str]:
    return DUTCH & set(re.findall(r"[^\W\d_]+", re.sub(r"\S+@\S+", "", text).lower()))


def dutch_links(html: str) -> set[str]:
    """Where links and forms go that leave English: pages of ours without /en/, such as the switch to Dutch."""
    body = lxml.html.document_fromstring(html).body
    targets = {str(target) for target in body.xpath(".//a/@href|.//form/@action|.//@hx-post|.//@hx-get")}
    return {target for target in targets if target.startswith("/") and not target.startswith(ONE_ADDRESS)}
