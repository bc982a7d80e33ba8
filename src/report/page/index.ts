export { composeReport } from './compose';
export { figureFiles } from './files';
export { reportHtml } from './html';
export { reportMarkdown } from './markdown';
export { reportText } from './terminal';
