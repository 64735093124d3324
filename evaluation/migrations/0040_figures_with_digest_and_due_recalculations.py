"""Name what a figure is made of; put off what failed; keep reasons as long as people wrote."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0001_begin")]

    operations = [
        migrations.AddField(
            "figure", "digest", models.CharField(max_length=32, blank=True, editable=False, db_default=""),
        ),
        migrations.AddField(
            "recalculation",
            "due_at",
            models.DateTimeField(verbose_name="due", db_default=Now(), editable=False),
        ),
        migrations.AlterField(
            "figureline",
            "reason",
            models.CharField(verbose_name="reason", max_length=300, blank=True),
        ),
    ]
