"""The screen on which an edition is put back into the working copy of its page, always in both languages."""

import json

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import current_texts, indexes, working_copy
from ..document import digest, dumps
from ..models.edition import Edition
from ..models.page import Page
from . import changes
from .comparing import edition_label
from .page_views import ChangingView, lock_if_unchanged


class RestoreView(ChangingView):
    route, name = "restore/<int:number>", "restore"

    def respond(self, request, page, number):
        edition = get_object_or_404(Edition, page=page, number=number)
        errors = self._restore(request, page, edition) if request.method == "POST" else []
        if errors is None:
            return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
        present = working_copy.read(page)
        seen = digest(dumps(present))
        return self.render(
            request,
            page,
            "restore",
            title=_("Restore edition %(number)s") % {"number": edition.number},
            edition=edition_label(edition),
            changes=changes.view(present, _as_restored(edition.read())),
            seen=seen,
            is_kept=Edition.objects.filter(page=page, digest=seen).exists(),
            errors=errors,
        )

    def _restore(self, request, page, edition):
        """None once it is done; else why it was not, in sentences."""
        try:
            with transaction.atomic():
                has_changed, matches = _write(page, edition.read(), seen=request.POST.get("seen"))
        except ValidationError as error:
            return error.messages
        self.model_admin.log_change(
            request, page, [{"restored": {"edition": edition.number}}] if has_changed else []
        )
        messages.success(request, _outcome(matches) % {"number": edition.number})
        return None


def _as_restored(document):
    """The document as it reads once it is restored: facts, images and what pages share as they are now."""
    [document] = current_texts.with_current_texts([working_copy.with_current_shared(document)])
    return document


def _outcome(matches):
    if matches:
        return _(
            "The working copy now matches edition %(number)s in both languages. The public sees no change."
        )
    return _(
        "The working copy now has the text of edition %(number)s in both languages, with facts, images and content "
        "that pages share as they are now. The public sees no change."
    )


def _write(page, document, *, seen):
    """Under lock, so that what is replaced is what the person was shown.

    Returns whether it said something else before, and whether it says all that the document says.
    """
    Page.objects.lock_for_move(page)
    page, before = lock_if_unchanged(page, seen)
    try:
        working_copy.assign(page, document)
    except Page.DoesNotExist:
        raise ValidationError(_("The parent page at that time no longer exists.")) from None
    page.clean()
    page.validate_constraints()
    indexes.update_drafts([working_copy.write(document, page)])
    after = working_copy.read(page)
    return after != before, after == document


def describe_log_entry(save):
    """What an entry of the record says, in the active language; that an edition was restored or a page copied, Django
    cannot tell."""
    try:
        act = json.loads(save.change_message)[0]
        if "copied" in act:
            return _("Copied from “%(page)s”.") % {"page": act["copied"]["page"]}
        return _("Edition %(number)s was restored.") % {"number": act["restored"]["edition"]}
    except (ValueError, LookupError, TypeError):
        return save.get_change_message()
