"""The application that a WSGI server runs."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .bodies import Bodies
from .kept import Kept

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canada_iraq.settings")


def public_state():
    """Looked up here, because the models can be imported only when Django is set up."""
    from pages.editions import Edition

    return Edition.objects.public_state()


application = Bodies(get_wsgi_application(), places=settings.THREADS // 2)
if not settings.DEBUG:  # where templates may change at any time
    application = Kept(application, public_state, limit=settings.KEPT_PAGES * 1024 * 1024)
