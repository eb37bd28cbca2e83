from django_tasks import task

from courses.actions.learning import enrolment_judge
from courses.models import Enrolment


@task()
def course_judge(course_id: int) -> None:
    """Finishes the module for those who did every lesson that is left."""
    for enrolment in Enrolment.objects.filter(
        course=course_id, completed_at=None, lessons__completed_at__isnull=False
    ).distinct():
        enrolment_judge(enrolment=enrolment)
