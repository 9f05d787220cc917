"""Loads the terms of a controlled vocabulary from CSV: `manage.py load_vocabulary subject subjects.csv`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pages import csv_tables, indexes, vocabulary_files
from pages.integers import format_count
from pages.models.page import Page
from pages.models.vocabulary_term import VocabularyTerm


class Command(BaseCommand):
    help = (
        "Adds the terms of a CSV file to a vocabulary, or gives those that it has the labels of the file. The columns"
        " are code, label_en and label_fr. A faulty file changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("vocabulary", choices=VocabularyTerm.Vocabulary.values)
        parser.add_argument("file")
        parser.add_argument("--check", action="store_true", help="only say what is wrong in the file")

    def handle(self, vocabulary, file, *, check, **options):
        try:
            with Path(file).open("rb") as opened:
                data = opened.read(csv_tables.MAX_FILE_BYTES + 1)
            terms = vocabulary_files.read(data, vocabulary)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except csv_tables.TableErrors as errors:
            listed = "\n".join(f"  {problem}" for problem in errors.problems)
            raise CommandError(f"Nothing was changed. Correct these and try again:\n{listed}") from None
        if check:
            self.stdout.write(f"{format_count(len(terms), 'term')} checked.")
            return
        with transaction.atomic():
            added, changed = vocabulary_files.store(terms)
            indexes.update_drafts(list(Page.objects.with_terms(changed).only("pk")))
        self.stdout.write(f"{format_count(len(added), 'term')} added, {len(changed)} changed.")
