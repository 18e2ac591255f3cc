import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Database } from '../../src/platform/database/index.js';
import { EventSequencer, EventSubscribers } from '../../src/platform/events/index.js';
import { newUuid } from '../../src/platform/ids/index.js';
import { until } from '../faults/until.js';
import { SEED } from '../properties/seed.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  changeRows,
  EventFollower,
  EventWriter,
  type Mood,
  numberAll,
  WritingSubscriber,
} from './event-log.js';

const WRITERS = 4;
const PROCESSES = 3;

const apps: TestApp[] = [];
const subscribers: WritingSubscriber[] = [];
let first: TestApp;

beforeAll(async () => {
  first = await startTestApp();
  apps.push(first);
  while (apps.length < PROCESSES) apps.push(await startTestApp({ database: first.database }));
  for (const app of apps) subscribers.push(await WritingSubscriber.of(app));
  await numberAll(first);
});

afterAll(async () => {
  for (const app of apps.reverse()) await app.close();
});

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('emit'), who: fc.nat(WRITERS - 1), where: fc.nat(2) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit'), who: fc.nat(WRITERS - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rollback'), who: fc.nat(WRITERS - 1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('round'), who: fc.nat(PROCESSES - 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('all at once'),
      moods: fc.array(fc.constantFrom<Mood>('takes', 'throws', 'is killed'), {
        minLength: PROCESSES,
        maxLength: PROCESSES,
      }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('follow'), where: fc.nat(2) }) },
);

interface Step {
  readonly kind: string;
  readonly who?: number;
  readonly where?: number;
  readonly moods?: readonly Mood[];
}

async function roundsAtOnce(moods: readonly Mood[]): Promise<void> {
  subscribers.forEach((subscriber, index) => (subscriber.mood = moods[index] ?? 'takes'));
  await Promise.allSettled(subscribers.map(({ sequencer }) => sequencer.round()));
  subscribers.forEach((subscriber) => (subscriber.mood = 'takes'));
}

async function heardOf(ids: readonly string[]): Promise<{ event_id: string; sequence: number }[]> {
  const rows = await first.sql<{ event_id: string; sequence: string }>(
    'SELECT event_id, sequence FROM heard WHERE event_id = ANY ($1) ORDER BY sequence',
    [ids],
  );
  return rows.map((row) => ({ ...row, sequence: Number(row.sequence) }));
}

describe('the sequence of events', () => {
  it('has no gap and never goes back, whatever order writers commit in and whoever numbers or fails to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps: readonly Step[]) => {
        const places = [newUuid(), newUuid(), newUuid()];
        const committed = new Map<string | null, string[]>();
        const followers = places.map((place) => new EventFollower(first, place));
        const writers = await Promise.all(
          Array.from({ length: WRITERS }, () => EventWriter.connect(first, committed)),
        );
        for (const { kind, who = 0, where = 0, moods } of steps) {
          if (kind === 'emit') await writers[who]?.emit(places[where] ?? null);
          if (kind === 'commit') await writers[who]?.commit();
          if (kind === 'rollback') await writers[who]?.rollback();
          if (kind === 'round') await subscribers[who]?.sequencer.round();
          if (kind === 'all at once' && moods) await roundsAtOnce(moods);
          if (kind === 'follow') await followers[where]?.follow();
        }
        // what is still open ends this way or that
        for (const [index, writer] of writers.entries()) {
          await (index % 2 === 0 ? writer.commit() : writer.rollback());
          await writer.close();
        }
        await numberAll(first);
        for (const [index, follower] of followers.entries()) {
          await follower.catchUp();
          const ids = follower.seen.map(({ id }) => id);
          expect([...ids].sort()).toEqual([...(committed.get(places[index] ?? null) ?? [])].sort());
          // told of each once, with the number that it has
          expect((await heardOf(ids)).map(({ event_id }) => event_id)).toEqual(ids);
        }
      }),
      { seed: SEED, numRuns: 40 },
    );
  }, 120_000);

  it('holds while writers, three sequencers and a reader are all at it', async () => {
    const place = newUuid();
    const committed = new Map<string | null, string[]>();
    const follower = new EventFollower(first, place);
    let writing = true;
    const write = async (no: number) => {
      const writer = await EventWriter.connect(first, committed);
      for (let round = 0; round < 40; round++) {
        for (let count = 0; count <= (round + no) % 4; count++) await writer.emit(place);
        await ((round * 7 + no) % 5 === 0 ? writer.rollback() : writer.commit());
      }
      await writer.close();
    };
    const whileWriting = async (work: () => Promise<unknown>) => {
      while (writing) await work();
    };
    const others = [
      ...subscribers.map(({ sequencer }) => whileWriting(() => sequencer.round())),
      whileWriting(() => follower.follow()),
    ];
    await Promise.all(Array.from({ length: 6 }, (_, no) => write(no)));
    writing = false;
    await Promise.all(others);
    await numberAll(first);
    await follower.catchUp();
    const ids = follower.seen.map(({ id }) => id);
    expect([...ids].sort()).toEqual([...(committed.get(place) ?? [])].sort());
    expect(ids.length).toBeGreaterThan(300);
    expect(await heardOf(ids)).toHaveLength(ids.length);
  }, 60_000);

  it('keeps what depends on each other in order: what was begun after a commit comes after it', async () => {
    const place = newUuid();
    const committed = new Map<string | null, string[]>();
    const [early, late] = [
      await EventWriter.connect(first, committed),
      await EventWriter.connect(first, committed),
    ];
    await early.emit(place);
    await late.emit(place);
    await late.commit();
    await numberAll(first);
    await early.emit(place);
    await early.commit();
    await late.emit(place);
    await late.commit();
    await numberAll(first);
    const follower = new EventFollower(first, place);
    await follower.catchUp();
    expect(follower.seen.map(({ id }) => id)).toEqual(committed.get(place));
    await early.close();
    await late.close();
  });

  it('counts events of no organization by themselves', async () => {
    const committed = new Map<string | null, string[]>();
    const follower = new EventFollower(first, null);
    const writer = await EventWriter.connect(first, committed);
    for (let count = 0; count < 3; count++) await writer.emit(null);
    await writer.commit();
    await writer.emit(null);
    await writer.commit();
    await writer.close();
    await numberAll(first);
    await follower.catchUp();
    expect(follower.seen.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(follower.seen.map(({ id }) => id)).toEqual(committed.get(null));
  });

  it('takes a thousand at a time, and writes nothing into the change log', async () => {
    const place = newUuid();
    const before = await changeRows(first.get(Database));
    await first.sql(
      `INSERT INTO events (id, type, organization_id, subject_id, data)
       SELECT gen_random_uuid(), 'test.happened', $1, 'none', '{}' FROM generate_series(1, 1001)`,
      [place],
    );
    const sequencer = first.get(EventSequencer);
    expect(await sequencer.round()).toEqual({ numbered: 1_000, more: true });
    expect(await sequencer.round()).toEqual({ numbered: 1, more: true });
    expect(await sequencer.round()).toEqual({ numbered: 0, more: false });
    expect(await changeRows(first.get(Database))).toBe(before);
  });
});

