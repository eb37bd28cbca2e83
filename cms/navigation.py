"""The menu: what a person can go to, by role."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parties.languages import marked
from parties.rules import roles_of


@dataclass(frozen=True)
class NavItem:
    """``short`` is for the bar at the bottom of a phone."""

    label: str
    url: str
    icon: str
    current: bool
    short: str


def navigation(request: HttpRequest) -> tuple[list[NavItem], list[NavItem]]:
    """The main menu (at most five) and the menu of the person's roles, for the page that is asked for."""

    def item(label: str, url: str, icon: str, short: str = "") -> NavItem:
        return NavItem(label, url, icon, request.path.startswith(url), short or label)

    main = [
        item(_("Modules"), reverse("courses:modules"), "book"),
        item(_("Trainings"), reverse("sessions:trainings"), "calendar"),
        item(_("Parties"), reverse("commitments:parties"), "chat"),
    ]
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return main, []
    main.insert(0, item(_("My overview"), reverse("mine"), "home", short=pgettext("quick menu", "Mine")))
    roles = roles_of(person)
    subnav = []
    if "trainer" in roles.kinds:
        subnav.append(item(_("Plan a training"), reverse("sessions:training-new"), "calendar"))
    if "facilitator" in roles.kinds:
        subnav.append(item(_("Intervision"), reverse("sessions:groups"), "chat"))
    subnav += [
        item(marked(organisation.name), reverse("commitments:staff", args=[organisation.slug]), "eye")
        for organisation in roles.hr_of
    ]
    for party in roles.coordinator_of:
        subnav.append(item(marked(party.name), reverse("commitments:party", args=[party.slug]), "chat"))
        subnav.append(item(_("Organisations"), reverse("parties:organisations", args=[party.slug]), "book"))
        subnav.append(item(_("Places to turn to"), reverse("parties:desks", args=[party.slug]), "phone"))
    if "network" in roles.kinds:
        subnav.append(item(_("Progress of the network"), reverse("commitments:network"), "eye"))
    if roles.kinds & {"network", "coordinator"}:
        subnav.append(item(_("Meetings of the network"), reverse("sessions:events"), "calendar"))
    if roles.kinds & {"editor", "administrator"}:
        subnav.append(item(_("Edit the site"), reverse("wagtailadmin_home"), "book"))
    elif "expert" in roles.kinds:
        subnav.append(item(_("Approve legal notes"), reverse("wagtailadmin_home"), "book"))
    if "administrator" in roles.kinds:
        subnav.append(item(_("Administration"), reverse("admin:index"), "lock"))
    return main, subnav
