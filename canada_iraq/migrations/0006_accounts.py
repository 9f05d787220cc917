"""Leaves the count of failed attempts to sign in to `accounts`, with its table."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canada_iraq", "0005_rename_wrong_tries"), ("accounts", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("FailedLoginCount")])
    ]
