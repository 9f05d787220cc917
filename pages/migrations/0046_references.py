import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0045_download_list'),
    ]

    operations = [
        migrations.CreateModel(
            name='DraftReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10, verbose_name='type')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('section', models.CharField(blank=True, max_length=100, verbose_name='section')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draft_references', to='pages.page', verbose_name='page')),
            ],
            options={
                'verbose_name': 'use in a working copy',
                'verbose_name_plural': 'uses in working copies',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'name', 'section', 'page'), name='one_line_per_use_in_a_working_copy')],
            },
        ),
        migrations.CreateModel(
            name='EditionReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10, verbose_name='type')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('section', models.CharField(blank=True, max_length=100, verbose_name='section')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='references', to='pages.edition', verbose_name='edition')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edition_references', to='pages.page', verbose_name='page')),
            ],
            options={
                'verbose_name': 'use in an edition',
                'verbose_name_plural': 'uses in editions',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'name', 'section', 'edition'), name='one_line_per_use_in_an_edition')],
            },
        ),
    ]
