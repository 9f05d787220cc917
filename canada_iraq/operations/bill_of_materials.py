"""Writes a software bill of materials of each lock file, as `make sbom` does: CycloneDX 1.6 in JSON.

Everything in it comes from the lock file and from git, so that two machines make the same bytes of the same commit.
What no lock file says, such as licences, is not in it.
"""

import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from pages.integers import format_count

from . import lock_file

ROOT = Path(__file__).resolve().parents[2]
NAME = "canada-iraq-pages"
# What runs a site: on its own, and with servers that several machines share.
LOCK_FILES = ("requirements.txt", "requirements-extras.txt")


def main(folder: str) -> None:
    """Writes the bill of each lock file into a folder, and says where."""
    version, moment = commit()
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in LOCK_FILES:
        file = Path(folder) / f"{Path(name).stem}.cdx.json"
        packages = lock_file.read((ROOT / name).read_text())
        file.write_text(bill(packages, version=version, moment=moment))
        print(f"{file}: {format_count(len(packages), 'package')}")


def commit() -> tuple[str, datetime | None]:
    """Returns the commit that is checked out and when it was made; ("", None) without git.

    What is changed since is told by a "+" after it.
    """
    try:
        stamp, day = _git("show", "--no-patch", "--format=%H %ct", "HEAD").split()
        changed = "+" if _git("status", "--porcelain", "--untracked-files=no") else ""
    except (OSError, subprocess.CalledProcessError):
        return "", None
    return stamp + changed, datetime.fromtimestamp(int(day), tz=UTC)


def bill(packages: list[lock_file.LockedPackage], *, version: str, moment: datetime | None) -> str:
    """Returns the bill of some packages as JSON that is valid by the schema. Raises ValueError if it is not."""
    root = Component(name=NAME, version=version or None, type=ComponentType.APPLICATION, bom_ref=NAME)
    components = {package.name: _component(package) for package in packages}
    bom = Bom(components=components.values(), metadata=BomMetaData(component=root, timestamp=moment))
    bom.metadata.timestamp = moment  # by itself it takes the present time where there is none
    named = [f"{package.name} {package.version} {package.hashes}" for package in packages]
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"{NAME} {version} {named}")
    for package in packages:
        users = [components[name] for name in package.required_by if name in components]
        for user in [*users, *([root] if package.is_direct else [])]:
            bom.register_dependency(user, [components[package.name]])
    text = JsonV1Dot6(bom).output_as_string(indent=2) + "\n"
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"not valid by the schema of CycloneDX: {problem}")
    return text


def _component(package: lock_file.LockedPackage) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/project/{package.name}/{package.version}/"),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=found) for found in package.hashes],
    )
    return Component(
        name=package.name,
        version=package.version,
        purl=purl,
        bom_ref=str(purl),
        scope=ComponentScope.OPTIONAL if package.marker else ComponentScope.REQUIRED,
        description=f"Only where {package.marker}" if package.marker else None,
        external_references=[files],
    )


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1])
