import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/index.js';

/** How many mails each organization may still have sent today: whoever may write a report names any addresses. */
@Injectable()
export class MailAllowance {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Takes one mail, before it is sent: a try that fails is one, too.
   * @param organizationId UUID
   * @returns whether there was one left, of the day (UTC) by the database's clock
   */
  async take(organizationId: string): Promise<boolean> {
    const most = this.config.reportMailsPerDay;
    if (most === 0) return false;
    return (await this.database.query(TAKE, [organizationId, most])).length > 0;
  }
}

const TAKE = `
INSERT INTO report_mails AS m (organization_id, day, mails)
VALUES ($1, (gate_clock() AT TIME ZONE 'UTC')::date, 1)
ON CONFLICT ON CONSTRAINT report_mails_pk
DO UPDATE SET day = excluded.day, mails = CASE WHEN m.day = excluded.day THEN m.mails + 1 ELSE 1 END
WHERE m.day <> excluded.day OR m.mails < $2
RETURNING mails`;
