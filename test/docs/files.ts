import fs from 'node:fs';
import path from 'node:path';
import { askPython } from '../python';
import type { Block } from './blocks';

/**
 * What the commands of pages take as input: images of digits' size, photographs in a folder a class, and the
 * configurations and the code that begin with their own name.
 */
export function makeFiles(directory: string, blocks: readonly Block[]): void {
  askPython(IMAGES, path.resolve(directory));
  for (const { language, text } of blocks) {
    const [, name] = /^# (\S+\.(?:yaml|py))$/m.exec(text) ?? [];
    if (['yaml', 'python'].includes(language) && name !== undefined) fs.writeFileSync(path.join(directory, name), text);
  }
}

const IMAGES = `
from pathlib import Path
import numpy as np
from PIL import Image
Path(given, "images").mkdir()
for name in ["images/0.png", "images/1.png", "a.png", "b.png"]:
    Image.fromarray(np.full((8, 8), 90, np.uint8)).save(Path(given, name))
draw = np.random.RandomState(0)
for kind, colour in [("cats", 60), ("dogs", 160)]:
    Path(given, "photos", kind).mkdir(parents=True)
    for k in range(60):
        pixels = draw.randint(colour, colour + 90, (30, 40, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(Path(given, "photos", kind, f"{k}.png"))
answer = None`;
