"""A directory on a disk that a test can fill, and free again.

For root it is a tiny tmpfs: writing really fails with "no space left". For others it is a directory without the
permission to write, which fails the same save by another error.
"""

import subprocess

from .process import is_root

SIZE = "256k"
FILLER = "filler"


class TinyDisk:
    def __init__(self, world):
        self.path = world.subdirectory("tiny-disk")
        self.error = "No space left on device" if is_root() else "Permission denied"
        if is_root():
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", self.path], check=True)
        world.on_close(self._clean_up)

    def fill(self):
        if not is_root():
            self.path.chmod(0o555)
            return
        for size in (65536, 4096, 1):  # down to the last byte
            self._write_until_full(b"x" * size)

    def free(self):
        if is_root():
            (self.path / FILLER).unlink()
        else:
            self.path.chmod(0o755)

    def _write_until_full(self, block):
        try:
            with open(self.path / FILLER, "ab", buffering=0) as file:
                while True:
                    file.write(block)
        except OSError:
            return

    def _clean_up(self):
        if is_root():
            subprocess.run(["umount", "--lazy", self.path], check=True)
        else:
            self.path.chmod(0o755)
