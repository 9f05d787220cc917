"""The list of pages in tree order: its filters, its columns, and where each page stands."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from .. import indexes, page_status, people
from ..local_time import format_short
from ..models.edition import Edition
from .bilingual import in_both_languages
from .blocks import icon
from .bulk_acts import ACTIONS
from .ordering import FILTERS, button_id
from .page_views import may_publish
from .translations import stale_count_label

MAX_DEPTH = 8
COPY_ICON = "M8 8h12v12H8zM16 8V4H4v12h4"
# So many pages are sorted faster here than found in order by the database.
FEW = 1000


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return page_status.State.choices

    def queryset(self, request, queryset):
        known = self.value() in page_status.State.values
        return page_status.filter_by_state(queryset, page_status.State(self.value())) if known else queryset


class ProblemFilter(admin.SimpleListFilter):
    title = _("issue")
    parameter_name = "lacks"

    def lookups(self, request, model_admin):
        return page_status.Problem.choices

    def queryset(self, request, queryset):
        known = self.value() in page_status.Problem.values
        return (
            page_status.filter_by_problem(queryset, page_status.Problem(self.value())) if known else queryset
        )


class ReviewFilter(admin.SimpleListFilter):
    title = _("approval and content review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [
            ("waiting", _("Waiting for review")),
            ("overdue", _("Content review overdue")),
            ("none", _("No date")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            in_review = Edition.objects.filter(status=Edition.Status.IN_REVIEW)
            return queryset.filter(pk__in=in_review.order_by().values("page"))
        if self.value() == "overdue":
            return queryset.filter(review_by__lt=localdate())
        return queryset.filter(review_by=None) if self.value() == "none" else queryset


class PageChangeList(ChangeList):
    """Lists pages in tree order, and adds to each of them where it stands, read for all of them together."""

    def get_ordering(self, request, queryset):
        return ["tree_path__path", "pk"]

    def get_results(self, request):
        """First finds which pages are shown, and then reads these."""
        super().get_results(request)
        indexes.backfill(["tree", "drafts"])  # a process of an older version may have added some pages
        is_whole = (
            self.show_all or not self.multi_page
        )  # then the number of a page in the address means nothing
        start = 0 if is_whole else (self.page_num - 1) * self.list_per_page
        end = None if is_whole else start + self.list_per_page
        ids = self._ids_of_few() if self.result_count <= FEW else self._ids_of_many()
        ids = list(ids[start:end])
        rows = self.root_queryset.prefetch_related(None)  # blocks are for the form
        pages = rows.select_related(*self.list_select_related, "tree_path").in_bulk(ids)
        self.result_list = [pages[page] for page in ids if page in pages]
        statuses = page_status.page_statuses_in_list(self.result_list)
        stale = page_status.stale_counts_in_list(self.result_list, statuses)
        query, may_add = request.GET.urlencode(), self.model_admin.has_add_permission(request)
        for page in self.result_list:
            page.list_query, page.may_add = query, may_add
            page.status = statuses[page.pk]
            page.stale = stale[page.pk]

    def _ids_of_few(self):
        """All that were found, sorted here: the database would walk through the whole tree to find them in order."""
        found = self.queryset.order_by().values_list("tree_path__path", "pk")
        return [page for _path, page in sorted(found)]

    def _ids_of_many(self):
        """Found by the index on paths, which leads to all pages that have one."""
        return self.queryset.filter(tree_path__isnull=False).values_list("pk", flat=True)


class PageListMixin:
    """The list, as a part of the admin of pages."""

    list_display = ("tree_title", "state", "responsible", "review", "last_publication")
    list_filter = (StateFilter, ProblemFilter, ReviewFilter, ("owner", admin.RelatedOnlyFieldListFilter))
    list_per_page = 100
    list_select_related = ("parent", "owner")
    search_fields = ("title_en", "title_fr", "address_en", "address_fr", "key")
    search_help_text = _("Search titles, addresses and keys in both languages.")
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    actions = ACTIONS
    list_tools = (
        (_("Find in all pages"), reverse_lazy("admin:pages_page_find")),
        (_("Translation files"), reverse_lazy("admin:pages_page_translation_files")),
    )

    def get_changelist(self, request, **kwargs):
        return PageChangeList

    def get_actions(self, request):
        """Those of `bulk`. Pages are deleted one by one, because most cannot be."""
        return {name: act for name, act in super().get_actions(request).items() if name != "delete_selected"}

    def has_publish_permission(self, request):
        return may_publish(request)

    def get_queryset(self, request):
        return super().get_queryset(request).with_content()

    @admin.display(description=_("Page"))
    def tree_title(self, page):
        depth = min(page.tree_path.depth, MAX_DEPTH)
        return format_html(
            '<span class="ci-tree ci-tree-{}" data-page="{}">{}</span>',
            depth,
            page.pk,
            in_both_languages(page, "title"),
        )

    def get_list_display(self, request):
        """With what can be done from here, for those who may."""
        if not self.has_change_permission(request):
            return super().get_list_display(request)
        title, *others = super().get_list_display(request)
        return (title, "acts", *others)

    @admin.display(description=_("Actions"))
    def acts(self, page):
        """Moves a page among those with the same parent, adds one below it or copies it."""
        handle_and_buttons = _move_buttons(page) if page.parent_id else ""
        return format_html('<span class="ci-acts">{}{}</span>', handle_and_buttons, _additions(page))

    @admin.display(description=_("State"))
    def state(self, page):
        status = page.status
        more = [edition.due_words for edition in status.scheduled]
        if status.is_changed and status.state in (
            page_status.State.ARCHIVED,
            page_status.State.WITHDRAWN,
        ):
            more.append(page_status.State.CHANGED.label)
        return format_html(
            '<span class="ci-state ci-state-{}">{}</span>{}{}{}',
            status.state.value,
            status.state.label,
            format_html(' <span class="ci-quiet">{}</span>', _join(more)) if more else "",
            _emergency_label(status),
            _stale_link(page),
        )

    @admin.display(description=_("Page owner"))
    def responsible(self, page):
        return people.name_of(page.owner) or "–"

    @admin.display(description=_("Content review date"))
    def review(self, page):
        if page.review_by is None:
            return "–"
        if page.review_by >= localdate():
            return date_format(page.review_by, "SHORT_DATE_FORMAT")
        return format_html(
            '<strong class="ci-late">{}</strong> ({})',
            date_format(page.review_by, "SHORT_DATE_FORMAT"),
            _("overdue"),
        )

    @admin.display(description=_("Public since"))
    def last_publication(self, page):
        if not page.status.live:
            return "–"
        date_and_time = format_short(page.status.live.publish_at).split()
        return format_html_join(
            " ", '<span class="ci-unbroken">{}</span>', ((part,) for part in date_and_time)
        )


def _join(texts):
    """Some texts with semicolons between them; they may be lazy translations, which `str.join` does not take."""
    return format_html_join("; ", "{}", ((text,) for text in texts))


def _emergency_label(status):
    if not status.emergency:
        return ""
    due = _("Emergency: %(due)s") % {"due": status.emergency}
    return format_html(' <span class="ci-behind">{}</span>', due)


def _stale_link(page):
    if not page.stale:
        return ""
    address = reverse("admin:pages_page_translations", args=[page.pk])
    return format_html(' <a class="ci-lacks" href="{}">{}</a>', address, stale_count_label(page.stale))


def _move_buttons(page):
    """Buttons that move a page up and down, behind a handle for the script that drags it."""
    url = f"{reverse('admin:pages_page_move', args=[page.pk])}?{urlencode({FILTERS: page.list_query})}"
    handle = format_html(
        '<span class="ci-drag" draggable="true" data-url="{}" title="{}" aria-hidden="true" hidden>⠿</span>',
        url,
        _("Drag to move"),
    )
    acts = [("up", "↑", _("Move up")), ("down", "↓", _("Move down"))]
    buttons = format_html_join(
        "",
        '<button class="ci-row-act" id="{}" formaction="{}" name="to" value="{}" title="{}">'
        '<span aria-hidden="true">{}</span><span class="ci-unseen">{}: {}</span></button>',
        ((button_id(page, act), url, act, text, sign, text, page) for act, sign, text in acts),
    )
    return format_html("{}{}", handle, buttons)


def _additions(page):
    """Links to add a page below one, and to copy it."""
    if not page.may_add:
        return ""
    add = f"{reverse('admin:pages_page_add')}?{urlencode({'parent': page.key})}"
    copy = reverse("admin:pages_page_copy", args=[page.pk])
    links = [(add, "+", _("Add a page below")), (copy, icon(COPY_ICON), _("Copy…"))]
    return format_html_join(
        "",
        '<a class="ci-row-act" href="{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="ci-unseen">{}: {}</span></a>',
        ((url, text, sign, text, page) for url, sign, text in links),
    )
