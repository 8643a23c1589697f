"""Accounts whose password somebody else has chosen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0005_mail_allowance")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_given_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
