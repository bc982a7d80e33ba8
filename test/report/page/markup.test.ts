import { escaped, html, Markup } from '../../../src/report/page/markup';

describe('an HTML template', () => {
  it('shows text as text, in content and in attributes', () => {
    const name = `<script>alert("1")</script>&'`;
    const shown = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;';
    expect(html`<p title="${name}">${name}</p>`.text).toBe(`<p title="${shown}">${shown}</p>`);
    expect(escaped(name)).toBe(shown);
  });

  it('keeps what is HTML already, also in lists', () => {
    const items = ['<a>', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${new Markup('<br>')}`.text).toBe('<ul><li>&lt;a&gt;</li>\n<li>b</li></ul><br>');
  });
});
