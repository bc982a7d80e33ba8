import fs from 'node:fs';
import path from 'node:path';
import { readResult } from '../../src/store/run-directory';
import { askPython } from '../python';
import { CommandLine } from './dsptt';

const cli = new CommandLine();

/** Pictures in the alpha channel, in folders of splits and below, beside a text, and one of 16 bits. */
const WRITE = `
from pathlib import Path
import numpy as np
from PIL import Image
for part, images in {"train": 10, "val": 3, "test": 2, "train/dark/more": 2}.items():
    for name, alpha in {"dark": 200, "light": 60}.items():
        folder = Path(given, part) if "/" in part else Path(given, part, name)
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(images):
            Image.new("RGBA", (8, 8), (0, 0, 0, alpha + number)).save(folder / f"{name}{number}.png")
for image in Path(given, "train/dark/more").glob("light*"):
    image.unlink()
Image.fromarray(np.full((8, 8), 9000, np.uint16)).save(Path(given, "train/dark/deep.png"))
Path(given, "train/notes.txt").write_text("no image")
answer = None`;

const NOTICES = [
  'left out, as no images of a class: train/notes.txt',
  "images in folders below that of a class count as that class's: train/dark/more/dark0.png, train/dark/more/dark1.png",
  'transparent pixels were laid over white (dataset.args.background): test/dark/dark0.png, test/dark/dark1.png, ' +
    'test/light/light0.png and 29 more',
  'of more than 8 bits a grey pixel the upper 8 were read: train/dark/deep.png',
];

it("trains on a user's images, tells what was changed and left out, and predicts the very folder", async () => {
  const images = path.join(cli.directory, 'images');
  askPython(WRITE, images);
  cli.write(
    'own.yaml',
    `dataset: {name: images, args: {side: 8, augment: none}, dir: images}
model: {name: mlp}
batchSize: 8
method: single
budget: {steps: 60}`,
  );
  const [trained, predicted] = await cli.runInOneProcess(
    [
      ['run', '--config=own.yaml', '--out=runs/own', '--quiet'],
      ['predict', 'runs/own', '--input', 'images'],
    ],
    { DSPTT_CACHE: path.join(cli.directory, 'cache') },
  );
  expect([trained.code, predicted.code]).toEqual([0, 0]);
  const run = path.join(cli.directory, 'runs', 'own');
  const told = NOTICES.map((notice) => `images: ${notice}`);
  expect(trained.stderr.trim().split('\n')).toEqual(told);
  expect((await readResult(run)).notices).toEqual([...told, expect.stringMatching(/^The calibrated loss says little/)]);
  expect(JSON.parse(fs.readFileSync(path.join(run, 'data.json'), 'utf8'))).toMatchObject({ background: 'white' });
  expect(predicted.stderr.trim().split('\n')).toEqual(['left out, as no images: train/notes.txt', ...NOTICES.slice(2)]);
  const rows = cli.read('predictions.csv').trim().split('\n').slice(1);
  expect(rows).toHaveLength(33);
  for (const row of rows) {
    const [sample, said] = row.split(',');
    expect(sample).toContain(`/${said}/`);
  }
});
