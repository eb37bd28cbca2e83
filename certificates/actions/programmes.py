"""The programmes that every installation starts with."""

from django.db import transaction

from certificates.models import Programme
from courses.models import Course

SLUG = "gelijke-stagekansen"
MODULES = ("herkennen", "erkennen", "tegengaan")
INTERVISION_SLUG = "verdieping-intervisie"
#: The kick-off, in which a group gets to know each other, and three talks: the fewest worth naming (domain.md, D).
MEETINGS = 4


@transaction.atomic
def programme_ensure_basic() -> Programme:
    """The three modules and one joint training, valid for 36 months. What people changed stays. Safe to repeat.

    Raises:
        ValueError: the three modules are not there yet.
    """
    programme, created = Programme.objects.get_or_create(
        slug=SLUG,
        defaults={
            "name": "Gelijke stagekansen, voor stagebegeleiders",
            "description": (
                "Voor wie stagiairs begeleidt, op school of op de werkplek. Je leert stagediscriminatie herkennen, erkennen "
                "en tegengaan: eerst alleen online, daarna in een training samen met de andere kant van de tafel."
            ),
            "goals": [
                "Je herkent ongelijke behandeling bij het zoeken naar een stage, in het gesprek en op de werkvloer.",
                "Je erkent wat een student vertelt, en laat de student kiezen wat de volgende stap is.",
                "Je gaat stagediscriminatie tegen, en maakt daarover afspraken met school of werkplek.",
            ],
            "joint_trainings": 1,
            "validity_months": 36,
            "counts_as_trained": True,
        },
    )
    if created:
        courses = list(Course.objects.filter(slug__in=MODULES))
        if len(courses) != len(MODULES):
            raise ValueError(f"The basic programme needs the modules {', '.join(MODULES)}. Load them first.")
        programme.courses.set(courses)
    return programme


@transaction.atomic
def programme_ensure_intervision() -> Programme:
    """Four meetings of intervision, valid for 24 months; no condition for 'trained'. What people changed stays. Safe to repeat."""
    programme, _created = Programme.objects.get_or_create(
        slug=INTERVISION_SLUG,
        defaults={
            "name": "Verdieping: intervisie",
            "description": (
                "Voor wie samen met anderen verder wil leren van wat er gebeurt bij stages. Je komt met een vaste, kleine groep "
                "bij elkaar: eerst om kennis te maken en afspraken te maken, daarna om met een methode over eigen vragen te praten."
            ),
            "goals": [
                "Je brengt een eigen vraag in, en je kijkt er met een methode anders naar dan eerst.",
                "Je stelt open vragen aan een ander, en je geeft geen oordeel.",
                "Je neemt uit elke bijeenkomst iets mee dat je als begeleider anders doet.",
            ],
            "intervision_meetings": MEETINGS,
            "validity_months": 24,
            "counts_as_trained": False,
        },
    )
    return programme
