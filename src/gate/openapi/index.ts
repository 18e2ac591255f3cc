export * from './api-document.js';
export * from './describe-routes.js';
export * from './swagger-ui.js';
