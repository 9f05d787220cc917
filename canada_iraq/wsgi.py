"""The application that a WSGI server runs."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .delivery.body_buffering import RequestBodyBuffer
from .delivery.page_cache import PageCacheMiddleware
from .operations import existing_site

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canada_iraq.settings")


def version_tracker():
    """Imported here, because the models can be imported only when Django is set up."""
    from pages.site_version import VersionTracker

    return VersionTracker()


existing_site.write_secret_of_served_site()
application = RequestBodyBuffer(get_wsgi_application(), threads=settings.THREADS)
if not settings.DEBUG:  # where templates may change at any time
    limit = settings.KEPT_PAGES * 1024 * 1024
    application = PageCacheMiddleware(application, version_tracker().read, limit=limit)
