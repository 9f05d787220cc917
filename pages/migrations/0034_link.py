import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “link”; who may write texts may write one."""

    dependencies = [
        ('pages', '0033_action'),
    ]

    operations = [
        migrations.CreateModel(
            name='DescribedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('link', pages.fields.RichTextField(help_text='The title of the page that it goes to, all of the words one link.', verbose_name='link')),
                ('link_en', pages.fields.RichTextField(help_text='The title of the page that it goes to, all of the words one link.', null=True, verbose_name='link')),
                ('link_fr', pages.fields.RichTextField(help_text='The title of the page that it goes to, all of the words one link.', null=True, verbose_name='link')),
                ('description', models.CharField(help_text='One sentence, up to 120 characters, on what readers find there.', max_length=300, verbose_name='description')),
                ('description_en', models.CharField(help_text='One sentence, up to 120 characters, on what readers find there.', max_length=300, null=True, verbose_name='description')),
                ('description_fr', models.CharField(help_text='One sentence, up to 120 characters, on what readers find there.', max_length=300, null=True, verbose_name='description')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'link with description',
                'verbose_name_plural': 'links with descriptions',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "describedlink"),
    ]
