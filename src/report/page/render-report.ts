import { composeReport } from './compose';
import { reportHtml } from './html';
import type { ReportParts } from './parts';

/** Renders a report on runs as one self-contained HTML page without scripts. */
export function renderReport(parts: ReportParts): Promise<string> {
  return reportHtml(composeReport(parts));
}
