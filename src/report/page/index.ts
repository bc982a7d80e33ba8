import { composeReport, type ReportParts } from './compose';
import { reportHtml } from './html';

export { composeReport, type ReportParts } from './compose';
export { figureFiles } from './files';
export { reportHtml } from './html';
export { reportMarkdown } from './markdown';
export { reportText } from './terminal';

/** Renders a report on runs as one self-contained HTML page without scripts. */
export function renderReport(parts: ReportParts): Promise<string> {
  return reportHtml(composeReport(parts));
}
