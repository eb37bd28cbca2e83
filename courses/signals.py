"""What this app tells the apps above it. Receivers run in the sender's transaction."""

from django.dispatch import Signal

#: Sent with ``enrolment`` when a person finishes the last lesson of a module.
course_completed = Signal()
