"""The registry of indexes: what is updated step by step is what a rebuild writes, and what differs is found."""

import contextlib
import importlib
import random
from datetime import UTC, datetime, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pages import content_files, emergencies, indexes, publishing, working_copy
from pages.indexes import registry
from pages.indexes.index import Index, Source
from pages.indexes.registry import INDEXES
from pages.models import DraftStatus, Edition, Page, SearchText, SearchWord
from pages.models import draft_status as draft_status_models
from pages.models import indexes as index_models
from pages.models import tree_path as tree_path_models
from tests.admin_forms import change_address, page_form
from tests.factories import (
    a_download,
    a_download_list,
    a_figure,
    a_home_page,
    a_live_page,
    a_page,
    a_partner,
    a_partner_list,
    a_text,
)

pytestmark = pytest.mark.django_db

START = datetime(2031, 3, 3, 12, tzinfo=UTC)
WORDS = [
    "$5 million",
    "$7 million",
    "the World Health Organization (WHO)",
    "the Work House Office (WHO)",
    "3%",
]


def contents():
    """The rows that queries may find in every index, by its name."""
    ids = list(Page.objects.values_list("pk", flat=True))
    batch = registry.Batch(ids)
    return {index.name: sorted(map(str, index.stored(batch))) for index in INDEXES}


class Site:
    """Acts on a site at random, each as the product does it: what is saved or published updates the indexes."""

    def __init__(self, seed, clock):
        self.draw, self.clock = random.Random(seed), clock
        self.home = a_home_page()
        self.partners = [a_partner(), a_partner(name_fr="")]
        self.download = a_download()
        indexes.update_drafts([self.home])
        publishing.publish(self.home, by=None)
        for _each in range(4):
            self.add()

    def act(self):
        name = self.draw.choice(
            ["add", "write", "write", "spoil", "move", "partner", "restore", "load"]
            + [
                "publish",
                "publish",
                "schedule",
                "schedule",
                "archive",
                "withdraw",
                "cancel",
                "emergency",
                "wait",
            ]
        )
        with contextlib.suppress(ValidationError, publishing.NotReady):
            getattr(self, name)()

    def page(self):
        return self.draw.choice(list(Page.objects.exclude(parent=None)))

    def saved(self, page):
        indexes.update_drafts([page])

    def add(self):
        page = a_page(parent=self.draw.choice(list(Page.objects.all())), position=self.draw.randrange(4))
        a_text(page, body_en=self.paragraph(), body_fr="<p>Du texte.</p>")
        a_partner_list(page, partners=self.draw.sample(self.partners, 1))
        if self.draw.random() < 0.5:
            a_figure(page)
            a_download_list(page, downloads=[self.download])
        self.saved(page)

    def paragraph(self):
        return f"<p>Canada gave {self.draw.choice(WORDS)} in {self.draw.randrange(2003, 2026)}.</p>"

    def write(self):
        page = self.page()
        page.title_en, page.introduction_en = self.draw.choice(["One", "Two"]), self.paragraph()
        page.save()
        self.saved(page)

    def spoil(self):
        page = self.page()
        page.title_fr = self.draw.choice(["", "Un titre"])
        page.save()
        self.saved(page)

    def move(self):
        page = self.page()
        page.parent, page.position = self.draw.choice(list(Page.objects.all())), self.draw.randrange(4)
        page.clean()
        page.save()
        self.saved(page)

    def partner(self):
        partner = self.draw.choice(self.partners)
        with indexes.updating_for_shared([partner]):
            partner.name_fr = self.draw.choice(["", "Le nom"])
            partner.save()

    def restore(self):
        page = self.page()
        edition = page.editions.first()
        if edition:
            parents = Page.objects.in_bulk(field_name="key")
            working_copy.assign(page, edition.read(), parents=parents)
            page.clean()
            self.saved(working_copy.write(edition.read(), page))

    def load(self):
        document = working_copy.read(Page.objects.with_content().get(pk=self.page().pk))
        partner = working_copy.read_shared(self.draw.choice(self.partners))
        working_copy.write_shared(partner)
        pages = working_copy.write_all([document])
        indexes.update_drafts({*pages, *Page.objects.mentioning(self.partners).only("pk")})

    def publish(self, at=None):
        publishing.publish(self.page(), by=None, at=at)

    def schedule(self):
        self.publish(timezone.now() + timedelta(hours=self.draw.randrange(1, 5)))

    def archive(self):
        publishing.archive(self.page(), by=None)

    def withdraw(self):
        publishing.withdraw(
            self.page(), by=None, at=timezone.now() + timedelta(hours=self.draw.randrange(1, 5))
        )

    def cancel(self):
        scheduled = list(Edition.objects.scheduled())
        if scheduled:
            publishing.cancel(self.draw.choice(scheduled), by=None)

    def emergency(self):
        emergencies.publish_in_emergency(
            self.page(), language="en", reason="Floods", due_on=timezone.localdate(), by=None
        )

    def wait(self):
        self.clock.shift(timedelta(hours=self.draw.randrange(1, 4)))


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(6))
def test_a_rebuild_writes_what_was_updated_step_by_step(seed):
    with time_machine.travel(START, tick=False) as clock:
        site = Site(seed, clock)
        for _step in range(25):
            clock.shift(timedelta(minutes=7))
            site.act()
        assert indexes.verify() == []
        before = contents()
        indexes.rebuild()
        assert contents() == before
        for index in INDEXES:
            index.model.objects.all().delete()
        indexes.rebuild()
        assert contents() == before


