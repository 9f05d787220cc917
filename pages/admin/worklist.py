"""What waits to be done, on the front page of the admin: each line leads to the place where it is done.

A constant number of queries, however many pages there are and however much is to be done.
"""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from modeltranslation.translator import translator

from .. import page_status, people, second_person, working_copy
from ..document import LANGUAGES
from ..integers import parse_integers
from ..local_time import format_short
from ..models.audit_entry import AuditEntry
from ..models.blocks import BLOCK_MODELS
from ..models.download import Download
from ..models.edition import Edition
from ..models.fact import Fact
from ..models.page import Page, title_of
from ..models.partner import PartnerOrganization
from ..models.review import ReviewStep
from ..models.shared_block import SharedBlock
from ..reviews import requested_from
from .tasks import Task, TaskItem, external_tasks
from .translations import stale_count_label

# Lines of one list; what is beyond is counted as “more”.
MAX_ITEMS = 8

# Characters of a note that are shown; the form has all of it.
MAX_NOTE_LENGTH = 100

SCHEDULED_WITHIN = timedelta(days=14)

# Saves of a person that make a page one of their drafts.
SAVED_WITHIN, MAX_SAVES = timedelta(days=90), 200

OPTIONAL_FIELDS = frozenset({"website"})


def tasks(person):
    """What waits for one person, only lists with something in them."""
    listed = [other.task(person) for other in external_tasks()]
    if person.has_perm("pages.view_page"):
        listed = [*_of_pages(person, listed), _scheduled(), _recent()]
    return [task for task in listed if task and task.lines]


def _of_pages(person, others):
    """What is asked of this person, then their drafts, then what anybody may do; `others` are of other applications."""
    asked, waiting = _in_review(person)
    listed = [asked, _returned(person), _emergencies(), *others]
    if person.has_perm("pages.change_page"):
        listed.append(_drafts(person))
    listed.append(waiting)
    if person.has_perm("pages.change_page"):
        listed += [
            _cycles(),
            _stale(),
            _missing(),
            _missing_of_partners(),
            _missing_of_downloads(),
            _missing_of_shared_blocks(),
            _not_ready(person),
            _without_sources(),
        ]
    return [*listed, _overdue(person), _overdue_facts(person)]


def _task(key, name, lines, *, more="", is_counted=True):
    number = min(len(lines), MAX_ITEMS) if is_counted else None
    return Task(key, name, tuple(lines[:MAX_ITEMS]), len(lines) > MAX_ITEMS, more, number)


# Emergencies


def _emergencies():
    """Pages that are public in one language only, the translation due first before the others."""
    found = Edition.objects.awaiting_translation().select_related("emergency_record").defer("document")
    lines = [
        TaskItem(title_of(edition), _page_url("change", edition.page_id), str(edition.emergency))
        for edition in found.order_by("emergency_record__due_on", "pk")[: MAX_ITEMS + 1]
    ]
    more = _problem_url(page_status.Problem.LANGUAGE)
    return _task("emergencies", _("Published in one language only"), lines, more=more)


# Reviews


def _in_review(person):
    """What was submitted to this person, and what anybody who may can review."""
    if not person.has_perm("pages.publish_page"):
        return None, None
    submitted = _steps_of(
        ReviewStep.Action.SUBMITTED, Edition.objects.filter(status=Edition.Status.IN_REVIEW)
    )
    if second_person.is_required(person):
        submitted = submitted.exclude(edition__author=person)
    asked = Edition.objects.filter(requested_from(person), status=Edition.Status.IN_REVIEW).values("pk")
    oldest_first = submitted.order_by("made_at", "pk")
    return (
        _task("asked", _("Submitted to you for review"), _reviews(oldest_first.filter(edition__in=asked))),
        _task("review", _("Waiting for review"), _reviews(oldest_first.exclude(edition__in=asked))),
    )


def _returned(person):
    """What somebody sent back to this person, unless there is a newer edition of the page of the same kind."""
    newer = Edition.objects.filter(
        page=OuterRef("edition__page"),
        kind=OuterRef("edition__kind"),
        number__gt=OuterRef("edition__number"),
    )
    own = Edition.objects.filter(status=Edition.Status.RETURNED, author=person)
    returned = _steps_of(ReviewStep.Action.RETURNED, own)
    return _task("returned", _("Returned to you"), _reviews(returned.exclude(Exists(newer)).order_by("-pk")))


