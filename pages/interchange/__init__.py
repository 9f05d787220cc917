"""Content as YAML files that people read, edit and keep in version control: `load` reads a folder, `dump` writes it.

A folder holds `partners.yaml`, one `pages/<page key>.yaml` a page, and `images/`. Loading checks everything
before it changes anything; dumping what was loaded gives the same files.
"""

from .reading import ContentRefused, Fault, load, read
from .writing import dump

__all__ = ["ContentRefused", "Fault", "dump", "load", "read"]
