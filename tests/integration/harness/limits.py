"""Room for tests that open very many connections."""

import contextlib
import resource


@contextlib.contextmanager
def open_files(wanted):
    """Raises this process's own limit for a while, as far as the hard limit allows; children keep the old one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = hard == resource.RLIM_INFINITY or hard >= wanted
    assert enough, f"this test needs {wanted} open files, and at most {hard} are allowed"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