def _steps_of(action, editions):
    """The acts of one kind on some editions, which are few: the record itself grows for ever."""
    return ReviewStep.objects.filter(action=action, edition__in=editions)


def _reviews(steps):
    """Lines that lead to reviews, each with the act that it waits since: who did it, and when."""
    found = steps.select_related("edition", "by").defer("edition__document")[: MAX_ITEMS + 1]
    return [_review(step) for step in found]


def _review(step):
    edition = step.edition
    address = reverse("admin:pages_page_review", args=[edition.page_id, edition.number])
    moment = format_short(step.made_at)
    kind = [_("withdrawal")] if edition.changes_state else []
    return TaskItem(title_of(edition), address, ", ".join([*kind, step.by_shown, moment]))


# Drafts


def _drafts(person):
    """Pages that this person owns or saved lately, with a text that is neither public, scheduled nor in review."""
    since = timezone.now() - SAVED_WITHIN
    page_type = ContentType.objects.get_for_model(Page)
    saves = AuditEntry.objects.filter(user=person, content_type=page_type, action_time__gte=since)
    newest = saves.order_by("-action_time").values_list("object_id", flat=True)[:MAX_SAVES]
    in_review = Edition.objects.filter(
        page=OuterRef("pk"), status=Edition.Status.IN_REVIEW, digest=OuterRef("draft_status__digest")
    )
    own = Page.objects.filter(Q(owner=person) | Q(pk__in=parse_integers(newest))).exclude(Exists(in_review))
    lines = [
        TaskItem(title_of(page), _page_url("change", page.pk), state.label)
        for state in (page_status.State.CHANGED, page_status.State.NEVER_PUBLISHED)
        for page in page_status.filter_by_state(own, state).order_by("-pk")[: MAX_ITEMS + 1]
    ]
    return _task("drafts", _("Your drafts"), lines)


# Translations


def _stale():
    counts = page_status.current_stale_counts().select_related("page").order_by("page")[: MAX_ITEMS + 1]
    lines = [
        TaskItem(
            title_of(count.page), _page_url("translations", count.page_id), stale_count_label(count.texts)
        )
        for count in counts
    ]
    return _task(
        "stale", _("Changed in one language only"), lines, more=_problem_url(page_status.Problem.TRANSLATION)
    )


def _missing():
    """Pages with a text that is there in one language only, found by the database.

    They cannot be published, so it looks only at those of which that was counted when they were saved.
    """
    condition = _missing_in_one_language(Page)
    for model in BLOCK_MODELS:
        of_page = model.objects.filter(parent=OuterRef("pk"))
        condition |= Exists(of_page.filter(_missing_in_one_language(model)))
    blocked = page_status.filter_by_problem(Page.objects.all(), page_status.Problem.READY)
    pages = blocked.filter(condition).order_by("pk")[: MAX_ITEMS + 1]
    lines = [TaskItem(title_of(page), _page_url("change", page.pk)) for page in pages]
    return _task("missing", _("Text missing in one language"), lines)


def _missing_of_partners():
    title = _("Partner organizations with a text missing in one language")
    return _missing_of_shared("partners", PartnerOrganization, title)


def _missing_of_downloads():
    title = _("Files to download with a title missing in one language")
    return _missing_of_shared("downloads", Download, title)


def _missing_of_shared_blocks():
    title = _("Shared blocks with a text missing in one language")
    return _missing_of_shared("shared-blocks", SharedBlock, title)


def _missing_of_shared(name, model, title):
    rows = model.objects.filter(_missing_in_one_language(model)).order_by("key")[: MAX_ITEMS + 1]
    view = f"admin:pages_{model._meta.model_name}_change"
    lines = [TaskItem(_label_of(row), reverse(view, args=[row.pk])) for row in rows]
    return _task(name, title, lines)


def _label_of(row):
    label = row.name if isinstance(row, SharedBlock) else working_copy.read_shared(row).label
    return label.either(get_language()) or row.key


def _missing_in_one_language(model):
    """A condition for the database: some text is there in one language and not in the other."""
    condition = Q(pk__in=[])
    for name in translator.get_options_for_model(model).get_field_names():
        if name in OPTIONAL_FIELDS:
            continue
        english, french = (
            Q(**{f"{name}_{language}": ""}) | Q(**{f"{name}_{language}": None}) for language in LANGUAGES
        )
        condition |= (english & ~french) | (french & ~english)
    return condition


# Places


