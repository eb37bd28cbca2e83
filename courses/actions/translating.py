"""What follows when an editor begins a translation."""

from django.db import transaction

from courses.models import CoursePage


@transaction.atomic
def module_page_translated(*, page: CoursePage, original: CoursePage) -> None:
    """A translation is of the same module. A copy is not, and Wagtail makes a translation by copying.

    Where that language has a page of the module already, this one stays without until an editor chooses.
    """
    if original.course is None or CoursePage.objects.filter(course=original.course, locale=page.locale).exists():
        return
    page.course = original.course
    page.full_clean()
    page.save(update_fields=["course"])
    page.save_revision(changed=False)
