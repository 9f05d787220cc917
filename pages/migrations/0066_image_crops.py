from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds to images of the library the part of either file that pages show."""

    dependencies = [
        ('pages', '0065_pages_of_the_worklist'),
    ]

    operations = [
        migrations.AddField(
            model_name='libraryimage',
            name='crop',
            field=models.CharField(blank=True, db_default='', default='', help_text='In pixels of the image. Empty, pages show all of it. The file itself stays as it is.', max_length=40, verbose_name='part that is shown'),
        ),
        migrations.AddField(
            model_name='libraryimage',
            name='crop_fr',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='part of the image in French that is shown'),
        ),
    ]
