"""Content of the official archives of CIFAR-10 and CIFAR-100 (binary version), and how to recognise them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Files of one of the two sets: the files' names in order, records a file, and label bytes a record (the last one
    is the class; CIFAR-100 has the coarse class before it)."""

    archive: str
    md5: str
    folder: str
    pickles: str
    train: tuple[str, ...]
    test: str
    train_records: int
    test_records: int
    label_bytes: int
    names: str
    classes: tuple[str, ...]

    @property
    def files(self) -> dict[str, int]:
        """Number of records of each file, the training files first."""
        return {**dict.fromkeys(self.train, self.train_records), self.test: self.test_records}

    @property
    def training(self) -> int:
        """Number of training images in all files."""
        return len(self.train) * self.train_records


NAMES = "airplane automobile bird cat deer dog frog horse ship truck"
FINE_NAMES = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
willow_tree wolf woman worm
"""

CIFAR10 = Layout(
    archive="cifar-10-binary.tar.gz",
    md5="c32a1d4ab5d03f1284b67883e8d87530",
    folder="cifar-10-batches-bin",
    pickles="cifar-10-batches-py",
    train=tuple(f"data_batch_{number}.bin" for number in range(1, 6)),
    test="test_batch.bin",
    train_records=10_000,
    test_records=10_000,
    label_bytes=1,
    names="batches.meta.txt",
    classes=tuple(NAMES.split()),
)
CIFAR100 = Layout(
    archive="cifar-100-binary.tar.gz",
    md5="03b5dce01913d631647c71ecec9e9cb8",
    folder="cifar-100-binary",
    pickles="cifar-100-python",
    train=("train.bin",),
    test="test.bin",
    train_records=50_000,
    test_records=10_000,
    label_bytes=2,
    names="fine_label_names.txt",
    classes=tuple(FINE_NAMES.split()),
)
