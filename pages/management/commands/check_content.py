"""Says what editors should look at again: `manage.py check_content [FOLDER | --live] [--json] [--severity warns]`."""

import json

from django.core.management.base import BaseCommand, CommandError

from pages import working_copy
from pages.content_checks import ERROR, SEVERITIES, Site, at_least, findings
from pages.document import shared_part
from pages.integers import format_count
from pages.models.edition import Edition
from pages.models.glossary_term import current_glossary
from pages.models.page import Page
from pages.models.vocabulary_term import loaded_vocabularies

from .import_content import read


class Command(BaseCommand):
    help = (
        "Checks the working copy, the content files of a folder or what is live, and lists the findings. "
        "Ends with exit code 1 when there are findings of the severity or above."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", help="content files to check instead of the working copy")
        parser.add_argument("--live", action="store_true", help="check what the public sees")
        parser.add_argument("--json", action="store_true", help="write the findings as JSON")
        parser.add_argument("--severity", choices=SEVERITIES, default=ERROR, help="mildest that fails")

    def handle(self, folder=None, **options):
        if folder and options["live"]:
            raise CommandError("Check either a folder or what is live, not both.")
        documents = documents_of(folder, live=options["live"], out=self.stderr)
        listed = list(lines(documents, "pages/{}.yaml" if folder else "{}"))
        if options["json"]:
            self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=1))
        elif listed:
            self.stdout.write("\n".join(map(format_line, listed)))
        failing = sum(line["severity"] in at_least(options["severity"]) for line in listed)
        found = (
            f"{format_count(len(listed), 'finding')}, {failing} that {'fails' if failing == 1 else 'fail'}"
        )
        summary = f"{format_count(len(documents), 'page')} checked: {found}."
        if failing:
            raise CommandError(summary)
        if not options["json"]:
            self.stdout.write(summary)


def format_line(line):
    text = "{place}: {field}: {message} [{rule}, {severity}]".format(**line)
    return f"{text} “{line['excerpt']}”" if line["excerpt"] else text


def documents_of(folder, *, live, out):
    if live:
        return [edition.read() for edition in Edition.objects.live_everywhere().readable()]
    if not folder:
        return [working_copy.read(page) for page in Page.objects.with_content().in_tree_order()]
    return read(folder, out).pages


def lines(documents, place):
    """A dictionary a finding. What is found in a part that pages share is said once, not on each of them."""
    site, seen = Site(documents, current_glossary(), loaded_vocabularies()), set()
    for document in documents:
        for finding in findings(document, site):
            line = {
                "place": place.format(document.key),
                "page": document.key,
                "field": ".".join(part for part in (*finding.path, finding.language) if part),
                "language": finding.language,
                "rule": finding.rule.id,
                "severity": finding.rule.severity,
                "message": finding.message,
                "excerpt": finding.excerpt,
                "fixable": finding.rule.fix is not None,
            }
            if shared := shared_part(finding.path):
                key = (line["rule"], *shared, finding.path[-1], line["language"], line["excerpt"])
                if key in seen:
                    continue
                seen.add(key)
            yield line
