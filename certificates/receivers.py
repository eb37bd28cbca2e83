"""What this app does when the apps below tell it something. All of it runs in the sender's transaction."""

from collections.abc import Iterable

from django.dispatch import receiver

from certificates.actions.awards import people_judge
from certificates.actions.people import awards_erase, awards_move
from courses.models import Enrolment
from courses.signals import course_completed
from parties.models import Person
from parties.signals import people_merging, person_erasing
from sessions.models import Attendance, Training
from sessions.signals import attendance_settled, presence_settled


@receiver(course_completed)
def judge_who_finished_a_module(*, enrolment: Enrolment, **_: object) -> None:
    people_judge(person_ids=[enrolment.person_id])


@receiver(attendance_settled)
def judge_who_was_there(*, training: Training, person_ids: Iterable[int], **_: object) -> None:
    """Also the others who were there: a correction can show that both sides were present after all (rule 13)."""
    there = Attendance.objects.filter(meeting__training=training, state__in=Attendance.THERE)
    people_judge(person_ids={*person_ids, *there.values_list("person", flat=True)})


@receiver(presence_settled)
def judge_who_met(*, person_ids: Iterable[int], **_: object) -> None:
    people_judge(person_ids=person_ids)


@receiver(people_merging)
def move_awards(*, kept: Person, merged: Person, **_: object) -> None:
    awards_move(kept=kept, merged=merged)


@receiver(person_erasing)
def erase_awards(*, person: Person, **_: object) -> None:
    awards_erase(person=person)
