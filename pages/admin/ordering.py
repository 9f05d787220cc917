"""Pages are put in order in their list: by buttons, or by dragging, which sends what a button would send."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from .. import indexes, moving
from ..integers import parse_integer
from ..models.page import Page
from .page_views import ChangingView

# The parameter in which Django's admin keeps the filters of a list.
FILTERS = "_changelist_filters"


def button_id(page, act):
    """Returns the id of a button in the list, which has the focus again after it was pressed."""
    return f"move-{act}-{page.pk}"


class MoveView(ChangingView):
    """Moves a page as `to` says: `up`, `down`, or `before:`, `after:` or `into:` with the id of another page."""

    route = name = "move"
    http_method_names = ("post", "options")

    def respond(self, request, page):
        try:
            text = self._move(request, page, request.POST.get("to", ""))
            messages.success(request, text)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        query = request.GET.get(FILTERS, "")
        url = reverse("admin:pages_page_changelist") + (f"?{query}" if query else "")
        button = "down" if request.POST.get("to") == "down" else "up"
        return HttpResponseRedirect(f"{url}#{button_id(page, button)}")

    def post(self, request, page_id):
        return self.get(request, page_id)

    def _move(self, request, page, to):
        """Does it, and returns in a sentence where the page is now."""
        if page.parent_id is None:
            raise ValidationError(_("This is the home page. It has no parent page."))
        with transaction.atomic():
            parent, before = _destination(page, to)
            change = moving.move([page], parent=parent, before=before)
            save_move(self.model_admin, request, change)
        values = {"page": page, "parent": parent, "before": before}
        text = _(
            "“%(page)s” is now the last page under “%(parent)s”. The public sees it once it is published."
        )
        if before:
            text = _("“%(page)s” is now before “%(before)s”. The public sees it once it is published.")
        return text % values


def save_move(model_admin, request, change):
    """Brings up to date and to the record what a `moving.Move` changed. Belongs in its transaction."""
    indexes.update_drafts(change.pages)
    moved = {page.pk for page in change.parents}
    for page in change.pages:
        field = Page._meta.get_field("parent" if page.pk in moved else "position")
        with override(None):
            message = [{"changed": {"fields": [str(field.verbose_name)]}}]
        model_admin.log_change(request, page, message)


def _destination(page, to):
    """The parent and the page before which it comes (None: last) that `to` asks for. Raises ValidationError."""
    if to in ("up", "down"):
        return _step(page, to)
    act, _separator, other = to.partition(":")
    target = Page.objects.select_related("parent").filter(pk=parse_integer(other) or 0).first()
    if target is None or act not in ("before", "after", "into") or target == page:
        raise ValidationError(_("Nothing was moved. Choose another location."))
    if act == "into":
        return target, None
    if target.parent_id is None:
        raise ValidationError(_("There is only one home page. Choose a location under it."))
    return target.parent, target if act == "before" else _following(target, page)


def _step(page, act):
    siblings = moving.siblings_of(page)
    index = siblings.index(page)
    if act == "up" and index == 0:
        raise ValidationError(_("“%(page)s” is already the first page under its parent.") % {"page": page})
    if act == "down" and index == len(siblings) - 1:
        raise ValidationError(_("“%(page)s” is already the last page under its parent.") % {"page": page})
    beyond = index - 1 if act == "up" else index + 2
    return page.parent, siblings[beyond] if beyond < len(siblings) else None


def _following(target, page):
    """The page after another one, leaving out the one that is moved; None at the end."""
    siblings = [sibling for sibling in moving.siblings_of(target) if sibling != page]
    index = siblings.index(target) + 1
    return siblings[index] if index < len(siblings) else None
