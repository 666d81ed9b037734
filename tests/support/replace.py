"""Replaces a file in one piece: a reader sees the old one or the new one."""
import os


def replace(path, text):
    written = path.with_name(f"{path.name}.{os.getpid()}")
    written.write_text(text)
    written.rename(path)
