"""Copies of the whole folder that an image is built in."""

from flask_preflight.artifacts.dockerfile import Instruction
from flask_preflight.artifacts.image import Image


def whole_copies(image: Image) -> list[Instruction]:
    """Those in the stages that it consists of or copies from."""
    return [
        instruction
        for stage in image.stages
        for instruction in stage.instructions
        if instruction.name in ("COPY", "ADD")
        and instruction.flag("from") is None
        and any(word.value in (".", "./", "/", "*") for word in instruction.words[:-1])
    ]
