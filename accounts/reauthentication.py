"""Reauthenticate staff whose session ended while they filled in a form: the sign-in page carries what they sent.

What was sent is in that page and nowhere else: nothing of it is stored. Files cannot be carried, and passwords are not.
"""

from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from .login_throttle import with_retry_after

LOGIN_PREFIX = "sign_in"  # stands before the names of the two fields to sign in with
LOGIN_FIELD_PREFIXES = (f"{LOGIN_PREFIX}-", "csrfmiddlewaretoken")


def reauthenticate_on_post(site, view):
    """A view of an admin site that asks people without a session to sign in before it takes what they sent."""

    @wraps(view)
    def wrapped_view(request, *args, **kwargs):
        is_ended = request.user.is_anonymous and request.path != _admin_url("logout")
        if is_ended and _carried_fields(request) and (response := _reauthenticate(site, request)):
            return response
        return view(request, *args, **kwargs)

    return wrapped_view


def _reauthenticate(site, request):
    """The page to sign in on; None once somebody has, who then goes on with what was sent."""
    is_submitted = f"{LOGIN_PREFIX}-username" in request.POST
    form = site.login_form(request, request.POST if is_submitted else None, prefix=LOGIN_PREFIX)
    if is_submitted and form.is_valid():
        login(request, form.get_user())
        request.POST = request.POST.copy()
        for name in [name for name in request.POST if name.startswith(LOGIN_FIELD_PREFIXES)]:
            del request.POST[name]
        return None
    return _render_page(request, form=form)


def csrf_failure(request, reason=""):
    """Somebody signed in meanwhile in another window, so the token of this one is old: sent again, it is new.

    Only for what comes from a page of this site; Django has checked the origin before it looks at the token.
    """
    is_same_origin = request.META.get("HTTP_ORIGIN") in (
        f"{request.scheme}://{request.get_host()}",
        *settings.CSRF_TRUSTED_ORIGINS,
    )
    if (
        request.method != "POST"
        or not is_same_origin
        or not request.path_info.startswith(_admin_url("index"))
    ):
        raise PermissionDenied
    if request.path_info == _admin_url("login"):
        return HttpResponseRedirect(_admin_url("login"))
    return resubmit_page(request)


@csp_replace(settings.ADMIN_CONTENT_SECURITY_POLICY)
def resubmit_page(request):
    return _render_page(request, form=None)


def _render_page(request, form):
    context = {
        **admin.site.each_context(request),
        "form": form,
        "sent": _carried_fields(request),
        "has_files": bool(request.FILES),
    }
    response = TemplateResponse(request, "admin/reauthenticate.html", context, status=403)
    return with_retry_after(response, form) if form else response.render()


def _carried_fields(request):
    """The names and values to carry, in order."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not name.startswith(LOGIN_FIELD_PREFIXES) and "password" not in name
        for value in values
    ]


def _admin_url(name):
    return reverse(f"admin:{name}")
