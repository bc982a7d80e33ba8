import { argumentsOf, type Block, linesOf, PAGES, shellOf } from './blocks';
import { ELSEWHERE, MEASURED } from './elsewhere';

/** How a test sees to it that a command of a page does what it says. */
export type Treatment =
  | { readonly kind: 'command'; readonly args: string }
  | { readonly kind: 'script'; readonly args: string }
  | { readonly kind: 'one test'; readonly file: string; readonly name: string | null }
  | { readonly kind: 'elsewhere' | 'machine' | 'measured' | 'none' };

/** A command line of a page, and what becomes of it. */
export interface Treated {
  readonly page: string;
  readonly line: number;
  readonly text: string;
  readonly treatment: Treatment;
}

/** Pages that have tests of their own, which run all of them, Python and TypeScript included. */
const WHOLE_PAGES = ['docs/use-the-ensemble.md', 'docs/your-own.md'];

/** All command lines of README and docs. */
export const TREATED: readonly Treated[] = PAGES.flatMap((page) =>
  shellOf(page).flatMap((block) =>
    linesOf(block).map((text) => ({ page, line: block.line, text, treatment: treatmentOf(block, text) })),
  ),
);

function treatmentOf({ page, marks }: Block, text: string): Treatment {
  if (ELSEWHERE.some(({ lines }) => lines.test(text)) || WHOLE_PAGES.includes(page)) return { kind: 'elsewhere' };
  if (marks.includes('machine')) return { kind: 'machine' };
  if (MEASURED.some((lines) => lines.test(text))) return { kind: 'measured' };
  const args = argumentsOf(text);
  if (args !== null) return { kind: 'command', args };
  const [, script] = /^npx ts-node -T (scripts\/results\/.*)$/.exec(text) ?? [];
  if (script !== undefined) return { kind: 'script', args: script };
  const [, file, name] = /^(?:npx jest|pytest) (\S+)(?: -[tk] "?([^"]+)"?)?$/.exec(text) ?? [];
  return file === undefined ? { kind: 'none' } : { kind: 'one test', file, name: name ?? null };
}
