import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “action”; who may write texts may write one."""

    dependencies = [
        ('pages', '0032_search_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('link', pages.fields.RichTextField(help_text='A few words that say what happens, such as “Apply for a visa”, all of them one link.', verbose_name='link')),
                ('link_en', pages.fields.RichTextField(help_text='A few words that say what happens, such as “Apply for a visa”, all of them one link.', null=True, verbose_name='link')),
                ('link_fr', pages.fields.RichTextField(help_text='A few words that say what happens, such as “Apply for a visa”, all of them one link.', null=True, verbose_name='link')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'action',
                'verbose_name_plural': 'actions',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "action"),
    ]
