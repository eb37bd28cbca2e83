"""What the members of an intervision group agree before their first meeting. Another wording is another version, which each reads again."""

from django.utils.translation import gettext_lazy as _

VERSION = 1
#: Key and sentence, in the order in which they are read aloud. A key is never used for another agreement.
AGREEMENTS = (
    ("confidential", _("What is said here stays here. What I learned I may take along.")),
    ("no_names", _("I mention no names of people, and no company, school or class.")),
    ("no_recording", _("I make no recording and no screenshots. Online no app takes notes for me either.")),
    ("owner", _("Who brings in a case decides what happens with it.")),
    ("limits", _("Is somebody in danger, or is there a criminal offence? Then I say so first, and we go the way that is meant for it.")),
    ("no_report", _("Intervision is no place to report discrimination. The facilitator tells where I can do that.")),
    ("notes", _("If I leave the group, I throw my notes away.")),
)  # fmt: skip
