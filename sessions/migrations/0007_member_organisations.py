"""Members from before organisations were kept: the one where they worked on the day they joined, if there was one."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for member in apps.get_model("meetings", "GroupMember").objects.filter(organisation=None):
        worked = apps.get_model("parties", "Membership").objects.filter(
            Q(until=None) | Q(until__gt=member.since), person=member.person_id, since__lte=member.since, state="confirmed"
        )
        found = worked.filter(side=member.side).order_by("since", "pk").first()
        if found is not None:
            member.membership_id, member.organisation_id = found.pk, found.organisation_id
            member.save(update_fields=["membership", "organisation"])


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_intervision")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