def a_site_with_a_row_in_every_index():
    publishing.publish(a_home_page(), by=None)
    page = a_live_page()
    a_figure(page)
    a_download_list(page, downloads=[a_download()])
    publishing.publish(page, by=None)
    Page.objects.filter(pk=page.pk).update(title_en="Otherwise")
    indexes.update_drafts(list(Page.objects.all()))
    return page


@pytest.mark.medium
@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_a_row_that_is_missing_or_changed_is_found_and_written_again(index):
    a_site_with_a_row_in_every_index()
    assert indexes.verify() == []
    for tamper in (change,) if index.name == "live" else (delete, change):  # which has no rows of its own
        row = index.model.objects.order_by("pk").last()
        page, found = row.page_id, tamper(index, row)
        [difference] = indexes.verify()
        assert (difference.index, difference.page) == (index.name, page)
        assert (bool(difference.missing), bool(difference.unexpected)) == found
        indexes.rebuild([index.name])
        assert indexes.verify() == []


def delete(_index, row):
    row.delete()
    return True, False


def change(index, row):
    """Another value in the last column that is a number or a text."""
    column = [name for name in index.columns if type(getattr(row, name)) in (int, str)][-1]
    value = getattr(row, column)
    index.model.objects.filter(pk=row.pk).update(
        **{column: value + 1 if type(value) is int else ("x" if value[:1] != "x" else "y") + value[1:]}
    )
    return True, True


@pytest.mark.medium
def test_the_words_of_search_are_verified_too():
    page = a_live_page()
    indexes.update_drafts([page, a_home_page()])
    SearchText.objects.filter(entry__page=page, entry__language="fr").update(terms="fautif")
    assert [(found.index, found.page) for found in indexes.verify()] == [("search", page.pk)]


@pytest.mark.medium
def test_every_table_that_follows_from_others_is_in_the_registry():
    declared = {index.model for index in INDEXES} | {SearchText, SearchWord}  # written with the entries
    assert declared == {
        model
        for module in (index_models, draft_status_models, tree_path_models)
        for model in vars(module).values()
        if getattr(model, "__module__", "") == module.__name__
        and hasattr(model, "_meta")
        and not model._meta.abstract
    }


class Recorded(Index):
    """An index without a table: which pages it was asked to update."""

    name = "recorded"
    follows = Source.EDITIONS | Source.DRAFTS

    def __init__(self):
        self.rows = set()

    def update(self, batch):
        self.rows |= set(batch.ids)

    def expected(self, batch):
        return [(page,) for page in batch.ids]

    def stored(self, batch):
        return [(page,) for page in batch.ids if page in self.rows]

    def unindexed_pages(self):
        return Page.objects.exclude(pk__in=self.rows)

    def describe(self):
        return f"{len(self.rows)} recorded."

    def taken(self):
        rows, self.rows = self.rows, set()
        return rows


