"""Site-wide alerts in the admin: written in both languages, previewed on the site's templates, published and ended."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from .. import document, people, rendering, site_alerts
from ..document import LANGUAGES
from ..fields import RichTextField
from ..integers import parse_integer
from ..local_time import format_date_time
from ..models.site_alert import SiteAlert
from ..public_urls import other_language
from .auditing import AuditedAdminMixin
from .bilingual import BilingualFieldsMixin, both_languages
from .datetimes import LocalDateTimeField
from .deletions import DeletionSummaryMixin
from .error_summary import ErrorSummaryMixin
from .optimistic_lock import OptimisticLockMixin
from .page_views import may_publish
from .previews import as_in_public
from .rich_text import AddressesOnlyRichTextInput
from .scripts import ScriptsMixin
from .searching import BoundedLookupsMixin
from .titles import TitledAdminMixin

STATES = {
    "draft": pgettext_lazy("state of an alert", "Draft"),
    "scheduled": pgettext_lazy("state of an alert", "Scheduled"),
    "shown": pgettext_lazy("state of an alert", "On the site"),
    "ended": pgettext_lazy("state of an alert", "Ended"),
    "cancelled": pgettext_lazy("state of an alert", "Cancelled"),
}


class AlertTimingForm(forms.Form):
    """From when until when an alert is shown."""

    when = forms.ChoiceField(
        label=gettext_lazy("Start"),
        choices=[("now", gettext_lazy("Now")), ("later", gettext_lazy("On the date and time below"))],
        initial="now",
        widget=forms.RadioSelect,
    )
    at = LocalDateTimeField(label=gettext_lazy("Start date and time"), required=False)
    ends_at = LocalDateTimeField(label=gettext_lazy("End date and time"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        for name in ("at", "ends_at"):
            self.fields[name].help_text = _("Format: YYYY-MM-DD and time (%(zone)s).") % {"zone": zone}

    def clean(self):
        values = super().clean()
        if values.get("when") == "later" and not values.get("at") and "at" not in self.errors:
            self.add_error("at", _("Choose the date and time, or choose “Now”."))
        return values

    @property
    def starts_at(self):
        return self.cleaned_data["at"] if self.cleaned_data["when"] == "later" else None


@admin.register(SiteAlert)
class SiteAlertAdmin(
    AuditedAdminMixin,
    DeletionSummaryMixin,
    BoundedLookupsMixin,
    TitledAdminMixin,
    ErrorSummaryMixin,
    OptimisticLockMixin,
    ScriptsMixin,
    BilingualFieldsMixin,
    admin.ModelAdmin,
):
    formfield_overrides = {
        **BilingualFieldsMixin.formfield_overrides,
        RichTextField: {"widget": AddressesOnlyRichTextInput},
    }
    titles = {
        "add": gettext_lazy("Add site-wide alert"),
        "change": gettext_lazy("Edit site-wide alert"),
        "view": gettext_lazy("View site-wide alert"),
    }
    fieldsets = [(None, {"fields": ["level", both_languages("heading"), both_languages("body")]})]
    readonly_fields = ("text_en", "text_fr")  # shown where nothing can be changed
    list_display = ("headings", "level", "state_label", "period", "published_by_shown")
    sortable_by = ()
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("published_by")

    # Who may do what

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.published_at)

    def has_delete_permission(self, request, obj=None):
        """What was published is the record of what readers were told."""
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    def get_fieldsets(self, request, obj=None):
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        return [(None, {"fields": ["level", ("text_en", "text_fr")]})]

    def save_model(self, request, obj, form, change):
        for name, value in people.columns(saved_by=request.user).items():
            setattr(obj, name, value)
        super().save_model(request, obj, form, change)

    def get_changeform_initial_data(self, request):
        """What the alert says that `copy` names: to say it otherwise, or once more."""
        initial = super().get_changeform_initial_data(request)
        copied = SiteAlert.objects.filter(pk=parse_integer(initial.pop("copy", "")) or 0).first()
        if copied and self.has_view_permission(request, copied):
            block = copied.read().blocks[0]
            initial |= {"level": block.level}
            initial |= {
                f"{name}_{language}": getattr(block, name)[language]
                for name in ("heading", "body")
                for language in LANGUAGES
            }
        return initial

    def response_post_save_add(self, request, obj):
        """Leads to the screen that publishes it, if that was asked for, and else to the form."""
        screen = "publish" if "_publish" in request.POST and may_publish(request) else "change"
        return HttpResponseRedirect(reverse(f"admin:pages_sitealert_{screen}", args=[obj.pk]))

    response_post_save_change = response_post_save_add

    def render_change_form(self, request, context, add=False, obj=None, **options):
        context["subtitle"] = None  # which its heading is, above the buttons
        context["may_publish"] = may_publish(request)
        context["state"] = obj.state() if obj else ""
        context["state_label"] = STATES.get(context["state"], "")
        context["period"] = self.period(obj) if obj else ""
        return super().render_change_form(request, context, add=add, obj=obj, **options)

    @admin.display(description=gettext_lazy("English"))
    def text_en(self, alert):
        return _text(alert, "en")

    @admin.display(description=gettext_lazy("French"))
    def text_fr(self, alert):
        return _text(alert, "fr")

    # Columns

    @admin.display(description=gettext_lazy("Heading"))
    def headings(self, alert):
        return format_html(
            '<span class="ci-tree ci-tree-0"><span lang="en">{}</span><span lang="fr">{}</span></span>',
            alert.heading_en or "—",
            alert.heading_fr or "—",
        )

    @admin.display(description=gettext_lazy("State"))
    def state_label(self, alert):
        state = alert.state()
        look = {"shown": "live", "scheduled": "scheduled"}.get(state, "draft")
        return format_html('<span class="ci-state ci-state-{}">{}</span>', look, STATES[state])

    @admin.display(description=gettext_lazy("Shown"))
    def period(self, alert):
        if not alert.published_at:
            return "–"
        first, last = (format_date_time(timezone.localtime(at)) for at in (alert.starts_at, alert.ends_at))
        return _("from %(start)s until %(end)s") % {"start": first, "end": last}

    @admin.display(description=gettext_lazy("Published by"))
    def published_by_shown(self, alert):
        return people.recorded(alert, "published_by") if alert.published_at else "–"

    # Screens about one alert

    def get_urls(self):
        screens = {
            "preview/<str:language>": as_in_public(self.admin_site.admin_view(self.preview_view)),
            "publish": self.admin_site.admin_view(self.publish_view),
            "end": self.admin_site.admin_view(self.end_view),
        }
        return [
            path(f"<int:object_id>/{route}/", view, name=f"pages_sitealert_{route.partition('/')[0]}")
            for route, view in screens.items()
        ] + super().get_urls()

    def preview_view(self, request, object_id, language):
        """The alert as readers see it, above nothing else."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if language not in LANGUAGES:
            raise Http404
        alert = get_object_or_404(SiteAlert, pk=object_id)
        context = {
            "language": language,
            "original": alert,
            "alerts": _views(alert, language),
            "toggle": reverse("admin:pages_sitealert_preview", args=[object_id, other_language(language)]),
        }
        return HttpResponse(render_to_string("admin/pages/sitealert/preview.html", context))

    def publish_view(self, request, object_id):
        """Asks from when until when the alert is shown, and publishes it."""
        if not may_publish(request) or not self.has_view_permission(request):
            raise PermissionDenied
        alert = get_object_or_404(SiteAlert, pk=object_id)
        if alert.published_at:
            return HttpResponseRedirect(reverse("admin:pages_sitealert_change", args=[object_id]))
        form = AlertTimingForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                published = site_alerts.publish(
                    object_id, by=request.user, starts_at=form.starts_at, ends_at=form.cleaned_data["ends_at"]
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(
                    request, _("Published: shown %(period)s.") % {"period": self.period(published)}
                )
                return HttpResponseRedirect(reverse("admin:pages_sitealert_changelist"))
        reasons = site_alerts.reasons_not_to_publish(alert)
        return self._render(
            request, alert, "publish", title=_("Publish the alert"), form=form, reasons=reasons
        )

    def end_view(self, request, object_id):
        """Asks whether the alert should end, and ends it."""
        if not may_publish(request) or not self.has_view_permission(request):
            raise PermissionDenied
        alert = get_object_or_404(SiteAlert, pk=object_id)
        if request.method == "POST":
            try:
                site_alerts.end(object_id, by=request.user)
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(request, _("The alert is no longer on the site and will not be."))
            return HttpResponseRedirect(reverse("admin:pages_sitealert_changelist"))
        if alert.state() not in ("scheduled", "shown"):
            return HttpResponseRedirect(reverse("admin:pages_sitealert_change", args=[object_id]))
        return self._render(request, alert, "end", title=_("End the alert"), period=self.period(alert))

    def _render(self, request, alert, template, **context):
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "original": alert}
        return TemplateResponse(request, f"admin/pages/sitealert/{template}.html", {**frame, **context})


def _text(alert, language):
    """What the alert says in a language."""
    [shown] = _views(alert, language)
    return format_html('<div lang="{}"><strong>{}</strong>{}</div>', language, shown.heading, shown.body)


def _views(alert, language):
    """The alert as readers see it, or would see it now."""
    return rendering.site_alerts([document.dumps(site_alerts.with_addresses(alert.read()))], language)
