import json
from itertools import groupby, pairwise
from operator import itemgetter

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

# Pages whose documents are in memory at a time.
BATCH = 100


def write_periods(apps, schema_editor):
    """Write from when until when each image is public, of all that is live or scheduled."""
    edition_model = apps.get_model("pages", "Edition")
    approved = edition_model.objects.using(schema_editor.connection.alias).filter(status="approved")
    pages = list(approved.order_by("page").values_list("page", flat=True).distinct())
    for start in range(0, len(pages), BATCH):
        some = approved.filter(page__in=pages[start : start + BATCH])
        rows = _periods(apps.get_model("pages", "PublicImage"), some)
        apps.get_model("pages", "PublicImage").objects.using(schema_editor.connection.alias).bulk_create(rows)


def _periods(model, editions):
    live = _live(editions)
    documents = editions.filter(pk__in=live).exclude(kind="withdrawn").values_list("pk", "page", "document")
    rows = {}
    for pk, page, document in documents:
        start, end = live[pk]
        for digest in _digests(json.loads(document)):
            rows[page, digest, start] = model(
                page_id=page, digest=digest, public_from=start, public_until=end
            )
    return rows.values()


def _live(editions):
    """By id, from when until when each edition is live that is so now or will be."""
    ordered = editions.order_by("page", "publish_at", "number").values_list("page", "pk", "publish_at")
    now, live = timezone.now(), {}
    for _page, ones in groupby(ordered, key=itemgetter(0)):
        for (_, pk, start), (_, _, end) in pairwise([*ones, (None, None, None)]):
            if end is None or end > max(start, now):
                live[pk] = start, end
    return live


def _digests(document):
    for block in document["blocks"]:
        images = [block.get("image"), *(partner.get("logo") for partner in block.get("partners", ()))]
        yield from (image["digest"] for image in images if image)


class Migration(migrations.Migration):

    dependencies = [
        ('pages', '0014_limited_positions'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('public_from', models.DateTimeField(verbose_name='public from')),
                ('public_until', models.DateTimeField(null=True, verbose_name='public until')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_images', to='pages.page', verbose_name='page')),
            ],
            options={
                'verbose_name': 'public image',
                'verbose_name_plural': 'public images',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('digest', 'page', 'public_from'), name='one_period_per_image_and_page')],
            },
        ),
        migrations.RunPython(write_periods, migrations.RunPython.noop),
    ]
