import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventWriter } from '../events/event-log.js';
import { until } from '../faults/until.js';
import { call, json } from '../support/http-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { killAll, type ServerProcess, startServer, startServers } from '../support/processes.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { organizationUuid } from './house.js';

const EVENTS = 10_000;
const WRITERS = 6;
const PROCESSES = 3;

interface EventPage {
  readonly data: { readonly id: string; readonly sequence: number; readonly type: string }[];
  readonly pagination: { readonly next: number };
}

let database: TestDatabase;
let app: TestApp;
let key: TestKey;
let servers: ServerProcess[];

beforeAll(async () => {
  database = await createTestDatabase();
  // it answers, and numbers nothing: that is the processes' work
  app = await startTestApp({ database });
  key = await app.createKey({ role: 'admin' });
  await app.sql('UPDATE organizations SET hour_limit = 2147483647');
  servers = await startServers(PROCESSES, database);
});
afterAll(async () => {
  await killAll(servers);
  await app.close();
  await database.drop();
});

/** Follows by HTTP, as a client does, and checks every number. */
class Follower {
  readonly seen: string[] = [];
  private after = 0;

  async follow(): Promise<void> {
    const answer = await call(app.url, `/api/v1/events?after=${this.after}&limit=100`, { token: key.token });
    const { data, pagination } = json<EventPage>(answer);
    for (const { id, sequence, type } of data) {
      if (sequence !== this.after + 1) throw new Error(`After ${this.after} came ${sequence}.`);
      this.after = sequence;
      if (type === 'test.happened') this.seen.push(id);
    }
    expect(pagination.next).toBe(this.after);
  }
}

describe('processes that are killed while they number events', () => {
  it('leave no gap, lose none and number none twice, for a reader who follows', async () => {
    const organization = organizationUuid(key.organizationId);
    const committed = new Map<string | null, string[]>();
    const count = () => committed.get(organization)?.length ?? 0;
    const follower = new Follower();
    let killed = false;
    let writing = true;
    const write = async (no: number) => {
      const writer = await EventWriter.connect(app, committed);
      for (let round = no; count() < EVENTS || !killed; round++) {
        for (let emitted = 0; emitted <= round % 7; emitted++) await writer.emit(organization);
        await (round % 11 === 0 ? writer.rollback() : writer.commit());
      }
      await writer.close();
    };
    const killing = async () => {
      for (let at = 1; at <= PROCESSES * 2; at++) {
        await until('more events are committed', () => count() > (EVENTS * at) / 8, 60_000);
        const victim = servers.shift();
        await victim?.kill();
        // at times nobody is there to number, until the next one is up
        if (at % 3 === 0) servers.push(...(await startServers(PROCESSES - servers.length, database)));
        else servers.push(await startServer(database));
      }
    };
    const following = async () => {
      while (writing) await follower.follow();
    };
    const ended = Promise.all([killing().finally(() => (killed = true)), following()]);
    await Promise.all(Array.from({ length: WRITERS }, (_, no) => write(no)));
    writing = false;
    await ended;
    await until(
      'the reader has everything',
      async () => {
        await follower.follow();
        return follower.seen.length >= count();
      },
      60_000,
    );
    await follower.follow();
    expect(follower.seen).toHaveLength(count());
    expect(new Set(follower.seen).size).toBe(count());
  }, 240_000);
});
