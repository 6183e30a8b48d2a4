"""Makes the media of an account heavier without writing them: sparse files in its blob store, and a head that says so.

By docs/formats/{blobs,documents,head}.md alone, none of our code: each medium stored as it is gets `factor` times its size
(the added bytes are a hole, so that disks do not fill), the lists of media and the head are sealed again, and the desk
names that head. The digests of the media are then not those of their bytes: good for measuring, not for `verify`.
"""

import hashlib
import json
import os
import sqlite3
import zlib

END = b"\x01\x00\x00\xff\xff"


def make(data, account, factor):
    """Returns the bytes that the account's media have now."""
    blobs = data / "accounts" / account / "blobs"
    desk = sqlite3.connect(data / "desk.sqlite")
    (digest,) = desk.execute("SELECT head FROM account WHERE id = ?", (account,)).fetchone()
    head = json.loads(_read(blobs, digest))
    total = 0
    for row in head["media"]:
        media = json.loads(_read(blobs, row["digest"]))
        for medium in media:
            if medium.get("deflated"):
                continue
            medium["size"] *= factor
            medium["stored_size"] = medium["size"]
            os.truncate(_path(blobs, medium["digest"]), medium["size"])
        row["bytes"] = sum(medium["size"] for medium in media)
        total += row["bytes"]
        row.update(_seal(blobs, "[\n" + ",\n".join(_json(medium) for medium in media) + "\n]\n"))
    head["counts"]["media_bytes"] = total
    head["parent"] = digest
    sealed = _seal(blobs, _json({key: head[key] for key in _in_order(head)}))
    desk.execute("UPDATE account SET head = ? WHERE id = ?", (sealed["digest"], account))
    desk.commit()
    desk.close()
    return total


def _in_order(head):
    order = ["format", "service", "username", "time", "parent", "imports", "documents", "media", "issues", "counts"]
    return [key for key in order if key in head]


def _json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _path(blobs, digest, suffix=""):
    return blobs / digest[:2] / (digest + suffix)


def _read(blobs, digest):
    stream = zlib.decompressobj(-15)
    return stream.decompress(_path(blobs, digest, ".open").read_bytes() + END).decode("utf-8")


def _seal(blobs, text):
    """Puts `text` as an open deflate stream; returns what a list's row says of it."""
    content = text.encode("utf-8")
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
    stored = deflate.compress(content) + deflate.flush(zlib.Z_SYNC_FLUSH)
    digest = hashlib.sha256(content).hexdigest()
    path = _path(blobs, digest, ".open")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(stored)
    twin = b'valise("' + digest.encode() + b'",' + content + b");"
    return {"digest": digest, "twin": hashlib.sha256(twin).hexdigest(), "crc": zlib.crc32(content), "size": len(content),
            "stored_size": len(stored)}
