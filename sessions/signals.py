"""What this app tells the apps above it. Receivers run in the sender's transaction."""

from django.dispatch import Signal

#: Sent with ``training`` and ``person_ids`` when a list is closed, or attendance on a closed list was corrected.
attendance_settled = Signal()

#: Sent with ``person_ids`` when who was at a meeting of a group became certain, or was taken back.
presence_settled = Signal()

#: Sent with ``event`` and ``person_ids`` when the list of an event is closed, or attendance on a closed list was corrected.
event_settled = Signal()
