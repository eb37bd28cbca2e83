"""The menu: what a person can go to, by role."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from parties.rules import roles_of


@dataclass(frozen=True)
class NavItem:
    label: str | Promise
    url: str
    icon: str
    current: bool


def navigation(request: HttpRequest) -> tuple[list[NavItem], list[NavItem]]:
    """The main menu (at most five) and the menu of the person's roles, for the page that is asked for."""

    def item(label: str, url: str, icon: str) -> NavItem:
        return NavItem(label, url, icon, request.path.startswith(url))

    main = [
        item(_("Modules"), "/modules/", "book"),
        item(_("Trainings"), "/trainingen/", "calendar"),
        item(_("Parties"), "/partijen/", "chat"),
    ]
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return main, []
    main.insert(0, item(_("My overview"), "/mijn/", "home"))
    roles = roles_of(person)
    subnav = []
    if "trainer" in roles.kinds:
        subnav.append(item(_("Plan a training"), "/trainingen/nieuw/", "calendar"))
    subnav += [item(organisation.name, f"/organisaties/{organisation.slug}/", "eye") for organisation in roles.hr_of]
    for party in roles.coordinator_of:
        subnav.append(item(party.name, f"/partijen/{party.slug}/", "chat"))
        subnav.append(item(_("Organisations"), f"/partijen/{party.slug}/organisaties/", "book"))
        subnav.append(item(_("Places to turn to"), f"/partijen/{party.slug}/waar-kun-je-terecht/", "phone"))
    if "network" in roles.kinds:
        subnav.append(item(_("Progress of the network"), "/voortgang/", "eye"))
    if roles.kinds & {"editor", "administrator"}:
        subnav.append(item(_("Edit the site"), "/cms/", "book"))
    elif "expert" in roles.kinds:
        subnav.append(item(_("Approve legal notes"), "/cms/", "book"))
    if "administrator" in roles.kinds:
        subnav.append(item(_("Administration"), "/beheer/", "lock"))
    return main, subnav
