"""What pages share: the tables of parts that are written once, and chosen by blocks."""

from .. import document
from .download import Download
from .library_image import LibraryImage
from .partner import PartnerOrganization

# By the name that the fields have that choose them.
SHARED_MODELS = {"partners": PartnerOrganization, "downloads": Download, "images": LibraryImage}
# What each is in a document.
SHARED_DECLARATIONS = {
    PartnerOrganization: document.Partner,
    Download: document.Download,
    LibraryImage: document.LibraryImage,
}
