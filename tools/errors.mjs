import { format, resolveConfig } from 'prettier';
import { ERROR_CATALOGUE } from '../dist/src/platform/errors/index.js';
import { writeOrCheck } from './generated-file.mjs';

const INTRODUCTION = `# Errors

Every refusal has one shape, and \`X-Request-Id\` names the request in the log:

\`\`\`json
{
  "error": {
    "code": "INVALID_INPUT",
    "message": "name: is required",
    "details": { "field": "name", "reason": "is required", "errors": [{ "field": "name", "reason": "is required" }] },
    "requestId": "req_01k0b3w2f7e1rt5m8v9xq4zj6d"
  }
}
\`\`\`

\`code\` is for programs and stays; \`message\` is for people and may change; \`details\` are there where the code has
some. With \`Accept: application/problem+json\` the same comes as a problem document (RFC 9457). 401 carries
\`WWW-Authenticate\`; 429 and 503 carry \`Retry-After\`, in whole seconds.

This page is made from \`src/platform/errors/error-catalogue.ts\` by \`npm run docs:errors\`.

| status | code | when | what to do |
| ------ | ---- | ---- | ---------- |
`;

const lines = Object.entries(ERROR_CATALOGUE).map(
  ([code, { status, when, remedy }]) => `| ${status} | \`${code}\` | ${cell(when)} | ${cell(remedy)} |`,
);
const style = await resolveConfig(new URL('../docs/errors.md', import.meta.url));
const page = await format(`${INTRODUCTION}${lines.join('\n')}\n`, { ...style, parser: 'markdown' });
writeOrCheck('docs/errors.md', page, 'npm run docs:errors');

function cell(text) {
  return text.replaceAll('|', '\\|');
}
