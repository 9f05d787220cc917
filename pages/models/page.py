"""The working copy of a page: what editors are writing. Nothing here is public; see `edition` for what is."""

from functools import reduce
from operator import or_

from content_editor.models import Region
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..document import VOCABULARIES
from ..fields import PlainCharField, RichTextField, new_key
from ..slugs import slug
from ..tree import MAX_POSITION, UNPLACED, find_cycles, walk_up
from .active_language import in_active_language
from .locking import LockingQuerySet
from .tree_path import TreePath
from .vocabulary_term import VocabularyTerm

ADDRESS = r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*"

valid_address = RegexValidator(
    rf"^{ADDRESS}\Z",
    _(
        "Use lowercase letters without accents, numbers and single hyphens. Separate parts with “/”. "
        "Example: “trade-agreements”."
    ),
)


class PageQuerySet(LockingQuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        """Inserts pages, each with its path: lists in tree order show no page that has none."""
        objs = list(objs)
        for page in objs:
            page.note_audience()
        with transaction.atomic(using=self.db, savepoint=False):
            pages = super().bulk_create(objs, *args, **kwargs)
            PageTerm.objects.keep(pages)
            TreePath.objects.add_pages([page.pk for page in pages])
        return pages

    def in_tree_order(self):
        """Parents before their children, siblings by position: as the admin lists them (`models.tree_path`)."""
        return self.order_by(F("tree_path__path").asc(nulls_last=True), "pk")

    def in_cycles(self):
        """Finds the pages that are above themselves: lists of pages, each followed by its parent; none in a tree.

        No form and no file makes such a cycle; an older release or SQL may have. One query where there is none.
        """
        lost = {page.pk: page for page in self.filter(tree_path__path__gte=UNPLACED).order_by("pk")}
        cycles = find_cycles({page.pk: page.parent_id for page in lost.values()})
        return [[lost[key] for key in cycle] for cycle in cycles]

    def lock_for_move(self, page):
        """Locks a page and the home page, which every move of a page locks: pages move one after another.

        Otherwise two people could move two pages below each other in the same moment.
        """
        return list(self.filter(Q(pk=page.pk) | Q(parent=None)).only("pk").for_update_in_order())

    def last_position(self, parent):
        """Returns the position of a page that comes after all those below `parent`, as far as there are numbers."""
        highest = self.filter(parent=parent).aggregate(highest=Max("position"))["highest"]
        return 0 if highest is None else min(highest + 1, MAX_POSITION)

    def with_content(self):
        """Fetches all that a document is read from, in a constant number of queries."""
        sets = {relation.get_accessor_name(): relation.related_model for relation in self._blocks()}
        shared = [f"{name}__{field}" for name, model in sets.items() for field in model.shared_fields()]
        related = self.select_related("parent", *VOCABULARIES)
        return related.prefetch_related("further_terms", *sets, *shared)

    def adopt_audiences(self):
        """Takes in the audiences that a process of the version before has written; this one writes both."""
        for term in VocabularyTerm.objects.filter(vocabulary="audience"):
            self.filter(stored_audience=term.code).exclude(audience=term).update(audience=term)

    def with_terms(self, rows):
        """Finds the pages whose metadata has one of these terms of vocabularies."""
        keys = [row.pk for row in rows]
        further = Q(pk__in=PageTerm.objects.filter(term__in=keys).values("page"))
        return self.filter(reduce(or_, (Q(**{f"{name}__in": keys}) for name in VOCABULARIES), further))

    def mentioning(self, rows):
        """Find the pages that mention one of these partner organizations or files to download."""
        mentioning = Q(pk__in=[])
        for model in (relation.related_model for relation in self._blocks()):
            for name in (*model.shared_fields(), *model.image_fields()):
                shared = model._meta.get_field(name).related_model
                keys = [row.pk for row in rows if isinstance(row, shared)]
                if keys:
                    mentioning |= Q(pk__in=model.objects.filter(**{f"{name}__in": keys}).values("parent"))
        return self.filter(mentioning)

    def _blocks(self):
        """The relations of a page to its blocks, one for each kind; see `blocks`, which knows pages."""
        relations = self.model._meta.related_objects
        return [relation for relation in relations if hasattr(relation.related_model, "declaration")]


def _term_field(vocabulary, name, help_text, **options):
    """Returns a field for the first term of a vocabulary that a page has; the others are its `further_terms`."""
    return models.ForeignKey(
        VocabularyTerm,
        verbose_name=name,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        limit_choices_to={"vocabulary": vocabulary},
        help_text=help_text,
        **options,
    )


class Page(models.Model):
    """The working copy of one page and its place in the site. Changing it changes nothing public."""

    regions = [Region(key="main", title=_("Content"))]

    key = models.SlugField(
        _("key"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_(
            "Identifies the page in content files and internal links. If left empty, it is made from the "
            "title."
        ),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent page"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("The page one level up. Only the home page has none."),
    )
    position = models.PositiveIntegerField(
        _("position"),
        default=0,
        validators=[MaxValueValidator(MAX_POSITION)],
        help_text=_(
            "Order among the pages with the same parent, from 0 to 99,999. If left empty, the page comes "
            "last."
        ),
    )
    title = PlainCharField(_("title"), max_length=200)
    address = PlainCharField(
        _("address"),
        max_length=200,
        blank=True,
        validators=[valid_address],
        help_text=_("The end of the page’s web address, for example “trade-agreements”."),
    )
    description = PlainCharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("Write one or two sentences for search results and page lists, up to 130 characters."),
    )
    introduction = RichTextField(_("introduction"), blank=True)
    takes_reports = models.BooleanField(
        _("visitors can report a problem"),
        default=True,
        help_text=_("Shows the form “Report a problem on this page”."),
    )
    creator = _term_field("creator", _("creator"), _("Who is responsible for the content of the page."))
    subject = _term_field("subject", pgettext_lazy("metadata", "subject"), _("What the page is about."))
    audience = _term_field(
        "audience",
        _("audience"),
        _("For whom the page is. Search engines and catalogues read it; the page does not show it."),
        db_column="audience_term_id",
    )
    type = _term_field(
        "type", _("type of page"), _("What sort of text the page is, such as a list of resources.")
    )
    coverage = _term_field("coverage", _("coverage"), _("The place that the page is about."))
    # The code of the audience, for processes of the version before vocabularies; written, and read by `adopt`.
    stored_audience = models.CharField(
        max_length=40, blank=True, default="", db_default="", db_column="audience", editable=False
    )
    further_terms = models.ManyToManyField(
        VocabularyTerm, through="PageTerm", related_name="+", editable=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("page owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pages_owned",
    )
    review_by = models.DateField(_("content review date"), null=True, blank=True)
    sources_needed = PlainCharField(
        _("sources to find"),
        max_length=1000,
        blank=True,
        default="",
        help_text=_(
            "Statements on this page that still need a source. Only staff can see this note. It is never "
            "published."
        ),
    )

    template = models.ForeignKey(
        "PageTemplate",
        verbose_name=_("page template"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="pages",
        help_text=_("Decides which tips and which types of blocks this form offers. Readers do not see it."),
        db_index=False,
    )

    chosen_further = None  # the further terms that were chosen for it; None where they stay as they are

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(
                Coalesce("parent", 0),
                condition=Q(parent__isnull=True),
                name="one_home_page",
                violation_error_message=_("There is already a home page. Choose a parent page."),
            ),
            models.UniqueConstraint(
                fields=["address_en"],
                condition=~Q(address_en=""),
                name="one_page_per_english_address",
                violation_error_message=_("Another page already uses this English address."),
            ),
            models.UniqueConstraint(
                fields=["address_fr"],
                condition=~Q(address_fr=""),
                name="one_page_per_french_address",
                violation_error_message=_("Another page already uses this French address."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="no_page_is_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "position"]),
            # For the few pages that the worklist names.
            models.Index(fields=["review_by"], condition=Q(review_by__isnull=False), name="page_review"),
            models.Index(fields=["id"], condition=~Q(sources_needed=""), name="page_sources"),
        ]
        permissions = [
            ("publish_page", _("Can publish pages")),
            ("publish_in_emergency", _("Can publish in one language only, in an emergency")),
        ]

    def __str__(self):
        return title_of(self)

    def save(self, *args, **kwargs):
        """Saves the page, a new one with its path; who moves a page calls `pages.indexes.update_drafts`."""
        is_new = self._state.adding
        self.note_audience()
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            PageTerm.objects.keep([self])
            if is_new:
                TreePath.objects.add_pages([self.pk])

    def terms(self):
        """Returns the terms that the page has, by the name of their vocabulary, in the order of their codes.

        One query where the page has not been read by `with_content`.
        """
        chosen = {name: getattr(self, name) for name in VOCABULARIES}
        rows = {row for row in chosen.values() if row} | set(self.further_terms.all() if self.pk else ())
        ordered = sorted(rows, key=lambda row: row.code)
        return {name: [row for row in ordered if row.vocabulary == name] for name in VOCABULARIES}

    def choose_terms(self, chosen):
        """Gives the page, which is not saved, its terms: rows by the name of their vocabulary, for each of them."""
        ordered = {name: sorted(chosen[name], key=lambda row: row.code) for name in VOCABULARIES}
        for name, rows in ordered.items():
            setattr(self, name, rows[0] if rows else None)
        self.chosen_further = [row for rows in ordered.values() for row in rows[1:]]

    def note_audience(self):
        """Writes the code of the audience for processes of the version before."""
        self.stored_audience = self.audience.code if self.audience_id else ""

    def clean(self):
        if not self.key:
            self.key = slug(self.title_en or self.title_fr or "")[:90] or new_key()
            if Page.objects.filter(key=self.key).exclude(pk=self.pk).exists():
                self.key = f"{self.key}-{new_key()}"
        stored = Page.objects.filter(pk=self.pk).values_list("parent", flat=True)
        for parent in stored:
            if parent is None and self.parent_id is not None:
                raise ValidationError({"parent": _("This is the home page. It has no parent page.")})
        if self.parent_id not in (None, *stored):
            self._check_parent()

    def _check_parent(self):
        """Refuses a parent below the page itself, or one that is not below the home page: it is in a cycle."""
        parents = Page.objects.values_list("parent", flat=True)
        way = list(walk_up(self.parent_id, lambda page: parents.get(pk=page)))
        if self.pk in way:
            raise ValidationError({"parent": _("A page cannot be under itself. Choose another parent page.")})
        if way[-1] in way[:-1]:
            text = _("“%(page)s” is under itself, so nothing can be moved there. Choose another parent page.")
            names = {"page": Page.objects.get(pk=way[-1])}
            raise ValidationError({"parent": ValidationError(text, params=names)})


class PageTermQuerySet(models.QuerySet):
    def keep(self, pages):
        """Stores the further terms that were chosen for pages; no query where none were, or it is as it was."""
        chosen = {(page.pk, row.pk) for page in pages for row in page.chosen_further or ()}
        changed = [page.pk for page in pages if page.chosen_further is not None]
        rows = self.filter(page__in=changed) if changed else ()
        self.filter(pk__in=[row.pk for row in rows if (row.page_id, row.term_id) not in chosen]).delete()
        chosen -= {(row.page_id, row.term_id) for row in rows}
        self.bulk_create(PageTerm(page_id=page, term_id=term) for page, term in chosen)


class PageTerm(models.Model):
    """A further term of a vocabulary that a page has: the first one is in the field named like the vocabulary.

    So a page with one term of each is one row, as it was for the version before, which knows no others.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    term = models.ForeignKey(VocabularyTerm, on_delete=models.PROTECT, related_name="+")

    objects = PageTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("further vocabulary term of a page")
        verbose_name_plural = _("further vocabulary terms of pages")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "term"], name="one_further_term_per_page")]

    def __str__(self):
        return f"{self.page}: {self.term}"


def title_of(row):
    """Returns the title of a page or an edition in the active language; in the other one where it has none."""
    return in_active_language(row, "title") or row.key
