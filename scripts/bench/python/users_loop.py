"""Training as users write it today.

SGD over a module's parameters, a DataLoader with worker processes, augmentation of PIL images, and the loss read at
every step.

Reads one JSON command a line on standard input, answers one JSON line each.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import torch
from networks import Images, build, load_images
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

WORKERS = 2


class AugmentedImages(Dataset):
    """PIL images, augmented one by one on access."""

    def __init__(self, images: Images) -> None:
        self.images = [Image.fromarray(pixels) for pixels in images.pixels]
        self.labels = images.labels
        self.shift, self.flip = images.shift, images.flip
        self.mean, self.std = images.mean[:, None, None], images.std[:, None, None]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return self.to_tensor(self.augmented(self.images[index])), self.labels[index]

    def augmented(self, image: Image.Image) -> Image.Image:
        """Returns a random crop of the image with a black border, flipped in half of the cases."""
        width, height = image.size
        padded = ImageOps.expand(image, border=self.shift, fill=0)
        left, top = torch.randint(0, 2 * self.shift + 1, (2,)).tolist()
        image = padded.crop((left, top, left + width, top + height))
        if self.flip and torch.rand(1).item() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return image

    def to_tensor(self, image: Image.Image) -> Tensor:
        """Returns the image as [channels, height, width], normalised."""
        pixels = torch.from_numpy(np.array(image))
        pixels = pixels[None] if pixels.ndim == 2 else pixels.permute(2, 0, 1)
        return (pixels.float() - self.mean) / self.std


class Training:
    """A data set, its loader, and networks trained on it."""

    def __init__(self, command: dict[str, object]) -> None:
        torch.set_num_threads(1)
        self.model, self.solver = command["model"], command["solver"]
        self.device = torch.device(command["device"])
        images = load_images(command["dataset"])
        self.images = images
        self.loader = DataLoader(
            AugmentedImages(images),
            batch_size=command["batchSize"],
            shuffle=True,
            drop_last=True,
            num_workers=WORKERS,
            persistent_workers=True,
            pin_memory=self.device.type == "cuda",
        )

    def train(self, rates: list[float], seed: int) -> dict[str, float]:
        """Trains a fresh network, one step a rate; returns the steps' time and the last epoch's mean loss."""
        torch.manual_seed(seed)
        net = build(self.model, self.images).to(self.device).train()
        criterion = nn.CrossEntropyLoss()
        optimizer = torch.optim.SGD(
            net.parameters(),
            lr=rates[0],
            momentum=self.solver["momentum"],
            weight_decay=self.solver["weightDecay"],
            nesterov=self.solver["nesterov"],
        )
        for _ in self.loader:  # the workers are running and their caches are filled
            pass
        losses: list[float] = []
        start = time.perf_counter()
        while len(losses) < len(rates):
            for inputs, targets in self.loader:
                for group in optimizer.param_groups:
                    group["lr"] = rates[len(losses)]
                inputs, targets = (
                    inputs.to(self.device, non_blocking=True),
                    targets.to(self.device, non_blocking=True),
                )
                optimizer.zero_grad()
                loss = criterion(net(inputs), targets)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
                if len(losses) == len(rates):
                    break
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "loss": float(np.mean(losses[-len(self.loader) :]))}


def main() -> None:
    """Serves commands until standard input ends."""
    training = None
    for line in sys.stdin:
        command = json.loads(line)
        if command["do"] == "open":
            training = Training(command)
            answer = {"seconds": 0.0, "loss": 0.0}
        else:
            answer = training.train(command["rates"], command["seed"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
