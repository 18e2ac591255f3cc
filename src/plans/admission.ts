import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { clientConfig, DATABASE_CONNECTION, type DatabaseConnection } from '../platform/database/index.js';
import { AdmissionLane, type PendingAdmission, type Verdict } from './admission-lane.js';

/** Two lanes: one stuck subject stops no more than half of the others, and PostgreSQL has two cores to use. */
const LANES = 2;

/**
 * Strict admission: each request is checked and charged in the database, together with all that wait at the
 * same moment. Exact over any number of processes; nothing about quota is remembered here.
 */
@Injectable()
export class Admission implements OnApplicationShutdown {
  private readonly lanes: readonly AdmissionLane[];

  constructor(@Inject(DATABASE_CONNECTION) connection: DatabaseConnection) {
    this.lanes = Array.from(
      { length: LANES },
      () => new AdmissionLane(clientConfig(connection.url, 'admission')),
    );
  }

  /**
   * Asks for one admission. The verdict holds from the moment the database gave it.
   * @throws DatabaseUnavailable when the database does not answer in time
   */
  admit(request: Omit<PendingAdmission, 'resolve' | 'reject'>): Promise<Verdict> {
    return new Promise((resolve, reject) => {
      this.laneOf(request.credential.quotaSubject).add({ ...request, resolve, reject });
    });
  }

  /** Takes back a polling mark after an answer of 5xx, so that the retry is not refused. */
  clearPollingMark(quotaSubject: string, keyId: string, mark: { fingerprint: string; at: string }): void {
    this.laneOf(quotaSubject).clearPollingMark({ keyId, ...mark });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  /** The same subject always takes the same lane of a process, so that its requests stay in order. */
  private laneOf(subject: string): AdmissionLane {
    const lane = this.lanes[parseInt(subject.slice(-4), 16) % this.lanes.length];
    if (!lane) throw new Error('There is no admission lane.');
    return lane;
  }
}
