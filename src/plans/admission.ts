import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { clientConfig, DATABASE_CONNECTION, type DatabaseConnection } from '../platform/database/index.js';
import { type PendingAdmission, refuse, type Verdict } from './admission-batch.js';
import { AdmissionLane } from './admission-lane.js';

/** PostgreSQL has more than one core to use. */
const LANES = 2;
/** Rows are held for milliseconds; who holds one longer holds up all that share a batch with it. */
const PATIENCE_MS = 500;
/** Those set aside wait longer: somebody's transaction, typed by hand, may still end. */
const PATIENCE_ASIDE_MS = 3_500;

/**
 * Strict admission: each request is checked and charged in the database, together with all that wait at the
 * same moment. Exact over any number of processes; nothing about quota is remembered here.
 */
@Injectable()
export class Admission implements OnApplicationShutdown {
  private readonly lanes: readonly AdmissionLane[];
  private readonly asideLane: AdmissionLane;
  /** Subjects whose row was held when it was last asked for: they wait in a lane of their own, and hold up nobody. */
  private readonly aside = new Set<string>();

  constructor(@Inject(DATABASE_CONNECTION) connection: DatabaseConnection) {
    const config = clientConfig(connection.url, 'admission');
    this.asideLane = new AdmissionLane({ config, patienceMs: PATIENCE_ASIDE_MS, setAside: refuse });
    this.lanes = Array.from(
      { length: LANES },
      () =>
        new AdmissionLane({
          config,
          patienceMs: PATIENCE_MS,
          setAside: (requests) => requests.forEach((request) => this.setAside(request)),
        }),
    );
  }

  /**
   * Asks for one admission. The verdict holds from the moment the database gave it.
   * @throws DatabaseUnavailable when the database does not answer in time
   */
  admit(request: Omit<PendingAdmission, 'resolve' | 'reject'>): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      const pending = { ...request, resolve, reject };
      const subject = request.credential.quotaSubject;
      if (this.aside.has(subject)) this.setAside(pending);
      else this.laneOf(subject).add(pending);
    });
  }

  /** Takes back a polling mark after an answer of 5xx, so that the retry is not refused. */
  clearPollingMark(quotaSubject: string, keyId: string, mark: { fingerprint: string; at: string }): void {
    this.laneOf(quotaSubject).clearPollingMark({ keyId, ...mark });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
    await this.asideLane.close();
  }

  /** Lets a request wait aside; the first verdict on its subject says that the row is free again. */
  private setAside(request: PendingAdmission): void {
    const subject = request.credential.quotaSubject;
    this.aside.add(subject);
    this.asideLane.add({
      ...request,
      resolve: (verdict) => {
        this.aside.delete(subject);
        request.resolve(verdict);
      },
    });
  }

  /** The same subject always takes the same lane of a process, so that its requests stay in order. */
  private laneOf(subject: string): AdmissionLane {
    const lane = this.lanes[parseInt(subject.slice(-4), 16) % this.lanes.length];
    if (!lane) throw new Error('There is no admission lane.');
    return lane;
  }
}
