"""The examples that come with the program, and how to start from one."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

_DESIGN = "schemawalk.toml"


def examples_folder() -> Path:
    """Where the examples lie: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "examples"
    return installed if installed.is_dir() else package.parent / "examples"


def known_examples() -> tuple[str, ...]:
    """Names of the examples, sorted."""
    folder = examples_folder()
    return tuple(sorted(p.name for p in folder.iterdir() if (p / _DESIGN).is_file()))


def copy_example(name: str, folder: Path, *, answered: bool) -> tuple[Path, ...]:
    """Copy an example's documents, and with `answered` its finished design, into a folder.

    Gives the paths of the copies.  Files that are there already stay as they are: FileExistsError
    is raised before anything is copied.
    """
    source = examples_folder() / name
    wanted = [p for p in sorted(source.rglob("*")) if p.is_file() and "README" not in p.name]
    wanted = [p for p in wanted if answered or p.name != _DESIGN]
    targets = {p: folder / p.relative_to(source) for p in wanted}
    for target in targets.values():
        if target.exists():
            raise FileExistsError(errno.EEXIST, "exists already, nothing was copied", str(target))
    for path, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return tuple(targets.values())
