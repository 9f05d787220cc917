from django.db import migrations

from pages.migration_operations import GrantLike

BATCH_SIZE = 200
LANGUAGES = ("en", "fr")


def fill(apps, schema_editor):
    """Makes one image of the library of each file that figures show, whichever pages they stand on.

    Its key is the checksum of the file, and figures keep their own words, so no working copy says anything else.
    """
    using = schema_editor.connection.alias
    figures = apps.get_model("pages", "Figure").objects.using(using)
    images = apps.get_model("pages", "LibraryImage").objects.using(using)
    waiting = figures.filter(image=None).exclude(stored_image="").order_by("pk")
    while batch := list(waiting.select_related("parent")[:BATCH_SIZE]):
        known = images.in_bulk({row.stored_image.digest for row in batch}, field_name="key")
        for row in batch:
            digest = row.stored_image.digest
            if digest not in known:
                known[digest] = images.create(key=digest, digest=digest, image=row.stored_image, **_words(row, figures))
            figures.filter(pk=row.pk).update(image=known[digest])


def _words(row, figures):
    """What the library says of an image: its alternative text where all figures that need one have the same."""
    same_file = figures.filter(stored_image=row.stored_image, decorative=False)
    texts = {(each.alternative_text_en or "", each.alternative_text_fr or "") for each in same_file}
    described = texts.pop() if len(texts) == 1 else ("", "")
    title = _title(row)
    words = {}
    for number, language in enumerate(LANGUAGES):
        words[f"title_{language}"] = title[number][:200]
        words[f"alternative_text_{language}"] = described[number]
        words[f"credit_{language}"] = ""
    return words


def _title(row):
    for owner, name in ((row, "alternative_text"), (row, "caption"), (row.parent, "title")):
        title = [getattr(owner, f"{name}_{language}") or "" for language in LANGUAGES]
        if any(title):
            return title
    return ["Image", "Image"]


def empty(apps, schema_editor):
    """Gives figures back the words that they take from the library, which goes."""
    figures = apps.get_model("pages", "Figure").objects.using(schema_editor.connection.alias)
    for row in figures.exclude(image=None).select_related("image").iterator(chunk_size=BATCH_SIZE):
        names = [f"alternative_text_{language}" for language in LANGUAGES]
        words = {name: getattr(row, name) or getattr(row.image, name) for name in names}
        figures.filter(pk=row.pk).update(image=None, **words)
    apps.get_model("pages", "LibraryImage").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    """Brings the images of all figures into the library; who may work on partner organizations may work on them."""

    dependencies = [
        ('pages', '0050_library_image_index'),
    ]

    operations = [
        migrations.RunPython(fill, empty),
        GrantLike("partnerorganization", "libraryimage"),
    ]
