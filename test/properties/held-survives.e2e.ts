import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOf } from '../audit/log-proof.js';
import { anchor, sealChanges } from '../audit/old-days.js';
import { StandInHoldsModule } from '../audit/stand-in-holds.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  Append,
  DeleteKey,
  Erase,
  ReleaseHold,
  type RetentionCommand,
  RunPurge,
  Seal,
  SetHold,
} from './retention-commands.js';
import { RetentionModel, Retained } from './retention-model.js';
import { SEED } from './seed.js';

const RUNS = 25;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ modules: [StandInHoldsModule] });
});
afterAll(() => app.close());

const day = fc.nat(3);
const key = fc.nat(2);
const APPEND = fc
  .array(fc.record({ day, key, address: fc.nat(1) }), { minLength: 1, maxLength: 4 })
  .map((rows) => new Append(rows));
const SEAL = fc.constant(new Seal());
const HOLD = fc.record({ key: fc.option(key), day: fc.option(day) }).map((hold) => new SetHold(hold));
const PURGE = fc.constant(new RunPurge());
// Some more often than others, so that much is sealed, held and purged.
const COMMANDS: fc.Arbitrary<RetentionCommand>[] = [
  ...[APPEND, APPEND, APPEND, SEAL, SEAL, SEAL, HOLD, HOLD, PURGE, PURGE],
  fc.nat().map((which) => new ReleaseHold(which)),
  fc.record({ key: fc.option(key), address: fc.nat(1) }).map((whose) => new Erase(whose)),
  fc.record({ key, day }).map(({ key: of, day: on }) => new DeleteKey(of, on)),
];

it('deleting, holding, erasing and retention never contradict each other: what is held survives, with its proof', async () => {
  const seen = { held: 0, gone: 0, erased: 0 };
  await fc.assert(
    fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 40, size: 'max' }), async (commands) => {
      const real = await Retained.begin(app);
      const model = new RetentionModel(real.keyIds);
      await fc.asyncModelRun(() => ({ model, real }), commands);
      for (const row of model.rows) {
        if (row.wasKept) seen.held += 1;
        if (row.place === 'gone') seen.gone += 1;
        if (row.isErased) seen.erased += 1;
      }
      // Nothing may wait for ever: without holds, and sealed, all that is past goes.
      real.holds.clear();
      await sealChanges(app);
      await anchor(app);
      await real.purge();
      expect(await real.oldRows()).toBe(0);
      expect(await faultsOf(app)).toEqual([]);
    }),
    { numRuns: RUNS, seed: SEED },
  );
  const seldom = Object.entries(seen).filter(([, count]) => count < 20);
  expect(seldom).toEqual([]);
});
