"""Which source files a result depends on, found by following imports from the function that makes it.

A file counts if its module is imported by one that counts, at its top or inside a function. A name that a package only
passes on (``from sim import run``) leads to the module that it comes from and not to all that the package holds. So a
change of the event loop or of a mean counts, and a change of a page, of a table that is printed, or of the Mesa face
does not. Libraries do not count, except for numba, which makes the machine code.
"""

import ast
import hashlib
import site
import sys
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import numba

HOME = Path(__file__).resolve().parents[2]
OURS = ("sim", "scenarios", "analysis", "experiments", "app", "coproduce")  # HOME may hold nothing else of ours
LIBRARIES = tuple(
    Path(folder).resolve()
    for folder in {*sysconfig.get_paths().values(), *site.getsitepackages(), site.getusersitepackages()}
)


@cache
def digest(*modules: str, home: Path = HOME) -> str:
    """Digest of the files that some of our modules depend on; read once in a process."""
    return digest_now(*modules, home=home)


def digest_now(*modules: str, home: Path = HOME, own: Path | None = None) -> str:
    """Digest of the `files` of some modules as they are now, and of the version of numba."""
    found = {name: path for module in modules for name, path in files(module, home, own).items()}
    state = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for name in sorted(found):
        content = found[name].read_bytes()
        state.update(f"{name} {len(content)}:".encode() + content)
    return state.hexdigest()


def digest_of(*functions: Callable) -> str:
    """Digest of the files that some of our functions depend on."""
    return digest(*(function.__module__ for function in functions))


def model_digest() -> str:
    """Digest of the model: what ``sim.run`` depends on."""
    return digest("sim.engine.simulate")


def files(module: str, home: Path = HOME, own: Path | None = None) -> dict[str, Path]:
    """The files that a module depends on, its own first.

    Parameters
    ----------
    module : dotted name
    home : folder of our packages
    own : folder of the packages and modules of a user, where the module is one of these

    Returns
    -------
    dict of dotted name to file
    """
    tree = _Tree(home, own, module.partition(".")[0])
    found: dict[str, Path] = {}
    left = [module]
    while left:
        name = left.pop()
        path = tree.file(name)
        if path is not None and name not in found:
            found[name] = path
            left += tree.imported(name, path)
    return found


def file_of(module: str, home: Path = HOME) -> Path | None:
    """The file of one of our modules; None for any other."""
    return _Tree(home, None, module.partition(".")[0]).file(module)


def folder_of(module: str, path: Path) -> Path:
    """Folder in which the outermost package of a module stands, given the file of the module."""
    depth = module.count(".") + (path.name == "__init__.py")
    return path.resolve().parents[depth]


def version_of(library: str) -> str:
    """Version of a library, or "not installed"."""
    known = getattr(sys.modules.get(library), "__version__", None)
    try:
        return str(known or version(library))
    except PackageNotFoundError:
        return "not installed"


def is_library(path: Path) -> bool:
    """Whether a file belongs to Python or to an installed library."""
    return any(path.resolve().is_relative_to(folder) for folder in LIBRARIES)


class _Tree:
    """Modules by name: ours, and a user's that stand beside the module that is asked about."""

    def __init__(self, home: Path, own: Path | None, top: str) -> None:
        self.home, self.own, self.top = home, own, top

    def file(self, module: str) -> Path | None:
        """The file of a module; None for one of a library, and for a package without a file of its own."""
        top, *_ = steps = module.split(".")
        folder = self.home if top in OURS else self.own
        if folder is None or (top not in (*OURS, self.top) and is_library(folder / top)):
            return None
        stem = folder.joinpath(*steps)
        return next(
            (path for path in (stem.with_name(f"{stem.name}.py"), stem / "__init__.py") if path.is_file()), None
        )

    def imported(self, module: str, path: Path) -> Iterator[str]:
        """The modules that a module imports; one that is named twice is given twice."""
        for found in _imports(path, path.stat().st_mtime_ns):
            home = found.home(module, path)
            yield from (self.source(home, name) if home else name for name in found.names.values())

    def source(self, home: str, name: str) -> str:
        """The module that ``from home import name`` leads to."""
        if self.file(f"{home}.{name}"):
            return f"{home}.{name}"
        path = self.file(home)
        if path is None or path.name != "__init__.py":
            return home
        for found in _imports(path, path.stat().st_mtime_ns):
            if name in found.names and found.home(home, path) not in ("", home):
                return self.source(found.home(home, path), found.names[name])
        return home


class _Import(NamedTuple):
    """One statement: ``import a.b`` or, with a module or dots before it, ``from a import b``."""

    names: dict[str, str]  # as they are called here, and as they are called there
    module: str = ""
    dots: int = 0

    def home(self, here: str, path: Path) -> str:
        """The module after ``from``, in full; "" for a plain import."""
        if not self.dots:
            return self.module
        inside = here.split(".") if path.name == "__init__.py" else here.split(".")[:-1]
        return ".".join([*inside[: len(inside) - self.dots + 1], *filter(None, [self.module])])


@cache
def _imports(path: Path, changed_ns: int) -> tuple[_Import, ...]:
    nodes = ast.walk(ast.parse(path.read_bytes(), filename=str(path)))
    found = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    return tuple(
        _Import({alias.asname or alias.name: alias.name for alias in node.names})
        if isinstance(node, ast.Import)
        else _Import({alias.asname or alias.name: alias.name for alias in node.names}, node.module or "", node.level)
        for node in found
    )
