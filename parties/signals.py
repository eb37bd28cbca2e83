"""What this app tells the apps above it. Receivers run in the sender's transaction."""

from django.dispatch import Signal

#: Sent with ``person_ids`` (a list of ints) after memberships of these people were written.
memberships_changed = Signal()

#: Sent with ``organisation_ids`` after affiliations of these organisations were written.
affiliations_changed = Signal()

#: Sent with ``person`` after the address that mail goes to has changed.
address_changed = Signal()

#: Sent with ``kept``, ``merged`` (Person) while two records of one person become one, before ``merged`` is deleted.
people_merging = Signal()

#: Sent with ``person`` before a person is erased.
person_erasing = Signal()

#: Sent after places to turn to (``Desk``) were written.
desks_changed = Signal()

#: Sent with ``now`` (aware datetime) every minute or so, on each worker: receivers do what is due and not yet done,
#: and are not inside a transaction. A run that was missed is made up for by the next.
due = Signal()
