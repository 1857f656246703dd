"""How many files the processes of a benchmark may open."""

import pathlib
import resource


def raise_file_limit():
    """As far as is allowed, which is further for root. Children inherit it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = int(pathlib.Path("/proc/sys/fs/nr_open").read_text(encoding="ascii"))
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
