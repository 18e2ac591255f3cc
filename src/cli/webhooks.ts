import { Database, type Transaction } from '../platform/database/index.js';
import { readInput } from '../platform/http/input/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import {
  CreateWebhookInput,
  DeliveryLog,
  type DeliveryResponse,
  EndpointsService,
  ListDeliveriesQuery,
  ReplayInput,
  Replays,
  UpdateWebhookInput,
  type WebhookResponse,
} from '../webhooks/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { confirm } from './confirm.js';
import { CommandError } from './errors.js';
import { organizationFor } from './find.js';
import { facts, table, when } from './format.js';
import { given, pageText } from './given.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

export interface WebhookValues extends CommonOptions {
  readonly url?: string;
  readonly description?: string;
  readonly event?: readonly string[];
  readonly store?: readonly string[];
  readonly allStores?: boolean;
  readonly ordered?: boolean;
  readonly enabled?: boolean;
}

export interface ListDeliveriesOptions extends CommonOptions {
  readonly status?: string;
  readonly eventType?: string;
  readonly from?: string;
  readonly to?: string;
  readonly page: string;
  readonly limit: string;
}

export interface ReplayOptions extends CommonOptions {
  readonly delivery?: string;
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
}

/** `gatehouse webhooks list` */
export function listWebhooks({
  organization,
}: CommonOptions & { readonly organization?: string }): Promise<Answer> {
  return reading(async (tx, { endpoints }) => {
    const data = await endpoints.all(tx, (await organizationFor(tx, organization)).id);
    const rows = data.map((one) => [one.id, stateOf(one), one.url, one.eventTypes.join(' ')]);
    const text =
      rows.length === 0 ? 'There are no webhook endpoints.' : table(['ID', 'STATE', 'URL', 'EVENTS'], rows);
    return { document: { data }, text };
  });
}

/** `gatehouse webhooks show` */
export function showWebhook(publicId: string): Promise<Answer> {
  return reading(async (tx, { endpoints }) => {
    const { id, organizationId } = await endpointNamed(tx, publicId);
    return shown(await endpoints.get(tx, organizationId, id));
  });
}

/** `gatehouse webhooks create` */
export function createWebhook({
  organization,
  ...values
}: WebhookValues & { readonly organization?: string }): Promise<Answer> {
  return changing('create', async (tx, { endpoints }) => {
    const input = readInput(CreateWebhookInput, bodyOf(values), 'body');
    const owner = await organizationFor(tx, organization);
    const created = await endpoints.create(tx, owner.id, input);
    return withSecret(created, created.secret);
  });
}

/** `gatehouse webhooks update` */
export function updateWebhook(publicId: string, values: WebhookValues): Promise<Answer> {
  return changing('update', async (tx, { endpoints }) => {
    const { id, organizationId } = await endpointNamed(tx, publicId);
    const patch = readInput(UpdateWebhookInput, bodyOf(values), 'body');
    return shown(await endpoints.update(tx, organizationId, id, { patch, ifMatch: undefined }));
  });
}

/** `gatehouse webhooks rotate` */
export function rotateWebhook(publicId: string): Promise<Answer> {
  return changing('rotate', async (tx, { endpoints }) => {
    const { id, organizationId } = await endpointNamed(tx, publicId);
    const rotated = await endpoints.rotate(tx, organizationId, id);
    const { text, document } = withSecret(rotated, rotated.secret);
    return {
      document,
      text: `${text}\nThe old secret signs too until ${when(rotated.oldSecretEndsAt ?? '')}.`,
    };
  });
}

/** `gatehouse webhooks delete` */
export async function deleteWebhook(
  publicId: string,
  { yes, json }: CommonOptions & { readonly yes?: boolean },
): Promise<Answer> {
  if (!yes) await confirm(`Delete the endpoint ${publicId}, with its secrets and deliveries?`, json);
  return changing('delete', async (tx, { endpoints }) => {
    const { id, organizationId } = await endpointNamed(tx, publicId);
    await endpoints.delete(tx, organizationId, id, undefined);
    return { document: { id: publicId, deleted: true }, text: `The endpoint ${publicId} is gone.` };
  });
}

/** `gatehouse webhooks test` */
export function testWebhook(publicId: string): Promise<Answer> {
  return changing('test', async (tx, { endpoints, log }) => {
    const { id, organizationId } = await endpointNamed(tx, publicId);
    const made = await endpoints.test(tx, organizationId, id);
    const document = await log.shown(tx, organizationId, id, made);
    return { document, text: `A test is on its way: gatehouse webhooks delivery ${publicId} ${document.id}` };
  });
}

/** `gatehouse webhooks deliveries` */
export function listDeliveries(publicId: string, options: ListDeliveriesOptions): Promise<Answer> {
  const { status, eventType, from, to, page, limit } = options;
  return reading(async (tx, { log }) => {
    const query = readInput(
      ListDeliveriesQuery,
      given({ status, eventType, from, to, page, limit }),
      'query',
    );
    const { id, organizationId } = await endpointNamed(tx, publicId);
    const found = await log.page(organizationId, id, query);
    const text =
      found.data.length === 0
        ? 'No delivery fits.'
        : `${table(['ID', 'STATUS', 'TRIES', 'EVENT', 'NO', 'LAST', 'MADE'], found.data.map(deliveryRow))}\n\n${pageText('delivery', found, 'deliveries')}`;
    return { document: found, text };
  });
}

