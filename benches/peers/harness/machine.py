"""What the numbers were measured on."""

import os
import platform
import subprocess
from pathlib import Path


def field(file, name):
    for line in Path(file).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def said(*command, **options):
    """The first line that a command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=True, **options)
    return done.stdout.strip().splitlines()[0]


def machine():
    memory = int(field("/proc/meminfo", "MemTotal").split()[0]) / 1024**2
    return f"{field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}"


def busy():
    """The load before anything is measured: above a fraction of one, the times mean little."""
    return os.getloadavg()[0]
