import django.db.models.deletion
import pages.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the kind of block “video”, and what belongs to a file that is one."""

    dependencies = [
        ('pages', '0059_fill_vocabularies'),
    ]

    operations = [
        migrations.AddField(
            model_name='download',
            name='captions_en',
            field=pages.fields.DownloadField(blank=True, db_default='', default='', help_text='Only for a video: a WebVTT file (.vtt) with all that is said and the sounds that matter.', verbose_name='captions in English'),
        ),
        migrations.AddField(
            model_name='download',
            name='captions_fr',
            field=pages.fields.DownloadField(blank=True, db_default='', default='', help_text='Only for a video: a WebVTT file (.vtt) with all that is said and the sounds that matter.', verbose_name='captions in French'),
        ),
        migrations.AddField(
            model_name='download',
            name='poster',
            field=pages.fields.PictureField(blank=True, help_text='Only for a video: the image that readers see until it plays. PNG, JPEG or WebP.', null=True, verbose_name='poster'),
        ),
        migrations.CreateModel(
            name='Video',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('key', models.SlugField(default=pages.fields.new_key, editable=False, max_length=100, verbose_name='key')),
                ('heading', models.CharField(blank=True, max_length=200, verbose_name='heading')),
                ('heading_en', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('heading_fr', models.CharField(blank=True, max_length=200, null=True, verbose_name='heading')),
                ('transcript', pages.fields.RichTextField(help_text='What is said, and what is shown without words, in the order of the video.', verbose_name='transcript')),
                ('transcript_en', pages.fields.RichTextField(help_text='What is said, and what is shown without words, in the order of the video.', null=True, verbose_name='transcript')),
                ('transcript_fr', pages.fields.RichTextField(help_text='What is said, and what is shown without words, in the order of the video.', null=True, verbose_name='transcript')),
                ('downloads', models.ManyToManyField(related_name='videos', to='pages.download', verbose_name='video')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'video',
                'verbose_name_plural': 'videos',
                'ordering': ['ordering'],
                'abstract': False,
            },
        ),
    ]
