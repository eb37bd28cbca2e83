import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0008_meeting_cancelled_at")]
    operations = [
        migrations.AddField(
            model_name="registration",
            name="name",
            field=models.CharField(
                blank=True,
                default="",
                help_text="For an event: as it stands on the list, where somebody wrote it there.",
                max_length=150,
                verbose_name="name",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="registration",
            name="membership",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="registrations",
                to="parties.membership",
            ),
        ),
    ]
