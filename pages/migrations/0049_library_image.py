import django.db.models.deletion
import pages.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the library of images, and lets figures choose from it."""

    dependencies = [
        ('pages', '0048_key_figures'),
    ]

    operations = [
        migrations.CreateModel(
            name='LibraryImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=100, unique=True, verbose_name='key')),
                ('title', models.CharField(help_text='Helps editors find the image, for example “Bridge over the Tigris in Baghdad”. Readers do not see it.', max_length=200, verbose_name='title')),
                ('title_en', models.CharField(help_text='Helps editors find the image, for example “Bridge over the Tigris in Baghdad”. Readers do not see it.', max_length=200, null=True, verbose_name='title')),
                ('title_fr', models.CharField(help_text='Helps editors find the image, for example “Bridge over the Tigris in Baghdad”. Readers do not see it.', max_length=200, null=True, verbose_name='title')),
                ('alternative_text', models.CharField(blank=True, help_text='Describe the image for people who cannot see it, in up to 140 characters (170 in French). A figure takes this text unless it has its own.', max_length=300, verbose_name='alternative text')),
                ('alternative_text_en', models.CharField(blank=True, help_text='Describe the image for people who cannot see it, in up to 140 characters (170 in French). A figure takes this text unless it has its own.', max_length=300, null=True, verbose_name='alternative text')),
                ('alternative_text_fr', models.CharField(blank=True, help_text='Describe the image for people who cannot see it, in up to 140 characters (170 in French). A figure takes this text unless it has its own.', max_length=300, null=True, verbose_name='alternative text')),
                ('credit', models.CharField(blank=True, help_text='Whose image it is, such as “Photo: Canadian Red Cross”. Readers see it below the image.', max_length=300, verbose_name='credit')),
                ('credit_en', models.CharField(blank=True, help_text='Whose image it is, such as “Photo: Canadian Red Cross”. Readers see it below the image.', max_length=300, null=True, verbose_name='credit')),
                ('credit_fr', models.CharField(blank=True, help_text='Whose image it is, such as “Photo: Canadian Red Cross”. Readers see it below the image.', max_length=300, null=True, verbose_name='credit')),
                ('has_words', models.BooleanField(db_default=False, default=False, help_text='There are words in the image that readers need. Add a file with the words in French.', verbose_name='contains words')),
                ('image', pages.fields.PictureField(help_text='PNG, JPEG or WebP, up to 10 MB and 40 megapixels.', null=True, verbose_name='image')),
                ('image_fr', pages.fields.PictureField(blank=True, help_text='Only for an image with words in it. Where there is none, both languages show the image above.', null=True, verbose_name='image in French')),
                ('digest', models.CharField(db_index=True, editable=False, max_length=32, verbose_name='checksum')),
            ],
            options={
                'verbose_name': 'image',
                'verbose_name_plural': 'images',
                'ordering': ['key'],
            },
        ),
        migrations.AddField(
            model_name='figure',
            name='credit',
            field=models.CharField(blank=True, db_default='', help_text='Whose image it is. If left empty, the credit of the library is taken.', max_length=300, verbose_name='credit'),
        ),
        migrations.AddField(
            model_name='figure',
            name='credit_en',
            field=models.CharField(blank=True, db_default='', help_text='Whose image it is. If left empty, the credit of the library is taken.', max_length=300, null=True, verbose_name='credit'),
        ),
        migrations.AddField(
            model_name='figure',
            name='credit_fr',
            field=models.CharField(blank=True, db_default='', help_text='Whose image it is. If left empty, the credit of the library is taken.', max_length=300, null=True, verbose_name='credit'),
        ),
        migrations.AlterField(
            model_name='figure',
            name='alternative_text',
            field=models.CharField(blank=True, help_text='Describe the image for people who cannot see it, in up to 140 characters (170 in French). If left empty, that of the library is taken.', max_length=300, verbose_name='alternative text'),
        ),
        migrations.AlterField(
            model_name='figure',
            name='alternative_text_en',
            field=models.CharField(blank=True, help_text='Describe the image for people who cannot see it, in up to 140 characters (170 in French). If left empty, that of the library is taken.', max_length=300, null=True, verbose_name='alternative text'),
        ),
        migrations.AlterField(
            model_name='figure',
            name='alternative_text_fr',
            field=models.CharField(blank=True, help_text='Describe the image for people who cannot see it, in up to 140 characters (170 in French). If left empty, that of the library is taken.', max_length=300, null=True, verbose_name='alternative text'),
        ),
        # The column goes on holding the file for the version before; the model calls it something else.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='figure', name='image'),
                migrations.AddField(
                    model_name='figure',
                    name='stored_image',
                    field=pages.fields.PictureField(db_column='image', default='', editable=False),
                ),
            ],
        ),
        migrations.AddField(
            model_name='figure',
            name='image',
            field=models.ForeignKey(db_column='library_image_id', db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='pages.libraryimage', verbose_name='image'),
        ),
    ]
