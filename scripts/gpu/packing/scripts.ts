import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import type { Place } from './place';

const COMPILED = { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS, esModuleInterop: true };

/** package/scripts/bench: the benches compiled, as the machine has no ts-node, and the Python beside them. */
export async function addBenches({ root, stage }: Place): Promise<void> {
  const from = join(root, 'scripts', 'bench');
  const into = join(stage, 'package', 'scripts', 'bench');
  for (const file of await readdir(from, { recursive: true })) {
    const target = join(into, file.replace(/\.ts$/, '.js'));
    if (/\.(ts|py)$/.test(file)) await mkdir(dirname(target), { recursive: true });
    if (file.endsWith('.py')) await cp(join(from, file), target);
    if (!file.endsWith('.ts')) continue;
    const source = await readFile(join(from, file), 'utf8');
    await writeFile(target, transpileModule(source, { fileName: file, compilerOptions: COMPILED }).outputText);
  }
}

/** accept, and acceptance/: what runs it all on the machine. */
export async function addAcceptance({ root, stage }: Place): Promise<void> {
  const from = join(root, 'scripts', 'gpu');
  await cp(join(from, 'accept'), join(stage, 'accept'));
  await cp(join(from, 'acceptance'), join(stage, 'acceptance'), { recursive: true, filter: isSource });
}

/** package/python: the worker and its tests. */
export async function addWorker({ root, stage }: Place): Promise<void> {
  await cp(join(root, 'python'), join(stage, 'package', 'python'), { recursive: true, filter: isSource });
}

/** Not what Python and its tools leave beside sources. */
function isSource(path: string): boolean {
  return !/(^|\/)(__pycache__|\.[a-z]+(_cache)?|[^/]+\.egg-info)$/.test(path);
}
