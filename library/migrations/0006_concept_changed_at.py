import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0005_next_dates_block")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="changed_at",
            field=models.DateTimeField(auto_now=True, default=django.utils.timezone.now),
            preserve_default=False,
        )
        for model in ("concept", "conceptlabel")
    ]
