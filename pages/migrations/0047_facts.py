import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds facts, which who may write about partner organizations may write."""

    dependencies = [
        ('pages', '0046_references'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=100, unique=True, verbose_name='key')),
                ('name_en', models.CharField(help_text='What the figure is about, such as “Two-way trade, 2020”.', max_length=200, verbose_name='English name')),
                ('name_fr', models.CharField(max_length=200, verbose_name='French name')),
                ('unit', models.CharField(choices=[('money', 'Money'), ('people', 'People'), ('percent', 'Percentage'), ('date', 'Date'), ('plain', 'Plain number')], default='money', max_length=10, verbose_name='unit')),
                ('value', models.CharField(help_text='A number alone, such as “4000000000” or “4 billion”, or a date, such as “2020-12-31”. The site writes it in each language; words such as “about” or “more than” belong in the text.', max_length=60, verbose_name='value')),
                ('currency', models.CharField(choices=[('CAD', 'Canadian dollars'), ('USD', 'US dollars'), ('EUR', 'Euros'), ('IQD', 'Iraqi dinars')], default='CAD', help_text='Only for money.', max_length=3, verbose_name='currency')),
                ('source', models.CharField(help_text='Where the figure comes from, so that a colleague can check it. Readers do not see it.', max_length=500, verbose_name='source')),
                ('as_of', models.DateField(blank=True, help_text='The date for which the figure is correct.', null=True, verbose_name='as-of date')),
                ('review_by', models.DateField(blank=True, help_text='From this date on, the worklist says that the figure has to be checked.', null=True, verbose_name='date of next review')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='facts_owned', to=settings.AUTH_USER_MODEL, verbose_name='owner of the fact')),
            ],
            options={
                'verbose_name': 'fact',
                'verbose_name_plural': 'facts',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('unit__in', ['money', 'people', 'percent', 'date', 'plain'])), name='known_unit_of_fact'), models.CheckConstraint(condition=models.Q(('currency__in', ['CAD', 'USD', 'EUR', 'IQD'])), name='known_currency_of_fact')],
            },
        ),
        GrantLike("partnerorganization", "fact"),
    ]
