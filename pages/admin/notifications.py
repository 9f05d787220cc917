"""The screens of the admin on which people read their notifications, and choose how they are notified."""

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from .. import notifications
from ..integers import parse_integers
from ..models.notification import Delivery, NotificationPreferences

PAGE_SIZE = 50

WITHOUT_EMAIL = (Delivery.NONE, Delivery.LIST)


class PreferencesForm(forms.Form):
    """A choice for each kind that a person may get; of e-mail only where the site sends any."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of emails"),
        choices=NotificationPreferences.Language.choices,
        required=False,
    )

    def __init__(self, *args, person, preferences, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = notifications.kinds_for(person)
        offered = Delivery.choices
        if not notifications.sends_email():
            del self.fields["language"]
            offered = [(choice.value, choice.label) for choice in WITHOUT_EMAIL]
        else:
            self.initial["language"] = preferences.language if preferences else ""
        values = dict(offered)
        for kind in self.kinds:
            chosen = notifications.delivery_of(kind, preferences)
            self.fields[kind.code] = forms.ChoiceField(label=kind.label, choices=offered)
            self.initial[kind.code] = chosen if chosen in values else Delivery.LIST

    @property
    def deliveries(self):
        return {kind.code: self.cleaned_data[kind.code] for kind in self.kinds}


@require_http_methods(["GET", "HEAD", "POST"])
def show_list(request):
    """Lists what the person has been told, the newest first; marks some or all of it as read."""
    shown = notifications.shown_to(request.user)
    if request.method == "POST":
        chosen = shown
        if "all" not in request.POST:
            chosen = shown.filter(pk__in=parse_integers(request.POST.getlist("number")))
        _report_marked(request, notifications.mark_read(chosen.select_related(None)))
        return HttpResponseRedirect(request.get_full_path())
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [(row, notifications.kind_of(row).text(row)) for row in page]
    context = {"lines": lines, "page": page, "unread": notifications.unread_count(request.user)}
    return _render(request, "list", _("Notifications"), **context)


def _report_marked(request, number):
    text = ngettext(
        "%(number)s notification was marked as read.",
        "%(number)s notifications were marked as read.",
        number,
    )
    messages.success(request, text % {"number": number})


@require_safe
def open_one(request, number):
    """Marks one notification as read, and leads to the place that it is about."""
    notification = get_object_or_404(notifications.shown_to(request.user), pk=number)
    notifications.mark_read(type(notification).objects.filter(pk=number))
    return HttpResponseRedirect(notifications.kind_of(notification).path(notification))


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    """Asks how the person wants to be notified."""
    preferences = NotificationPreferences.objects.filter(pk=request.user.pk).first()
    form = PreferencesForm(request.POST or None, person=request.user, preferences=preferences)
    if request.method == "POST" and form.is_valid():
        _save(request.user, preferences, form)
        messages.success(request, _("Your notification preferences were saved."))
        return HttpResponseRedirect(reverse("notifications"))
    return _render(
        request,
        "preferences",
        _("Notification preferences"),
        form=form,
        sends_email=notifications.sends_email(),
        status=422 if form.errors else 200,
    )


def _save(person, preferences, form):
    """Keeps what was chosen earlier about kinds that the person may not get now."""
    preferences = preferences or NotificationPreferences(person=person)
    preferences.deliveries = preferences.deliveries | form.deliveries
    preferences.language = form.cleaned_data.get("language", preferences.language)
    preferences.save()


def _render(request, template, title, status=200, **context):
    frame = {**admin.site.each_context(request), "title": title}
    name = f"admin/pages/notifications/{template}.html"
    return TemplateResponse(request, name, {**frame, **context}, status=status)


def _for_staff(view):
    return admin.site.admin_view(view)


urlpatterns = [
    path("", _for_staff(show_list), name="notifications"),
    path("preferences/", _for_staff(choose), name="notification_preferences"),
    path("<int:number>/", _for_staff(open_one), name="notification"),
]
