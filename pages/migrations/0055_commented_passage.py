import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds what a comment of a review is about, and whether it is resolved."""

    dependencies = [
        ('pages', '0054_rights_to_page_templates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CommentedPassage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('block', models.SlugField(blank=True, max_length=100, verbose_name='part of the page')),
                ('language', models.CharField(blank=True, max_length=2, verbose_name='language')),
                ('quote', models.TextField(blank=True, max_length=500, verbose_name='quoted words')),
                ('resolved_by_name', models.CharField(blank=True, editable=False, max_length=301, verbose_name='name')),
                ('resolved_at', models.DateTimeField(editable=False, null=True, verbose_name='resolved on')),
                ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='resolved by')),
                ('step', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='passage', to='pages.reviewstep', verbose_name='action')),
            ],
            options={
                'verbose_name': 'passage of a comment',
                'verbose_name_plural': 'passages of comments',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('quote', ''), ('language__in', ['en', 'fr']), _connector='OR'), name='quotes_are_in_a_known_language')],
            },
        ),
    ]
