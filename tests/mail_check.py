#!/usr/bin/env python3
"""Looks at mails with programs that are not ours: Python's mail library, dkimpy, SpamAssassin.

usage: mail_check.py FOLDER [--spamassassin PROGRAM]

FOLDER holds *.eml and, for each public key, a file NAME.txt with its TXT record. Nothing is asked of any network.
Prints a line for each mail; ends with 1 when one is not sound.
"""

import argparse
import email
import email.policy
import pathlib
import re
import subprocess
import sys

import dkim

LONGEST = 998
WORST_SCORE = 1.0
ONCE = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type", "auto-submitted")
PARTS = ["multipart/alternative", "text/plain", "text/html"]
SIGNED_TWICE = (b"from", b"to", b"subject", b"date", b"reply-to")
SIGNED = (b"message-id", b"mime-version", b"content-type", b"list-unsubscribe", b"list-unsubscribe-post", b"list-id")


def form(raw):
    """What RFC 5321 and 5322 ask of every line."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "a bare CR or LF"
    longest = max(map(len, raw.split(b"\r\n")))
    if longest > LONGEST:
        yield f"a line of {longest} octets"
    if any(byte > 127 for byte in raw):
        yield "octets above 127"
    head = raw.split(b"\r\n\r\n", 1)[0]
    for line in head.split(b"\r\n"):
        if line[:1] in b" \t" and not line.strip():
            yield "a folded line without anything in it"


def structure(message):
    """What every mail of ours has, and once."""
    names = [name.lower() for name in message.keys()]
    for name in ONCE:
        if names.count(name) != 1:
            yield f"{name} x {names.count(name)}"
    types = [part.get_content_type() for part in message.walk()]
    if types != PARTS:
        yield f"the parts are {types}"
    for part in message.walk():
        if part.defects:
            yield f"defects {part.defects}"
    for part in message.walk():
        if part.get_content_maintype() == "text" and not part.get_content().strip():
            yield f"an empty {part.get_content_type()}"
    left, _, domain = (message["message-id"] or "").strip().strip("<>").partition("@")
    if len(left) < 26 or not domain:
        yield "a short Message-ID"


def lists(raw, message):
    """RFC 2369 and 8058, where the mail can be stopped."""
    if message["list-id"] is None:
        return
    for name in ("list-unsubscribe", "list-unsubscribe-post"):
        if len(message.get_all(name) or []) != 1:
            yield f"List-Id without one {name}"
            return
    head = raw.split(b"\r\n\r\n", 1)[0]
    value = re.search(rb"(?im)^list-unsubscribe:(.*(?:\r\n[ \t].*)*)", head).group(1)
    if b"=?" in value:
        yield "an encoded word in List-Unsubscribe"
    if not re.search(rb"<https?://[^\s>]+>", re.sub(rb"\r\n[ \t]", b" ", value)):
        yield "no whole address in List-Unsubscribe"
    if message["list-unsubscribe-post"] != "List-Unsubscribe=One-Click":
        yield f"List-Unsubscribe-Post says {message['list-unsubscribe-post']!r}"


def signatures(raw, message, keys):
    """Each signature holds, and covers what receivers want covered."""
    count = len(message.get_all("dkim-signature") or [])
    if count != len(keys):
        yield f"{count} signatures for {len(keys)} keys"

    def look_up(name, timeout=5):
        name = name if isinstance(name, bytes) else name.encode()
        return keys.get(name.rstrip(b"."))

    for index in range(count):
        signature = dkim.DKIM(raw)
        try:
            good = signature.verify(idx=index, dnsfunc=look_up)
        except Exception as error:  # dkimpy raises many kinds; each is a signature that does not hold.
            good = repr(error)
        selector = signature.signature_fields.get(b"s", b"?").decode()
        if good is not True:
            yield f"signature {selector}: {good}"
            continue
        names = [name.strip().lower() for name in signature.signature_fields[b"h"].split(b":")]
        for name in SIGNED:
            if name not in names:
                yield f"signature {selector} leaves {name.decode()} out"
        for name in SIGNED_TWICE:
            if names.count(name) < 2:
                yield f"signature {selector} lets a second {name.decode()} in"


def spam(program, path):
    """SpamAssassin's score without any network."""
    with open(path, "rb") as mail:
        said = subprocess.run([program, "-L", "-t"], stdin=mail, capture_output=True, check=True).stdout
    found = re.search(rb"score=(-?[0-9.]+) required=\S+ tests=([^\n]*(?:\n\t[^\n]*)*)", said)
    if not found:
        yield "SpamAssassin gave no score"
    elif float(found.group(1)) > WORST_SCORE:
        yield f"SpamAssassin: {found.group(1).decode()} for {' '.join(found.group(2).decode().split())}"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--spamassassin")
    options = options.parse_args()
    keys = {path.stem.encode(): path.read_bytes() for path in options.folder.glob("*.txt")}
    paths = sorted(options.folder.glob("*.eml"))
    bad = not paths
    for path in paths:
        raw = path.read_bytes()
        message = email.message_from_bytes(raw, policy=email.policy.default)
        faults = [*form(raw), *structure(message), *lists(raw, message), *signatures(raw, message, keys)]
        if options.spamassassin:
            faults += spam(options.spamassassin, path)
        print(f"{path.name} {len(raw)} B {message['subject']!r}: {'; '.join(faults) or 'sound'}")
        bad = bad or bool(faults)
    sys.exit(1 if bad else 0)


main()
