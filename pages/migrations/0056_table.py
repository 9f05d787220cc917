import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “table”, which who may write texts may write."""

    dependencies = [
        ('pages', '0055_commented_passage'),
    ]

    operations = [
        migrations.CreateModel(
            name='Table',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('caption', models.CharField(help_text='What the table shows, in a few words, such as “Two-way trade from 2018 to 2020”.', max_length=300, verbose_name='caption')),
                ('caption_en', models.CharField(help_text='What the table shows, in a few words, such as “Two-way trade from 2018 to 2020”.', max_length=300, null=True, verbose_name='caption')),
                ('caption_fr', models.CharField(help_text='What the table shows, in a few words, such as “Two-way trade from 2018 to 2020”.', max_length=300, null=True, verbose_name='caption')),
                ('table', pages.fields.RichTextField(help_text='One table and nothing else: insert it, or paste it from Word or Excel. Make the first row, the first column or both the header.', verbose_name='table')),
                ('table_en', pages.fields.RichTextField(help_text='One table and nothing else: insert it, or paste it from Word or Excel. Make the first row, the first column or both the header.', null=True, verbose_name='table')),
                ('table_fr', pages.fields.RichTextField(help_text='One table and nothing else: insert it, or paste it from Word or Excel. Make the first row, the first column or both the header.', null=True, verbose_name='table')),
                ('notes', pages.fields.RichTextField(blank=True, help_text='Below the table: its source, its units, and what readers need to know of single figures.', verbose_name='notes')),
                ('notes_en', pages.fields.RichTextField(blank=True, help_text='Below the table: its source, its units, and what readers need to know of single figures.', null=True, verbose_name='notes')),
                ('notes_fr', pages.fields.RichTextField(blank=True, help_text='Below the table: its source, its units, and what readers need to know of single figures.', null=True, verbose_name='notes')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'table',
                'verbose_name_plural': 'tables',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "table"),
    ]
