import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “step”; who may write texts may write one."""

    dependencies = [
        ('pages', '0029_expandable'),
    ]

    operations = [
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('heading', models.CharField(help_text='What to do, beginning with a verb, such as “Gather your documents”. The site numbers the steps.', max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(help_text='What to do, beginning with a verb, such as “Gather your documents”. The site numbers the steps.', max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(help_text='What to do, beginning with a verb, such as “Gather your documents”. The site numbers the steps.', max_length=200, null=True, verbose_name='heading')),
                ('body', pages.fields.RichTextField(blank=True, verbose_name='text')),
                ('body_en', pages.fields.RichTextField(blank=True, null=True, verbose_name='text')),
                ('body_fr', pages.fields.RichTextField(blank=True, null=True, verbose_name='text')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'step',
                'verbose_name_plural': 'steps',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "step"),
    ]
