import type { ClientConfig } from 'pg';
import { LaneConnection } from '../../platform/database/index.js';

/** A bulk change of a million rows is sealed by one statement; a lane's limit would never let it through. */
const STATEMENT_TIMEOUT_MS = 60_000;
const SILENCE_MS = 70_000;

/**
 * The connection by which a process leads, or stands ready to. Leading is an advisory lock of its session: who loses
 * the connection has lost the lead, and PostgreSQL gives it to the next one that asks.
 */
export class LeaderConnection {
  private readonly connection: LaneConnection;
  private leads = false;

  /** @param silentSeconds after which PostgreSQL takes a silent leader's lead: its process is cut off, or stopped */
  constructor(config: ClientConfig, silentSeconds: number) {
    this.connection = new LaneConnection(
      {
        ...config,
        options: `${config.options ?? ''} -c idle_session_timeout=${silentSeconds}s`,
        statement_timeout: STATEMENT_TIMEOUT_MS,
      },
      () => {
        this.leads = false;
        return Promise.resolve();
      },
      SILENCE_MS,
    );
  }

  /** Whether this process leads, after it asked for the lead. @throws where the database does not answer */
  async lead(): Promise<boolean> {
    // Opens the connection where there is none: what was held on the one before is not held any more.
    await this.ask('SELECT 1', []);
    if (!this.leads) {
      const [row] = await this.ask<{ leads: boolean }>(
        `SELECT pg_try_advisory_lock(hashtext('audit_leader'), 0) AS leads`,
        [],
      );
      this.leads = row?.leads ?? false;
    }
    return this.leads;
  }

  /** Runs a statement as the leader. @throws LeadLost where the connection had to be opened anew */
  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (!this.leads) throw new LeadLost();
    const rows = await this.ask<Row>(text, values);
    // A new connection answered: harmless, because what is written must follow what is there, but no longer the lead.
    if (!this.leads) throw new LeadLost();
    return rows;
  }

  async close(): Promise<void> {
    this.leads = false;
    await this.connection.close();
  }

  private async ask<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
    const { fields, rows } = await this.connection.query({ text, values: [...values], rowMode: 'array' });
    return rows.map((row) => Object.fromEntries(fields.map(({ name }, i) => [name, row[i]])) as Row);
  }
}

/** The connection that held the lead is gone. */
export class LeadLost extends Error {
  constructor() {
    super('The lead was lost with its connection.');
    this.name = 'LeadLost';
  }
}

/** What the sealing functions raise where something does not follow what is there: another leader was first. */
export const NOT_NEXT = 'GH003';
