"""Positions up to 99,999: larger ones stopped the list of pages on PostgreSQL, and could not be read from content files."""

import django.core.validators
from django.db import migrations, models

MAX_POSITION = 99_999


def limit_positions(apps, schema_editor):
    """Pages are counted again afterwards, as those of a new site: their working copies now say something else."""
    using = schema_editor.connection.alias
    pages = apps.get_model("pages", "Page").objects.using(using).filter(position__gt=MAX_POSITION)
    apps.get_model("pages", "WorkingCopyTally").objects.using(using).filter(page__in=pages).delete()
    pages.update(position=MAX_POSITION)
    editions = apps.get_model("pages", "Edition").objects.using(using)
    editions.filter(position__gt=MAX_POSITION).update(position=MAX_POSITION)


class Migration(migrations.Migration):
    dependencies = [("pages", "0013_search_by_rank")]

    operations = [
        migrations.RunPython(limit_positions, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="page",
            name="position",
            field=models.PositiveIntegerField(
                default=0,
                help_text="Order among the pages that have the same parent, from 0 to 99,999."
                " Left empty, the page comes last.",
                validators=[django.core.validators.MaxValueValidator(MAX_POSITION)],
                verbose_name="position",
            ),
        ),
    ]
