"""The address of a person's feed."""

from __future__ import annotations

from django.db.models import F

from parties.actions.audit import audit_record
from parties.models import Person


def feed_rotate(*, person: Person) -> None:
    """From now on the feed has another address; the one it had does not exist any more."""
    Person.objects.filter(pk=person.pk).update(feed_generation=F("feed_generation") + 1)
    person.refresh_from_db(fields=["feed_generation"])
    audit_record(by=person, verb="feed.rotate", about=person)
