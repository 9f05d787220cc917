import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds what editors decided to leave as it is, for each finding in its place."""

    dependencies = [
        ('pages', '0036_contact'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DismissedFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=100, verbose_name='rule')),
                ('path', models.CharField(max_length=400, verbose_name='field')),
                ('language', models.CharField(blank=True, max_length=2, verbose_name='language')),
                ('fingerprint', models.CharField(max_length=64, verbose_name='checksum')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('by_name', models.CharField(blank=True, editable=False, max_length=301, verbose_name='name')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='created on')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dismissed_findings', to='pages.page', verbose_name='page')),
            ],
            options={
                'verbose_name': 'dismissed finding',
                'verbose_name_plural': 'dismissed findings',
                'ordering': ['-made_at', '-pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('page', 'fingerprint'), name='one_dismissal_per_finding'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='dismissal_needs_a_reason')],
            },
        ),
    ]
