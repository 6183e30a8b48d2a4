"""The accounts that are measured: generated once, kept in the work folder."""

import json
import pathlib
import subprocess
import zipfile

SEED = "7"
# What the generator's presets hold, to take a share of it.
COUNTS = {
    "bench-media": {"posts": 4_980, "stories": 520, "conversations": 60, "messages": 100_000},
    "bench-messages": {"posts": 980, "stories": 120, "conversations": 120, "messages": 1_000_000},
}


# An account in any generation: mostly records, and pictures only as large as they must be.
OF_GENERATIONS = {"posts": 1_000, "stories": 200, "conversations": 60, "messages": 200_000, "comments": 10_000,
                  "likes": 40_000, "saved": 5_000, "followers": 10_000, "following": 5_000}


def generated(work, fixtures, preset, scale):
    """The archive of `preset` at `scale` (1 is the size that docs speak of). Returns its path."""
    archive = pathlib.Path(work) / f"{preset}-{scale:g}.zip"
    if not archive.exists():
        part = archive.with_suffix(".part.zip")
        command = [fixtures, "--preset", preset, "--seed", SEED, "--out", str(part)]
        for name, count in COUNTS[preset].items() if scale != 1 else ():
            command += [f"--{name}", str(max(1, round(count * scale)))]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        part.rename(archive)
    return archive


def of_generation(work, fixtures, generation, pages, scale):
    """An archive of `generation`, as HTML if `pages`. Returns its path."""
    archive = pathlib.Path(work) / f"{generation}{'-pages' if pages else ''}-{scale:g}.zip"
    if not archive.exists():
        part = archive.with_suffix(".part.zip")
        command = [fixtures, "--preset", "tiny", "--seed", SEED, "--generation", generation, "--out", str(part)]
        command += ["--pages"] if pages else []
        for name, count in OF_GENERATIONS.items():
            command += [f"--{name}", str(max(1, round(count * scale)))]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        part.rename(archive)
    return archive


def plain(work, name, media, size):
    """An archive of `media` videos of `size` bytes each, one post each: as few or as heavy as a case needs."""
    archive = pathlib.Path(work) / f"{name}-{media}x{size}.zip"
    if archive.exists():
        return archive
    part = archive.with_suffix(".part")
    posts = []
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as out:
        for number in range(media):
            path = f"media/posts/202401/{number:017d}.mp4"
            with out.open(zipfile.ZipInfo(path, (2024, 1, 1, 0, 0, 0)), "w", force_zip64=True) as entry:
                _write_video(entry, number, size)
            time = 1704067200 + number * 60
            posts.append({"media": [{"uri": path, "creation_timestamp": time, "title": f"Number {number}"}]})
        out.writestr("your_instagram_activity/media/posts_1.json", json.dumps(posts))
        profile = {"profile_user": [{"title": "User", "string_map_data": {"Username": {"value": name}}}]}
        out.writestr("personal_information/personal_information/personal_information.json", json.dumps(profile))
    part.rename(archive)
    return archive


_BLOCK = b"".join((1_000_003 * at).to_bytes(8, "big") for at in range(131_072))


def _write_video(entry, number, size):
    """The first box of an MP4, then bytes that differ from video to video and do not compress to nothing."""
    head = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + number.to_bytes(8, "big")
    entry.write(head[:size])
    left = size - len(head)
    block = _BLOCK[number * 8 % 4096 :]
    while left > 0:
        entry.write(block[: min(left, len(block))])
        left -= len(block)


def contents(archive):
    """(media, bytes of media, messages) that an archive holds, from its names and its conversations."""
    with zipfile.ZipFile(archive) as opened:
        media = [info for info in opened.infolist() if not info.filename.endswith((".json", ".txt", ".html"))]
        messages = sum(
            len(json.loads(opened.read(info))["messages"])
            for info in opened.infolist()
            if "/message_" in info.filename and info.filename.endswith(".json")
        )
    return len(media), sum(info.file_size for info in media), messages
