"""Adding a partner organization or a file to download in the form of a page: a short form, which a dialog shows."""

from datetime import timedelta

from django.contrib.admin.models import ADDITION
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from ..models.audit_entry import AuditEntry
from .blocks import described

# Before the names and ids of its fields, which stand in one document with those of the page.
PREFIX = "part"
# Within this time the same part of the same person is one that was sent twice.
SENT_TWICE_SECONDS = 60


class NewPartMixin:
    """For an admin of what pages share. `first_fields` are those of the dialog; the others wait in their own form."""

    first_fields = ()

    def get_urls(self):
        view = self.admin_site.admin_view(self.new_view)
        return [path("new/", view, name=f"pages_{self.opts.model_name}_new"), *super().get_urls()]

    def new_view(self, request):
        """The form as a piece of HTML; once sent, the new part in JSON, or with status 422 the form with its errors."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form_class = self.get_form(request, fields=[*self.first_fields, "key"])
        form = form_class(request.POST or None, request.FILES or None, prefix=PREFIX)
        if form.is_valid():
            return JsonResponse({"part": described(self._add(request, form))}, status=201)
        fields = [form[name] for name in self.first_fields]
        context = {"form": form, "fields": fields}
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/pages/new_part.html", context, status=status)

    @transaction.atomic
    def _add(self, request, form):
        """Adds the part; where the form was sent twice, the second time gives the one that the first has added."""
        # Two requests at once wait for each other here.
        get_user_model().objects.select_for_update(no_key=True).get(pk=request.user.pk)
        if known := self._added_just_now(request.user, form.instance):
            return known
        part = self.save_form(request, form, change=False)
        self.save_model(request, part, form, change=False)
        self.log_addition(request, part, self.construct_change_message(request, form, [], add=True))
        return part

    def _added_just_now(self, person, part):
        """The part that this person added a moment ago and that says the same in all fields of the dialog; or None."""
        since = timezone.now() - timedelta(seconds=SENT_TWICE_SECONDS)
        entries = AuditEntry.objects.of_model(self.model).filter(
            user=person, action_flag=ADDITION, action_time__gte=since
        )
        rows = self.model.objects.filter(pk__in=list(entries.values_list("object_id", flat=True)))
        return next((row for row in rows if self._says_the_same(row, part)), None)

    def _says_the_same(self, row, part):
        return all(
            (getattr(row, name) or None) == (getattr(part, name) or None) for name in self.first_fields
        )
