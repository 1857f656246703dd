"""Room for tests that open very many connections."""

import contextlib
import resource


@contextlib.contextmanager
def open_files(wanted):
    """Raises this process's own limit for a while, as far as the hard limit allows; children keep the old one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= wanted, f"this test needs {wanted} open files, at most {hard} allowed"
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
