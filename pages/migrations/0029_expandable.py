import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “expandable”; who may write texts may write one."""

    dependencies = [
        ('pages', '0028_audience'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExpandableSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('heading', models.CharField(max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(max_length=200, null=True, verbose_name='heading')),
                ('body', pages.fields.RichTextField(verbose_name='text')),
                ('body_en', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('body_fr', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'expandable section',
                'verbose_name_plural': 'expandable sections',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "expandablesection"),
    ]