/** `gatehouse webhooks delivery` */
export function showDelivery(publicId: string, deliveryId: string): Promise<Answer> {
  return reading(async (tx, { log }) => {
    const { id, organizationId } = await endpointNamed(tx, publicId);
    const found = await log.get(tx, organizationId, id, deliveryNamed(deliveryId));
    const { attemptLog, ...delivery } = found;
    const known = Object.entries(delivery).filter(([, value]) => value !== null);
    const attempts = attemptLog.map(({ no, at, status, error, durationMicros, responseBody }) => [
      ...[`${no}`, when(at), `${status ?? '-'}`, `${Math.round(durationMicros / 1_000)} ms`],
      error ?? responseBody ?? '',
    ]);
    const head = facts(known.map(([name, value]) => [name, String(value)]));
    return {
      document: found,
      text:
        attempts.length === 0
          ? head
          : `${head}\n\n${table(['TRY', 'AT', 'STATUS', 'TOOK', 'ANSWER'], attempts)}`,
    };
  });
}

/** `gatehouse webhooks replay` */
export function replayWebhook(publicId: string, options: ReplayOptions): Promise<Answer> {
  return changing('replay', async (tx, { replays, log }) => {
    const { id, organizationId } = await endpointNamed(tx, publicId);
    if (options.delivery !== undefined) {
      const made = await replays.one(tx, organizationId, id, deliveryNamed(options.delivery));
      const document = await log.shown(tx, organizationId, id, made);
      return { document, text: `It is sent once more: ${document.id}.` };
    }
    const { from, to, all } = options;
    const input = readInput(ReplayInput, given({ from, to, which: all ? 'all' : undefined }), 'body');
    const document = await replays.many(tx, organizationId, id, input);
    const more = document.next === null ? '' : ` There are more: --from ${document.next}`;
    return { document, text: `${document.replayed} are sent once more.${more}` };
  });
}

interface Services {
  readonly endpoints: EndpointsService;
  readonly log: DeliveryLog;
  readonly replays: Replays;
}

type Work = (tx: Transaction, services: Services) => Promise<Answer>;

function reading(work: Work): Promise<Answer> {
  return withApplication((app) => work(app.get(Database).manager, servicesOf(app)));
}

function changing(command: string, work: Work): Promise<Answer> {
  return withApplication((app) => {
    const reason = `gatehouse webhooks ${command}`;
    return app.get(Database).write({ actor: CLI_ACTOR, reason }, (tx) => work(tx, servicesOf(app)));
  });
}

function servicesOf(app: Parameters<Parameters<typeof withApplication>[0]>[0]): Services {
  return { endpoints: app.get(EndpointsService), log: app.get(DeliveryLog), replays: app.get(Replays) };
}

/** The options as the API's body has them. */
function bodyOf({ url, description, event, store, allStores, ordered, enabled }: WebhookValues): object {
  const storeIds = allStores ? null : store;
  return given({ url, description, eventTypes: event, storeIds, ordered, enabled });
}

async function endpointNamed(
  tx: Transaction,
  publicId: string,
): Promise<{ readonly id: string; readonly organizationId: string }> {
  const id = fromPublicId('webhook', publicId);
  const [found] =
    id === undefined
      ? []
      : await tx.query<{ id: string; organizationId: string }[]>(
          'SELECT id, organization_id AS "organizationId" FROM webhook_endpoints WHERE id = $1',
          [id],
        );
  if (!found) throw new CommandError('NOT_FOUND', `There is no webhook endpoint ${publicId}.`);
  return found;
}

function deliveryNamed(publicId: string): string {
  const id = fromPublicId('webhookDelivery', publicId);
  if (id === undefined) throw new CommandError('NOT_FOUND', `There is no delivery ${publicId}.`);
  return id;
}

function withSecret(endpoint: WebhookResponse, secret: string): Answer {
  const { text } = shown(endpoint);
  return { document: endpoint, text: `${text}\n\nThe secret, shown now and never again:\n\n  ${secret}\n` };
}

function shown(endpoint: WebhookResponse): Answer {
  const { health } = endpoint;
  return {
    document: endpoint,
    text: facts([
      ['Id', endpoint.id],
      ['URL', endpoint.url],
      ...(endpoint.description === '' ? [] : [['For', endpoint.description] as const]),
      ['Events', endpoint.eventTypes.join(' ')],
      ['Stores', endpoint.storeIds?.join(' ') ?? 'all'],
      ['Order', endpoint.ordered ? 'strict, for each object' : 'as they come'],
      ['State', stateOf(endpoint)],
      ...(health.lastSuccessAt ? [['Last success', when(health.lastSuccessAt)] as const] : []),
      ...(health.failingSince ? [['Failing since', when(health.failingSince)] as const] : []),
    ]),
  };
}

function stateOf({ enabled, disabledReason, health }: WebhookResponse): string {
  if (!enabled) return `disabled (${disabledReason})`;
  return health.failingSince === null ? 'enabled' : 'failing';
}

function deliveryRow(delivery: DeliveryResponse): string[] {
  const { id, status, attempts, eventType, sequence, lastStatus, lastError, createdAt } = delivery;
  const last = lastStatus === null ? (lastError ?? '-') : String(lastStatus);
  return [id, status, `${attempts}`, eventType, `${sequence}`, last, when(createdAt)];
}
