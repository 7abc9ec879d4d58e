"""The compiled part of Mora: a few C files, made into one library on first use and kept in a cache.

Loops over a whole book are written in C (docs/decisions/0002-c-kernel.md says why not Numba).
The library is built with the machine's C compiler, or with the one in the PyPI package
``ziglang`` when there is none, in about two seconds, and kept under a name made from the
sources, so that a change to any of them is never run with old machine code.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from mora.core.errors import MoraError

_ROOMS = Path(__file__).parent.parent
_SOURCES = ("core/hash.c", "ageing/age.c", "gate/gate.c")
_HEADERS = ("loans/account.h", "gate/clock.h")
_FLAGS = ("-O3", "-std=c11", "-fPIC", "-shared", "-fno-strict-aliasing")


class NoCompiler(MoraError):
    """No C compiler was found, so the kernels cannot be built."""


@cache
def library() -> ctypes.CDLL:
    """The loaded library; built first when this machine has not built these sources yet.

    Calls through it release the interpreter lock, so two chunks run on two cores.

    :raises NoCompiler: says what to install.
    """
    return ctypes.CDLL(str(_built()))


def _built() -> Path:
    text = b"".join((_ROOMS / name).read_bytes() for name in (*_SOURCES, *_HEADERS))
    mark = blake2b(text + " ".join(_FLAGS).encode() + platform.machine().encode(), digest_size=8).hexdigest()
    path = _folder() / f"kernels-{mark}.so"
    if not path.exists():
        _build(path)
    return path


def _build(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / path.name
        command = [*_compiler(), *_FLAGS, *(str(_ROOMS / name) for name in _SOURCES), "-o", str(made)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoCompiler(f"building the kernels failed: {' '.join(command)}\n{done.stderr}")
        os.replace(made, path)  # two processes may build at once; each puts a whole file in place


def _compiler() -> list[str]:
    for name in (os.environ.get("CC"), "cc", "gcc", "clang"):
        if name and shutil.which(name):
            return [name]
    if find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc"]
    raise NoCompiler(
        "Mora builds a small C kernel once and found no C compiler. "
        "Install one (Debian: apt-get install gcc libc6-dev) or, without root: pip install ziglang"
    )


def _folder() -> Path:
    """A folder of the user's own that can be written: the XDG cache, else a private one in the temporary folder."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    for base in (Path(home) / "mora", Path(tempfile.gettempdir()) / f"mora-{os.getuid()}"):
        try:
            base.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            continue
        # Code is loaded from here, so nobody else may own it.
        if os.access(base, os.W_OK) and base.stat().st_uid == os.getuid():
            return base
    raise MoraError("no writable folder for compiled code; set XDG_CACHE_HOME to one")
