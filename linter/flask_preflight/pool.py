"""Workers for the files that are judged one by one: forked processes and a pipe each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from flask_preflight.classify import KINDS
from flask_preflight.limits import WORKERS_FROM_BYTES
from flask_preflight.result import Message, Notification
from flask_preflight.run import File, FileReport, Tree

Scan = Callable[[File, str, Any], FileReport]
DIED = Message("a worker process ended before its files were done", "worker")


def scan_files(tree: Tree, settings: Any, scan: Scan) -> list[FileReport]:
    """The report of every file with a kind of file scope, in the order of the files."""
    files = [file for file in tree.files if any(KINDS[k].scope == "file" for k in file.kinds)]
    count = workers(files, settings.jobs)
    if count < 2:
        return list(_scanned(tree, files, settings, scan))
    files.sort(key=lambda file: -file.size)
    reports = _forked(tree, [files[i::count] for i in range(count)], settings, scan)
    order = {file.path: index for index, file in enumerate(tree.files)}
    return sorted(reports, key=lambda report: order[report.path])


def workers(files: Iterable[File], jobs: int) -> int:
    """How many processes are worth having; 1 where there is no fork."""
    if jobs == 1 or not hasattr(os, "fork"):
        return 1
    if jobs > 1:
        return jobs
    if sum(file.size for file in files) < WORKERS_FROM_BYTES:
        return 1
    usable = getattr(os, "sched_getaffinity", None)
    return min(8, len(usable(0)) if usable else os.cpu_count() or 1)


def _scanned(tree: Tree, files: Iterable[File], settings: Any, scan: Scan) -> Iterable[FileReport]:
    for file in files:
        text = tree.text(file.path)
        if text is not None:
            yield scan(file, text, settings)


def _forked(tree: Tree, chunks: list[list[File]], settings: Any, scan: Scan) -> list[FileReport]:
    import pickle

    ends = [_start(tree, chunk, settings, scan) for chunk in chunks[1:]]
    reports = list(_scanned(tree, chunks[0], settings, scan))
    for pid, end in ends:
        with open(end, "rb") as stream:
            data = stream.read()
        _, status = os.waitpid(pid, 0)
        if status or not data:
            tree.notifications.append(Notification("PRE030", "error", DIED()))
            continue
        received, notifications = pickle.loads(data)
        reports += received
        tree.notifications += notifications
    return reports


def _start(tree: Tree, files: list[File], settings: Any, scan: Scan) -> tuple[int, int]:
    end, start = os.pipe()
    pid = os.fork()
    if pid:
        os.close(start)
        return pid, end
    status = 1
    try:
        import pickle

        os.close(end)
        before = len(tree.notifications)
        done = list(_scanned(tree, files, settings, scan))
        with open(start, "wb") as stream:
            pickle.dump((done, tree.notifications[before:]), stream, protocol=5)
        status = 0
    finally:
        os._exit(status)
