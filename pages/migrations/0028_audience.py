from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds for whom a page is; nobody knows it of the pages there are."""

    dependencies = [
        ('pages', '0027_alert'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='audience',
            field=models.CharField(blank=True, choices=[('general-public', 'General public'), ('business', 'Business'), ('educators', 'Educators'), ('funding-applicants', 'Funding applicants'), ('government', 'Government'), ('immigrants', 'Immigrants'), ('media', 'Media'), ('non-governmental-organizations', 'Non-governmental organizations'), ('scientists', 'Scientists'), ('students', 'Students'), ('travellers', 'Travellers')], db_default='', default='', help_text='For whom the page is. Search engines and catalogues read it; the page does not show it.', max_length=40, verbose_name='audience'),
        ),
    ]
