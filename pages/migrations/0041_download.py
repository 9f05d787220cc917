import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds files to download; who may work on partner organizations may work on them."""

    dependencies = [
        ('pages', '0040_index_drafts_that_differ'),
    ]

    operations = [
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=100, unique=True, verbose_name='key')),
                ('title', models.CharField(help_text='What readers see as the link, such as “Annual report 2025”. The site adds type and size.', max_length=200, verbose_name='title')),
                ('title_en', models.CharField(help_text='What readers see as the link, such as “Annual report 2025”. The site adds type and size.', max_length=200, null=True, verbose_name='title')),
                ('title_fr', models.CharField(help_text='What readers see as the link, such as “Annual report 2025”. The site adds type and size.', max_length=200, null=True, verbose_name='title')),
                ('file_en', pages.fields.DownloadField(blank=True, db_default='', default='', verbose_name='file in English')),
                ('file_fr', pages.fields.DownloadField(blank=True, db_default='', default='', verbose_name='file in French')),
            ],
            options={
                'verbose_name': 'file to download',
                'verbose_name_plural': 'files to download',
                'ordering': ['key'],
            },
        ),
        GrantLike("partnerorganization", "download"),
    ]
