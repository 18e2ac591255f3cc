export { ExposedToken, ListLeaksQuery } from './dto.js';
export type { LeakReportResponse } from './dto.js';
export * from './leak-reports.js';
export * from './leaks.service.js';
export { TokenFormatController } from './token-format.controller.js';
