"""The page on which people turn their own second factor on and off, and make recovery codes."""

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

from . import guessing, second_factor
from .signing_in import CodeField

# Where a session keeps the key until a code shows that the app has it.
KEY = "second_factor_key"


class TurnOnForm(forms.Form):
    """Asks for the password too, or whoever finds a computer unlocked could keep its owner out."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = CodeField(help_text=gettext_lazy("The six digits that the app shows now."))

    def __init__(self, *args, request, key, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.key = request, key

    @sensitive_variables()
    def clean(self):
        if self.errors:
            return self.cleaned_data
        with guessing.counted(self.request):
            if not self._is_turned_on():
                raise ValidationError(
                    _("The password or the code is not right. Codes change every 30 seconds.")
                )
        return self.cleaned_data

    def _is_turned_on(self):
        account, values = self.request.user, self.cleaned_data
        if not account.check_password(values["password"]):
            return False
        self.device, self.recovery_codes = second_factor.turn_on(account, key=self.key, code=values["code"])
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
        with guessing.counted(self.request):
            if not second_factor.takes(self.request.user, self.cleaned_data["code"]):
                raise ValidationError(
                    _("This code is not right, or it was used already. Wait for the next one.")
                )
        return self.cleaned_data


@sensitive_post_parameters()
def page(request, site):
    device = second_factor.device_of(request.user)
    return _while_on(request, site, device) if device else _while_off(request, site)


def _while_off(request, site):
    key = request.session.setdefault(KEY, second_factor.new_key())
    is_sent = request.POST.get("act") == "on"
    form = TurnOnForm(request.POST if is_sent else None, request=request, key=key)
    if is_sent and form.is_valid():
        del request.session[KEY]
        request.session.cycle_key()
        note_device(request, form.device)
        return _answer(request, site, recovery_codes=form.recovery_codes, is_new=True)
    picture = segno.make(second_factor.as_scanned(request.user, key), error="m", micro=False)
    context = {
        "picture": picture.svg_data_uri(scale=4, light="white"),
        "key": second_factor.as_typed(key),
        "is_required": settings.REQUIRE_SECOND_FACTOR,
    }
    return guessing.told(_answer(request, site, form=form, **context), form)


def _while_on(request, site, device):
    act = request.POST.get("act")
    forms_shown = {
        each: CodeForm(request.POST if act == each else None, prefix=each, request=request)
        for each in ("codes", "off")
    }
    sent = forms_shown.get(act)
    if sent and sent.is_valid():
        if act == "codes":
            return _answer(request, site, recovery_codes=second_factor.new_recovery_codes(request.user))
        second_factor.turn_off(request.user)
        messages.success(request, _("The second factor is off. Your password alone is enough to sign in."))
        return HttpResponseRedirect(request.path)
    response = _answer(
        request,
        site,
        device=device,
        codes_left=second_factor.codes_left(request.user),
        codes_form=forms_shown["codes"],
        off_form=forms_shown["off"],
    )
    return guessing.told(response, sent) if sent else response


def _answer(request, site, **context):
    frame = {**site.each_context(request), "title": _("Second factor")}
    return TemplateResponse(request, "admin/second_factor.html", {**frame, **context})
