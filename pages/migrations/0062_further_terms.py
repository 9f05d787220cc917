import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Lets a page have several terms of a vocabulary: what it had stays in its column, and the others are beside it."""

    dependencies = [
        ('pages', '0061_rights_to_videos'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.page')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pages.vocabularyterm')),
            ],
            options={
                'verbose_name': 'further vocabulary term of a page',
                'verbose_name_plural': 'further vocabulary terms of pages',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='page',
            name='further_terms',
            field=models.ManyToManyField(editable=False, related_name='+', through='pages.PageTerm', to='pages.vocabularyterm'),
        ),
        migrations.AddConstraint(
            model_name='pageterm',
            constraint=models.UniqueConstraint(fields=('page', 'term'), name='one_further_term_per_page'),
        ),
    ]
