import { buildApiDocument, printApiDocument } from '../dist/src/gate/openapi/index.js';
import { writeOrCheck } from './generated-file.mjs';
import { offlineApplication } from './offline-application.mjs';

const { app, routes } = await offlineApplication();
writeOrCheck('openapi.json', printApiDocument(buildApiDocument(app, routes)), 'npm run openapi');
