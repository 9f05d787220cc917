from django.db import migrations

from pages.migration_operations import GrantBy

AUDIENCES = (
    ('general-public', 'general public', 'grand public'),
    ('business', 'business', 'entreprises'),
    ('educators', 'educators', 'enseignants'),
    ('funding-applicants', 'funding applicants', 'demandeurs de financement'),
    ('government', 'government', 'gouvernement'),
    ('immigrants', 'immigrants', 'immigrants'),
    ('media', 'media', 'médias'),
    ('non-governmental-organizations', 'non-governmental organizations', 'organisations non gouvernementales'),
    ('scientists', 'scientists', 'scientifiques'),
    ('students', 'students', 'étudiants'),
    ('travellers', 'travellers', 'voyageurs'),
)


def fill(apps, schema_editor):
    """Makes terms of the audiences that pages were chosen from, and gives each page its own."""
    using = schema_editor.connection.alias
    terms = apps.get_model('pages', 'VocabularyTerm').objects.using(using)
    pages = apps.get_model('pages', 'Page').objects.using(using)
    for code, english, french in AUDIENCES:
        labels = {'label_en': english, 'label_fr': french}
        term, _new = terms.get_or_create(vocabulary='audience', code=code, defaults=labels)
        pages.filter(stored_audience=code).update(audience=term)


class Migration(migrations.Migration):
    """Brings the audiences into their vocabulary, which those who may delete pages keep."""

    dependencies = [
        ('pages', '0058_vocabulary_term'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        GrantBy('vocabularyterm', {'view': 'view_page', 'add': 'delete_page', 'change': 'delete_page', 'delete': 'delete_page'}),
    ]
