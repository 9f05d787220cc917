"""Public addresses of the report form, with the words of each language."""

from django.urls import path

from . import views

# Thanks stand one level below the keys of pages, any of which may be "thank-you".
WORDS = {
    "en": ("report-a-problem", "received/thank-you"),
    "fr": ("signaler-un-probleme", "recu/merci"),
}

app_name = "reports"
urlpatterns = [
    pattern
    for language, (report, thanks) in WORDS.items()
    for pattern in (
        path(f"{language}/{report}/{thanks}", views.thank_you, {"language": language}, name="thank_you"),
        path(f"{language}/{report}/<slug:key>", views.report, {"language": language}, name="report"),
    )
]
