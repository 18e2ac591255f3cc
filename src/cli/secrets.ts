import { setTimeout as pause } from 'node:timers/promises';
import { MasterSecrets, type SecretHolder, SecretHolders } from '../platform/crypto/index.js';
import { Database } from '../platform/database/index.js';
import type { Answer } from './answer.js';
import { reportOf, type SecretsReport, secretsText } from './secret-report.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

/** Renewed in one transaction. */
const BATCH = 500;
/** What somebody is changing at the moment is passed over; it is free again before long. */
const PATIENCE = { tries: 20, milliseconds: 100 };

/** `gatehouse secrets report` */
export function reportSecrets(): Promise<Answer> {
  return withApplication(async (app) => {
    const report = await reportOf(app.get(Database), app.get(SecretHolders), app.get(MasterSecrets));
    return { document: report, text: secretsText(report) };
  });
}

/** `gatehouse secrets rehash`: may be stopped and started again, and run beside another one. */
export function rehashSecrets(): Promise<Answer> {
  return withApplication(async (app) => {
    const database = app.get(Database);
    const secrets = app.get(MasterSecrets);
    const renewed: Record<string, number> = {};
    for (const holder of app.get(SecretHolders).list()) {
      renewed[holder.name] = await renewAll(database, secrets, holder);
    }
    const report = await reportOf(database, app.get(SecretHolders), secrets);
    return { document: { renewed, ...report }, text: rehashText(renewed, report) };
  });
}

async function renewAll(database: Database, secrets: MasterSecrets, holder: SecretHolder): Promise<number> {
  let renewed = 0;
  for (let tries = 0; ; tries++) {
    for (;;) {
      const count = await database.write({ actor: CLI_ACTOR, reason: 'gatehouse secrets rehash' }, (tx) =>
        holder.renew(tx, BATCH),
      );
      if (count === 0) break;
      renewed += count;
    }
    const counts = await holder.count(database.manager);
    const passedOver = counts.some(
      ({ masterId, count, waiting = 0, broken = 0 }) =>
        secrets.ids.slice(1).includes(masterId) && count > waiting + broken,
    );
    if (!passedOver || tries === PATIENCE.tries) return renewed;
    await pause(PATIENCE.milliseconds);
  }
}

function rehashText(renewed: Readonly<Record<string, number>>, report: SecretsReport): string {
  const lines = Object.entries(renewed).map(([name, count]) => `${name}: ${count} renewed`);
  return `${lines.join('\n')}\n\n${secretsText(report)}`;
}
