import { plain } from '../../src/report/printable';
import { markdownTable, terminalTable } from '../../src/report/render';

const HOSTILE = '\u001b[2Jcat\u009b31m\u202e\u0007';

describe('text that comes from data', () => {
  it('cannot move, recolour or turn around a terminal: what it would obey is spelt out', () => {
    expect(plain(HOSTILE)).toBe('\\u001b[2Jcat\\u009b31m\\u202e\\u0007');
  });

  it('keeps its line breaks, tabs and letters of any alphabet', () => {
    expect(plain('Größe\n\t猫 🐈')).toBe('Größe\n\t猫 🐈');
  });

  it('is made safe in the cells of a terminal table', () => {
    const table = terminalTable({ head: ['class'], rows: [[HOSTILE]], texts: 1 });
    expect(table).toContain(plain(HOSTILE));
    expect(table).not.toContain('\u001b[2J');
  });

  it('stays text and in its column in a Markdown table', () => {
    const table = markdownTable({ head: ['class'], rows: [['<script>a|b\nc</script>']], texts: 1 });
    expect(table.split('\n')[2]).toBe('| &lt;script>a\\|b c&lt;/script> |');
  });
});
