import { createClient } from '@hey-api/openapi-ts';

// The TypeScript client that openapi.json makes, into .test-build/client: what somebody gets who generates their own.
await createClient({
  input: 'openapi.json',
  output: { path: '.test-build/client', module: { extension: '.js' } },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'warn', file: false },
});
