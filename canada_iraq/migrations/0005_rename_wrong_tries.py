"""Names the count of failed attempts to sign in after what it is; the table keeps its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canada_iraq", "0004_scheduled_jobs")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("WrongTries", "canada_iraq_wrongtries"),
                migrations.RenameModel("WrongTries", "FailedLoginCount"),
            ]
        )
    ]
