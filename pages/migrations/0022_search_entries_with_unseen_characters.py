from django.db import migrations
from django.db.models import Q

# Soft hyphens and other characters of no width no longer part the words of the index. Pages that have some are taken out
# of it: `search.backfill` indexes them when the site is prepared or restored.
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"


def forget(apps, schema_editor):
    SearchEntry = apps.get_model("pages", "SearchEntry")
    found = Q(pk__in=[])
    for character in UNSEEN:
        for text in ("found_in__text", "edition__title_en", "edition__title_fr"):
            found |= Q(**{f"{text}__contains": character})
    SearchEntry.objects.filter(page__in=SearchEntry.objects.filter(found).values("page")).delete()


class Migration(migrations.Migration):
    dependencies = [("pages", "0021_names_in_the_record")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
