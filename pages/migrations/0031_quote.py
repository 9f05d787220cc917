import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “quote”; who may write texts may write one."""

    dependencies = [
        ('pages', '0030_step'),
    ]

    operations = [
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('body', pages.fields.RichTextField(verbose_name='text')),
                ('body_en', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('body_fr', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('attribution', models.CharField(help_text='Who said it, in what role, and when or where, such as “Jane Doe, Minister, May 2, 2026”.', max_length=300, verbose_name='attribution')),
                ('attribution_en', models.CharField(help_text='Who said it, in what role, and when or where, such as “Jane Doe, Minister, May 2, 2026”.', max_length=300, null=True, verbose_name='attribution')),
                ('attribution_fr', models.CharField(help_text='Who said it, in what role, and when or where, such as “Jane Doe, Minister, May 2, 2026”.', max_length=300, null=True, verbose_name='attribution')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'quote',
                'verbose_name_plural': 'quotes',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "quote"),
    ]
