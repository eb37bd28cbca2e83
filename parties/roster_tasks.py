from django.core.cache import cache
from django.core.exceptions import ValidationError
from django_tasks import task

from parties.actions.roster import roster_apply, roster_reopen
from parties.models import Person, RosterImport


def progress_key(roster_import_id: int) -> str:
    return f"roster-import-{roster_import_id}"


@task()
def apply_roster(roster_import_id: int, by_id: int) -> None:
    """Applies a list; twice is once. What is not right any more goes back to the preview, where it is said in words."""
    roster_import = RosterImport.objects.filter(pk=roster_import_id).first()
    if roster_import is None:
        return

    def progress(percent: int) -> None:
        cache.set(progress_key(roster_import_id), percent, 3600)

    try:
        roster_apply(roster_import=roster_import, by=Person.objects.filter(pk=by_id).first(), progress=progress)
    except ValidationError:
        roster_reopen(roster_import=roster_import)
