from django.db import migrations
from django.utils import timezone

# Left empty where an edition is to come: what is live then is only looked up when somebody asks.
DIGESTS = """
    UPDATE pages_workingcopytally SET live_digest = COALESCE((
        SELECT edition.digest FROM pages_edition AS edition
        WHERE edition.page_id = pages_workingcopytally.page_id AND edition.status = 'approved'
          AND edition.publish_at <= %s
        ORDER BY edition.publish_at DESC, edition.number DESC LIMIT 1), '')
    WHERE NOT EXISTS (
        SELECT 1 FROM pages_edition AS edition
        WHERE edition.page_id = pages_workingcopytally.page_id AND edition.status = 'approved'
          AND edition.publish_at > %s)"""


def write_digests(apps, schema_editor):
    now = timezone.now()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(DIGESTS, [now, now])


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0038_live_digest'),
    ]

    operations = [
        migrations.RunPython(write_digests, migrations.RunPython.noop),
    ]
