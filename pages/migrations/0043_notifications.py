import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds what people of the staff are told, how they want to be told, and whom an author asked to review."""

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pages', '0042_glossary'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NotificationPreferences',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='notification_preferences', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('language', models.CharField(blank=True, choices=[('', 'English and French'), ('en', 'English'), ('fr', 'French')], default='', max_length=2, verbose_name='language of emails')),
                ('deliveries', models.JSONField(default=dict, verbose_name='delivery by type')),
            ],
            options={
                'verbose_name': 'notification preferences',
                'verbose_name_plural': 'notification preferences',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='type')),
                ('report_number', models.PositiveBigIntegerField(null=True, verbose_name='number of the report')),
                ('due_on', models.DateField(null=True, verbose_name='due date')),
                ('by_name', models.CharField(blank=True, editable=False, max_length=301, verbose_name='name')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created on')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read on')),
                ('delivery', models.CharField(choices=[('none', 'Do not notify me'), ('list', 'In the list only'), ('now', 'In the list, and by email at once'), ('daily', 'In the list, and by email once a day')], default='list', max_length=5, verbose_name='delivery')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent on')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to='pages.page', verbose_name='page')),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
                ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pages.reviewstep', verbose_name='action')),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-made_at', '-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['recipient', '-made_at', '-id'], name='notification_list'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='notification_unread'), models.Index(condition=models.Q(('read_at', None), ('sent_at', None)), fields=['delivery', 'recipient'], name='notification_unsent'), models.Index(fields=['made_at'], name='notification_made_at')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('step__isnull', False)), fields=('recipient', 'step'), name='one_notification_per_act'), models.UniqueConstraint(condition=models.Q(('due_on__isnull', False)), fields=('recipient', 'kind', 'page', 'due_on'), name='one_notification_per_date')],
            },
        ),
        migrations.CreateModel(
            name='ReviewRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reviewer_name', models.CharField(blank=True, editable=False, max_length=301, verbose_name='name')),
                ('group_name', models.CharField(blank=True, max_length=150, verbose_name='name of the group')),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review_request', to='pages.edition', verbose_name='edition')),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='review_requests', to='auth.group', verbose_name='group')),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='review_requests', to=settings.AUTH_USER_MODEL, verbose_name='reviewer')),
            ],
            options={
                'verbose_name': 'review request',
                'verbose_name_plural': 'review requests',
                'default_permissions': (),
            },
        ),
    ]
