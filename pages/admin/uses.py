"""The screen that says where a page is used: which other pages link to it."""

from django.utils.translation import gettext as _

from ..indexes.references import MAX_LISTED, links_to
from .page_views import PageView


class UsesView(PageView):
    route = name = "uses"

    def respond(self, request, page):
        uses = links_to(page, MAX_LISTED)
        return self.render(request, page, "uses", title=_("Where it is used"), uses=uses)