@pytest.mark.medium
def test_a_new_index_is_declared_and_nothing_else(monkeypatch, staff_client, tmp_path):
    index = Recorded()
    monkeypatch.setattr(registry, "INDEXES", (*INDEXES, index))
    page = a_page()
    publishing.publish(a_home_page(), by=None)
    publishing.publish(page, by=None)
    assert index.taken() == {page.pk, page.parent_id}
    staff_client.post(change_address(page), page_form(staff_client, page) | {"title_en": "Written"})
    assert index.taken() == {page.pk}
    seen = staff_client.get(f"/admin/pages/page/{page.pk}/restore/1/").context["seen"]
    staff_client.post(f"/admin/pages/page/{page.pk}/restore/1/", {"seen": seen})
    assert index.taken() == {page.pk}
    content_files.dump(tmp_path)
    call_command("import_content", str(tmp_path), stdout=StringIO())
    assert index.taken() == {page.pk, page.parent_id}
    indexes.backfill()
    assert index.rows == {page.pk, page.parent_id}
    index.rows = {page.pk}
    assert [(found.index, found.page) for found in indexes.verify()] == [("recorded", page.parent_id)]
    out = StringIO()
    call_command("rebuild_indexes", stdout=out, stderr=StringIO())
    assert "2 recorded." in out.getvalue()
    assert indexes.verify() == []


@pytest.mark.medium
def test_the_command_says_what_differs_and_writes_only_when_asked_to():
    page = a_site_with_a_row_in_every_index()
    out = StringIO()
    call_command("rebuild_indexes", check=True, stdout=out, stderr=StringIO())
    assert out.getvalue() == "Every index is as it should be.\n"
    SearchText.objects.filter(entry__page=page).update(words="")
    page.draft_status.delete()
    out = StringIO()
    with pytest.raises(CommandError, match="without --check"):
        call_command("rebuild_indexes", check=True, stdout=out, stderr=StringIO())
    assert "search: 1 page differs\n" in out.getvalue()
    assert f"  {page.key}: 2 missing, 2 unexpected\n" in out.getvalue()
    assert f"drafts: 1 page differs\n  {page.key}: 1 missing, 0 unexpected\n" in out.getvalue()
    call_command("rebuild_indexes", "drafts", stdout=StringIO(), stderr=StringIO())
    assert {found.index for found in indexes.verify()} == {"search"}
    call_command("rebuild_search", stdout=StringIO(), stderr=StringIO())
    assert indexes.verify() == []
    with pytest.raises(CommandError, match="no index nowhere"):
        call_command("rebuild_indexes", "nowhere", stdout=StringIO(), stderr=StringIO())


@pytest.mark.medium
def test_a_rebuild_and_a_check_take_as_many_queries_for_many_pages_as_for_few():
    counts = []
    for number in (2, 6):
        for _each in range(number):
            a_live_page()
        with CaptureQueriesContext(connection) as queries:
            indexes.rebuild()
            indexes.verify()
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.medium
def test_a_site_of_an_older_version_gets_the_digests_of_its_live_editions_from_the_migration():
    pages = [a_home_page(), a_live_page(), a_live_page(), a_page()]
    publishing.publish(pages[1], by=None)
    publishing.publish(pages[2], by=None, at=timezone.now() + timedelta(days=1))
    indexes.update_drafts(pages)
    digests = dict(DraftStatus.objects.values_list("page", "live_digest"))
    DraftStatus.objects.update(live_digest="")
    migration = importlib.import_module("pages.migrations.0039_write_live_digests")
    migration.write_digests(apps, SimpleNamespace(connection=connection))
    assert dict(DraftStatus.objects.values_list("page", "live_digest")) == digests
    assert [bool(digests[page.pk]) for page in pages] == [False, True, False, False]
