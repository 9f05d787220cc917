import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds terms of controlled vocabularies, which pages have for their metadata instead of a fixed list of audiences."""

    dependencies = [
        ('pages', '0057_shared_blocks'),
    ]

    operations = [
        # The column goes on holding the code for the version before; the model calls it something else.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='page', name='audience'),
                migrations.AddField(
                    model_name='page',
                    name='stored_audience',
                    field=models.CharField(blank=True, db_column='audience', db_default='', default='', editable=False, max_length=40),
                ),
            ],
        ),
        migrations.CreateModel(
            name='VocabularyTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vocabulary', models.CharField(choices=[('creator', 'Creator'), ('subject', 'Subject'), ('audience', 'Audience'), ('type', 'Type'), ('coverage', 'Coverage')], max_length=20, verbose_name='vocabulary')),
                ('code', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?\\Z', 'Use at most 40 letters without accents, numbers, hyphens, periods and underscores.')], verbose_name='code')),
                ('label_en', models.CharField(max_length=200, verbose_name='English label')),
                ('label_fr', models.CharField(max_length=200, verbose_name='French label')),
            ],
            options={
                'verbose_name': 'vocabulary term',
                'verbose_name_plural': 'vocabulary terms',
                'ordering': ['vocabulary', 'label_en', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('vocabulary', 'code'), name='one_term_per_code', violation_error_message='This vocabulary already has a term with this code.')],
            },
        ),
        migrations.AddField(
            model_name='page',
            name='coverage',
            field=models.ForeignKey(blank=True, db_index=False, help_text='The place that the page is about.', limit_choices_to={'vocabulary': 'coverage'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pages.vocabularyterm', verbose_name='coverage'),
        ),
        migrations.AddField(
            model_name='page',
            name='creator',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Who is responsible for the content of the page.', limit_choices_to={'vocabulary': 'creator'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pages.vocabularyterm', verbose_name='creator'),
        ),
        migrations.AddField(
            model_name='page',
            name='subject',
            field=models.ForeignKey(blank=True, db_index=False, help_text='What the page is about.', limit_choices_to={'vocabulary': 'subject'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pages.vocabularyterm', verbose_name='subject'),
        ),
        migrations.AddField(
            model_name='page',
            name='type',
            field=models.ForeignKey(blank=True, db_index=False, help_text='What sort of text the page is, such as a list of resources.', limit_choices_to={'vocabulary': 'type'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pages.vocabularyterm', verbose_name='type of page'),
        ),
        migrations.AddField(
            model_name='page',
            name='audience',
            field=models.ForeignKey(blank=True, db_column='audience_term_id', db_index=False, help_text='For whom the page is. Search engines and catalogues read it; the page does not show it.', limit_choices_to={'vocabulary': 'audience'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pages.vocabularyterm', verbose_name='audience'),
        ),
    ]
