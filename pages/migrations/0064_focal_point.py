import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds to images of the library the point that must stay where they are cut."""

    dependencies = [
        ('pages', '0063_state_of_editions'),
    ]

    operations = [
        migrations.AddField(
            model_name='libraryimage',
            name='focus_x',
            field=models.PositiveSmallIntegerField(blank=True, help_text='From 0 for the left edge to 100 for the right edge.', null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='focal point, across (%)'),
        ),
        migrations.AddField(
            model_name='libraryimage',
            name='focus_y',
            field=models.PositiveSmallIntegerField(blank=True, help_text='From 0 for the top to 100 for the bottom.', null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='focal point, down (%)'),
        ),
    ]
