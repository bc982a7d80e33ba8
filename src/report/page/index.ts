import { composeReport, type ReportParts } from './compose';
import { reportHtml } from './html';

export { composeReport, type ReportParts } from './compose';
export { figureFiles } from './files';
export { reportHtml } from './html';
export { reportMarkdown } from './markdown';
export { reportText } from './terminal';

/** A report on runs as one HTML page that needs no network and no script. */
export function renderReport(parts: ReportParts): Promise<string> {
  return reportHtml(composeReport(parts));
}
