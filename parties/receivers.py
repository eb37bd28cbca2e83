"""What this app does on signals of its own and of the libraries it stands on."""

import datetime as dt

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from parties.actions.roles import admin_rights_follow, admin_rights_follow_all
from parties.actions.roster import rosters_forget
from parties.actions.sign_in import codes_forget
from parties.models import Person
from parties.signals import due


@receiver(user_logged_in, dispatch_uid="parties.rights_at_sign_in")
def rights_at_sign_in(user: Person, **kwargs: object) -> None:
    admin_rights_follow(person=user)


@receiver(due, dispatch_uid="parties.rights_of_today")
def rights_of_today(**kwargs: object) -> None:
    admin_rights_follow_all()


@receiver(due, dispatch_uid="parties.codes_forget")
def old_codes(now: dt.datetime, **kwargs: object) -> None:
    codes_forget(now=now)


@receiver(due, dispatch_uid="parties.rosters_forget")
def old_rosters(now: dt.datetime, **kwargs: object) -> None:
    rosters_forget(now=now)
