"""How the program is packed: image, compose file and systemd unit, as far as that can be tried without their engines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('.'))"
FOLDERS = ("bot", "feeds", "storage")


def _steps() -> list[list[tuple[str, str]]]:
    """The instructions of each stage of the Dockerfile, with their arguments."""
    lines = [line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    stages: list[list[tuple[str, str]]] = [[]]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        instruction, _, argument = line.partition(" ")
        if instruction == "FROM":
            stages.append([])
        stages[-1].append((instruction, argument))
    return stages[1:]


def _copied() -> list[tuple[list[str], str]]:
    """What the first stage copies from the repository, and where to."""
    parts = [argument.split() for instruction, argument in _steps()[0] if instruction == "COPY"]
    return [(names[:-1], names[-1]) for names in parts]


def _copy_into(folder: Path) -> None:
    """Do the first stage's COPY steps."""
    for names, target in _copied():
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, folder / target)


def _data(folder: Path) -> set[str]:
    found = [path.relative_to(folder) for name in FOLDERS for path in (folder / name).rglob("*") if path.is_file()]
    return {str(path) for path in found if path.suffix != ".pyc"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as the image has it: copied, built into a wheel, and unpacked into a folder with nothing else in it."""
    build, site = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("site")
    _copy_into(build)
    done = subprocess.run([sys.executable, "-c", BUILD], cwd=build, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(build / done.stdout.splitlines()[-1]) as wheel:
        wheel.extractall(site)
    return site


def _run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1", "HOMEFRONT_DATA_DIR": str(folder / "data")}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_dockerfiles_steps(installed: Path, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """What is copied suffices to run from an empty folder, and running it changes none of it; no engine is needed to try that."""
    record_property("said", "The Dockerfile's COPY and build steps were run in a clean folder, with this Python; not by a Docker engine.")
    before = {path: path.stat().st_mtime_ns for path in installed.rglob("*")}
    assert _run(installed, tmp_path, "-c", "import bot; print(bot.__file__)").stdout.strip() == str(installed / "bot" / "__init__.py")
    assert "run" in _run(installed, tmp_path, "-m", "bot", "--help").stdout
    assert "is at revision" in _run(installed, tmp_path, "-m", "bot", "db", "upgrade").stdout
    assert {path: path.stat().st_mtime_ns for path in installed.rglob("*")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_package_has_all_data(installed: Path) -> None:
    """Word lists, pages, translations and migrations are in it, as they are here."""
    assert _data(installed) == _data(ROOT)


def test_nothing_else_reaches_the_builder() -> None:
    """What is copied is let through by .dockerignore, and a token, the data and the history aren't."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line[1:] for line in lines if line.startswith("!")]
    assert lines[1] == "*"
    assert sorted(allowed) == sorted(name for names, _ in _copied() for name in names)
    assert not any(fnmatch(name, pattern) for name in (".env", ".git", "data", "tests", "deploy") for pattern in allowed)


def test_the_image_is_built_from_the_lock_file() -> None:
    """Everything is installed by hash or from what was copied, and nothing is fetched besides."""
    installs = [argument for stage in _steps() for instruction, argument in stage if instruction == "RUN" and " install " in argument]
    pip = [argument for argument in installs if "pip" in argument]
    assert len(pip) == 2
    assert all("--require-hashes" in each or "--no-index" in each for each in pip)
    assert not any(word in argument for argument in installs for word in ("curl", "wget", "apt-get"))


def test_the_image_is_guarded() -> None:
    """Its second stage has no build tools of the first, runs as nobody in particular, and knows whether it is well."""
    build, final = _steps()
    said = dict(final)
    names = [instruction for instruction, _ in final]
    assert build[0][1].endswith(" AS build")
    assert [argument for instruction, argument in final if instruction == "COPY"] == ["--from=build /opt/homefront /opt/homefront"]
    assert int(said["USER"]) > 0
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert (said["VOLUME"], "bot.alive" in said["HEALTHCHECK"], said["ENTRYPOINT"]) == ("/data", True, '["homefront"]')


@pytest.mark.parametrize(("name", "ports"), [("compose.yaml", ["127.0.0.1"]), ("compose.postgres.yaml", [])])
def test_compose_takes_rights_away(name: str, ports: list[str]) -> None:
    """Read-only, without capabilities, the token as a secret, and the port on the host's loopback alone."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for line in (
        "read_only: true",
        "cap_drop: [ALL]",
        "no-new-privileges:true",
        "HOMEFRONT_TELEGRAM_TOKEN_FILE: /run/secrets/telegram_token",
    ):
        assert line in text
    assert re.findall(r"ports: \[\"([\d.]+):", text) == ports


@pytest.mark.parametrize(
    "file",
    [ROOT / "Dockerfile", DEPLOY / "compose.yaml", DEPLOY / "compose.postgres.yaml", DEPLOY / "homefront.service"],
    ids=lambda file: file.name,
)
def test_settings_that_are_set_exist(file: Path) -> None:
    """Each variable is one that the program reads."""
    named = set(re.findall(rf"\b{PREFIX}(\w+)", file.read_text(encoding="utf-8")))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd isn't here")
def test_the_unit_is_one(tmp_path: Path) -> None:
    """Systemd finds nothing wrong with it, but that the program isn't installed here."""
    unit = tmp_path / "homefront.service"
    text = (DEPLOY / "homefront.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/homefront/bin/homefront", "/bin/true"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_takes_rights_away() -> None:
    """The program may write to its own folders alone, and gain no rights."""
    lines = (DEPLOY / "homefront.service").read_text(encoding="utf-8").splitlines()
    assert {"DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectHome=yes"} <= set(lines)
