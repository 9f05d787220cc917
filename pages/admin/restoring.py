"""The screen on which an edition is put back into the working copy of its page, always in both languages."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from .. import document as shape
from .. import tallying, working_copy
from ..editions import Edition
from ..rows import Page
from . import changes
from .comparing import described
from .screens import Screens, locked_as_seen


class Restoring(Screens):
    def get_urls(self):
        return [
            self.screen_path("restore/<int:number>", self.restore_view, "restore"),
            *super().get_urls(),
        ]

    def restore_view(self, request, page_id, number):
        page = self.page_to_view(request, page_id)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        edition = get_object_or_404(Edition, page=page, number=number)
        errors = self._restore(request, page, edition) if request.method == "POST" else []
        if errors is None:
            return HttpResponseRedirect(reverse("admin:pages_page_change", args=[page.pk]))
        present = working_copy.read(page)
        seen = shape.digest(shape.dumps(present))
        return self.screen(
            request,
            page,
            "restore",
            title=_("Restore edition %(number)s") % {"number": edition.number},
            edition=described(edition),
            changes=changes.view(present, working_copy.with_present_partners(edition.read())),
            seen=seen,
            is_kept=Edition.objects.filter(page=page, digest=seen).exists(),
            errors=errors,
        )

    def _restore(self, request, page, edition):
        """None once it is done; else why it was not, in sentences."""
        try:
            with transaction.atomic():
                _write(page, edition.read(), seen=request.POST.get("seen"))
        except ValidationError as error:
            return error.messages
        self.log_change(request, page, [{"restored": {"edition": edition.number}}])
        text = _(
            "The working copy is edition %(number)s again, in both languages. The public sees no change."
        )
        self.message_user(request, text % {"number": edition.number}, messages.SUCCESS)
        return None


def _write(page, document, *, seen):
    """Under lock, so that what is replaced is what the person was shown."""
    page, _before = locked_as_seen(page, seen)
    try:
        working_copy.fill(page, document)
    except Page.DoesNotExist:
        raise ValidationError(_("The page that stood above this one then is no longer there.")) from None
    page.clean()
    page.validate_constraints()
    tallying.renew([working_copy.write(document, page)])


def told(save):
    """What an entry of the record says, in the active language; that an edition was restored, Django cannot tell."""
    try:
        return _("Edition %(number)s was restored.") % {
            "number": json.loads(save.change_message)[0]["restored"]["edition"]
        }
    except (ValueError, LookupError, TypeError):
        return save.get_change_message()
