import django.db.models.deletion
from django.db import migrations, models

STEP = """
    (CAST(100000 + CASE WHEN page.position > 99999 THEN 99999 ELSE page.position END AS text)
    || CAST(1000000000 + page.id AS text))"""

# From the home page down; pages that are above themselves come last.
PATHS = f"""
    INSERT INTO pages_treepath (page_id, path)
    WITH RECURSIVE down(id, path) AS (
        SELECT page.id, {STEP} FROM pages_page AS page WHERE page.parent_id IS NULL
        UNION ALL
        SELECT page.id, CASE WHEN length(down.path) >= 1665 THEN down.path ELSE down.path || '/' || {STEP} END
          FROM pages_page AS page JOIN down ON page.parent_id = down.id
    )
    SELECT page.id, COALESCE(down.path, 'x' || {STEP})
      FROM pages_page AS page LEFT JOIN down ON down.id = page.id"""


def write_paths(apps, schema_editor):
    schema_editor.execute(PATHS)


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0034_link'),
    ]

    operations = [
        migrations.CreateModel(
            name='TreePath',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tree_path', serialize=False, to='pages.page', verbose_name='page')),
                ('path', models.TextField(verbose_name='path')),
            ],
            options={
                'verbose_name': 'location in the tree',
                'verbose_name_plural': 'locations in the tree',
                'default_permissions': (),
                'indexes': [models.Index(fields=['path'], name='tree_path_order')],
            },
        ),
        migrations.RunPython(write_paths, migrations.RunPython.noop),
    ]
