"""The programs of riskset and its peers: what each needs, how it is built, its version, how it is run."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from .machine import said

HERE = Path(__file__).resolve().parent.parent
TARGET = HERE / "target"
VENV = TARGET / "venv"
PYTHON_PEERS = {"lifelines": "lifelines==0.30.3", "sksurv": "scikit-survival==0.28.0"}
PEERS = ("R", "survival", *PYTHON_PEERS)


class Missing(Exception):
    """What a program needs and the machine has not."""


def cargo(package, folder, *flags):
    command = ["cargo", "build", "--release", "--target-dir", str(TARGET / folder), *flags]
    try:
        done = subprocess.run(command, cwd=HERE / package)
    except FileNotFoundError:
        raise Missing("cargo: install Rust, see https://rustup.rs") from None
    if done.returncode:
        raise Missing(f"{package} does not build: {' '.join(command)}")


def build_riskset():
    cargo("riskset", "plain")
    cargo("riskset", "rayon", "--features", "rayon")
    manifest = tomllib.loads((HERE / "../../Cargo.toml").read_text())["package"]
    commit = said("git", "describe", "--always", "--dirty", "--exclude=*", cwd=HERE)
    return f"riskset {manifest['version']} ({commit}), {said('rustc', '--version')}"


def prepare(peer):
    """Checks what a peer needs, installs what can be had without asking, and returns its version."""
    if peer == "R":
        return prepare_r()
    if peer == "survival":
        cargo("survival_crate", "survival")
        manifest = (HERE / "survival_crate/Cargo.toml").read_text()
        return f"Rust crate survival {re.search(r'^survival = .=(.*).$', manifest, re.M).group(1)}"
    return prepare_python(peer)


def prepare_r():
    version = '", {0} ", format(packageVersion("{0}"))'
    both = ", ".join(version.format(package) for package in ("survival", "cmprsk"))
    expression = f'cat(R.version.string, {both}, "\\n", sep = "")'
    try:
        return said("Rscript", "-e", expression)
    except (FileNotFoundError, subprocess.CalledProcessError):
        raise Missing(
            "R with survival and cmprsk: on Debian, apt-get install r-base-core r-cran-survival r-cran-cmprsk; "
            "R_LIBS names the library of a newer survival"
        ) from None


def prepare_python(peer):
    python = VENV / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", PYTHON_PEERS[peer]])
    if done.returncode:
        raise Missing(f"{PYTHON_PEERS[peer]} from PyPI, in {VENV}")
    show = "import sys, numpy, {0}; print('{0}', {0}.__version__, 'on Python', sys.version.split()[0], 'and NumPy', numpy.__version__)"
    return said(python, "-c", show.format(peer))


def run(command, threads=1):
    environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)} if threads else None
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RuntimeError(f"status {done.returncode}: {last}")
    return json.loads(done.stdout)


def run_riskset(data, call, runs, threads=1):
    return run([riskset("riskset-peer", threads), data, call, runs], threads)


def riskset(program, threads=1):
    return TARGET / ("plain" if threads == 1 else "rayon") / "release" / program


def run_peer(peer, data, call, runs):
    """A peer may use as many threads as it does by itself."""
    command = {
        "R": ["Rscript", HERE / "r/run.R"],
        "survival": [TARGET / "survival/release/survival-peer"],
    }.get(peer, [VENV / "bin/python", HERE / "python/run.py", peer])
    return run([*command, data, call, runs], threads=None)


def make_data(folder, data):
    """Makes a data set unless it is there; a folder half written has another name."""
    place = folder / data.name()
    if not place.exists():
        part = folder / f"{data.name()}.part"
        command = [riskset("make_data"), part, data.rows, data.columns, data.ties]
        subprocess.run([str(word) for word in command], check=True)
        part.rename(place)
    return place
