import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “downloads”, which who may write texts may write, and the index of public files."""

    dependencies = [
        ('pages', '0044_site_alerts'),
    ]

    operations = [
        migrations.CreateModel(
            name='DownloadList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('introduction', pages.fields.RichTextField(blank=True, verbose_name='introduction')),
                ('introduction_en', pages.fields.RichTextField(blank=True, null=True, verbose_name='introduction')),
                ('introduction_fr', pages.fields.RichTextField(blank=True, null=True, verbose_name='introduction')),
                ('downloads', models.ManyToManyField(related_name='download_lists', to='pages.download', verbose_name='files to download')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'downloads',
                'verbose_name_plural': 'lists of downloads',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PublicFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, verbose_name='checksum')),
                ('name', models.CharField(max_length=100, verbose_name='file name')),
                ('public_from', models.DateTimeField(verbose_name='public as of')),
                ('public_until', models.DateTimeField(null=True, verbose_name='public until')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_files', to='pages.page', verbose_name='page')),
            ],
            options={
                'verbose_name': 'public file',
                'verbose_name_plural': 'public files',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('digest', 'name', 'page', 'public_from'), name='one_period_per_file_and_page')],
            },
        ),
        GrantLike("textsection", "downloadlist"),
    ]
