import { randomBytes } from 'node:crypto';
import { SecretBox } from '../../src/platform/crypto/index.js';
import { fromPublicId, newUuid } from '../../src/platform/ids/index.js';
import { secretPlace } from '../../src/webhooks/endpoints/endpoint.entity.js';
import type { TestApp, TestKey } from '../support/test-app.js';

export interface EndpointRow {
  /** UUID. */
  readonly id: string;
  readonly secret: Buffer;
}

export interface EndpointOptions {
  readonly url?: string;
  readonly types?: readonly string[];
  /** UUIDs. */
  readonly stores?: readonly string[] | null;
  readonly enabled?: boolean;
  readonly ordered?: boolean;
}

/** An endpoint of a key's organization, with a secret. */
export async function makeEndpoint(
  app: TestApp,
  { organizationId }: Pick<TestKey, 'organizationId'>,
  {
    url = 'https://hooks.example.com/',
    types = ['*'],
    stores = null,
    enabled = true,
    ordered = false,
  }: EndpointOptions = {},
): Promise<EndpointRow> {
  const [id, secretId, secret] = [newUuid(), newUuid(), randomBytes(32)];
  await app.sql(
    `INSERT INTO webhook_endpoints (id, organization_id, url, event_types, store_ids, enabled, ordered, disabled_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[id, fromPublicId('organization', organizationId), url, types, stores, enabled, ordered],
      enabled ? null : 'by_hand',
    ],
  );
  await app.sql('INSERT INTO webhook_endpoint_health (endpoint_id) VALUES ($1)', [id]);
  await app.sql('INSERT INTO webhook_secrets (id, endpoint_id, sealed) VALUES ($1, $2, $3)', [
    ...[secretId, id, app.get(SecretBox).seal(secret, secretPlace(secretId))],
  ]);
  return { id, secret };
}