describe('a subscriber that fails', () => {
  it('undoes its round, is counted, and hears of the same events again', async () => {
    const place = newUuid();
    const committed = new Map<string | null, string[]>();
    const writer = await EventWriter.connect(first, committed);
    await writer.emit(place);
    await writer.emit(place);
    await writer.commit();
    await writer.close();
    const [subscriber] = subscribers;
    if (!subscriber) throw new Error('there is one');
    for (const mood of ['throws', 'is killed'] as const) {
      subscriber.mood = mood;
      await expect(subscriber.sequencer.round()).rejects.toThrow(/writes|terminat/i);
      const [row] = await first.sql<{ waiting: string }>(
        'SELECT count(*) AS waiting FROM events WHERE organization_id = $1 AND sequence IS NULL',
        [place],
      );
      expect(Number(row?.waiting)).toBe(2);
    }
    const metrics = await (await fetch(`${first.url}/metrics`)).text();
    expect(metrics).toMatch(/gatehouse_event_rounds_failed_total\{subscriber="writes"\} [1-9]/);
    expect(metrics).toMatch(/gatehouse_events_behind_seconds (?!0\n)/);
    subscriber.mood = 'takes';
    await numberAll(first);
    const follower = new EventFollower(first, place);
    await follower.catchUp();
    expect(follower.seen.map(({ id }) => id)).toEqual(committed.get(place));
    expect(await heardOf(committed.get(place) ?? [])).toHaveLength(2);
  });

  it('holds nothing up for good: going round by itself, the sequencer is through once it takes them', async () => {
    const place = newUuid();
    const committed = new Map<string | null, string[]>();
    const writer = await EventWriter.connect(first, committed);
    const [subscriber] = subscribers;
    if (!subscriber) throw new Error('there is one');
    subscriber.mood = 'throws';
    await writer.emit(place);
    await writer.commit();
    subscriber.sequencer.start();
    const follower = new EventFollower(first, place);
    await follower.follow();
    expect(follower.seen).toEqual([]);
    subscriber.mood = 'takes';
    await until('the event has its number', async () => {
      await follower.follow();
      return follower.seen.length === 1;
    });
    await writer.emit(place);
    await writer.commit();
    await writer.close();
    await until('the event has its number', async () => {
      await follower.follow();
      return follower.seen.length === 2;
    });
  });

  it('has a name of its own', () => {
    const registered = first.get(EventSubscribers);
    expect(() => registered.register('writes', () => Promise.resolve())).toThrow('writes');
  });
});
