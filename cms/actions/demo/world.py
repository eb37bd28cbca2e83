"""Organisations and people of the demo, from fixtures/demo/ and a fixed seed."""

import csv
import datetime as dt
import io
import random
import unicodedata
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from parties.actions.affiliations import affiliation_start
from parties.actions.memberships import membership_add
from parties.actions.people import person_create
from parties.actions.roster import roster_apply, roster_preview, roster_read
from parties.models import Department, Membership, Organisation, Party, Person
from parties.periods import today

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
SEED = 2023_05_24
IMPORTED = "roc-mondriaan"
JOBS = {
    "school": ["Stagebegeleider", "Docent", "Stagecoördinator", "Studieloopbaanbegeleider"],
    "workplace": ["Praktijkopleider", "Werkbegeleider", "Teamleider", "Eigenaar"],
}


def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text())


def long_ago() -> dt.date:
    """When the history of the demo begins: a little over three years back, so that certificates expire in it."""
    return today() - dt.timedelta(days=1200)


def _address(name: str, organisation: str, taken: set[str]) -> str:
    """An address on a host that cannot exist; letters without accents, each address once."""
    plain = (
        unicodedata.normalize("NFKD", name.replace("Ł", "L").replace("ı", "i"))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    base = ".".join("".join(letter for letter in word if letter.isalnum()) for word in plain.split())
    address, number = f"{base}@{organisation}.example", 1
    while address in taken:
        number += 1
        address = f"{base}{number}@{organisation}.example"
    taken.add(address)
    return address


def world_load(*, hr: Person) -> None:
    chance = random.Random(SEED)
    names = read("names.yaml")
    parties = {party.slug: party for party in Party.objects.all()}
    taken: set[str] = set()
    for entry in read("organisations.yaml"):
        organisation = Organisation.objects.create(
            slug=entry["slug"], name=entry["name"], default_side=entry["side"], place=entry["place"]
        )
        departments = [Department.objects.create(organisation=organisation, name=name) for name in entry["departments"]]
        for slug in entry["parties"]:
            affiliation_start(organisation=organisation, party=parties[slug], since=long_ago(), by=None)
        people = []
        for number in range(entry["people"]):
            name = f"{chance.choice(names['first'])} {chance.choice(names['last'])}"
            people.append(
                {
                    "name": name,
                    "address": _address(name, entry["slug"], taken),
                    "number": f"{number + 1:05d}",
                    "department": chance.choice(departments) if departments else None,
                    "job": chance.choice(JOBS[entry["side"]]),
                    "since": long_ago() + dt.timedelta(days=chance.choice([0, 0, 0, 150, 400, 800])),
                }
            )
        if entry["slug"] == IMPORTED:
            _import(organisation, people, hr)
        else:
            for person in people:
                _add(organisation, person)


def _add(organisation: Organisation, entry: dict) -> None:
    person = person_create(name=entry["name"], email=entry["address"])
    membership = membership_add(
        person=person, organisation=organisation, since=entry["since"], side=organisation.default_side, by=None
    )
    Membership.objects.filter(pk=membership.pk).update(
        name=entry["name"],
        job_title=entry["job"],
        department=entry["department"],
        work_address=entry["address"],
        personnel_number=entry["number"],
    )


def _import(organisation: Organisation, people: list[dict], hr: Person) -> None:
    """The way HR does it: a file as it comes from Excel, a preview, and then applied."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow(["Naam", "E-mail", "Personeelsnummer", "Afdeling", "Functie", "Van"])
    for entry in people:
        rows.writerow(
            [
                entry["name"],
                entry["address"],
                entry["number"],
                entry["department"].name,
                entry["job"],
                entry["since"].strftime("%d-%m-%Y"),
            ]
        )
    file = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    preview = roster_preview(
        organisation=organisation, rows=roster_read(file, "medewerkers.csv"), complete=False, by=hr
    )
    roster_apply(roster_import=preview, by=hr)
