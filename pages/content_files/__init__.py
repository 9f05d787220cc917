"""Content as YAML files that people read, edit and keep in version control: `load` reads a folder, `dump` writes it.

A folder holds `partners.yaml`, `downloads.yaml`, `images.yaml`, `facts.yaml`, `shared_blocks.yaml`, `glossary.csv`, one
`pages/<page key>.yaml` a page, one `templates/<template key>.yaml` a page template, one
`vocabularies/<name>.csv` a vocabulary, `images/` and `files/`. Loading checks everything before it changes anything;
dumping what was loaded gives the same files.
"""

from .content import Content, ImportErrors, ImportProblem
from .files import printable
from .reading import read
from .storing import load, write
from .writing import dump

__all__ = ["Content", "ImportErrors", "ImportProblem", "dump", "load", "printable", "read", "write"]
