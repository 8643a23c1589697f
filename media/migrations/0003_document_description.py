"""A description of a file, which is the alternative text of a picture."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0002_measured_facts")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="description",
            field=models.CharField(
                blank=True,
                help_text="Bei einem Bild der Alternativtext: was darauf zu sehen ist. Er wird vorgelesen und gefunden.",
                max_length=500,
                verbose_name="Beschreibung",
            ),
        ),
    ]