def _cycles():
    """Pages that are above themselves, so that no way leads to them from the home page."""
    lines = [
        TaskItem(
            title_of(cycle[0]),
            f"{_page_url('change', cycle[0].pk)}#id_parent",
            " → ".join(title_of(page) for page in [*cycle, cycle[0]]),
        )
        for cycle in Page.objects.in_cycles()
    ]
    return _task("cycles", _("Page under itself: choose another parent page"), lines)


# Publication


def _not_ready(person):
    pages = (
        page_status.filter_by_problem(Page.objects.all(), page_status.Problem.READY)
        .select_related("draft_status")
        .order_by("pk")
    )
    screen = "publish" if person.has_perm("pages.publish_page") else "submit"
    lines = [
        TaskItem(title_of(page), _page_url(screen, page.pk), _reasons(page.draft_status.reasons))
        for page in pages[: MAX_ITEMS + 1]
    ]
    name = _("Issues that block publication")
    return _task("blocked", name, lines, more=_problem_url(page_status.Problem.READY))


def _without_sources():
    """Pages of which an editor noted, in the form or in a content file, what still needs a source."""
    pages = page_status.filter_by_problem(Page.objects.all(), page_status.Problem.SOURCES).order_by("pk")[
        : MAX_ITEMS + 1
    ]
    lines = [
        TaskItem(
            title_of(page),
            f"{_page_url('change', page.pk)}#id_sources_needed",
            Truncator(page.sources_needed).chars(MAX_NOTE_LENGTH),
        )
        for page in pages
    ]
    return _task("sources", _("Sources to find"), lines, more=_problem_url(page_status.Problem.SOURCES))


def _reasons(number):
    return ngettext("%(number)s issue", "%(number)s issues", number) % {"number": number}


def _problem_url(problem):
    return f"{reverse('admin:pages_page_changelist')}?lacks={problem.value}"


# Dates


def _overdue(person):
    mine_first = Case(When(owner=person, then=Value(0)), default=Value(1), output_field=IntegerField())
    pages = Page.objects.filter(review_by__lt=timezone.localdate()).select_related("owner")
    lines = [
        TaskItem(title_of(page), f"{_page_url('change', page.pk)}#id_review_by", _owned(page))
        for page in pages.order_by(mine_first, "review_by", "pk")[: MAX_ITEMS + 1]
    ]
    more = reverse("admin:pages_page_changelist") + "?review=overdue"
    return _task("overdue", _("Content review overdue"), lines, more=more)


def _overdue_facts(person):
    """Facts that should have been reviewed by now, those of this person first. For who may see facts."""
    if not person.has_perm("pages.view_fact"):
        return None
    mine_first = Case(When(owner=person, then=Value(0)), default=Value(1), output_field=IntegerField())
    facts = Fact.objects.overdue().select_related("owner").order_by(mine_first, "review_by", "key")
    lines = [
        TaskItem(
            _name_of(fact), f"{reverse('admin:pages_fact_change', args=[fact.pk])}#id_review_by", _owned(fact)
        )
        for fact in facts[: MAX_ITEMS + 1]
    ]
    more = reverse("admin:pages_fact_changelist") + "?review=overdue"
    return _task("facts", _("Facts to check again"), lines, more=more)


def _name_of(fact):
    return fact.name.either(get_language())


def _owned(page):
    date = date_format(page.review_by, "SHORT_DATE_FORMAT")
    return f"{date}, {people.name_of(page.owner)}" if page.owner else date


def _scheduled():
    soon = Edition.objects.scheduled().filter(publish_at__lte=timezone.now() + SCHEDULED_WITHIN)
    soon = soon.defer("document").order_by("publish_at", "number")[: MAX_ITEMS + 1]
    lines = [_edition(edition, edition.due_words) for edition in soon]
    more = reverse("admin:pages_page_changelist") + "?state=scheduled"
    return _task("scheduled", _("Scheduled soon"), lines, more=more, is_counted=False)


def _recent():
    due = Edition.objects.approved().filter(publish_at__lte=timezone.now())
    newest = due.defer("document").order_by("-publish_at", "-pk")[:MAX_ITEMS]
    lines = [_edition(edition, format_short(edition.publish_at)) for edition in newest]
    return _task("recent", _("Published recently"), lines, is_counted=False)


def _edition(edition, detail):
    return TaskItem(title_of(edition), _page_url("history", edition.page_id), detail)


def _page_url(name, page):
    return reverse(f"admin:pages_page_{name}", args=[page])
