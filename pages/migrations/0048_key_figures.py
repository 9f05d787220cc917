import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “key figures”, which who may write texts may write."""

    dependencies = [
        ('pages', '0047_facts'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('figures', pages.fields.RichTextField(help_text='A list with an item for each figure: insert the fact, then write what it counts, such as “$88 million in two-way trade in 2020”.', verbose_name='figures')),
                ('figures_en', pages.fields.RichTextField(help_text='A list with an item for each figure: insert the fact, then write what it counts, such as “$88 million in two-way trade in 2020”.', null=True, verbose_name='figures')),
                ('figures_fr', pages.fields.RichTextField(help_text='A list with an item for each figure: insert the fact, then write what it counts, such as “$88 million in two-way trade in 2020”.', null=True, verbose_name='figures')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'key figures',
                'verbose_name_plural': 'blocks of key figures',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "keyfigures"),
    ]
