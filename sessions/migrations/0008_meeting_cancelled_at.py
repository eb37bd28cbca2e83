from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_member_organisations")]
    operations = [
        migrations.AddField(
            model_name="meeting",
            name="cancelled_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Of a group: when this one date was called off. A training goes on as a whole.",
                null=True,
            ),
        ),
    ]
