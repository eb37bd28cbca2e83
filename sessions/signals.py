"""What this app tells the apps above it. Receivers run in the sender's transaction."""

from django.dispatch import Signal

#: Sent with ``training`` and ``person_ids`` when a list is closed, or attendance on a closed list was corrected.
attendance_settled = Signal()
