import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “timeline entry”, which who may write texts may write."""

    dependencies = [
        ('pages', '0051_fill_library'),
    ]

    operations = [
        migrations.CreateModel(
            name='TimelineEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('date', models.CharField(help_text='As readers should see it, such as “May 2, 2014”, “June 2018” or “2016 to 2019”.', max_length=100, verbose_name='date')),
                ('date_en', models.CharField(help_text='As readers should see it, such as “May 2, 2014”, “June 2018” or “2016 to 2019”.', max_length=100, null=True, verbose_name='date')),
                ('date_fr', models.CharField(help_text='As readers should see it, such as “May 2, 2014”, “June 2018” or “2016 to 2019”.', max_length=100, null=True, verbose_name='date')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('body', pages.fields.RichTextField(verbose_name='text')),
                ('body_en', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('body_fr', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'timeline entry',
                'verbose_name_plural': 'timeline entries',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "timelineentry"),
    ]
