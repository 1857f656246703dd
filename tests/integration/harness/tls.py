"""Certificates for TLS tests, made by the `openssl` tool, and the lines of a conf that name them."""

import dataclasses
import pathlib
import ssl
import subprocess


@dataclasses.dataclass
class Identity:
    """What one side shows, and whom it trusts."""

    certificate: pathlib.Path
    key: pathlib.Path
    authority: pathlib.Path

    def conf(self):
        """For sentinels and servers alike."""
        lines = [f"tls-cert-file {self.certificate}", f"tls-key-file {self.key}"]
        return [*lines, f"tls-ca-cert-file {self.authority}"]

    def client(self):
        """For Python's sockets. The names in certificates are not looked at, as sentinels do not."""
        context = ssl.create_default_context(cafile=self.authority)
        context.check_hostname = False
        context.load_cert_chain(self.certificate, self.key)
        return context

    def cli(self):
        """For redis-cli."""
        return ["--tls", "--cacert", self.authority, "--cert", self.certificate, "--key", self.key]


class Authority:
    def __init__(self, directory, name="authority"):
        self.directory = directory
        self.certificate, self._key = directory / f"{name}.crt", directory / f"{name}.key"
        _openssl(*_NEW_KEY, "-nodes", "-x509", "-keyout", self._key, "-out", self.certificate, "-subj", f"/CN={name}")

    def issue(self, name, password=None):
        """A new certificate with a new key, in place of those that this name had."""
        certificate, key = self.directory / f"{name}.crt", self.directory / f"{name}.key"
        request = self.directory / f"{name}.csr"
        protection = ["-nodes"] if password is None else ["-passout", f"pass:{password}"]
        _openssl(*_NEW_KEY, *protection, "-keyout", key, "-out", request, "-subj", f"/CN={name}", "-addext", _ADDRESS)
        signer = ["-CA", self.certificate, "-CAkey", self._key, "-CAcreateserial", "-copy_extensions", "copy"]
        _openssl("x509", "-req", "-in", request, "-out", certificate, "-days", "1", *signer)
        return Identity(certificate, key, self.certificate)


_ADDRESS = "subjectAltName=IP:127.0.0.1"  # which client libraries look for
_NEW_KEY = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
