import django.core.validators
import django.db.models.deletion
import pages.fields
from django.db import migrations, models

from pages.migration_operations import GrantLike


class Migration(migrations.Migration):
    """Adds the kind of block “contact”; who may write texts may write one."""

    dependencies = [
        ('pages', '0035_tree_path'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('heading', models.CharField(help_text='Who answers, such as “Embassy of Canada to Iraq”.', max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(help_text='Who answers, such as “Embassy of Canada to Iraq”.', max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(help_text='Who answers, such as “Embassy of Canada to Iraq”.', max_length=200, null=True, verbose_name='heading')),
                ('telephone', models.CharField(blank=True, help_text='With the area code.', max_length=50, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='telephone')),
                ('telephone_en', models.CharField(blank=True, help_text='With the area code.', max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='telephone')),
                ('telephone_fr', models.CharField(blank=True, help_text='With the area code.', max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='telephone')),
                ('teletypewriter', models.CharField(blank=True, max_length=50, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='teletypewriter (TTY)')),
                ('teletypewriter_en', models.CharField(blank=True, max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='teletypewriter (TTY)')),
                ('teletypewriter_fr', models.CharField(blank=True, max_length=50, null=True, validators=[django.core.validators.RegexValidator('^\\+?[0-9][0-9 ().-]{1,30}(?:,? ?(?:ext\\.|extension|poste) ?[0-9]{1,8})?\\Z', 'Enter a telephone number, such as “613-555-0123, ext. 4” or “+964 770 555 0123”.')], verbose_name='teletypewriter (TTY)')),
                ('email', models.CharField(blank=True, max_length=200, validators=[django.core.validators.EmailValidator('Enter an email address, such as “info@example.org”.')], verbose_name='email')),
                ('email_en', models.CharField(blank=True, max_length=200, null=True, validators=[django.core.validators.EmailValidator('Enter an email address, such as “info@example.org”.')], verbose_name='email')),
                ('email_fr', models.CharField(blank=True, max_length=200, null=True, validators=[django.core.validators.EmailValidator('Enter an email address, such as “info@example.org”.')], verbose_name='email')),
                ('link', pages.fields.RichTextField(blank=True, help_text='A few words that say what the form is for, all of them one link.', verbose_name='online form')),
                ('link_en', pages.fields.RichTextField(blank=True, help_text='A few words that say what the form is for, all of them one link.', null=True, verbose_name='online form')),
                ('link_fr', pages.fields.RichTextField(blank=True, help_text='A few words that say what the form is for, all of them one link.', null=True, verbose_name='online form')),
                ('hours', models.TextField(blank=True, help_text='Days, hours and the time zone, such as “Monday to Friday, 8 am to 4 pm, Baghdad time”.', max_length=500, verbose_name='hours')),
                ('hours_en', models.TextField(blank=True, help_text='Days, hours and the time zone, such as “Monday to Friday, 8 am to 4 pm, Baghdad time”.', max_length=500, null=True, verbose_name='hours')),
                ('hours_fr', models.TextField(blank=True, help_text='Days, hours and the time zone, such as “Monday to Friday, 8 am to 4 pm, Baghdad time”.', max_length=500, null=True, verbose_name='hours')),
                ('postal_address', models.TextField(blank=True, max_length=500, verbose_name='postal address')),
                ('postal_address_en', models.TextField(blank=True, max_length=500, null=True, verbose_name='postal address')),
                ('postal_address_fr', models.TextField(blank=True, max_length=500, null=True, verbose_name='postal address')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
        GrantLike("textsection", "contact"),
    ]
