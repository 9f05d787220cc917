"""What staff send after their session has ended is not lost: they sign in on a page that carries it, and it goes on.

What was sent is in that page and nowhere else: nothing of it is stored. Files cannot be carried, and passwords are not.
"""

from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from .errors import error_page
from .guessing import told

SIGN_IN = "sign_in"  # stands before the names of the two fields to sign in with
OURS = (f"{SIGN_IN}-", "csrfmiddlewaretoken")


def once_signed_in(site, view):
    """A view of an admin site that asks people without a session to sign in before it takes what they sent."""

    @wraps(view)
    def asked(request, *args, **kwargs):
        is_ended = request.user.is_anonymous and request.path != _address("logout")
        if is_ended and _sent(request) and (answer := _sign_in(site, request)):
            return answer
        return view(request, *args, **kwargs)

    return asked


def _sign_in(site, request):
    """The page to sign in on; None once somebody has, who then goes on with what was sent."""
    is_tried = f"{SIGN_IN}-username" in request.POST
    form = site.login_form(request, request.POST if is_tried else None, prefix=SIGN_IN)
    if is_tried and form.is_valid():
        login(request, form.get_user())
        request.POST = request.POST.copy()
        for name in [name for name in request.POST if name.startswith(OURS)]:
            del request.POST[name]
        return None
    return _page(request, form=form)


def csrf_failure(request, reason=""):
    """Somebody signed in meanwhile in another window, so the token of this one is old: sent again, it is new.

    Only for what comes from a page of this site; Django has checked the origin before it looks at the token.
    """
    is_from_here = request.META.get("HTTP_ORIGIN") in (
        f"{request.scheme}://{request.get_host()}",
        *settings.CSRF_TRUSTED_ORIGINS,
    )
    if request.method != "POST" or not is_from_here or not request.path_info.startswith(_address("index")):
        return error_page(request, status=403)
    if request.path_info == _address("login"):
        return HttpResponseRedirect(_address("login"))
    return _send_again(request)


@csp_replace(settings.ADMIN_CONTENT_SECURITY_POLICY)
def _send_again(request):
    return _page(request, form=None)


def _page(request, form):
    context = {
        **admin.site.each_context(request),
        "form": form,
        "sent": _sent(request),
        "has_files": bool(request.FILES),
    }
    response = TemplateResponse(request, "admin/go_on.html", context, status=403)
    return told(response, form) if form else response.render()


def _sent(request):
    """The names and values to carry, in order."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not name.startswith(OURS) and "password" not in name
        for value in values
    ]


def _address(name):
    return reverse(f"admin:{name}")
