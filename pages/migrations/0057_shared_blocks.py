import django.core.validators
import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds shared blocks, which who may write about partner organizations may write, and their places in pages."""

    dependencies = [
        ('pages', '0056_table'),
    ]

    operations = [
        migrations.CreateModel(
            name='SharedBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=100, unique=True, verbose_name='key')),
                ('kind', models.CharField(choices=[('text', 'text'), ('alert', 'alert'), ('expandable', 'expandable section'), ('quote', 'quote'), ('action', 'action'), ('link', 'link with description'), ('contact', 'contact'), ('key-figures', 'key figures')], editable=False, max_length=20, verbose_name='type of block')),
                ('name_en', models.CharField(help_text='Helps editors find the block, such as “Embassy contact”. Readers do not see it.', max_length=200, verbose_name='English name')),
                ('name_fr', models.CharField(max_length=200, verbose_name='French name')),
                ('level', models.CharField(blank=True, choices=[('information', 'Information'), ('success', 'Success'), ('warning', 'Warning'), ('danger', 'Danger')], default='information', max_length=20, verbose_name='level')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('body', pages.fields.RichTextField(blank=True, verbose_name='text')),
                ('body_en', pages.fields.RichTextField(blank=True, null=True, verbose_name='text')),
                ('body_fr', pages.fields.RichTextField(blank=True, null=True, verbose_name='text')),
                ('figures', pages.fields.RichTextField(blank=True, verbose_name='figures')),
                ('figures_en', pages.fields.RichTextField(blank=True, null=True, verbose_name='figures')),
                ('figures_fr', pages.fields.RichTextField(blank=True, null=True, verbose_name='figures')),
                ('attribution', models.CharField(blank=True, max_length=300, verbose_name='attribution')),
                ('attribution_en', models.CharField(blank=True, max_length=300, null=True, verbose_name='attribution')),
                ('attribution_fr', models.CharField(blank=True, max_length=300, null=True, verbose_name='attribution')),
                ('telephone', models.CharField(blank=True, max_length=50, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='telephone')),
                ('telephone_en', models.CharField(blank=True, max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='telephone')),
                ('telephone_fr', models.CharField(blank=True, max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='telephone')),
                ('teletypewriter', models.CharField(blank=True, max_length=50, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='teletypewriter (TTY)')),
                ('teletypewriter_en', models.CharField(blank=True, max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='teletypewriter (TTY)')),
                ('teletypewriter_fr', models.CharField(blank=True, max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='teletypewriter (TTY)')),
                ('email', models.CharField(blank=True, max_length=200, validators=[django.core.validators.EmailValidator('Enter an email address, such as “info@example.org”.')], verbose_name='email')),
                ('email_en', models.CharField(blank=True, max_length=200, null=True, validators=[django.core.validators.EmailValidator('Enter an email address, such as “info@example.org”.')], verbose_name='email')),
                ('email_fr', models.CharField(blank=True, max_length=200, null=True, validators=[django.core.validators.EmailValidator('Enter an email address, such as “info@example.org”.')], verbose_name='email')),
                ('link', pages.fields.RichTextField(blank=True, verbose_name='link')),
                ('link_en', pages.fields.RichTextField(blank=True, null=True, verbose_name='link')),
                ('link_fr', pages.fields.RichTextField(blank=True, null=True, verbose_name='link')),
                ('description', models.CharField(blank=True, max_length=300, verbose_name='description')),
                ('description_en', models.CharField(blank=True, max_length=300, null=True, verbose_name='description')),
                ('description_fr', models.CharField(blank=True, max_length=300, null=True, verbose_name='description')),
                ('hours', models.TextField(blank=True, max_length=500, verbose_name='hours')),
                ('hours_en', models.TextField(blank=True, max_length=500, null=True, verbose_name='hours')),
                ('hours_fr', models.TextField(blank=True, max_length=500, null=True, verbose_name='hours')),
                ('postal_address', models.TextField(blank=True, max_length=500, verbose_name='postal address')),
                ('postal_address_en', models.TextField(blank=True, max_length=500, null=True, verbose_name='postal address')),
                ('postal_address_fr', models.TextField(blank=True, max_length=500, null=True, verbose_name='postal address')),
            ],
            options={
                'verbose_name': 'shared block',
                'verbose_name_plural': 'shared blocks',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['information', 'success', 'warning', 'danger'])), name='known_level_of_shared_block')],
            },
        ),
        migrations.CreateModel(
            name='SharedPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
                ('shared_block', models.ForeignKey(blank=True, help_text='What it says is changed in its own form, for all pages that show it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='pages.sharedblock', verbose_name='shared block')),
            ],
            options={
                'verbose_name': 'shared block',
                'verbose_name_plural': 'places of shared blocks',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("partnerorganization", "sharedblock"),
        GrantLike("textsection", "sharedplace"),
    ]
