"""The record of a page: its editions, and who saved its working copy when."""

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.utils.translation import gettext as _

from .. import states
from ..decisions import ReviewStep
from ..editions import Edition
from .restoring import told
from .screens import Screens

SAVES_SHOWN = 50


class History(Screens):
    def history_view(self, request, object_id, extra_context=None):
        if not object_id.isdecimal():
            raise Http404
        page = self.page_to_view(request, unquote(object_id))
        editions = Edition.objects.filter(page=page).defer("document")
        saves = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id=str(page.pk)
        )
        return self.screen(
            request,
            page,
            "history",
            title=_("History"),
            editions=editions.select_related("author", "approver", "emergency_record"),
            steps=ReviewStep.objects.filter(edition__page=page)
            .select_related("by", "edition")
            .defer("edition__document")
            .order_by("-made_at", "-pk"),
            standing=states.standing(page),
            saves=[
                (save, told(save))
                for save in saves.select_related("user").order_by("-action_time")[:SAVES_SHOWN]
            ],
            can_change=self.has_change_permission(request, page),
            can_publish=self.has_publish_permission(request),
            **(extra_context or {}),
        )
