"""Certificates for your own cluster: `python deploy/certificates.py [--days 365] [folder]`, also in the image.

Creates an authority and one certificate each for the scheduler, the workers and the app. Dask runs the code it gets, so
whoever holds one of these keys can run code on the workers. The authority's own key is not stored. To renew the
certificates, or to revoke one, create all of them again and restart everything.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FOLDER = Path(__file__).with_name("certificates")
NODES = ("scheduler", "worker", "app")
#: The user that runs the containers (Dockerfile).
USER = 10001


def make(folder: Path, days: int = 365) -> None:
    """Write `ca.pem`, and `<node>.pem` and `<node>.key` for each node, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("Two Heads cluster")
    authority = (
        _certificate(authority_name, authority_name, authority_key, days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    for node in NODES:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _certificate(_name(node), authority_name, key, days)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=False), critical=True)
            # Each node is both server and client: workers send results to each other and to the app.
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), False
            )
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(node)]), critical=False)
            .add_extension(identifier, critical=False)
            .sign(authority_key, hashes.SHA256())
        )
        (folder / f"{node}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        _write_secret(folder / f"{node}.key", key)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # the nodes' clocks differ
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_secret(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write the key with mode 0600 from the start. As root, give it to the containers' user."""
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as stream:
        stream.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    if os.geteuid() == 0:
        os.chown(path, USER, USER)


def main() -> None:
    """Create the certificates and print where they are and for how long they are valid."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--days", type=int, default=365)
    given = parser.parse_args()
    make(given.folder, given.days)
    print(f"{given.folder}: ca.pem and, for {', '.join(NODES)}, a .pem and a .key, valid for {given.days} days.")
    if os.geteuid() != 0:
        print(f"Only you can read the keys. TWOHEADS_USER={os.getuid()}:{os.getgid()} runs the containers as you.")


if __name__ == "__main__":
    main()
