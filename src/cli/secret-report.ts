import type { HeldSecret, MasterSecrets, SecretHolder, SecretHolders } from '../platform/crypto/index.js';
import type { Database } from '../platform/database/index.js';
import { table, when } from './format.js';

/** Of what is left, this many are named. */
const NAMED = 20;

interface HolderReport {
  readonly name: string;
  /** Under the current master secret, under the previous one, under one that is not configured. */
  readonly current: number;
  readonly previous: number;
  readonly unknown: number;
  /** Of the last two, those that cannot be renewed before they are used again. */
  readonly waiting: number;
  /** Of the previous, those that were altered and never open again. */
  readonly broken: number;
  /** The first of those that are not under the current one. */
  readonly left: readonly HeldSecret[];
}

/** What is stored under which master secret. */
export interface SecretsReport {
  /** Whether a previous master secret is configured. */
  readonly previousConfigured: boolean;
  /** Not under the current master secret, over all holders. */
  readonly left: number;
  readonly holders: readonly HolderReport[];
}

/** Counts what every holder has, and names the first of what is left. */
export async function reportOf(
  database: Database,
  holders: SecretHolders,
  secrets: MasterSecrets,
): Promise<SecretsReport> {
  const reports: HolderReport[] = [];
  for (const holder of holders.list()) reports.push(await holderReport(database, holder, secrets));
  return {
    previousConfigured: secrets.ids.length > 1,
    left: reports.reduce((sum, { previous, unknown }) => sum + previous + unknown, 0),
    holders: reports,
  };
}

async function holderReport(
  database: Database,
  holder: SecretHolder,
  { ids, currentId }: MasterSecrets,
): Promise<HolderReport> {
  const counts = await holder.count(database.manager);
  const sum = (fits: (id: string) => boolean, of: 'count' | 'waiting' | 'broken' = 'count') =>
    counts.filter(({ masterId }) => fits(masterId)).reduce((total, row) => total + (row[of] ?? 0), 0);
  const isLeft = (id: string) => id !== currentId;
  return {
    name: holder.name,
    current: sum((id) => id === currentId),
    previous: sum((id) => isLeft(id) && ids.includes(id)),
    unknown: sum((id) => !ids.includes(id)),
    waiting: sum(isLeft, 'waiting'),
    broken: sum(isLeft, 'broken'),
    left: sum(isLeft) === 0 ? [] : ((await holder.left?.(database.manager, NAMED)) ?? []),
  };
}

/** The report in words, with what to do next. */
export function secretsText(report: SecretsReport): string {
  const counts = table(
    ['HELD', 'CURRENT', 'PREVIOUS', 'NOT CONFIGURED', 'WAIT FOR THEIR USE', 'ALTERED'],
    report.holders.map(({ name, current, previous, unknown, waiting, broken }) =>
      [name, current, previous, unknown, waiting, broken].map(String),
    ),
  );
  return [counts, ...report.holders.flatMap(leftText), adviceOn(report)].join('\n\n');
}

function leftText({ name, left, previous, unknown }: HolderReport): string[] {
  if (left.length === 0) return [];
  const rows = left.map((one) => [
    one.id,
    one.name,
    one.working ? 'yes' : one.broken ? 'no' : 'ended',
    renewableText(one),
    one.lastUsedAt === null ? 'never' : when(one.lastUsedAt),
  ]);
  const total = previous + unknown;
  const heading = `Left of the ${name}${total > left.length ? `, the first ${left.length} of ${total}` : ''}:`;
  return [`${heading}\n${table(['ID', 'NAME', 'WORKS', 'RENEWABLE', 'LAST USE'], rows)}`];
}

function renewableText({ endsAt, broken, renewable }: HeldSecret): string {
  if (endsAt) return `no, ends ${when(endsAt)}`;
  if (broken) return 'no, it does not open';
  return renewable ? 'yes' : 'after its next use';
}

function adviceOn({ previousConfigured, left, holders }: SecretsReport): string {
  const unknown = holders.reduce((sum, holder) => sum + holder.unknown, 0);
  if (unknown > 0) {
    return 'What is under a master secret that is not configured is refused: set GATEHOUSE_SECRET_PREVIOUS to it, or rotate these keys, and take these second factors away ("gatehouse admin reset-second-factor").';
  }
  if (left > 0 && left === holders.reduce((sum, { broken }) => sum + broken, 0)) {
    return 'What is left was altered and opens no more: take these second factors away ("gatehouse admin reset-second-factor"); recovery codes can also be made anew by their members. Nothing else needs GATEHOUSE_SECRET_PREVIOUS.';
  }
  if (left > 0) {
    return 'Keep GATEHOUSE_SECRET_PREVIOUS; run "gatehouse secrets rehash". What waits for its use can be renewed after it; or rotate its key. Invitations end by themselves, or renew them.';
  }
  return previousConfigured
    ? 'Nothing is left: GATEHOUSE_SECRET_PREVIOUS can go. Sessions of before the change end with it, or by themselves within 12 hours; links for a new password within one.'
    : 'Everything is under the current master secret.';
}
