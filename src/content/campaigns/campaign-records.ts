import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { defineClock, Jobs, type JobTask, setAlarm } from '../../platform/jobs/index.js';
import { type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { assertFitting, eventsOf, nextTurn, turned } from './campaign-life.js';
import { Campaign } from './campaign.entity.js';
import { type CampaignView, viewOf } from './dto/campaign-view.js';

/** The campaigns of every store, and the clock that starts and ends them. */
@Injectable()
export class CampaignRecords implements OnModuleInit {
  readonly all: StoreCollection<Campaign, CampaignView>;
  readonly clock: JobTask;

  constructor(
    records: StoreRecords,
    database: Database,
    private readonly jobs: Jobs,
  ) {
    this.all = records.of<Campaign, CampaignView>({
      entity: Campaign,
      name: 'campaign',
      plural: 'campaigns',
      view: viewOf,
      check: assertFitting,
      events: eventsOf,
      saved: async (tx, after, before) => {
        const at = nextTurn(after);
        if (at && at.getTime() !== (before && nextTurn(before))?.getTime()) {
          await setAlarm(tx, jobs, this.clock, at);
        }
      },
    });
    this.clock = defineClock(database, {
      name: 'campaigns.keep-time',
      due: DUE,
      turn: async (tx, row) => {
        const campaign = await this.all.locked(tx, row, row.id);
        const status = turned(campaign, row.now);
        if (status) await this.all.save(tx, row, campaign, { status });
      },
    });
  }

  onModuleInit(): void {
    this.jobs.register(this.clock);
  }
}

const DUE = `
SELECT c.id, c.store_id AS "storeId", s.organization_id AS "organizationId", now() AS now
FROM campaigns c
JOIN stores s ON s.id = c.store_id
JOIN organizations o ON o.id = s.organization_id AND o.status = 'active'
WHERE (c.status = 'SCHEDULED' AND c.start_date <= now())
   OR (c.status IN ('ACTIVE', 'PAUSED') AND c.end_date <= now())
ORDER BY CASE c.status WHEN 'SCHEDULED' THEN c.start_date ELSE c.end_date END
LIMIT 100
`;
