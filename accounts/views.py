"""The page on which people turn their own two-factor authentication on and off, and create recovery codes."""

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django_otp import login as note_device

from . import login_throttle, second_factor
from .login_form import CodeField

# Where a session keeps the key until a code shows that the app has it.
PENDING_SECRET_KEY = "second_factor_key"


class EnrolForm(forms.Form):
    """Asks for the password too, or whoever finds a computer unlocked could keep its owner out."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = CodeField(help_text=gettext_lazy("Enter the six digits shown in the app."))

    def __init__(self, *args, request, key, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.key = request, key

    @sensitive_variables()
    def clean(self):
        if self.errors:
            return self.cleaned_data
        with login_throttle.throttled_attempt(self.request):
            if not self._enrol():
                raise ValidationError(_("The password or code is incorrect. Codes change every 30 seconds."))
        return self.cleaned_data

    def _enrol(self):
        account, values = self.request.user, self.cleaned_data
        if not account.check_password(values["password"]):
            return False
        self.device, self.recovery_codes = second_factor.enrol(account, key=self.key, code=values["code"])
        return self.device is not None


class CodeForm(forms.Form):
    """Shows that its owner does this, not somebody at a computer that was left unlocked."""

    code = CodeField()

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    @sensitive_variables()
    def clean(self):
        if self.errors:
            return self.cleaned_data
        with login_throttle.throttled_attempt(self.request):
            if not second_factor.verify_code(self.request.user, self.cleaned_data["code"]):
                raise ValidationError(
                    _("This code is incorrect or has already been used. Wait for the next one.")
                )
        return self.cleaned_data


@sensitive_post_parameters()
def manage(request, site):
    device = second_factor.confirmed_device(request.user)
    return _manage_view(request, site, device) if device else _enrol_view(request, site)


def _enrol_view(request, site):
    key = request.session.setdefault(PENDING_SECRET_KEY, second_factor.generate_secret())
    is_submitted = request.POST.get("act") == "on"
    form = EnrolForm(request.POST if is_submitted else None, request=request, key=key)
    if is_submitted and form.is_valid():
        del request.session[PENDING_SECRET_KEY]
        request.session.cycle_key()
        note_device(request, form.device)
        return _render(request, site, recovery_codes=form.recovery_codes, is_new=True)
    qr_code = segno.make(second_factor.otpauth_url(request.user, key), error="m", micro=False)
    context = {
        "picture": qr_code.svg_data_uri(scale=4, light="white"),
        "key": second_factor.format_secret(key),
        "is_required": settings.REQUIRE_SECOND_FACTOR,
    }
    return login_throttle.with_retry_after(_render(request, site, form=form, **context), form)


def _manage_view(request, site, device):
    act = request.POST.get("act")
    forms_shown = {
        name: CodeForm(request.POST if act == name else None, prefix=name, request=request)
        for name in ("codes", "off")
    }
    submitted = forms_shown.get(act)
    if submitted and submitted.is_valid():
        if act == "codes":
            return _render(request, site, recovery_codes=second_factor.new_recovery_codes(request.user))
        second_factor.disable(request.user)
        messages.success(
            request, _("Two-factor authentication is off. You need only your password to sign in.")
        )
        return HttpResponseRedirect(request.path)
    response = _render(
        request,
        site,
        device=device,
        codes_left=second_factor.recovery_codes_left(request.user),
        codes_form=forms_shown["codes"],
        off_form=forms_shown["off"],
    )
    return login_throttle.with_retry_after(response, submitted) if submitted else response


def _render(request, site, **context):
    frame = {**site.each_context(request), "title": _("Two-factor authentication")}
    return TemplateResponse(request, "admin/second_factor.html", {**frame, **context})
