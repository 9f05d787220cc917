"""Archive, withdraw and move several pages, or change their owner; and all that can be done with several pages."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from .. import (
    moving,
    page_status,
    people,
    publishing,
    rescheduling,
    second_person,
)
from ..document import Bilingual
from ..indexes.references import link_counts
from ..models.edition import Edition
from ..models.page import Page
from .bilingual import NOBODY_LABEL, UserChoiceField
from .bulk import MAX_PAGES, BulkView, Line, NoteForm, undecided
from .bulk_texts import BulkApproveView, BulkPublishView, BulkSubmitView
from .notices import ExplanationForm
from .ordering import save_move
from .parents import ParentField, ParentInput
from .translation_files import TranslationFilesView


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
        return undecided(status, reverse("admin:pages_page_archive", args=[page.pk]))

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
        return undecided(status, reverse("admin:pages_page_withdraw", args=[page.pk]))

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


BULK_VIEWS = (
    BulkSubmitView,
    BulkApproveView,
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
    _action(BulkApproveView, gettext_lazy("Approve…")),
    _action(BulkPublishView, gettext_lazy("Publish…")),
    _action(BulkArchiveView, gettext_lazy("Archive…")),
    _action(BulkWithdrawView, gettext_lazy("Withdraw…")),
    _action(TranslationFilesView, gettext_lazy("Translation file…")),
    _action(BulkOwnerView, gettext_lazy("Change the owner…")),
    _action(BulkMoveView, gettext_lazy("Move under another page…")),
]
