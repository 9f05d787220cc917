import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds page templates with their tips, and of which one a page was made."""

    dependencies = [
        ('pages', '0052_timeline_entry'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=80, unique=True, verbose_name='key')),
                ('name_en', models.CharField(help_text='What sort of page it is, such as “Country page”.', max_length=100, verbose_name='English name')),
                ('name_fr', models.CharField(max_length=100, verbose_name='French name')),
                ('purpose_en', models.CharField(blank=True, help_text='Shown beside the name to those who add a page.', max_length=300, verbose_name='when to use it, in English')),
                ('purpose_fr', models.CharField(blank=True, max_length=300, verbose_name='when to use it, in French')),
                ('allowed_blocks', models.JSONField(blank=True, default=list, verbose_name='types of blocks')),
                ('document', models.TextField(editable=False, verbose_name='document')),
            ],
            options={
                'verbose_name': 'page template',
                'verbose_name_plural': 'page templates',
                'ordering': ['name_en', 'key'],
            },
        ),
        migrations.AddField(
            model_name='page',
            name='template',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Decides which tips and which types of blocks this form offers. Readers do not see it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pages', to='pages.pagetemplate', verbose_name='page template'),
        ),
        migrations.CreateModel(
            name='TemplateTip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.SlugField(blank=True, editable=False, max_length=100)),
                ('ordering', models.PositiveIntegerField(default=0, editable=False)),
                ('text_en', models.TextField(blank=True, max_length=600, verbose_name='English tip')),
                ('text_fr', models.TextField(blank=True, max_length=600, verbose_name='French tip')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tips', to='pages.pagetemplate')),
            ],
            options={
                'default_permissions': (),
                'verbose_name': 'tip',
                'verbose_name_plural': 'tips',
                'ordering': ['ordering', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('template', 'block'), name='one_tip_per_block')],
            },
        ),
    ]
