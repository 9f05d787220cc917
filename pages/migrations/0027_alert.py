import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “alert”; who may write texts may write alerts."""

    dependencies = [
        ('pages', '0026_rename_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('level', models.CharField(choices=[('information', 'Information'), ('success', 'Success'), ('warning', 'Warning'), ('danger', 'Danger')], default='information', help_text='Danger: people could be harmed or lose something. Warning: something could go wrong. Success: something was completed. Information: everything else that readers should not miss.', max_length=20, verbose_name='level')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('body', pages.fields.RichTextField(verbose_name='text')),
                ('body_en', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('body_fr', pages.fields.RichTextField(null=True, verbose_name='text')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'alert',
                'verbose_name_plural': 'alerts',
                'ordering': ['ordering'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['information', 'success', 'warning', 'danger'])), name='known_level_of_alert')],
            },
        ),
        GrantLike("textsection", "alert"),
    ]
