"""Public addresses of the report form, with the words of each language."""

from django.urls import path

from . import views

WORDS = {"en": ("report-a-problem", "thank-you"), "fr": ("signaler-un-probleme", "merci")}

app_name = "reports"
urlpatterns = [
    pattern
    for language, (report, thanks) in WORDS.items()
    for pattern in (
        path(f"{language}/{report}/{thanks}", views.thank_you, {"language": language}, name="thank_you"),
        path(f"{language}/{report}/<slug:key>", views.report, {"language": language}, name="report"),
    )
]
