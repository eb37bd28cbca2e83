"""What this app tells the apps above it. Receivers run in the sender's transaction."""

from django.dispatch import Signal

#: Sent with ``person_ids`` after awards of these people were written: given, revoked or erased.
awards_changed = Signal()
