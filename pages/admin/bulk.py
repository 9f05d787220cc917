"""What is done with several pages at once: a screen says for each what will happen or why not, and then does it.

Each page has a transaction of its own, and an edition of its own where one is made: what one page refuses keeps no
other one from it. Only pages that are new and link to one another are published in one transaction, because neither can
be first. The same rules hold as on the screens about one page.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from django.views.generic import View

from .. import (
    indexes,
    moving,
    page_status,
    people,
    publishing,
    readiness,
    rescheduling,
    reviews,
    second_person,
    stale_translations,
    working_copy,
)
from ..address_checks import AddressOwners
from ..document import Bilingual, digest, dumps
from ..indexes.references import link_counts
from ..integers import parse_integers
from ..link_targets import LinkTargets, links_of
from ..models.edition import Correction, Edition
from ..models.page import Page
from ..models.review import TranslationDecision
from .bilingual import NOBODY_LABEL, UserChoiceField
from .field_links import with_urls
from .notices import ExplanationForm
from .ordering import save_move
from .page_views import lock_if_unchanged, may_publish
from .parents import ParentField, ParentInput
from .publishing import PublishForm, TimingForm, is_live

# So many pages at a time: a request that takes more would take too long.
MAX_PAGES = 100
TEMPLATE = "admin/pages/page/bulk.html"


@dataclass(slots=True)
class Line:
    """One page on the screen: what will happen to it, or why not as pairs of a sentence and an address (or None).

    `seen` is the digest of its working copy, where the act is about that text. `needed` has the keys of pages that are
    not public yet and that it links to.
    """

    page: Page
    text: str = ""
    reasons: list[tuple[str, Any]] | tuple = ()
    seen: str = ""
    is_done: bool = False
    needed: frozenset[str] = frozenset()


class NoteForm(forms.Form):
    note = TimingForm.base_fields["note"]


class BulkPublishForm(NoteForm):
    significant = PublishForm.base_fields["significant"]
    field_order = ["significant", "note"]


class BulkWithdrawForm(ExplanationForm, NoteForm):
    field_order = ["explanation_en", "explanation_fr", "note"]


class OwnerForm(forms.Form):
    owner = UserChoiceField(
        label=gettext_lazy("Page owner"),
        queryset=get_user_model().objects.filter(is_staff=True).order_by("last_name", "username"),
        required=False,
        empty_label=NOBODY_LABEL,
    )


class ParentForm(forms.Form):
    parent = ParentField(
        label=gettext_lazy("Parent page"),
        queryset=Page.objects.all(),
        widget=ParentInput,
        help_text=gettext_lazy("The pages come last under this page, in the order of the list."),
    )


class BulkView(View):
    """Something that is done with several pages, named by `pages` in the address or in what is sent.

    A subclass has the name of the act, its words, `lines` and `act_on`. `choice_form` asks something first that decides
    what will happen to each page; `details_form` asks what is kept beside it.
    """

    http_method_names = ("get", "head", "post", "options")
    model_admin = None
    act = permission = ""
    title = button = None
    choice_form = details_form = None

    @classmethod
    def url_pattern(cls, model_admin):
        """Returns the URL pattern of this view, open to staff only."""
        view = model_admin.admin_site.admin_view(cls.as_view(model_admin=model_admin))
        return path(f"bulk/{cls.act}/", view, name=f"pages_page_bulk_{cls.act}")

    @classmethod
    def url(cls, ids):
        """Returns the address of the screen for some pages."""
        return f"{reverse(f'admin:pages_page_bulk_{cls.act}')}?pages={','.join(map(str, ids))}"

    def dispatch(self, request, *args, **kwargs):
        is_open = may_publish(request) if self.permission == "publish" else True
        if not (is_open and self.model_admin.has_change_permission(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        data = request.POST if request.method == "POST" else request.GET
        pages = _pages(data.get("pages", ""))
        if not pages:
            messages.error(request, _("Select at least one page."))
            return HttpResponseRedirect(reverse("admin:pages_page_changelist"))
        choice = self.choice_form and self.choice_form(_sent(self.choice_form, data))
        if choice and not choice.is_valid():
            return self._render(request, pages, choice=choice)
        details = self.details(request)
        chosen = choice.cleaned_data if choice else {}
        lines = self.lines(request, pages, **chosen)
        if request.method == "POST" and (details is None or details.is_valid()):
            values = {**chosen, **(details.cleaned_data if details else {})}
            refused = [line for line in lines if line.reasons]
            done = self.do_all(request, [line for line in lines if not line.reasons], values)
            return self._render(request, pages, lines=[*done, *refused], is_done=True)
        return self._render(request, pages, lines=lines, choice=choice, details=details)

    post = get

    def details(self, request):
        """Returns the form of what is kept beside the act; None where nothing is."""
        return self.details_form and self.details_form(request.POST or None)

    def do_all(self, request, lines, values):
        """Does it to each page that does not refuse it; returns their lines."""
        return [self._do(request, line, values) for line in lines]

    def _do(self, request, line, values):
        """Does it to one page; returns the line that says so, or why it was not done."""
        seen = request.POST.get(f"seen-{line.page.pk}", "")
        try:
            with transaction.atomic():
                text = self.act_on(request, line.page, seen, **values)
        except publishing.NotReady as refusal:
            return Line(line.page, reasons=_linked(line.page, refusal.reasons))
        except ValidationError as error:
            return Line(line.page, reasons=[(message, None) for message in error.messages])
        except Page.DoesNotExist:
            return Line(line.page, reasons=[(_("The page has been deleted."), None)])
        return Line(line.page, text, is_done=True)

    def _render(self, request, pages, *, lines=None, choice=None, details=None, is_done=False):
        lines = lines and [line for line in lines if not line.reasons] + [
            line for line in lines if line.reasons
        ]
        context = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": self.title,
            "button": self.button,
            "pages": ",".join(str(page.pk) for page in pages),
            "selected": pages,
            "choice": choice,
            "details": details,
            "lines": lines,
            "possible": [line for line in lines or () if not line.reasons],
            "refused": [line for line in lines or () if line.reasons],
            "is_done": is_done,
        }
        return TemplateResponse(request, TEMPLATE, context)

    def lines(self, request, pages, **chosen):
        """Returns a `Line` for each page, in as many queries for many pages as for few."""
        raise NotImplementedError

    def act_on(self, request, page, seen, **values):
        """Does it to one page and says so in a sentence. Raises NotReady or ValidationError."""
        raise NotImplementedError


def _pages(text):
    """The pages whose ids stand in a text, in tree order, with all that they say."""
    indexes.backfill(["tree"])  # a process of an older version may have added some pages
    ids = parse_integers(text.split(",")[:MAX_PAGES])
    pages = Page.objects.with_content().select_related("owner", "tree_path")
    return list(pages.filter(pk__in=ids).in_tree_order())


def _sent(form, data):
    """What was sent for a form; None where nothing was, so that it asks."""
    return data if any(name in data for name in form.base_fields) else None


def _linked(page, reasons):
    return [(reason.message, url) for reason, url in with_urls(page, reasons)]


class _TextView(BulkView):
    """An act that shows the text of working copies to somebody else: the text must be ready."""

    def lines(self, request, pages):
        documents = {page: working_copy.read(page) for page in pages}
        owners = AddressOwners(document.address for document in documents.values())
        statuses = page_status.page_statuses(pages)
        facts = self.facts(pages, statuses)
        lines = {
            document: self._line(request, page, document, owners, statuses[page.pk], facts)
            for page, document in documents.items()
        }
        self.check_links(lines)
        return list(lines.values())

    def check_links(self, lines):
        """Adds to the lines, which are given by document, what keeps a page from it because of its links."""

    def _line(self, request, page, document, owners, status, facts):
        seen = digest(dumps(document))
        refusal = self.refusal(request, page, seen, status, facts)
        if refusal:
            return Line(page, reasons=[refusal])
        is_emergency = status.live and status.live.emergency
        check = readiness.reasons_not_to_publish if is_emergency else readiness.blocking_problems
        reasons = _linked(page, check(document, owners))
        return Line(page, self.outcome(page, status, facts), reasons, seen)


class BulkPublishView(_TextView):
    act, permission = "publish", "publish"
    title, button = gettext_lazy("Publish pages"), gettext_lazy("Publish these pages")
    details_form = BulkPublishForm

    def facts(self, pages, statuses):
        return stale_translations.stale_texts_by_page(pages, statuses)

    def refusal(self, request, page, seen, status, facts):
        if second_person.is_required(request.user):
            text = _("Someone else must approve what the public reads. Submit it for review.")
            return text, BulkSubmitView.url([page.pk])
        if is_live(status, seen):
            return _("The working copy is already live. There is nothing to publish."), None
        return _undecided(page, status, "publish")

    def outcome(self, page, status, facts):
        text = _("A new edition goes live now, in both languages.")
        if status.live is None:
            text = _("It goes live for the first time, in both languages.")
        elif status.live.changes_state:
            text = _("It is public again, with the text of the working copy, in both languages.")
        number = len(facts[page.pk])
        more = _("Translations to review: %(number)s.") % {"number": number}
        return f"{text} {more}" if number else text

    def check_links(self, lines):
        targets, refused = LinkTargets.of_documents(lines), True
        while refused:  # what is refused may keep those that link to it from it
            keys = {line.page.key for line in lines.values() if not line.reasons}
            refused = False
            for document, line in lines.items():
                if not line.reasons and (reasons := readiness.broken_links(document, targets, keys)):
                    line.reasons, refused = _linked(line.page, reasons), True
        for document, line in lines.items():
            linked = {located.link.page for located in links_of(document)}
            line.needed = frozenset(key for key in linked & keys if not targets.is_readable(key))

    def do_all(self, request, lines, values):
        done = (self._do_together(request, group, values) for group in _groups(lines))
        return list(chain.from_iterable(done))

    def _do_together(self, request, lines, values):
        """Publishes pages that link to one another: all of them, but for those that refuse it."""
        if not lines:
            return []
        together = {**values, "published_too": {line.page.key for line in lines}}
        if len(lines) == 1:
            return [self._do(request, lines[0], together)]
        with transaction.atomic():
            done = [self._do(request, line, together) for line in lines]
            refused = [line for line in done if line.reasons]
            transaction.set_rollback(bool(refused))
        if not refused:
            return done
        pages = {line.page for line in refused}
        others = [line for line in lines if line.page not in pages]
        return [*self._do_together(request, others, values), *refused]

    def act_on(self, request, page, seen, *, significant, note, published_too):
        page, document = lock_if_unchanged(page, seen)
        live = Edition.objects.live().filter(page=page).select_related("emergency_record").first()
        stale = stale_translations.stale_texts(page, document, live)
        is_significant = significant == "yes"
        edition = publishing.publish(
            page, by=request.user, significant=is_significant, note=note, published_too=published_too
        )
        rescheduling.settle(edition, {}, by=request.user)
        later = TranslationDecision.Kind.LATER
        stale_translations.decide(page, document, stale, by=request.user, kind=later)
        return _("Edition %(number)s is live, in both languages.") % {"number": edition.number}


def _groups(lines):
    """Parts lines so that pages which need one another are in the same group."""
    groups = []
    for line in lines:
        keys = {line.page.key, *line.needed}
        joined = [group for group in groups if any(keys & {other.page.key, *other.needed} for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*chain.from_iterable(joined), line])
    return groups


class BulkSubmitView(_TextView):
    act = "submit"
    title, button = gettext_lazy("Submit pages for review"), gettext_lazy("Submit these pages")
    details_form = NoteForm

    def facts(self, pages, statuses):
        texts = Edition.objects.filter(status=Edition.Status.IN_REVIEW, kind=Edition.Kind.CURRENT)
        editions = {edition.page_id: edition for edition in texts.filter(page__in=pages).defer("document")}
        corrected = Correction.objects.filter(edition__in=editions.values()).values_list("edition", flat=True)
        return editions, set(corrected)

    def refusal(self, request, page, seen, status, facts):
        editions, corrected = facts
        if is_live(status, seen):
            return _("The working copy is already live. There is nothing to review."), None
        edition = editions.get(page.pk)
        if edition and edition.digest == seen and edition.pk not in corrected:
            return _("The working copy is already in review as is."), None
        return None

    def outcome(self, page, status, facts):
        edition = facts[0].get(page.pk)
        if edition is None:
            return _("It is submitted for review.")
        text = _("It is submitted for review, in place of edition %(number)s.")
        return text % {"number": edition.number}

    def act_on(self, request, page, seen, *, note):
        page, _document = lock_if_unchanged(page, seen)
        edition = reviews.submit(page, by=request.user, note=note)
        return _("Edition %(number)s is in review.") % {"number": edition.number}


class BulkArchiveView(BulkView):
    act, permission = "archive", "publish"
    title, button = gettext_lazy("Archive pages"), gettext_lazy("Archive these pages")
    details_form = NoteForm

    def lines(self, request, pages):
        statuses = page_status.page_statuses(pages)
        return [self._line(page, statuses[page.pk]) for page in pages]

    def _line(self, page, status):
        reason = self._reason(page, status)
        if reason:
            return Line(page, reasons=[reason])
        return Line(page, _("It is archived now. It can still be read, with a banner saying so."))

    def _reason(self, page, status):
        if page.parent_id is None:
            return _("A site always keeps its home page. It cannot be archived or withdrawn."), None
        if not status.is_readable:
            return _("The page is not public. There is nothing to archive."), None
        if status.live.kind == Edition.Kind.ARCHIVED:
            return _("The page is already archived."), None
        return _undecided(page, status, "archive")

    def act_on(self, request, page, seen, *, note):
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        edition = publishing.archive(page, by=request.user, note=note)
        rescheduling.settle(edition, {}, by=request.user)
        return _("The page is archived. It can still be read, with a banner saying so.")


class BulkWithdrawView(BulkView):
    act, permission = "withdraw", "publish"
    title, button = gettext_lazy("Withdraw pages"), gettext_lazy("Withdraw these pages")
    details_form = BulkWithdrawForm

    def details(self, request):
        """Asks for one explanation for all pages, of who may give it without a second person."""
        takes_notice = not second_person.is_required(request.user)
        return self.details_form(request.POST or None, takes_notice=takes_notice)

    def lines(self, request, pages):
        statuses, links = page_status.page_statuses(pages), link_counts(pages)
        return [self._line(page, statuses[page.pk], links[page.key]) for page in pages]

    def _line(self, page, status, links):
        if reason := self._reason(page, status):
            return Line(page, reasons=[reason])
        text = _("It is withdrawn now. Its addresses show a notice in both languages.")
        if links:
            more = ngettext("%(number)s page links to it.", "%(number)s pages link to it.", links)
            text = f"{text} {more % {'number': links}}"
        return Line(page, text)

    def _reason(self, page, status):
        if page.parent_id is None:
            return _("A site always keeps its home page. It cannot be archived or withdrawn."), None
        if status.live and status.live.kind == Edition.Kind.WITHDRAWN:
            text = _("The page is already withdrawn. Its own screen changes the explanation.")
            return text, reverse("admin:pages_page_withdraw", args=[page.pk])
        if not status.is_readable:
            return _("The page is not public. There is nothing to withdraw."), None
        return _undecided(page, status, "withdraw")

    def act_on(self, request, page, seen, *, note, explanation_en="", explanation_fr=""):
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        explanation = Bilingual(explanation_en, explanation_fr)
        edition = publishing.withdraw(page, by=request.user, note=note, explanation=explanation)
        rescheduling.settle(edition, {}, by=request.user)
        return _("The page has been withdrawn. Its addresses now show a notice in both languages.")


class BulkOwnerView(BulkView):
    act = "owner"
    title, button = gettext_lazy("Change the owner of pages"), gettext_lazy("Change the owner")
    choice_form = OwnerForm

    def lines(self, request, pages, *, owner):
        return [self._line(page, owner) for page in pages]

    def _line(self, page, owner):
        if page.owner == owner:
            return Line(page, reasons=[(_("It already has this owner."), None)])
        values = {
            "before": people.name_of(page.owner) or NOBODY_LABEL,
            "after": people.name_of(owner) or NOBODY_LABEL,
        }
        return Line(page, _("Owner: %(before)s → %(after)s") % values)

    def act_on(self, request, page, seen, *, owner):
        page = Page.objects.for_update_in_order().get(pk=page.pk)
        page.owner = owner
        page.save(update_fields=["owner"])
        with override(None):
            message = [{"changed": {"fields": [str(Page._meta.get_field("owner").verbose_name)]}}]
        self.model_admin.log_change(request, page, message)
        return _("Owner: %(owner)s") % {"owner": people.name_of(owner) or NOBODY_LABEL}


class BulkMoveView(BulkView):
    act = "move"
    title, button = gettext_lazy("Move pages"), gettext_lazy("Move these pages")
    choice_form = ParentForm

    def lines(self, request, pages, *, parent):
        reasons = moving.reasons_not_to_move(pages, parent)
        movable = [page for page in pages if page.pk not in reasons and page.parent_id != parent.pk]
        return [self._line(page, movable, parent, reasons) for page in pages]

    def _line(self, page, movable, parent, reasons):
        above = next((other for other in movable if _is_above(other, page)), None)
        reason = reasons.get(page.pk)
        if not reason and above:
            reason = _("It stays under “%(page)s”, which is also selected.") % {"page": above}
        if not reason and page.parent_id == parent.pk:
            reason = _("It is already under this page.")
        if reason:
            return Line(page, reasons=[(reason, None)])
        values = {"before": page.parent, "after": parent}
        return Line(page, _("Parent page: “%(before)s” → “%(after)s”") % values)

    def act_on(self, request, page, seen, *, parent):
        save_move(self.model_admin, request, moving.move([page], parent=parent))
        return _("It is now under “%(page)s”. The public sees it once it is published.") % {"page": parent}


def _is_above(other, page):
    return page.tree_path.path.startswith(f"{other.tree_path.path}/")


def _undecided(page, status, screen):
    """Why a page with a scheduled text needs a decision that only its own screen asks for; None without one."""
    texts = [edition for edition in status.scheduled if edition.kind == Edition.Kind.CURRENT]
    if not texts:
        return None
    text = _(
        "Edition %(number)s is scheduled for later. Use the screen of the page, which asks what happens to it."
    )
    return text % {"number": texts[0].number}, reverse(f"admin:pages_page_{screen}", args=[page.pk])


BULK_VIEWS = (
    BulkSubmitView,
    BulkPublishView,
    BulkArchiveView,
    BulkWithdrawView,
    BulkOwnerView,
    BulkMoveView,
)


def _action(view, description):
    """The entry of a screen in the list of actions, which leads to it with the pages that were selected."""

    @admin.action(description=description, permissions=[view.permission or "change"])
    def lead(model_admin, request, queryset):
        ids = list(queryset.in_tree_order().values_list("pk", flat=True)[: MAX_PAGES + 1])
        if len(ids) > MAX_PAGES:
            text = _("You can select up to %(number)s pages at a time.") % {"number": MAX_PAGES}
            model_admin.message_user(request, text, messages.ERROR)
            return None
        return HttpResponseRedirect(view.url(ids))

    lead.__name__ = f"bulk_{view.act}"
    return lead


ACTIONS = [
    _action(BulkSubmitView, gettext_lazy("Submit for review…")),
    _action(BulkPublishView, gettext_lazy("Publish…")),
    _action(BulkArchiveView, gettext_lazy("Archive…")),
    _action(BulkWithdrawView, gettext_lazy("Withdraw…")),
    _action(BulkOwnerView, gettext_lazy("Change the owner…")),
    _action(BulkMoveView, gettext_lazy("Move under another page…")),
]
