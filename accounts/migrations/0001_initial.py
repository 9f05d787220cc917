"""Takes over the count of failed attempts to sign in; the table stays as `canada_iraq` made it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("canada_iraq", "0005_rename_wrong_tries")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="FailedLoginCount",
                    fields=[
                        (
                            "sender",
                            models.CharField(
                                max_length=32, primary_key=True, serialize=False, verbose_name="sender"
                            ),
                        ),
                        ("count", models.PositiveSmallIntegerField(default=0, verbose_name="number")),
                        ("until", models.DateTimeField(db_index=True, verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "failed sign-in attempts",
                        "verbose_name_plural": "failed sign-in attempts",
                        "db_table": "canada_iraq_wrongtries",
                        "default_permissions": (),
                    },
                )
            ]
        )
    ]
